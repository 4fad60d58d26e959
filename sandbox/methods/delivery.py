"""Puts a message of the bot into a chat: thread, reply, markup (shared by every method that sends)."""

from dataclasses import dataclass

from sandbox.errors import bad_request, not_offered
from sandbox.keyboards import check_markup, comparable
from sandbox.methods.side import BotSide, writable_chat
from sandbox.state import Chat, Message
from sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call's messages go."""

    chat: Chat
    topic_id: int | None
    reply_to: Message | None
    markup: Json | None
    protected: bool


def find_target(side: BotSide, p: Json) -> Target:
    """Checks chat, topic, reply and markup of a sending call before anything is stored."""
    chat = writable_chat(side.world, p["chat_id"])
    reply_to = _find_reply(chat, p.get("reply_parameters"))
    topic_id = _find_topic(side, chat, p.get("message_thread_id"), reply_to)
    markup = p.get("reply_markup")
    check_markup(chat, markup)
    return Target(chat, topic_id, reply_to, markup, bool(p.get("protect_content")))


def _find_reply(chat: Chat, reply: Json | None) -> Message | None:
    if reply is None:
        return None
    if "quote" in reply or reply.get("chat_id", chat.id) != chat.id:
        raise not_offered("quotes and replies across chats")
    message = chat.messages.get(reply["message_id"])
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _find_topic(side: BotSide, chat: Chat, thread_id: int | None, reply_to: Message | None) -> int | None:
    if thread_id is None:
        topic_id = reply_to.topic_id if reply_to is not None else None
    else:
        topic_id = thread_id
        if reply_to is not None and reply_to.topic_id != thread_id:
            raise bad_request("message to be replied not found")
    if topic_id is None:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed:
        may_write = chat.member(side.world.bot.id).may("can_manage_topics") or topic.creator_id == side.world.bot.id
        if side.closed_topics_refuse_admins or not may_write:
            raise bad_request("TOPIC_CLOSED")
    return topic_id


def deliver(side: BotSide, target: Target, content: Json) -> Json:
    """Posts one message and shows or takes away the reply keyboard; returns the Message."""
    markup = target.markup or {}
    if comparable(markup):
        content = content | {"reply_markup": markup}
    if target.protected:
        content = content | {"has_protected_content": True}
    message = side.world.post(target.chat, side.world.bot, content, topic_id=target.topic_id, reply_to=target.reply_to)
    if "keyboard" in markup or "remove_keyboard" in markup:
        target.chat.keyboard = markup if markup.get("keyboard") else None
        side.world.changes.publish({"event": "keyboard", "chat_id": target.chat.id, "keyboard": target.chat.keyboard})
    return message.wire
