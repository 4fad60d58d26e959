"""Live events for the page (server-sent events)."""

import asyncio
import contextlib
import json

from aiohttp import web

from sandbox.changes import Changes
from sandbox.wire import Json

_PING_S = 20.0


class EventStream:
    """Every open page gets every page event; one that reads too slowly is cut and loads anew."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._open: set[asyncio.Queue[Json | None]] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue(maxsize=10_000)
        self._open.add(queue)
        stop_listening = self._changes.listen(lambda event: _offer(queue, event))
        try:
            with contextlib.suppress(ConnectionResetError):
                await response.write(b"retry: 1000\n\n")
                while (chunk := await _next_chunk(queue)) is not None:
                    await response.write(chunk)
        finally:
            stop_listening()
            self._open.discard(queue)
        return response

    async def close(self, _: web.Application) -> None:
        """Ends all open streams."""
        for queue in self._open:
            _offer(queue, None)


def _offer(queue: asyncio.Queue[Json | None], event: Json | None) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        event = None
    queue.put_nowait(event)


async def _next_chunk(queue: asyncio.Queue[Json | None]) -> bytes | None:
    """The next event, a comment to keep the line open, or None at the end."""
    try:
        async with asyncio.timeout(_PING_S):
            event = await queue.get()
    except TimeoutError:
        return b": ping\n\n"
    if event is None:
        return None
    return b"data: " + json.dumps(event, ensure_ascii=True).encode() + b"\n\n"
