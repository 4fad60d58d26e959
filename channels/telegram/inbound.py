"""The way in: turns one raw Telegram update into an Inbound."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from channels.telegram.content import read_contact, read_file, read_location, read_text, service_event
from channels.telegram.raw_update import (
    CHANNEL,
    check_id,
    key_of,
    kind_of,
    peek_key,
    update_id,
    validate_membership,
    validate_reaction,
    validate_update,
)
from conversation.errors import MalformedUpdate
from conversation.inbound import ChatKind, Inbound, InboundKind, Press, ReplyTo, Sender

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiogram.types import CallbackQuery, Chat, InaccessibleMessage, Message, User

__all__ = ["NO_TIME", "peek_key", "read_update"]

#: `sent_at` where Telegram gives no time at all; the time of arrival is the better one for records.
NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: The account in whose name anonymous group administrators write (Bot API: Message.from).
_ANONYMOUS_ADMIN: Final = 1087968824
_CHAT_KINDS: Final = {"private": ChatKind.PRIVATE, "group": ChatKind.GROUP, "supergroup": ChatKind.GROUP}


def read_update(raw: Mapping[str, Any], bot_id: int) -> Inbound:
    """One update (Bot API: Update) in the shared words.

    `sent_at` is Telegram's own time, in UTC: for an edit the time of the edit; for a press, which carries no time, the
    time of the message the button is on, and NO_TIME where even that is unknown. Raises MalformedUpdate, and nothing
    else, for whatever cannot be read; its message names the field and never quotes contents.
    """
    key, kind = key_of(bot_id, update_id(raw)), kind_of(raw)
    if kind in ("message", "edited_message"):
        return _read_message(raw, key, bot_id, edited=kind == "edited_message")
    if kind == "callback_query":
        return _read_press(raw, key)
    if kind == "my_chat_member":
        return _read_membership(raw, key)
    if kind == "message_reaction":
        return _read_reaction(raw, key)
    if kind in ("channel_post", "edited_channel_post"):
        return _read_channel_post(raw, key, kind)
    return _unknown(key, detail=kind)


def _read_message(raw: Mapping[str, Any], key: str, bot_id: int, *, edited: bool) -> Inbound:
    update = validate_update(raw)
    message = update.edited_message if edited else update.message
    content = raw["edited_message" if edited else "message"]
    if message is None:
        raise MalformedUpdate(f"update {update.update_id}: the message is missing")
    kind, detail = InboundKind.EDIT if edited else InboundKind.MESSAGE, ""
    if message.migrate_to_chat_id:
        kind, detail = InboundKind.MIGRATED, str(check_id(message.migrate_to_chat_id, "migrate_to_chat_id"))
    elif event := service_event(content):
        kind, detail = InboundKind.SERVICE, event
    spoken = kind in (InboundKind.MESSAGE, InboundKind.EDIT)
    return Inbound(
        key=key,
        channel=CHANNEL,
        kind=kind,
        chat=_chat_id(message.chat),
        chat_kind=_chat_kind(message.chat),
        sender=_sender_of(message),
        sent_at=_edited_at(message) if edited else _aware(message.date),
        message_id=check_id(message.message_id, "message_id"),
        thread=_thread_of(message),
        reply_to=_reply_of(message, content, bot_id),
        text=read_text(message, content) if spoken else "",
        file=read_file(message),
        album=message.media_group_id or "",
        location=read_location(message),
        contact=read_contact(message),
        detail=detail,
    )


def _read_press(raw: Mapping[str, Any], key: str) -> Inbound:
    query = validate_update(raw).callback_query
    if query is None:
        raise MalformedUpdate("a Telegram update has an empty callback_query")
    if query.message is None:
        return _unknown(key, detail="callback_query", sender=_sender(query.from_user))
    return Inbound(
        key=key,
        channel=CHANNEL,
        kind=InboundKind.PRESS,
        chat=_chat_id(query.message.chat),
        chat_kind=_chat_kind(query.message.chat),
        sender=_sender(query.from_user),
        sent_at=_aware(query.message.date) if isinstance(query.message.date, datetime) else NO_TIME,
        message_id=check_id(query.message.message_id, "message_id"),
        thread=_thread_of(query.message),
        press=_press_of(query),
    )


def _read_membership(raw: Mapping[str, Any], key: str) -> Inbound:
    change = validate_membership(raw)
    return Inbound(
        key=key,
        channel=CHANNEL,
        kind=InboundKind.MEMBERSHIP,
        chat=_chat_id(change.chat),
        chat_kind=_chat_kind(change.chat),
        sender=_sender(change.from_user),
        sent_at=_aware(change.date),
        detail=change.new_chat_member.status,
    )


def _read_reaction(raw: Mapping[str, Any], key: str) -> Inbound:
    change = validate_reaction(raw)
    return Inbound(
        key=key,
        channel=CHANNEL,
        kind=InboundKind.REACTION,
        chat=_chat_id(change.chat),
        chat_kind=_chat_kind(change.chat),
        sender=_sender(change.user) if change.user else _sender_chat(change.actor_chat),
        sent_at=_aware(change.date),
        message_id=check_id(change.message_id, "message_id"),
        detail="".join(getattr(reaction, "emoji", "") for reaction in change.new_reaction),
    )


def _read_channel_post(raw: Mapping[str, Any], key: str, kind: str) -> Inbound:
    update = validate_update(raw)
    post = update.channel_post or update.edited_channel_post
    if post is None:
        raise MalformedUpdate(f"update {update.update_id}: the channel post is missing")
    return _unknown(key, detail=kind, chat=_chat_id(post.chat), sent_at=_aware(post.date))


def _unknown(
    key: str, *, detail: str, chat: str = "", sender: Sender | None = None, sent_at: datetime = NO_TIME
) -> Inbound:
    return Inbound(
        key=key,
        channel=CHANNEL,
        kind=InboundKind.UNKNOWN,
        chat=chat,
        chat_kind=ChatKind.OTHER,
        sender=sender,
        sent_at=sent_at,
        detail=detail,
    )


def _chat_id(chat: Chat) -> str:
    return str(check_id(chat.id, "chat id"))


def _chat_kind(chat: Chat) -> ChatKind:
    return _CHAT_KINDS.get(chat.type, ChatKind.OTHER)


def _sender_of(message: Message) -> Sender | None:
    user, speaker = message.from_user, message.sender_chat
    if user is None or (speaker is not None and user.id != _ANONYMOUS_ADMIN):
        # Written in the name of a channel: whoever it was, they cannot be held to it.
        return _sender_chat(speaker)
    return _sender(user)


def _sender(user: User) -> Sender:
    return Sender(
        id=str(check_id(user.id, "user id")),
        name=" ".join(part for part in (user.first_name, user.last_name) if part),
        username=user.username or "",
        language=user.language_code or "",
        anonymous=user.id == _ANONYMOUS_ADMIN,
        is_bot=user.is_bot,
    )


def _sender_chat(chat: Chat | None) -> Sender | None:
    if chat is None:
        return None
    return Sender(id=_chat_id(chat), name=chat.title or "", username=chat.username or "", anonymous=True)


def _thread_of(message: Message | InaccessibleMessage) -> int | None:
    # Replies in groups without topics carry a message_thread_id too; only is_topic_message tells a topic.
    topic = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", None) else None
    return check_id(topic, "message_thread_id") if topic is not None else None


def _reply_of(message: Message, content: Mapping[str, Any], bot_id: int) -> ReplyTo | None:
    reply = message.reply_to_message
    if reply is None or "forum_topic_created" in content["reply_to_message"]:
        return None
    if message.is_topic_message and reply.message_id == message.message_thread_id:
        return None
    author = reply.from_user
    return ReplyTo(
        check_id(reply.message_id, "reply_to_message.message_id"),
        by_this_bot=author is not None and author.id == bot_id,
    )


def _press_of(query: CallbackQuery) -> Press:
    return Press(query.id, query.data or "")


def _edited_at(message: Message) -> datetime:
    if not message.edit_date:
        return _aware(message.date)
    try:
        return datetime.fromtimestamp(message.edit_date, UTC)
    except (OverflowError, OSError, ValueError):
        pass
    raise MalformedUpdate("a Telegram update has an impossible edit_date")


def _aware(moment: datetime) -> datetime:
    # pydantic also takes a date written out without a zone; Telegram never sends one.
    if moment.tzinfo is None:
        raise MalformedUpdate("a Telegram update has a date without a time zone")
    return moment.astimezone(UTC)
