"""Keeps every update as it came, until it is handled: received → held → done, failed or quarantined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, exists, func, select, update

from storage.buffer import upsert
from storage.tables import inbox, lanes, outbox

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Receiving(StrEnum):
    """The states of an inbox entry."""

    RECEIVED = "received"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


#: States in which an entry still waits for its turn, and holds back what comes after it in its lane.
OPEN = (Receiving.RECEIVED, Receiving.HELD, Receiving.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An update on its way in: `key` dedupes it, `lane` orders it, `source` names who can read `raw` again."""

    key: str
    lane: str
    source: str
    raw: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A stored update, still sealed; `until` is when it is next due, `since` when it was stored (real seconds since
    1970)."""

    id: int
    key: str
    lane: str
    source: str
    sealed: bytes
    state: Receiving
    attempts: int
    until: float
    since: float


class Inbox:
    """The stored updates of a transaction's lanes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._done: list[int] = []

    def lock(self, names: Iterable[str]) -> None:
        """Locks lanes, sorted, once, before anything else; other processes' groups that touch them wait."""
        connection, wanted = self._uow.connection, sorted(set(names))
        if connection.dialect.name == "sqlite" or not wanted:
            return  # BEGIN IMMEDIATE has locked the whole database already
        made = upsert(connection, lanes).on_conflict_do_nothing()
        connection.execute(made, [{"lane": name} for name in wanted])
        connection.execute(
            select(lanes.c.lane).where(lanes.c.lane.in_(wanted)).order_by(lanes.c.lane).with_for_update()
        )
        # What another process wrote into these lanes came earlier, so it has to have the smaller ids.
        newest = select(func.greatest(*(select(func.max(table.c.id)).scalar_subquery() for table in (inbox, outbox))))
        self._uow.ids.rise_above(connection.execute(newest).scalar_one() or 0)

    def store(self, arrivals: Sequence[Arrival], real: float, *, attempts: int = 0) -> set[str]:
        """Stores new updates; returns the keys of those that were not there before."""
        rows: dict[str, dict[str, Any]] = {}
        for arrival in arrivals:
            letter = self._uow.ids()
            rows.setdefault(
                arrival.key,
                {
                    "id": letter,
                    "key": arrival.key,
                    "lane": arrival.lane,
                    "state": Receiving.RECEIVED,
                    "attempts": attempts,
                    "until": 0.0,
                    "since": real,
                    "source": arrival.source,
                    "received_at": arrival.received_at,
                    "error": "",
                    "sealed": self._uow.keys.seal("inbox", letter, arrival.raw),
                },
            )
        insert = (
            upsert(self._uow.connection, inbox).on_conflict_do_nothing(index_elements=["key"]).returning(inbox.c.key)
        )
        return set(self._uow.connection.execute(insert, list(rows.values())).scalars()) if rows else set()

    def waiting(self, names: Iterable[str]) -> list[Letter]:
        """What still waits in these lanes, in order."""
        chosen = select(inbox).where(inbox.c.lane.in_(sorted(set(names))), inbox.c.state.in_(OPEN)).order_by(inbox.c.id)
        return [_load(row) for row in self._uow.connection.execute(chosen)]

    def open(self, letter: Letter) -> bytes:
        """The update as it came; raises SealBroken."""
        return self._uow.keys.open("inbox", letter.id, letter.sealed)

    def mark(
        self, letters: Sequence[Letter], state: Receiving, *, until: float = 0.0, attempts: int = 0, error: str = ""
    ) -> None:
        """Moves letters to a state; `error` names the failure without quoting contents."""
        if letters:
            self._uow.connection.execute(
                update(inbox)
                .where(inbox.c.id.in_([letter.id for letter in letters]))
                .values(state=state, until=until, attempts=attempts, error=error)
            )

    def done(self, letters: Sequence[Letter]) -> None:
        """Marks letters as handled when the transaction is finished."""
        self._done += [letter.id for letter in letters]

    def finish(self) -> None:
        if self._done:
            handled = update(inbox).where(inbox.c.id.in_(self._done)).values(state=Receiving.DONE, error="")
            self._uow.connection.execute(handled)
            self._done.clear()

    def forget(self, before: float) -> int:
        """Deletes handled updates stored before then; their keys have served for deduping. Returns how many."""
        handled = delete(inbox).where(inbox.c.since < before, inbox.c.state.not_in(OPEN))
        return self._uow.connection.execute(handled).rowcount


def due_lanes(connection: Connection, real: float, limit: int) -> list[str]:
    """Lanes with something stored whose time has come, and nothing before it that still has to wait; oldest first."""
    earlier = inbox.alias()
    blocked = exists().where(
        earlier.c.lane == inbox.c.lane, earlier.c.state.in_(OPEN), earlier.c.id < inbox.c.id, earlier.c.until > real
    )
    chosen = (
        select(inbox.c.lane)
        .where(inbox.c.state.in_(OPEN), inbox.c.until <= real, ~blocked)
        .group_by(inbox.c.lane)
        .order_by(func.min(inbox.c.id))
        .limit(limit)
    )
    return list(connection.execute(chosen).scalars())


def _load(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        key=row.key,
        lane=row.lane,
        source=row.source,
        sealed=row.sealed,
        state=Receiving(row.state),
        attempts=row.attempts,
        until=row.until,
        since=row.since,
    )
