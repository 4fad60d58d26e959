"""First look at a raw Telegram update: finds its key, and checks the fields that are read, and only those.

What Telegram adds or changes elsewhere (a new kind of forward origin, of poll, of administrator right) must not cost a
resident's message, so an update is cut down to the fields this channel reads before it is validated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from aiogram.types import Chat, MessageReactionUpdated, Update, User
from pydantic import BaseModel, Field, ValidationError

from conversation.errors import MalformedUpdate

CHANNEL: Final = "telegram"

_MESSAGE_KINDS: Final = ("message", "edited_message", "channel_post", "edited_channel_post")
_KINDS: Final = (*_MESSAGE_KINDS, "callback_query", "my_chat_member", "message_reaction")
_MESSAGE_FIELDS: Final = (
    "message_id",
    "date",
    "chat",
    "from",
    "sender_chat",
    "message_thread_id",
    "is_topic_message",
    "edit_date",
    "media_group_id",
    "text",
    "caption",
    "animation",
    "audio",
    "document",
    "photo",
    "sticker",
    "video",
    "video_note",
    "voice",
    "contact",
    "venue",
    "location",
    "migrate_to_chat_id",
)
_REPLY_FIELDS: Final = ("message_id", "date", "chat", "from")
#: Identifiers have at most 52 significant bits (Bot API, User.id and Chat.id).
_WIDEST_ID: Final = 2**53
_LONGEST_LOC: Final = 40

_Model = TypeVar("_Model", bound=BaseModel)


class Standing(BaseModel):
    """A chat member's status; aiogram's own type also demands every right an administrator can have."""

    status: str


class Membership(BaseModel):
    """The part of a ChatMemberUpdated that is read."""

    chat: Chat
    from_user: User = Field(alias="from")
    date: datetime
    new_chat_member: Standing


def update_id(raw: object) -> int:
    """The update's number; raises MalformedUpdate where there is none."""
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _WIDEST_ID:
        raise MalformedUpdate("a Telegram update has no usable update_id")
    return number


def key_of(bot_id: int, number: int) -> str:
    """The update's key, unique per bot: update ids repeat across bots and restart after a quiet week."""
    return f"{CHANNEL}:{bot_id}:{number}"


def peek_key(raw: object, bot_id: int) -> str | None:
    """The key under which to store an update that may not be readable otherwise; None where it has no number."""
    try:
        return key_of(bot_id, update_id(raw))
    except MalformedUpdate:
        return None


def kind_of(raw: Mapping[str, Any]) -> str:
    """The name of the one optional field that is present (Bot API: Update); "" where there is none."""
    known = next((name for name in _KINDS if name in raw), "")
    return known or next((name for name in raw if name != "update_id"), "")


def validate_update(raw: Mapping[str, Any]) -> Update:
    """The update with its message, callback or reaction checked; raises MalformedUpdate naming field and fault."""
    number, kind = update_id(raw), kind_of(raw)
    content = raw.get(kind)
    if kind in _MESSAGE_KINDS:
        content = _pruned_message(content)
    elif kind == "callback_query" and isinstance(content, Mapping):
        content = {**content, "message": _pruned_message(content.get("message"))}
    return _checked(Update, {"update_id": number, kind: content}, number)


def validate_membership(raw: Mapping[str, Any]) -> Membership:
    """The update's my_chat_member; raises MalformedUpdate."""
    return _checked(Membership, raw.get("my_chat_member"), update_id(raw))


def validate_reaction(raw: Mapping[str, Any]) -> MessageReactionUpdated:
    """The update's message_reaction with the kinds of reaction that are known; raises MalformedUpdate."""
    content = raw.get("message_reaction")
    if isinstance(content, Mapping):
        content = {**content, "old_reaction": [], "new_reaction": _emoji_only(content.get("new_reaction"))}
    return _checked(MessageReactionUpdated, content, update_id(raw))


def check_id(value: int, field: str) -> int:
    """The identifier itself; raises MalformedUpdate where no database could keep it."""
    if not -_WIDEST_ID < value < _WIDEST_ID:
        raise MalformedUpdate(f"a Telegram update has an impossible {field}")
    return value


def _checked(model: type[_Model], content: object, number: int) -> _Model:
    fault = ""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        # Only place and kind of the fault: pydantic's own message quotes the value, which is a resident's.
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        fault = f"{_place(first['loc'])}: {first['type']}"
    raise MalformedUpdate(f"update {number}: {fault}")


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part)[:_LONGEST_LOC] for part in loc) or "the whole"


def _pruned_message(message: object) -> object:
    if not isinstance(message, Mapping):
        return message
    kept: dict[str, Any] = {name: message[name] for name in _MESSAGE_FIELDS if name in message}
    reply = message.get("reply_to_message")
    if isinstance(reply, Mapping):
        kept["reply_to_message"] = {name: reply[name] for name in _REPLY_FIELDS if name in reply}
    elif reply is not None:
        kept["reply_to_message"] = reply
    return kept


def _emoji_only(reactions: object) -> object:
    if not isinstance(reactions, list):
        return reactions
    return [item for item in reactions if isinstance(item, Mapping) and item.get("type") == "emoji"]
