"""Methods that change or delete a message, pin it, react to it, or answer a pressed button."""

from sandbox.callbacks import CallbackAnswer
from sandbox.errors import bad_request, not_offered
from sandbox.keyboards import check_markup, comparable
from sandbox.methods.formatting import read_caption, read_text
from sandbox.methods.side import BotSide, Handler, find_message, writable_chat
from sandbox.reactions import REACTION_EMOJI, react
from sandbox.state import Chat, Message
from sandbox.wire import Json, utf16_length, without_none
from sandbox.world import SERVICE_FIELDS

MAX_ANSWER = 200
DELETABLE_FOR_S = 48 * 3600
_CAPTIONED = frozenset({"photo", "document", "voice", "audio", "video", "animation"})
_TEXT_FIELDS = frozenset({"text", "entities", "link_preview_options"})
_CAPTION_FIELDS = frozenset({"caption", "caption_entities", "show_caption_above_media"})
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def edit_text(side: BotSide, p: Json) -> Json:
    if "text" not in p:
        raise bad_request("message text is empty")
    chat, message = _own_message(side, p)
    if "text" not in message.wire:
        raise bad_request("there is no text in the message to edit")
    content = read_text(p) | without_none(link_preview_options=p.get("link_preview_options"))
    return _edit(side, chat, message, p, content, _TEXT_FIELDS)


def edit_caption(side: BotSide, p: Json) -> Json:
    chat, message = _own_message(side, p)
    if not any(kind in message.wire for kind in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    return _edit(side, chat, message, p, read_caption(p), _CAPTION_FIELDS)


def edit_reply_markup(side: BotSide, p: Json) -> Json:
    chat, message = _own_message(side, p)
    return _edit(side, chat, message, p, {}, frozenset())


def _own_message(side: BotSide, p: Json) -> tuple[Chat, Message]:
    if "chat_id" not in p:
        raise bad_request("chat_id is empty")
    if "message_id" not in p:
        raise bad_request("message identifier is not specified")
    chat = writable_chat(side.world, p["chat_id"])
    message = find_message(chat, p["message_id"], "edit")
    if message.sender_id != side.world.bot.id or any(field in SERVICE_FIELDS for field in message.wire):
        raise bad_request("message can't be edited")
    return chat, message


def _edit(side: BotSide, chat: Chat, message: Message, p: Json, content: Json, replaced: frozenset[str]) -> Json:
    """Content and inline keyboard are replaced together: a keyboard not given again goes."""
    markup = p.get("reply_markup")
    check_markup(chat, markup)
    if comparable(markup):
        content = content | {"reply_markup": markup}
    replaced |= {"reply_markup"}
    if {k: v for k, v in message.wire.items() if k in replaced} == content:
        raise bad_request(_NOT_MODIFIED)
    side.world.edit(chat, message, content, drop=replaced)
    return message.wire


def delete_message(side: BotSide, p: Json) -> bool:
    chat = writable_chat(side.world, p["chat_id"])
    message = find_message(chat, p["message_id"], "delete")
    own = message.sender_id == side.world.bot.id
    allowed = own or chat.is_private or chat.member(side.world.bot.id).may("can_delete_messages")
    too_old = side.world.date() - message.wire["date"] > DELETABLE_FOR_S
    if not allowed or too_old or "forum_topic_created" in message.wire:
        raise bad_request("message can't be deleted")
    side.world.remove(chat, message.id)
    return True


def pin_message(side: BotSide, p: Json) -> bool:
    chat = writable_chat(side.world, p["chat_id"])
    message = find_message(chat, p["message_id"], "pin")
    if not chat.is_private and not chat.member(side.world.bot.id).may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    if message.id in chat.pinned:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.pinned.append(message.id)
    pinned = {k: v for k, v in message.wire.items() if k != "reply_to_message"}
    side.world.post(chat, side.world.bot, {"pinned_message": pinned}, topic_id=message.topic_id)
    return True


def set_reaction(side: BotSide, p: Json) -> bool:
    chat = writable_chat(side.world, p["chat_id"])
    message = find_message(chat, p["message_id"], "react")
    reactions: list[Json] = p.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction["type"] != "emoji":
            raise not_offered("reactions other than emoji")
        if reaction["emoji"] not in REACTION_EMOJI:
            raise bad_request("REACTION_INVALID")
    react(side.world, chat, message, side.world.bot, reactions)
    return True


def answer_callback_query(side: BotSide, p: Json) -> bool:
    if utf16_length(p.get("text", "")) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(p.get("text", ""), p.get("show_alert", False), p.get("url"))
    side.callbacks.answer(p["callback_query_id"], answer)
    return True


HANDLERS: dict[str, Handler] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_reply_markup,
    "deleteMessage": delete_message,
    "pinChatMessage": pin_message,
    "setMessageReaction": set_reaction,
    "answerCallbackQuery": answer_callback_query,
}
