"""Everything the bot asked of the sandbox, in order, with what it got."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.changes import Changes
from sandbox.wire import Json


@dataclass(slots=True)
class Call:
    """One API call; `order` counts arrivals, times are monotonic seconds, `error` is the answer when it failed."""

    order: int
    at_s: float
    method: str
    parameters: Json
    result: Any = None
    error: Json | None = None
    ended_s: float | None = None
    dropped: bool = False

    @property
    def ok(self) -> bool:
        """Whether the bot was told of success."""
        return self.ended_s is not None and self.error is None and not self.dropped

    def wire(self) -> Json:
        """As JSON for other processes; bytes become their size."""
        return {
            "order": self.order,
            "at_s": self.at_s,
            "ended_s": self.ended_s,
            "method": self.method,
            "parameters": self.parameters,
            "result": self.result,
            "error": self.error,
            "dropped": self.dropped,
        }


class Transcript:
    """The last `limit` calls, and how often each method was called since the start."""

    def __init__(self, changes: Changes, monotonic: Callable[[], float], limit: int) -> None:
        self._changes = changes
        self._monotonic = monotonic
        self._arrived = 0
        self.calls: deque[Call] = deque(maxlen=limit)
        self.counts: Counter[str] = Counter()

    def begin(self, method: str, parameters: Json) -> Call:
        self._arrived += 1
        call = Call(self._arrived, self._monotonic(), method, parameters)
        self.calls.append(call)
        self.counts[method] += 1
        self._changes.notify()
        return call

    def end(self, call: Call, *, result: Any = None, error: Json | None = None, dropped: bool = False) -> None:
        call.result, call.error, call.dropped = result, error, dropped
        call.ended_s = self._monotonic()
        self._changes.notify()

    def of(self, method: str, *, chat_id: int | None = None, ok: bool | None = None) -> list[Call]:
        """Calls of one method (its proper spelling), optionally only to one chat, only succeeded or only failed."""
        return [
            call
            for call in self.calls
            if call.method == method
            and (chat_id is None or call.parameters.get("chat_id") == chat_id)
            and (ok is None or call.ok == ok)
        ]

    def clear(self) -> None:
        """Forgets calls and counts; numbering goes on."""
        self.calls.clear()
        self.counts.clear()
