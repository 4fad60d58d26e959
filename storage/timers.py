"""Keeps what is due at a time of the office's clock; each timer fires once, in the transaction that acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from storage.buffer import upsert
from storage.tables import timers

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something to do for a case at `due_at` (UTC), one of each kind at a time."""

    case: int
    kind: str
    lane: str
    due_at: datetime


class Timers:
    """Sets and cancels a case's timers; setting one again moves it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def set_for(self, case: int, kind: str, lane: str, due_at: datetime) -> None:
        insert = upsert(self._uow.connection, timers).values(case=case, kind=kind, lane=lane, due_at=due_at)
        moved = insert.on_conflict_do_update(index_elements=["case", "kind"], set_={"due_at": insert.excluded.due_at})
        self._uow.connection.execute(moved)

    def cancel_for(self, case: int, kind: str) -> None:
        self._uow.connection.execute(delete(timers).where(timers.c.case == case, timers.c.kind == kind))

    def take(self, timer: Timer) -> bool:
        """Takes a due timer off; False if it was moved, cancelled, or another process was faster."""
        mine = (timers.c.case == timer.case, timers.c.kind == timer.kind, timers.c.due_at == timer.due_at)
        return self._uow.connection.execute(delete(timers).where(*mine)).rowcount == 1


def due_timers(connection: Connection, now: datetime, limit: int) -> list[Timer]:
    """Timers whose time has come on the office's clock, earliest first."""
    chosen = select(timers).where(timers.c.due_at <= now).order_by(timers.c.due_at).limit(limit)
    return [Timer(case=row.case, kind=row.kind, lane=row.lane, due_at=row.due_at) for row in connection.execute(chosen)]
