"""Asks Telegram for updates and acknowledges them only after they are committed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import structlog
from aiogram import Bot
from sqlalchemy.exc import SQLAlchemyError

from bot.intake import Intake
from channels.telegram.client import fetch_updates
from conversation.errors import DeliveryError, TryLater

log = structlog.get_logger()

_PAUSE = 1.0
#: How long the last acknowledgement may take; without it Telegram sends again what is stored already, and is deduped.
_FAREWELL_SECONDS = 2.0


class Polling:
    """One long poll after another; the next one's offset is the acknowledgement (Bot API getUpdates)."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset: int | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`; whatever fails, it goes on asking."""
        while not self._stopping.is_set():
            fetching = asyncio.ensure_future(fetch_updates(self._bot, self._offset))
            stopping = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait((fetching, stopping), return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not fetching.done():
                fetching.cancel()
                with suppress(asyncio.CancelledError, DeliveryError):
                    await fetching
                break
            try:
                await self._take(fetching.result())
            except DeliveryError as error:
                log.warning("updates cannot be fetched", reason=str(error))
                await self._pause(max(_PAUSE, error.seconds if isinstance(error, TryLater) else _PAUSE))
            except Exception as error:
                log.error("updates cannot be taken", error=type(error).__name__, exc_info=True)
                await self._pause(_PAUSE)
        await self._acknowledge()

    def stop(self) -> None:
        """Takes what has arrived, acknowledges it, and ends."""
        self._stopping.set()

    async def _take(self, updates: list[dict[str, Any]]) -> None:
        """Hands a batch in, in order; what cannot be stored is asked for again."""
        before = self._offset
        results = await asyncio.gather(*(self._intake.accept(update) for update in updates), return_exceptions=True)
        for update, result in zip(updates, results, strict=True):
            if isinstance(result, BaseException):
                if not isinstance(result, SQLAlchemyError):
                    log.error("update was not accepted", error=type(result).__name__)
                await self._pause(_PAUSE)
                return
            if isinstance(number := update.get("update_id"), int):
                self._offset = number + 1
        if updates and self._offset == before:  # nothing that could be acknowledged: the same comes again at once
            await self._pause(_PAUSE)

    async def _pause(self, seconds: float) -> None:
        """Waits, unless the program is to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _acknowledge(self) -> None:
        if self._offset is not None:
            with suppress(DeliveryError, TimeoutError):
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await fetch_updates(self._bot, self._offset, wait_seconds=0, limit=1)
