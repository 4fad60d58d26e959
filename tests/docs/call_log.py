"""Notes which of the project's functions are called, in order, on every thread; nothing in the code is replaced."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]

#: A function as the documents name it: the file's path from the root, and its name there ("Polling.run").
Function = tuple[str, str]


class CallLog:
    """The calls of the functions asked for; a coroutine counts each time it goes on."""

    def __init__(self, wanted: Iterable[Function]) -> None:
        self._wanted = {(str(ROOT / path), name) for path, name in wanted}
        self._calls: list[Function] = []

    def begin(self) -> None:
        """Forgets what was noted so far."""
        self._calls.clear()

    def calls(self) -> list[Function]:
        return [(str(Path(path).relative_to(ROOT)), name) for path, name in self._calls]

    def note(self, frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        if event == "call" and (called := (code.co_filename, code.co_qualname)) in self._wanted:
            self._calls.append(called)


@contextmanager
def logging_calls(wanted: Iterable[Function]) -> Iterator[CallLog]:
    """Notes calls on this thread and on those started inside the block."""
    log = CallLog(wanted)
    before = sys.getprofile()
    threading.setprofile(log.note)
    sys.setprofile(log.note)
    try:
        yield log
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
