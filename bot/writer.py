"""The one thread that writes: takes what has arrived, handles it in groups, one transaction and one fsync a group.

Any driver error abandons the whole group; its members then run one per transaction, their attempt committed first.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from bot.lanes import RETRIES, Lanes, is_due
from bot.versions import Version, Versions
from conversation.clock import Clock
from conversation.errors import LoketError
from conversation.inbound import Inbound
from storage.encryption import KeyRing
from storage.engine import TransactionSpoiled, explain
from storage.ids import Ids
from storage.inbox import Arrival, Letter, Receiving
from storage.outbox import Entry
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

#: How many updates share a transaction at most.
GROUP = 32
#: Attempts that may begin before a head that never ends well is given up.
GIVE_UP_AFTER = len(RETRIES) + 1
#: The database is away or full: what comes next would fare no better.
_AWAY = (OperationalError, InterfaceError)

Job = Callable[[UnitOfWork], Any]
Locate = Callable[[UnitOfWork, Version, Inbound], str]


@dataclass(slots=True, eq=False)
class Item:
    """One thing to write: an update that arrived, a lane to look at again, or a job of the program's own."""

    raw: bytes = b""
    source: str = ""
    key: str = ""
    inbound: Inbound | None = None
    lane: str = ""
    job: Job | None = None
    outcome: Future[Any] = field(default_factory=Future)

    def settle(self, result: Any = None, error: Exception | None = None) -> None:
        """Tells whoever waits, if they still do; the first word counts."""
        with suppress(InvalidStateError):
            if error:
                self.outcome.set_exception(error)
            else:
                self.outcome.set_result(result)


class Writer:
    """Owns the writing connection. `submit` from any thread; the item's future resolves after the commit that holds it.

    `committed` is called, from the writing thread, with the outbox entries of each commit; `doubted` when a commit's
    outcome is unknown, so that delivery looks at the table instead. Until `careful_until` (real seconds since 1970)
    everything runs singly, after a process died.
    """

    def __init__(
        self,
        engine: Engine,
        keys: KeyRing,
        ids: Ids,
        clock: Clock,
        versions: Versions,
        lanes: Lanes,
        locate: Locate,
        *,
        committed: Callable[[Sequence[Entry]], None],
        doubted: Callable[[], None],
    ) -> None:
        self._engine, self._keys, self._ids, self._clock = engine, keys, ids, clock
        self._versions, self._lanes, self._locate = versions, lanes, locate
        self._committed, self._doubted = committed, doubted
        self.careful_until = 0.0
        self._waiting: deque[Item] = deque()
        self._wakened = threading.Condition()
        self._closing = self._busy = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Finishes what was submitted, then stops."""
        with self._wakened:
            self._closing = True
            self._wakened.notify()
        self._thread.join()

    def works(self) -> bool:
        """Whether the writing thread is there: without it nothing is taken in."""
        return self._thread.is_alive()

    def idle(self) -> bool:
        """Whether nothing waits to be written, and nothing is being written."""
        with self._wakened:
            return not self._waiting and not self._busy

    def submit(self, item: Item) -> Future[Any]:
        with self._wakened:
            self._waiting.append(item)
            self._wakened.notify()
        return item.outcome

    def do(self, job: Job) -> Future[Any]:
        """Runs a job of the program's own in the next transaction; it must be repeatable."""
        return self.submit(Item(job=job))

    def _work(self) -> None:
        while True:
            with self._wakened:
                self._wakened.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                items = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
                self._busy = True
            try:
                self._write(items)
            except Exception as error:  # even a log that cannot be written must not end the one writer
                for item in items:
                    item.settle(error=error)
            self._busy = False

    def _write(self, items: Sequence[Item]) -> None:
        if time.time() < self.careful_until:
            rerun = self._singly(items)
        else:
            try:
                rerun = self._group(items)
            except Exception as error:
                log.warning("group abandoned", size=len(items), error=_explain(error), exc_info=_is_bug(error))
                self._doubted()
                rerun = self._singly(items)
        for lane in rerun:
            self._again(lane)

    def _group(self, items: Sequence[Item]) -> list[str]:
        """One transaction for all items; returns the lanes to go on with singly."""
        with self._transaction() as (uow, version):
            fresh = self._receive(uow, version, items)
            results = [item.job(uow) if item.job else None for item in items]
            rerun = [
                lane
                for lane, letters in _by_lane(uow.inbox.waiting(fresh) if fresh else []).items()
                if self._lanes.run(uow, version, letters, fresh[lane])
            ]
        for item, result in zip(items, results, strict=True):
            item.settle(result)
        return rerun

    @contextmanager
    def _transaction(self) -> Iterator[tuple[UnitOfWork, Version]]:
        """A transaction that commits at the end and hands its outbox on; whatever fails, the connection is given up."""
        with self._engine.connect() as connection:
            try:
                uow = UnitOfWork(connection, self._keys, self._ids, self._clock.now())
                yield uow, self._versions.of(connection)
                uow.finish()
                connection.commit()
            except BaseException:
                with suppress(Exception):
                    connection.invalidate()
                raise
        self._committed(uow.outbox.made)

    def _receive(self, uow: UnitOfWork, version: Version, items: Sequence[Item]) -> dict[str, dict[str, Inbound]]:
        """Locks the lanes this group touches and stores what is new; returns the lanes to run, and what arrived in
        each."""
        arrivals = {item.key: _arrival(item, self._lane_of(uow, version, item), uow) for item in items if item.key}
        wakened = [item.lane for item in items if item.lane]
        uow.inbox.lock([*wakened, *(arrival.lane for arrival in arrivals.values())])
        new = uow.inbox.store(list(arrivals.values()), time.time())
        fresh: dict[str, dict[str, Inbound]] = {lane: {} for lane in wakened}
        for item in items:
            if item.key in new:
                lane = fresh.setdefault(arrivals[item.key].lane, {})
                if item.inbound:
                    lane[item.key] = item.inbound
        return fresh

    def _lane_of(self, uow: UnitOfWork, version: Version, item: Item) -> str:
        return self._locate(uow, version, item.inbound) if item.inbound else f"unreadable:{item.key}"

    def _singly(self, items: Sequence[Item]) -> Iterable[str]:
        """Runs items one per transaction; returns the lanes to go on with.

        Once the database is away, what follows is refused as well: it comes again, and in order.
        """
        rerun: dict[str, None] = {}
        for position, item in enumerate(items):
            try:
                rerun |= dict.fromkeys(self._alone(item))
            except Exception as error:
                log.error("write failed", key=item.key, error=_explain(error), exc_info=_is_bug(error))
                self._doubted()
                stored = item.outcome.done()
                item.settle(error=error)
                if isinstance(error, _AWAY) and not stored:
                    for other in items[position + 1 :]:
                        other.settle(error=error)
                    return ()
        return rerun

    def _alone(self, item: Item) -> Sequence[str]:
        """Runs one item, an update only as far as storing it; returns the lane to go on with."""
        if item.lane:
            item.settle()
            return [item.lane]
        if not item.key:
            return self._group([item])
        try:
            lane = self._accept(item)
        except _AWAY:
            raise
        except Exception as error:
            log.error("update cannot be placed", key=item.key, error=_explain(error), exc_info=_is_bug(error))
            lane = self._accept(item, f"unplaced:{item.key}", attempts=GIVE_UP_AFTER)
        return [lane]

    def _accept(self, item: Item, lane: str = "", *, attempts: int = 0) -> str:
        """Stores an update, unless it was there before, and returns its lane. From here on it is safe."""
        with self._transaction() as (uow, version):
            arrival = _arrival(item, lane or self._lane_of(uow, version, item), uow)
            uow.inbox.lock([arrival.lane])
            uow.inbox.store([arrival], time.time(), attempts=attempts)
        item.settle()
        return arrival.lane

    def _again(self, lane: str) -> None:
        """Goes on with a lane singly: each head's attempt is committed first, so that one that kills the process is
        given up too."""
        try:
            while head := self._count_attempt(lane):
                with self._transaction() as (uow, version):
                    uow.inbox.lock([lane])
                    if not self._lanes.run(uow, version, uow.inbox.waiting([lane]), {}, counted=head):
                        return
        except Exception as error:
            log.error("rerun failed", lane=lane, error=_explain(error), exc_info=_is_bug(error))
            self._doubted()

    def _count_attempt(self, lane: str) -> str:
        """Commits one more attempt of the lane's head and returns its key; "" if it is not due, or given up now."""
        with self._transaction() as (uow, version):
            uow.inbox.lock([lane])
            waiting = uow.inbox.waiting([lane])
            if not waiting or not is_due(waiting):
                return ""
            head, attempts = waiting[0], waiting[0].attempts + 1
            if attempts > GIVE_UP_AFTER:
                self._lanes.quarantine(uow, version, head, "given up after repeated failures")
                return ""
            if head.state is Receiving.HELD:
                uow.inbox.mark([head], head.state, until=head.until, attempts=attempts)
            else:
                wait = RETRIES[min(attempts, len(RETRIES)) - 1]
                uow.inbox.mark([head], Receiving.FAILED, until=time.time() + wait, attempts=attempts)
        return head.key


def _by_lane(letters: Sequence[Letter]) -> dict[str, list[Letter]]:
    lanes: dict[str, list[Letter]] = {}
    for letter in letters:
        lanes.setdefault(letter.lane, []).append(letter)
    return lanes


def _arrival(item: Item, lane: str, uow: UnitOfWork) -> Arrival:
    return Arrival(key=item.key, lane=lane, source=item.source, raw=item.raw, received_at=uow.now)


def _is_bug(error: Exception) -> bool:
    return not isinstance(error, (SQLAlchemyError, LoketError, TransactionSpoiled))


def _explain(error: Exception) -> str:
    return explain(error) if isinstance(error, DBAPIError) else type(error).__name__
