"""Wakes what is due: held and failed messages on real time, timers on the office's clock, old dedupe keys to delete."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from functools import partial

import structlog
from sqlalchemy import Engine

from bot.events import timer_arrival
from bot.writer import Item, Writer
from conversation.clock import Clock
from storage.engine import reading
from storage.inbox import due_lanes
from storage.timers import Timer, due_timers
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

_EVERY = 0.25
_AT_ONCE = 32
_HOUSEKEEPING = 3600.0
#: Update ids may restart at random after a quiet week (Bot API Update); until then a key dedupes.
_KEYS_LIVE = 7 * 24 * 3600.0


class Pump:
    """Looks at the tables a few times a second, so that any process may have written there, and nothing is kept in
    memory."""

    def __init__(self, engine: Engine, writer: Writer, clock: Clock) -> None:
        self._engine, self._writer, self._clock = engine, writer, clock
        self._stopping = asyncio.Event()
        self._cleaned = 0.0

    async def run(self) -> None:
        """Until `stop`; whatever fails, it goes on looking."""
        while not self._stopping.is_set():
            more = False
            try:
                more = await self._turn()
            except Exception as error:
                log.error("due messages cannot be handled", error=type(error).__name__, exc_info=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 0.0 if more else _EVERY)

    def stop(self) -> None:
        self._stopping.set()

    async def _turn(self) -> bool:
        """Wakes what is due now; whether there may be more of it."""
        lanes, timers = await asyncio.to_thread(self._look)
        for timer in timers:
            await asyncio.wrap_future(self._writer.do(partial(_fire, timer)))
        wakened = [asyncio.wrap_future(self._writer.submit(Item(lane=lane))) for lane in lanes]
        if wakened:
            await asyncio.gather(*wakened)
        if time.monotonic() - self._cleaned > _HOUSEKEEPING:
            self._cleaned = time.monotonic()
            await asyncio.wrap_future(self._writer.do(lambda uow: uow.inbox.forget(time.time() - _KEYS_LIVE)))
        return _AT_ONCE in (len(lanes), len(timers))

    def _look(self) -> tuple[list[str], list[Timer]]:
        with reading(self._engine) as connection:
            now = self._clock.now()
            return due_lanes(connection, time.time(), _AT_ONCE), due_timers(connection, now, _AT_ONCE)


def _fire(timer: Timer, uow: UnitOfWork) -> None:
    """Turns a timer into a letter; one transaction, so it fires once however many processes look."""
    if uow.timers.take(timer):
        uow.inbox.store([timer_arrival(timer, uow.now)], time.time())
