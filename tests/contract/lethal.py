"""Messages that kill whoever handles them, and a workshop whose updates come again until they are acknowledged."""

from __future__ import annotations

import asyncio
import os
import sys
import time

from bot import lanes, pump, writer
from bot.lanes import Handle
from conversation.errors import MoreToCome
from handlers.turn import Turn
from storage.inbox import Receiving
from tests.contract.residents import answer, message
from tests.contract.workshop import Workshop

KILLED = 9
#: A message with this word kills whoever handles it; with the other one, whoever handles it after it was held.
DEADLY, DEADLY_LATER = "mati", "nanti"
_OVER = {Receiving.DONE, Receiving.QUARANTINED}


def deadly(handle: Handle) -> Handle:
    """The handler, for as long as it lives; and short waits between its attempts."""
    lanes.RETRIES = writer.RETRIES = (0.05, 0.1)  # type: ignore[attr-defined]
    pump._EVERY = 0.02

    def strike_first(turn: Turn) -> None:
        said = " ".join(item.text for item in turn.burst)
        if DEADLY_LATER in said and not turn.final:
            raise MoreToCome("a piece", 0.05)
        if DEADLY in said or DEADLY_LATER in said:
            os._exit(KILLED)
        handle(turn)

    return strike_first


async def _work(url: str, word: str, careful: bool) -> None:
    shop = Workshop(url, handle=deadly(answer))
    arriving = [message(1, "a"), message(2, word), message(2, "b"), message(3, "c")]
    for one in arriving:
        shop.submit(one)
    shop.writer.careful_until = time.time() + 60 if careful else 0.0
    shop.start().wake()
    await shop.until(lambda: len(shop.states()) >= len(arriving) and set(shop.states().values()) <= _OVER)
    await shop.close()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], sys.argv[2], careful="careful" in sys.argv[3:]))
