"""Tells waiting code and open pages that something in the sandbox has changed."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sandbox.wire import Json

Found = TypeVar("Found")
Listener = Callable[[Json], None]


class Changes:
    """Wakes waiters after every change and hands page events to listeners; no polling anywhere."""

    def __init__(self) -> None:
        self.version = 0
        self._listeners: list[Listener] = []
        self._next = asyncio.Event()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` with every page event until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Json) -> None:
        """Something a page shows has changed."""
        for listener in tuple(self._listeners):
            listener(event)
        self.notify()

    def notify(self) -> None:
        """Something a waiter may look at has changed."""
        self.version += 1
        arrived, self._next = self._next, asyncio.Event()
        arrived.set()

    async def wait_for(self, look: Callable[[], Found | None], timeout_s: float = 5.0) -> Found:
        """Looks after every change until `look` returns something true, and returns that.

        Raises TimeoutError, naming `look`, when `timeout_s` seconds pass first.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while not (found := look()):
                    await self._next.wait()
        except TimeoutError:
            name = getattr(look, "__qualname__", repr(look))
            raise TimeoutError(f"nothing after {timeout_s} s of waiting for {name}") from None
        return found
