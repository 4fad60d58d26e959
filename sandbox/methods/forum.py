"""Methods on forum topics."""

from sandbox import topics
from sandbox.errors import bad_request
from sandbox.methods.side import BotSide, Handler, writable_chat
from sandbox.state import Chat, Topic
from sandbox.wire import Json, utf16_length, without_none

MAX_NAME = 128


def create(side: BotSide, p: Json) -> Json:
    """A ForumTopic."""
    chat = _forum(side, p)
    if not chat.member(side.world.bot.id).may("can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    color = p.get("icon_color", topics.ICON_COLORS[0])
    if color not in topics.ICON_COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    name = _checked_name(p["name"])
    topic = topics.create_topic(side.world, chat, side.world.bot, name, color, p.get("icon_custom_emoji_id"))
    described: Json = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}
    return described | without_none(icon_custom_emoji_id=topic.icon_custom_emoji_id)


def edit(side: BotSide, p: Json) -> bool:
    chat, topic = _managed_topic(side, p)
    name = _checked_name(p["name"]) if p.get("name") else None
    if not topics.rename_topic(side.world, chat, side.world.bot, topic, name, p.get("icon_custom_emoji_id")):
        raise bad_request("TOPIC_NOT_MODIFIED")
    return True


def close(side: BotSide, p: Json) -> bool:
    return _set_closed(side, p, closed=True)


def reopen(side: BotSide, p: Json) -> bool:
    return _set_closed(side, p, closed=False)


def _set_closed(side: BotSide, p: Json, *, closed: bool) -> bool:
    chat, topic = _managed_topic(side, p)
    if not topics.set_closed(side.world, chat, side.world.bot, topic, closed=closed):
        raise bad_request("TOPIC_NOT_MODIFIED")
    return True


def delete(side: BotSide, p: Json) -> bool:
    chat = _forum(side, p)
    topic = _topic(chat, p["message_thread_id"])
    if not chat.member(side.world.bot.id).may("can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    topics.delete_topic(side.world, chat, topic)
    return True


def _forum(side: BotSide, p: Json) -> Chat:
    chat = writable_chat(side.world, p["chat_id"])
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(chat: Chat, topic_id: int) -> Topic:
    if topic_id in chat.deleted_topics:
        raise bad_request("TOPIC_DELETED")
    topic = chat.topics.get(topic_id)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _managed_topic(side: BotSide, p: Json) -> tuple[Chat, Topic]:
    """A topic the bot may change: with the right to, or because it opened it."""
    chat = _forum(side, p)
    topic = _topic(chat, p["message_thread_id"])
    bot_id = side.world.bot.id
    if topic.creator_id != bot_id and not chat.member(bot_id).may("can_manage_topics"):
        raise bad_request("not enough rights to edit the topic")
    return chat, topic


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if utf16_length(name) > MAX_NAME:
        raise bad_request("topic name is too long")
    return name


HANDLERS: dict[str, Handler] = {
    "createForumTopic": create,
    "editForumTopic": edit,
    "closeForumTopic": close,
    "reopenForumTopic": reopen,
    "deleteForumTopic": delete,
}
