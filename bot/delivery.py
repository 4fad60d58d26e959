"""Sends the outbox: in order per chat, within the channel's budget, and writes down what became of each entry."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
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

#: Waits between tries when the channel names none (seconds); the last one repeats.
BACKOFF = (1.0, 2.0, 5.0, 10.0, 30.0)
_REMEMBERED = 20_000

T = TypeVar("T")


class Sender(Protocol):
    """A channel's way out; raises TryLater, ChatMoved or Undeliverable."""

    async def send(self, call: Call) -> Receipt: ...


class Delivery:
    """Works on the outbox of one database; everything runs on the event loop, `hand_over` may be called from any thread."""

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
        self._addressing = Addressing(engine)
        self._queues: dict[str, deque[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Takes up what an earlier run left: entries still due, and those that were being sent when it ended."""
        self._loop = asyncio.get_running_loop()
        await self.reload()

    async def stop(self, seconds: float) -> None:
        """Sends what can be sent within `seconds`; the rest stays in the outbox for the next start."""
        self._stopping.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self._tasks

    def hand_over(self, entries: Sequence[Entry]) -> None:
        """Takes the entries of a commit; called by the writing thread."""
        if entries and self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._enqueue, tuple(entries))

    def doubt(self) -> None:
        """A commit's outcome is unknown: look at the table."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: self._spawn(self.reload()))

    async def reload(self) -> None:
        """Enqueues what the table holds and this process has not seen."""

        def read() -> Sequence[Entry]:
            with reading(self._engine) as connection:
                return unfinished(connection, self._keys)

        try:
            self._enqueue(await asyncio.to_thread(read))
        except SQLAlchemyError as error:
            log.error("outbox cannot be read", error=type(error).__name__)

    def _enqueue(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.id in self._seen:
                continue
            self._seen[entry.id] = None
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            if not entry.queue:
                self._spawn(self._deliver(entry))
            elif entry.queue in self._queues:
                self._queues[entry.queue].append(entry)
            else:
                self._queues[entry.queue] = deque([entry])
                self._spawn(self._work(entry.queue))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, queue: str) -> None:
        """One chat's entries, one after the other; a temporary failure holds the chat up, a permanent one does not."""
        waiting = self._queues[queue]
        while waiting:
            try:
                await self._deliver(waiting[0])
            except Exception:
                log.exception("delivery failed", entry=waiting[0].id)
            waiting.popleft()
        del self._queues[queue]

    async def _deliver(self, entry: Entry) -> None:
        due = await self._when_due(entry)
        if due is None:
            return
        tries = 0
        while True:
            if due.expires and time.time() > due.expires:
                await self._fail(due, Cause.EXPIRED, "expired")
                return
            try:
                call = await self._addressing.resolve(due)
                await self._within_budget(call)
                receipt = await self._sender.send(call)
            except TryLater as later:
                await self._hold_back(due, later, tries)
                tries += 1
            except ChatMoved as moved:
                await self._record(lambda uow, chat=moved.chat: uow.move_staff(chat))  # type: ignore[misc]
                self._addressing.forget_staff()
            except Undeliverable as failure:
                await self._fail(due, failure.cause, str(failure))
                return
            else:
                await self._sent(due, call, receipt)
                return

    async def _when_due(self, entry: Entry) -> Entry | None:
        """Waits for the entry's time; what waited may have been replaced meanwhile, so its final content is claimed."""
        if entry.state is not Sending.DUE:
            return entry
        if (wait := entry.not_before - time.time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
                return None  # not due before the program ends: it stays in the outbox for the next start
        return await self._record(lambda uow: uow.outbox.claim(entry.id))

    async def _within_budget(self, call: Call) -> None:
        to = call.outbound.to
        chat = None if isinstance(call.outbound, AnswerPress) else call.address.chat
        while (
            wait := await self._budget.reserve(
                chat, not isinstance(to, Private), time.monotonic(), self._messages_in(call)
            )
        ) > 0:
            await asyncio.sleep(wait)

    async def _hold_back(self, entry: Entry, later: TryLater, tries: int) -> None:
        seconds = later.seconds or BACKOFF[min(tries, len(BACKOFF) - 1)]
        log.warning("delivery held up", entry=entry.id, seconds=round(seconds, 1), reason=str(later))
        if later.throttled and not isinstance(entry.outbound, AnswerPress):
            address = await self._addressing.address(entry)
            await self._budget.penalise(address.chat, seconds, time.monotonic())
        await asyncio.sleep(seconds)

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
        """Writes a permanent failure down; unless it is harmless, it comes back through the lane as an event to handle."""
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
            except SQLAlchemyError:
                await asyncio.sleep(1.0)
