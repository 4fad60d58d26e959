"""Appends to the ledger: entries wait until the end of the transaction and are then chained to the one locked head."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from escalation.events import Event, Scalar
from escalation.ledger import GENESIS, canonical, commitment, link
from storage.tables import ledger, ledger_head

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Pending:
    case: int | None
    at: datetime
    entry: dict[str, Scalar]


class Ledger:
    """The append-only truth about cases and the office (entries by id, texts as salted commitments)."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._pending: list[_Pending] = []

    def append(self, event: Event) -> None:
        """Takes an event down; it is chained when the transaction is finished."""
        committed = ""
        if event.message is not None:
            salt, text = self._uow.messages.salt(event.message)
            committed = commitment(bytes.fromhex(salt), text)
        self._pending.append(_Pending(event.case, event.at, event.to_entry(committed)))

    def of_case(self, case: int) -> Sequence[Event]:
        """The events of a case in order, those not yet chained included."""
        chosen = select(ledger.c.entry).where(ledger.c.case == case).order_by(ledger.c.seq)
        stored = [Event.from_entry(json.loads(text)) for text in self._uow.connection.execute(chosen).scalars()]
        return stored + [Event.from_entry(item.entry) for item in self._pending if item.case == case]

    def mark(self) -> int:
        return len(self._pending)

    def restore(self, mark: int) -> None:
        del self._pending[mark:]

    def finish(self) -> None:
        """Chains what waits; the head is locked last of all, so that concurrent writers queue up and never deadlock."""
        if not self._pending:
            return
        connection = self._uow.connection
        seq, digest = lock_head(connection)
        rows = []
        for item in self._pending:
            seq += 1
            entry = canonical(item.entry)
            digest = link(self._uow.keys.ledger_key, digest, seq, entry)
            rows.append({"seq": seq, "case": item.case, "at": item.at, "entry": entry, "digest": digest})
        connection.execute(insert(ledger), rows)
        connection.execute(update(ledger_head).values(seq=seq, digest=digest))
        self._pending.clear()


def lock_head(connection: Connection) -> tuple[int, str]:
    """Sequence number and digest of the last entry, locked until the transaction ends."""
    row = connection.execute(select(ledger_head.c.seq, ledger_head.c.digest).with_for_update()).one_or_none()
    if row is None:
        connection.execute(insert(ledger_head), {"id": 1, "seq": 0, "digest": GENESIS})
        return 0, GENESIS
    return row.seq, row.digest
