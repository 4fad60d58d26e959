"""Has one process at a time deliver, poll and wake what is due; the others stand by and take over when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from storage.leader import Leader

log = structlog.get_logger()

#: How often a process that stands by tries to take over (seconds).
TRY_EVERY = 1.0
#: How often the leader makes sure that it still leads (seconds).
CHECK_EVERY = 0.25
#: How long whoever takes over lets the one before notice that it no longer leads (seconds).
GRACE = 0.5


class Leading:
    """Calls `begin` when this process comes to lead, and `end` when it has lost the lead to another."""

    def __init__(
        self, leader: Leader, begin: Callable[[], Awaitable[None]], end: Callable[[], Awaitable[None]]
    ) -> None:
        self._leader, self._begin, self._end = leader, begin, end
        self._leads = False
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Leads from the start, if nobody else does."""
        await self._look(grace=0.0)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Neither takes over nor steps down any more; the lead, if held, is kept until `release`."""
        self._stopping.set()
        if self._task:
            await self._task

    def release(self) -> None:
        """Lets another process lead, once everything that only a leader may do has ended."""
        self._leader.release()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), CHECK_EVERY if self._leads else TRY_EVERY)
                return
            try:
                await self._look(GRACE)
            except Exception as error:
                log.error("the lead cannot be looked after", error=type(error).__name__, exc_info=True)

    async def _look(self, grace: float) -> None:
        held = await asyncio.to_thread(self._leader.acquire)
        if held == self._leads:
            return
        if held:
            self._leads = True
            await asyncio.sleep(grace)
            log.info("this process leads")
            await self._begin()
        else:
            log.warning("another process may lead now: this one stands by")
            await self._end()
            self._leads = False
