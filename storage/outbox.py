"""Keeps what is to be sent until a channel has taken it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, func, select, update

from conversation.outbound import Outbound, Private, Receipt
from storage.encryption import SealBroken
from storage.tables import outbox

if TYPE_CHECKING:
    from storage.encryption import KeyRing
    from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

_OUTBOUND: TypeAdapter[Outbound] = TypeAdapter(Outbound)
_STAFF = "staff"
_BATCH = 500


class Sending(StrEnum):
    """The states of an outbox entry."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One outbox entry as delivery works on it.

    `queue` is the order it keeps ("" = none); `lane` takes its failure; `not_before` and `expires` are real seconds
    since 1970 (an `expires` of 0: never).
    """

    id: int
    queue: str
    lane: str
    outbound: Outbound
    conversation: int | None
    case: int | None
    message: int | None
    state: Sending
    not_before: float = 0.0
    expires: float = 0.0
    attempts: int = 0


class Outbox:
    """The transactional outbox: entries become visible to delivery only when the transaction commits."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        #: Entries made in this transaction, handed to delivery after the commit.
        self.made: list[Entry] = []

    def put(
        self,
        outbound: Outbound,
        *,
        lane: str = _STAFF,
        conversation: int | None = None,
        case: int | None = None,
        message: int | None = None,
        queue: str | None = None,
        coalesce: str = "",
        spacing: float = 0.0,
        lifetime: float = 0.0,
    ) -> int:
        """Puts a call into the outbox and returns its logical id.

        By default it queues behind what goes to the same chat. Entries with the same `coalesce` key replace each other
        while they wait, and leave at least `spacing` seconds between them. `lifetime` is in seconds from now.
        """
        now = time.time()
        start = max(now, self._supersede(coalesce) + spacing) if coalesce else now
        entry = Entry(
            id=self._uow.ids(),
            queue=self._queue(outbound) if queue is None else queue,
            lane=lane,
            outbound=outbound,
            conversation=conversation,
            case=case,
            message=message,
            state=Sending.DUE if start > now else Sending.SENDING,
            not_before=start,
            expires=now + lifetime if lifetime else 0.0,
        )
        self._uow.buffer.add(outbox, self._row(entry, coalesce))
        self.made.append(entry)
        return entry.id

    def carrying(self, message: int, queue: str) -> int | None:
        """The entry that brought, or will bring, a stored message to a chat."""
        self._uow.buffer.flush(outbox)
        chosen = select(outbox.c.id).where(outbox.c.message == message, outbox.c.queue == queue).order_by(outbox.c.id)
        return self._uow.connection.execute(chosen).scalars().first()

    def undelivered(self, entry: int) -> Entry | None:
        row = self._uow.connection.execute(select(outbox).where(outbox.c.id == entry)).one_or_none()
        return load(row, self._uow.keys) if row else None

    def claim(self, entry: int) -> Entry | None:
        """Takes an entry whose time has come: its content, or None if another has replaced it; repeatable."""
        self._uow.buffer.flush(outbox)
        taken = (
            update(outbox)
            .where(outbox.c.id == entry, outbox.c.state.in_([Sending.DUE, Sending.SENDING]))
            .values(state=Sending.SENDING)
            .returning(outbox)
        )
        row = self._uow.connection.execute(taken).one_or_none()
        return load(row, self._uow.keys) if row else None

    def sent(self, entry: Entry, receipt: Receipt) -> None:
        """Notes what the channel made of it."""
        result = {"message_ids": list(receipt.message_ids), "topic": receipt.topic}
        self._finish(entry, state=Sending.SENT, result=result, sent_at=self._uow.now)

    def failed(self, entry: Entry, reason: str, *, expired: bool = False) -> None:
        self._finish(entry, state=Sending.EXPIRED if expired else Sending.FAILED, error=reason)

    def _finish(self, entry: Entry, **values: Any) -> None:
        self._uow.connection.execute(
            update(outbox).where(outbox.c.id == entry.id).values(attempts=entry.attempts + 1, **values)
        )

    def _supersede(self, coalesce: str) -> float:
        """Drops a waiting entry of this key; returns when the latest one that was not dropped was due."""
        self._uow.buffer.flush(outbox)
        same = outbox.c.coalesce == coalesce
        waiting = (
            update(outbox).where(same, outbox.c.state == Sending.DUE).values(state=Sending.EXPIRED, error="superseded")
        )
        self._uow.connection.execute(waiting)
        latest = select(func.max(outbox.c.not_before)).where(same, outbox.c.state != Sending.EXPIRED)
        return float(self._uow.connection.execute(latest).scalar_one() or 0.0)

    def _queue(self, outbound: Outbound) -> str:
        to = outbound.to
        return self._uow.conversations.lane(to.channel, to.chat) if isinstance(to, Private) else _STAFF

    def _row(self, entry: Entry, coalesce: str) -> dict[str, Any]:
        return {
            "id": entry.id,
            "queue": entry.queue,
            "lane": entry.lane,
            "conversation": entry.conversation,
            "case": entry.case,
            "message": entry.message,
            "state": entry.state,
            "not_before": entry.not_before,
            "expires": entry.expires,
            "coalesce": coalesce,
            "sealed": self._uow.keys.seal("outbox", entry.id, _OUTBOUND.dump_json(entry.outbound)),
            "attempts": 0,
            "created_at": self._uow.now,
            "sent_at": None,
            "result": None,
            "error": "",
        }


def load(row: Row[Any], keys: KeyRing) -> Entry:
    """A stored entry."""
    return Entry(
        id=row.id,
        queue=row.queue,
        lane=row.lane,
        outbound=_OUTBOUND.validate_json(keys.open("outbox", row.id, row.sealed)),
        conversation=row.conversation,
        case=row.case,
        message=row.message,
        state=Sending(row.state),
        not_before=row.not_before,
        expires=row.expires,
        attempts=row.attempts,
    )


def unfinished(
    connection: Connection, keys: KeyRing, is_known: Callable[[int], bool] = lambda _entry: False
) -> list[Entry]:
    """Everything not yet sent, in order, but for what is known already.

    What was `sending` when a process died is among it; what cannot be read is logged and left where it is.
    """
    waiting = select(outbox.c.id).where(outbox.c.state.in_([Sending.DUE, Sending.SENDING])).order_by(outbox.c.id)
    new = [entry for entry in connection.execute(waiting).scalars() if not is_known(entry)]
    entries = []
    for start in range(0, len(new), _BATCH):
        chosen = select(outbox).where(outbox.c.id.in_(new[start : start + _BATCH])).order_by(outbox.c.id)
        for row in connection.execute(chosen):
            try:
                entries.append(load(row, keys))
            except (SealBroken, ValidationError) as error:
                log.error("outbox entry cannot be read", entry=row.id, error=type(error).__name__)
    return entries
