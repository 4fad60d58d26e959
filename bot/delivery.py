"""Sends the outbox: in order per chat, within the channel's budget, and writes down what became of each entry."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from typing import Protocol, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.addressing import Addressing
from bot.events import failure_arrival
from bot.writer import Writer
from channels.budget import Budget
from conversation.errors import Cause, ChatMoved, TryLater, Undeliverable
from conversation.outbound import AnswerPress, Call, OpenTopic, Private, Receipt
from storage.encryption import KeyRing
from storage.engine import reading
from storage.outbox import Entry, Sending, unfinished
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

#: Messages being sent, or not yet written down as sent, at a time: what may be sent twice if the process is killed.
IN_FLIGHT = 16
#: Waits between tries when the channel names none (seconds); the last one repeats.
BACKOFF = (1.0, 2.0, 5.0, 10.0, 30.0)
#: How often the table is looked at for what another process has written (seconds).
LOOK_EVERY = 0.5
_REMEMBERED = 20_000

T = TypeVar("T")


class Sender(Protocol):
    """A channel's way out; raises TryLater, ChatMoved or Undeliverable."""

    async def send(self, call: Call) -> Receipt: ...


class Delivery:
    """Works on the outbox of one database, while this process leads; everything runs on the event loop, `hand_over` and
    `doubt` may be called from any thread.

    On PostgreSQL other processes write into the same conversations, so a commit only says that the table is worth a
    look: its order is the order. SQLite has one server, whose commits are taken as they come.
    """

    def __init__(
        self,
        engine: Engine,
        keys: KeyRing,
        writer: Writer,
        sender: Sender,
        budget: Budget,
        messages_in: Callable[[Call], int],
    ) -> None:
        self._engine, self._keys, self._writer, self._sender, self._budget = engine, keys, writer, sender, budget
        self._messages_in = messages_in
        self._shared = engine.dialect.name == "postgresql"
        self._by_table = True
        self._ended = False
        self._addressing = Addressing(engine)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._queues: dict[str, deque[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._taken: set[int] = set()
        self._over: OrderedDict[int, None] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._look, self._stopping = asyncio.Event(), asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Takes up what was left: entries still due, and those that were being sent when the last run ended."""
        self._stopping.clear()
        self._ended = False
        self._addressing.forget_staff()
        self._by_table, self._loop = True, asyncio.get_running_loop()
        self._look.set()
        while self._look.is_set():
            await self.reload()
        self._by_table = self._shared
        self._watching = self._loop.create_task(self._watch())

    async def stop(self, seconds: float) -> None:
        """Sends what can be sent within `seconds`; the rest stays in the outbox for the next start."""
        self._stopping.set()
        self._look.set()
        self._loop = None
        self._ended = seconds <= 0
        if self._watching and not self._ended:
            await self._watching
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._ended = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._watching:
            await self._watching
        self._queues.clear()
        self._taken.clear()

    def idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self._tasks and not self._look.is_set()

    def hand_over(self, entries: Sequence[Entry]) -> None:
        """Takes the entries of a commit; called by the writing thread."""
        if entries:
            self._tell(partial(self._take, tuple(entries)))

    def doubt(self) -> None:
        """A commit's outcome is unknown: look at the table."""
        self._tell(self._look.set)

    def _take(self, entries: Sequence[Entry]) -> None:
        if self._by_table:
            self._look.set()
        else:
            self._enqueue(entries)

    def _tell(self, news: Callable[[], None]) -> None:
        loop = self._loop
        if loop and not loop.is_closed():
            loop.call_soon_threadsafe(news)

    async def _watch(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), LOOK_EVERY)
            await self.reload()

    async def reload(self) -> None:
        """Enqueues what the table holds and this process has not taken."""
        self._look.clear()

        def read() -> Sequence[Entry]:
            with reading(self._engine) as connection:
                return unfinished(connection, self._keys, self._knows)

        try:
            self._enqueue(await asyncio.to_thread(read))
        except SQLAlchemyError as error:
            log.error("outbox cannot be read", error=type(error).__name__)

    def _knows(self, entry: int) -> bool:
        return entry in self._taken or entry in self._over

    def _enqueue(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if self._ended or self._knows(entry.id):
                continue
            self._taken.add(entry.id)
            if entry.queue and entry.queue in self._queues:
                self._queues[entry.queue].append(entry)
                continue
            waiting = deque([entry])
            if entry.queue:
                self._queues[entry.queue] = waiting
            task = asyncio.get_running_loop().create_task(self._work(entry.queue, waiting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, queue: str, waiting: deque[Entry]) -> None:
        """One chat's entries, one after the other; a temporary failure holds the chat up, a permanent one does not."""
        while waiting:
            entry = waiting[0]
            try:
                if not await self._deliver(entry):
                    return
            except Exception:
                log.exception("delivery failed", entry=entry.id)
            waiting.popleft()
            self._finish(entry)
        self._queues.pop(queue, None)

    def _finish(self, entry: Entry) -> None:
        """Remembers for a while that an entry is over: a look at the table may have begun before."""
        self._over[entry.id] = None
        if len(self._over) > _REMEMBERED:
            self._over.popitem(last=False)
        self._taken.discard(entry.id)

    async def _deliver(self, entry: Entry) -> bool:
        """Sends an entry at its time, trying until it is over; False if the program ends before its time comes."""
        due: Entry | None = entry
        if entry.state is Sending.DUE:
            if not await self._is_time(entry):
                return False
            # What waited may have been replaced meanwhile.
            due = await self._record(lambda uow: uow.outbox.claim(entry.id))
        tries = 0
        while due and not await self._try(due, tries):
            tries += 1
        return True

    async def _is_time(self, entry: Entry) -> bool:
        """Waits for an entry's time; False if the program ends first."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), max(0.0, entry.not_before - time.time()))
            return False
        return True

    async def _try(self, entry: Entry, tries: int) -> bool:
        """One try; whether the entry is over with it."""
        call: Call | None = None
        try:
            call = await self._addressing.resolve(entry)
            await self._within_budget(call)
            if entry.expires and time.time() > entry.expires:
                raise Undeliverable(Cause.EXPIRED, "expired")
            async with nullcontext() if isinstance(call.outbound, AnswerPress) else self._slots:
                await self._sent(entry, call, await self._sender.send(call))
        except (TryLater, SQLAlchemyError) as later:
            await self._hold_back(entry, call, later, tries)
            return False
        except ChatMoved as moved:
            chat = moved.chat
            await self._record(lambda uow: uow.move_staff(chat))
            self._addressing.forget_staff()
            return False
        except Undeliverable as failure:
            if failure.cause is Cause.REMOVED and not isinstance(entry.outbound.to, Private):
                await self._wait_for_return(entry)
                return False
            await self._fail(entry, failure.cause, str(failure))
        except Exception as error:
            log.exception("delivery failed", entry=entry.id)
            await self._fail(entry, Cause.REJECTED, type(error).__name__)
        return True

    async def _within_budget(self, call: Call) -> None:
        to = call.outbound.to
        chat = None if isinstance(call.outbound, AnswerPress) else call.address.chat
        group, messages = not isinstance(to, Private), self._messages_in(call)
        while True:
            wait = await self._budget.reserve(chat, group, time.monotonic(), messages)
            if wait <= 0:
                return
            await asyncio.sleep(wait)

    async def _hold_back(self, entry: Entry, call: Call | None, later: Exception, tries: int) -> None:
        seconds = BACKOFF[min(tries, len(BACKOFF) - 1)]
        reason = type(later).__name__
        if isinstance(later, TryLater):
            seconds, reason = later.seconds or seconds, str(later)
            if later.throttled and call and not isinstance(call.outbound, AnswerPress):
                await self._budget.penalise(call.address.chat, seconds, time.monotonic())
        log.warning("delivery held up", entry=entry.id, seconds=round(seconds, 1), reason=reason)
        await asyncio.sleep(seconds)

    async def _wait_for_return(self, entry: Entry) -> None:
        """The bot is out of the staff group: the group's entries wait until it is back, and the admins are told."""
        log.warning("the bot is not in the staff group", entry=entry.id)
        await self._record(lambda uow: uow.inbox.store([failure_arrival(entry, Cause.REMOVED, uow.now)], time.time()))
        await asyncio.sleep(BACKOFF[-1])

    async def _sent(self, entry: Entry, call: Call, receipt: Receipt) -> None:
        self._addressing.learn(entry, receipt)

        def job(uow: UnitOfWork) -> None:
            uow.outbox.sent(entry, receipt)
            chat = entry.queue if isinstance(entry.outbound.to, Private) else call.address.chat
            for external_id in receipt.message_ids:
                uow.posts.add(chat, external_id, message=entry.message, outbox=entry.id, case=entry.case)
            if isinstance(entry.outbound, OpenTopic):
                uow.cases.put_thread(entry.outbound.case, entry.id, receipt.topic)

        await self._record(job)

    async def _fail(self, entry: Entry, cause: Cause, reason: str) -> None:
        """Writes a permanent failure down; unless harmless, it comes back through the lane as an event to handle."""
        harmless = cause in (Cause.EXPIRED, Cause.NOT_MODIFIED)
        log.log(20 if harmless else 30, "not delivered", entry=entry.id, kind=entry.outbound.kind, cause=str(cause))
        self._addressing.learn(entry, None)

        def job(uow: UnitOfWork) -> None:
            uow.outbox.failed(entry, reason, expired=cause is Cause.EXPIRED)
            if not harmless:
                uow.inbox.store([failure_arrival(entry, cause, uow.now)], time.time())

        await self._record(job)

    async def _record(self, job: Callable[[UnitOfWork], T]) -> T:
        """Has a job written, again and again while the database is away: what was sent must be known as sent."""
        while True:
            try:
                done: T = await asyncio.wrap_future(self._writer.do(job))
                return done
            except Exception as error:
                log.error("result not written yet", error=type(error).__name__)
                await asyncio.sleep(1.0)
