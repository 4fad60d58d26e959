"""The sandbox's world: who exists, which chats there are, and how a message comes into being in them."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sandbox.changes import Changes
from sandbox.errors import WorldError
from sandbox.files import FileStore
from sandbox.state import Chat, Member, Message, User
from sandbox.update_queue import UpdateQueue
from sandbox.wire import Json, names, without_none

Found = TypeVar("Found")
#: Message fields that make a message a notice of Telegram's own.
SERVICE_FIELDS = names(
    "new_chat_members left_chat_member group_chat_created supergroup_chat_created migrate_to_chat_id "
    "migrate_from_chat_id pinned_message forum_topic_created forum_topic_edited forum_topic_closed "
    "forum_topic_reopened"
)


class World:
    """State and its basic rules; acts of people and of the bot are built on `post`, `edit` and `remove`."""

    def __init__(self, bot: User, updates: UpdateQueue, changes: Changes, now: Callable[[], datetime]) -> None:
        self.bot = bot
        self.updates = updates
        self.changes = changes
        self.now = now
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files = FileStore()
        self.serial = 0

    # -- looking up -------------------------------------------------------------------------------

    def date(self) -> int:
        """Now as the Bot API writes times: whole seconds since 1970, UTC."""
        return int(self.now().timestamp())

    def next_serial(self) -> int:
        """A number never given before, for album and query ids."""
        self.serial += 1
        return self.serial

    def user(self, user_id: int) -> User:
        try:
            return self.users[user_id]
        except KeyError:
            raise WorldError(f"there is no user {user_id} in the sandbox") from None

    def chat(self, chat_id: int) -> Chat:
        try:
            return self.chats[chat_id]
        except KeyError:
            raise WorldError(f"there is no chat {chat_id} in the sandbox") from None

    async def wait_for(self, look: Callable[[], Found | None], timeout_s: float = 5.0) -> Found:
        """Waits, looking after every change, until `look` returns something true; returns that."""
        return await self.changes.wait_for(look, timeout_s)

    # -- creating ---------------------------------------------------------------------------------

    def add_user(self, user: User) -> User:
        """Registers a person together with the (not yet started) private chat with the bot."""
        if user.id in self.users:
            raise WorldError(f"there is already a user {user.id}")
        self.users[user.id] = user
        chat = self._new_chat(user.id, "private")
        chat.user_id = user.id
        self.changes.publish({"event": "chats"})
        return user

    def add_group(self, chat_id: int, kind: str, title: str, members: dict[int, Member]) -> Chat:
        """Registers a `group`, `supergroup` or `forum`; basic groups have plain negative ids."""
        if kind not in {"group", "supergroup", "forum"}:
            raise WorldError(f"a group is a group, supergroup or forum, not {kind!r}")
        if chat_id in self.chats:
            raise WorldError(f"there is already a chat {chat_id}")
        chat = self._new_chat(chat_id, "group" if kind == "group" else "supergroup")
        chat.title = title
        chat.is_forum = kind == "forum"
        chat.members.update(members)
        self.changes.publish({"event": "chats"})
        return chat

    def _new_chat(self, chat_id: int, chat_type: str) -> Chat:
        instance = int.from_bytes(hashlib.sha256(str(chat_id).encode()).digest()[:8], "big", signed=True)
        # Message 1 of a supergroup is the notice of its creation, so that no topic ever has the id of "General".
        first = 1 if chat_type == "supergroup" else 0
        self.chats[chat_id] = chat = Chat(chat_id, chat_type, str(instance), last_message_id=first)
        return chat

    # -- messages ---------------------------------------------------------------------------------

    def chat_wire(self, chat: Chat) -> Json:
        """The Chat object inside messages."""
        if chat.user_id is not None:
            user = self.user(chat.user_id)
            person = without_none(first_name=user.first_name, last_name=user.last_name, username=user.username)
            return {"id": chat.id, **person, "type": "private"}
        wire: Json = {"id": chat.id, "title": chat.title, "type": chat.type}
        return wire | {"is_forum": True} if chat.is_forum else wire

    def post(
        self,
        chat: Chat,
        sender: User,
        content: Json,
        *,
        topic_id: int | None = None,
        reply_to: Message | None = None,
        as_group: User | None = None,
    ) -> Message:
        """Writes a message into a chat and queues it for the bot where the bot may see it.

        `content` holds the Message fields besides the head; `reply_to` is an explicit reply; `as_group` is the
        stand-in shown for an anonymous administrator.
        """
        chat.last_message_id += 1
        head: Json = {"message_id": chat.last_message_id, "from": (as_group or sender).wire()}
        if as_group is not None:
            head["sender_chat"] = self.chat_wire(chat)
        head |= {"chat": self.chat_wire(chat), "date": self.date()}
        wire = head | self._threading(chat, topic_id, reply_to) | content
        message = Message(wire, sender.id, topic_id, reply_to.id if reply_to else None)
        chat.messages[message.id] = message
        if sender.id != self.bot.id and self.bot_sees(chat, message):
            self.updates.add("message", wire, chat.id)
        self.publish_message(chat, message)
        return message

    def _threading(self, chat: Chat, topic_id: int | None, reply_to: Message | None) -> Json:
        """Which thread a message belongs to and what it answers, the way Telegram shows it.

        In a topic every message answers something: without an explicit reply it is the topic's first message.
        Outside topics a reply in a supergroup carries the id of its thread's first message, though no topic has it.
        """
        threading: Json = {}
        answered = reply_to
        if topic_id is not None:
            threading = {"message_thread_id": topic_id, "is_topic_message": True}
            answered = reply_to or chat.messages.get(topic_id)
        elif reply_to is not None and chat.type == "supergroup":
            threading = {"message_thread_id": reply_to.wire.get("message_thread_id", reply_to.id)}
        if answered is not None:
            threading["reply_to_message"] = {k: v for k, v in answered.wire.items() if k != "reply_to_message"}
        return threading

    def edit(self, chat: Chat, message: Message, content: Json, *, drop: frozenset[str] = frozenset()) -> None:
        """Replaces fields of a message; `drop` names those that go."""
        kept = {k: v for k, v in message.wire.items() if k not in drop}
        message.wire = kept | content | {"edit_date": self.date()}
        if message.sender_id != self.bot.id and self.bot_sees(chat, message):
            self.updates.add("edited_message", message.wire, chat.id)
        self.publish_message(chat, message)

    def remove(self, chat: Chat, message_id: int) -> None:
        """Deletes a message; bots are never told."""
        chat.messages.pop(message_id, None)
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)
        self.changes.publish({"event": "removed", "chat_id": chat.id, "message_id": message_id})

    def publish_message(self, chat: Chat, message: Message) -> None:
        self.changes.publish({"event": "message", "chat_id": chat.id, "message": self.seen_wire(message)})

    def seen_wire(self, message: Message) -> Json:
        """A message as people see it: the bot's view plus reactions and who wrote behind the group's name."""
        reactions: dict[str, int] = {}
        for chosen in message.reactions.values():
            for reaction in chosen:
                reactions[reaction["emoji"]] = reactions.get(reaction["emoji"], 0) + 1
        seen = {**message.wire, "sender_id": message.sender_id}
        return seen | {"reactions": reactions} if reactions else seen

    def bot_sees(self, chat: Chat, message: Message) -> bool:
        """Privacy mode: in groups only administrators among bots see all (Bot API: "Privacy mode")."""
        standing = chat.member(self.bot.id)
        if chat.is_private or standing.is_admin:
            return standing.present
        if not standing.present:
            return False
        if any(field in SERVICE_FIELDS for field in message.wire):
            return True
        answered = chat.messages.get(message.explicit_reply_to or 0)
        if answered is not None and answered.sender_id == self.bot.id:
            return not any(field in SERVICE_FIELDS for field in answered.wire)
        return self._commands_bot(message.wire)

    def _commands_bot(self, wire: Json) -> bool:
        text: str = wire.get("text") or wire.get("caption") or ""
        if not text.startswith("/"):
            return False
        _, at, addressee = text.split(maxsplit=1)[0].partition("@")
        return not at or addressee.lower() == (self.bot.username or "").lower()
