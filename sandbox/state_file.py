"""Keeps the sandbox's state in a JSON file, so that a restarted sandbox goes on where it stopped."""

import asyncio
import contextlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.files import StoredFile
from sandbox.state import Chat, Member, Message, Topic, User
from sandbox.update_queue import PendingUpdate
from sandbox.webhook import WebhookTarget
from sandbox.wire import Json, names

if TYPE_CHECKING:
    from sandbox.server import Sandbox

FORMAT = 1
#: A sandbox that is killed forgets what happened since the last save; no number given meanwhile may be given again.
_LEAP = 1_000


class StateFile:
    """Loads once, saves every few seconds when something changed, and at the end.

    Contents of files lie beside it, in `<file>.files/`, one per stored file.
    """

    def __init__(self, sandbox: "Sandbox", path: str) -> None:
        self._sandbox = sandbox
        self._path = Path(path)
        self._folder = Path(f"{path}.files")
        self._saved_version = -1
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def load(self) -> bool:
        """Restores what the file holds; False when there is none yet. Raises ValueError for another format."""
        if not self._path.exists():
            return False
        data: Json = json.loads(self._path.read_text("utf-8"))
        if data.get("format") != FORMAT:
            raise ValueError(f"{self._path}: not a sandbox state file of format {FORMAT}")
        sandbox, world = self._sandbox, self._sandbox.world
        leap = 0 if data.get("closed") else _LEAP
        world.serial = data["serial"] + leap
        for user in data["users"]:
            world.users[user["id"]] = User(**user)
        for file in data["files"]:
            world.files.restore(StoredFile(**file, content=(self._folder / file["file_id"]).read_bytes()))
        for chat in data["chats"]:
            world.chats[chat["id"]] = _chat_from(chat, leap)
        sandbox.commands.menus = data["menus"]
        sandbox.updates.next_id = data["next_update_id"] + leap
        sandbox.updates.asked_for = data["allowed_updates"]
        for update in data["pending"]:
            sandbox.updates.pending[update["update_id"]] = PendingUpdate(**update)
        sandbox.webhook.target = WebhookTarget(**data["webhook"]) if data["webhook"] else None
        return True

    def start_saving(self, every_s: float) -> None:
        self._task = asyncio.create_task(self._save_regularly(every_s))

    async def stop(self) -> None:
        """Saves for the last time."""
        if self._task is not None:
            self._stopping.set()  # not cancelled: a save under way writes the same draft
            await self._task
            self._task = None
        await self.save(closed=True)

    async def save(self, *, closed: bool = False) -> None:
        """Writes the state if it changed, replacing the file in one step; `closed` marks it as the last word."""
        version = self._sandbox.changes.version
        if version != self._saved_version or closed:
            text = json.dumps(self._dump() | {"closed": closed}, ensure_ascii=True)
            await asyncio.to_thread(self._write, text, dict(self._sandbox.world.files.by_id))
            self._saved_version = version

    async def _save_regularly(self, every_s: float) -> None:
        while not self._stopping.is_set():
            await self.save()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), every_s)

    def _write(self, text: str, files: dict[str, StoredFile]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for file_id, file in files.items():
            target = self._folder / file_id
            if not target.exists():
                self._folder.mkdir(exist_ok=True)
                target.write_bytes(file.content)
        draft = self._path.with_name(f"{self._path.name}.new")
        with draft.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._path)

    def _dump(self) -> Json:
        sandbox, world = self._sandbox, self._sandbox.world
        target = sandbox.webhook.target
        return {
            "format": FORMAT,
            "serial": world.serial,
            "users": [asdict(user) for user in world.users.values()],
            "files": [_file_to(file) for file in world.files.by_id.values()],
            "chats": [_chat_to(chat) for chat in world.chats.values()],
            "menus": sandbox.commands.menus,
            "next_update_id": sandbox.updates.next_id,
            "allowed_updates": sandbox.updates.asked_for,
            "pending": [
                {"update_id": update.update_id, "lane": update.lane, "body": update.body}
                for update in sandbox.updates.pending.values()
            ],
            "webhook": asdict(target) if target else None,
        }


def _file_to(file: StoredFile) -> Json:
    names = ("file_id", "unique_id", "kind", "path", "file_name", "mime_type")
    return {name: getattr(file, name) for name in names}


_PLAIN_CHAT_FIELDS = names("id type instance title user_id is_forum last_message_id migrated_to pinned keyboard")


def _chat_to(chat: Chat) -> Json:
    plain: Json = {name: getattr(chat, name) for name in _PLAIN_CHAT_FIELDS}
    return plain | {
        "members": [[user_id, member.status, sorted(member.rights)] for user_id, member in chat.members.items()],
        "messages": [
            [m.wire, m.sender_id, m.topic_id, m.explicit_reply_to, list(m.reactions.items())]
            for m in chat.messages.values()
        ],
        "topics": [asdict(topic) for topic in chat.topics.values()],
        "deleted_topics": sorted(chat.deleted_topics),
    }


def _chat_from(data: Json, leap: int) -> Chat:
    chat = Chat(**{name: data[name] for name in _PLAIN_CHAT_FIELDS})
    chat.last_message_id += leap
    chat.members = {user_id: Member(status, frozenset(rights)) for user_id, status, rights in data["members"]}
    for wire, sender_id, topic_id, reply_to, reactions in data["messages"]:
        chat.messages[wire["message_id"]] = Message(wire, sender_id, topic_id, reply_to, dict(reactions))
    chat.topics = {topic["id"]: Topic(**topic) for topic in data["topics"]}
    chat.deleted_topics = set(data["deleted_topics"])
    return chat
