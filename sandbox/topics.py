"""Forum topics: created, renamed, closed, reopened and deleted, by people and by the bot alike."""

from sandbox.state import Chat, Topic, User
from sandbox.wire import Json, without_none
from sandbox.world import World

#: The colours Telegram allows for a new topic (Bot API: createForumTopic).
ICON_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def create_topic(
    world: World, chat: Chat, by: User, name: str, icon_color: int = ICON_COLORS[0], emoji_id: str | None = None
) -> Topic:
    """Opens a topic; its id is that of the notice that begins it."""
    created: Json = {"name": name, "icon_color": icon_color} | without_none(icon_custom_emoji_id=emoji_id)
    topic_id = chat.last_message_id + 1
    chat.topics[topic_id] = topic = Topic(topic_id, name, by.id, icon_color, emoji_id)
    world.post(chat, by, {"forum_topic_created": created}, topic_id=topic_id)
    _publish(world, chat)
    return topic


def rename_topic(world: World, chat: Chat, by: User, topic: Topic, name: str | None, emoji_id: str | None) -> bool:
    """Changes name or emoji; False when nothing is different."""
    edited: Json = {}
    if name is not None and name != topic.name:
        edited["name"] = topic.name = name
    if emoji_id is not None and emoji_id != (topic.icon_custom_emoji_id or ""):
        topic.icon_custom_emoji_id = emoji_id or None
        edited["icon_custom_emoji_id"] = emoji_id
    if edited:
        world.post(chat, by, {"forum_topic_edited": edited}, topic_id=topic.id)
        _publish(world, chat)
    return bool(edited)


def set_closed(world: World, chat: Chat, by: User, topic: Topic, *, closed: bool) -> bool:
    """Closes or reopens; False when it already is so."""
    if topic.closed == closed:
        return False
    topic.closed = closed
    world.post(chat, by, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic_id=topic.id)
    _publish(world, chat)
    return True


def delete_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Deletes a topic with all its messages; nobody is told."""
    for message_id in [message.id for message in chat.messages.values() if message.topic_id == topic.id]:
        world.remove(chat, message_id)
    del chat.topics[topic.id]
    chat.deleted_topics.add(topic.id)
    _publish(world, chat)


def _publish(world: World, chat: Chat) -> None:
    world.changes.publish({"event": "topics", "chat_id": chat.id})
