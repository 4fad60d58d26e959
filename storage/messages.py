"""Keeps every message received and sent, with its author, time, basis and earlier versions."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select, update

from conversation.inbound import File, FileKind
from conversation.people import Audience, Author, Conversation, StoredMessage
from storage.tables import message_versions, messages, posts

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

_SALT_BYTES = 16


class Messages:
    """Messages of conversations; texts are sealed together with the salt of their ledger commitment."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def add(
        self,
        conversation: Conversation,
        author: Author,
        text: str,
        at: datetime,
        *,
        case: int | None = None,
        audience: Audience = Audience.RESIDENT,
        officer: int | None = None,
        kind: str = "text",
        basis: str = "",
        files: tuple[File, ...] = (),
        external: tuple[str, int] | None = None,
        message: int | None = None,
    ) -> StoredMessage:
        """Stores a message.

        `external` is where it stands already: the staff group's id or the resident's lane, and the channel's message
        id.
        `message` is the id to keep it under, if that had to be known before.
        """
        stored = StoredMessage(
            id=message or self._uow.ids(),
            conversation=conversation.id,
            case=case,
            author=author,
            audience=audience,
            officer=officer,
            kind=kind,
            text=text,
            at=at,
            external_id=external[1] if external else 0,
            basis=basis,
            files=files,
        )
        row = {name: getattr(stored, name) for name in _PLAIN}
        self._uow.buffer.add(messages, {**row, "sealed": self._seal(stored)})
        if external:
            self._uow.posts.add(external[0], external[1], message=stored.id, case=case)
        return stored

    def get(self, message: int) -> StoredMessage | None:
        self._uow.buffer.flush(messages)
        row = self._uow.connection.execute(select(messages).where(messages.c.id == message)).one_or_none()
        return self._load(row) if row else None

    def at(self, chat: str, external_id: int) -> StoredMessage | None:
        """The stored message that stands in this chat under the channel's id, sent or received."""
        found = self._uow.posts.find(chat, external_id)
        return self.get(found.message) if found and found.message else None

    def of_case(self, case: int) -> Sequence[StoredMessage]:
        """All messages of a case, oldest first."""
        self._uow.buffer.flush(messages)
        rows = self._uow.connection.execute(select(messages).where(messages.c.case == case).order_by(messages.c.id))
        return [self._load(row) for row in rows]

    def recent(self, conversation: int, limit: int) -> Sequence[StoredMessage]:
        """The last messages between resident and office, oldest first."""
        self._uow.buffer.flush(messages)
        chosen = (
            select(messages)
            .where(messages.c.conversation == conversation, messages.c.audience == Audience.RESIDENT)
            .order_by(messages.c.id.desc())
            .limit(limit)
        )
        return [self._load(row) for row in self._uow.connection.execute(chosen)][::-1]

    def adopt(self, conversation: int, since: datetime, case: int) -> None:
        """Counts a conversation's messages since then to the case that grew out of them."""
        self._uow.buffer.flush(messages)
        self._uow.connection.execute(
            update(messages)
            .where(messages.c.conversation == conversation, messages.c.case.is_(None), messages.c.at >= since)
            .values(case=case)
        )

    def edit(self, message: StoredMessage, text: str, at: datetime) -> None:
        """Replaces the text and keeps the earlier one."""
        self._uow.buffer.flush(messages)
        row = self._uow.connection.execute(select(messages.c.sealed).where(messages.c.id == message.id)).one()
        version = self._uow.ids()
        kept = self._uow.keys.seal("message_versions", version, self._uow.keys.open("messages", message.id, row.sealed))
        self._uow.connection.execute(
            message_versions.insert(), {"id": version, "message": message.id, "sealed": kept, "replaced_at": at}
        )
        self._uow.connection.execute(
            update(messages)
            .where(messages.c.id == message.id)
            .values(sealed=self._seal(replace(message, text=text)), earlier=messages.c.earlier + 1)
        )

    def versions(self, message: int) -> Sequence[str]:
        """The earlier texts of a message, oldest first."""
        chosen = select(message_versions).where(message_versions.c.message == message).order_by(message_versions.c.id)
        keys = self._uow.keys
        rows = self._uow.connection.execute(chosen)
        return [json.loads(keys.open("message_versions", row.id, row.sealed))["text"] for row in rows]

    def salt(self, message: int) -> tuple[str, str]:
        """Salt (hex) and text of a message, for its commitment in the ledger."""
        self._uow.buffer.flush(messages)
        sealed = self._uow.connection.execute(select(messages.c.sealed).where(messages.c.id == message)).scalar_one()
        kept = json.loads(self._uow.keys.open("messages", message, sealed))
        return kept["salt"], kept["text"]

    def _seal(self, message: StoredMessage) -> bytes:
        content = {
            "text": message.text,
            "salt": secrets.token_hex(_SALT_BYTES),
            "files": [(file.kind, file.ref, file.name) for file in message.files],
        }
        return self._uow.keys.seal("messages", message.id, json.dumps(content).encode())

    def _load(self, row: Row[Any]) -> StoredMessage:
        content = json.loads(self._uow.keys.open("messages", row.id, row.sealed))
        files = tuple(File(FileKind(kind), ref, name) for kind, ref, name in content["files"])
        plain = {name: getattr(row, name) for name in _PLAIN}
        told = {
            "author": Author(row.author),
            "audience": Audience(row.audience),
            "text": content["text"],
            "files": files,
        }
        return StoredMessage(**{**plain, **told})


_PLAIN = (
    "id",
    "conversation",
    "case",
    "author",
    "audience",
    "officer",
    "kind",
    "at",
    "external_id",
    "basis",
    "earlier",
)


class Posts:
    """Which message of a chat, by the channel's id, is which stored message or outbox entry."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def add(
        self,
        chat: str,
        external_id: int,
        *,
        message: int | None = None,
        outbox: int | None = None,
        case: int | None = None,
    ) -> None:
        if external_id:
            row = {"chat": chat, "external_id": external_id, "message": message, "outbox": outbox, "case": case}
            self._uow.buffer.replace(posts, row)

    def find(self, chat: str, external_id: int) -> Row[Any] | None:
        """The row with `message`, `outbox` and `case`, or None."""
        self._uow.buffer.flush(posts)
        chosen = select(posts).where(posts.c.chat == chat, posts.c.external_id == external_id)
        return self._uow.connection.execute(chosen).one_or_none()
