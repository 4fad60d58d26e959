"""Row ids made before the insert: growing with time, unique across processes, never shown to people."""

from __future__ import annotations

import secrets
import threading
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01
_SEQUENCE_BITS = 12
_PROCESS_BITS = 10


class Ids:
    """41 bits of milliseconds, 10 of process, 12 of sequence: 63 bits, so they fit SQL's BIGINT."""

    def __init__(self) -> None:
        self._process = secrets.randbits(_PROCESS_BITS)
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        """The next id; ids of one process strictly increase even if the machine's clock steps back."""
        moment = ((time.time_ns() // 1_000_000 - _EPOCH_MS) << _PROCESS_BITS | self._process) << _SEQUENCE_BITS
        with self._lock:
            self._last = max(self._last + 1, moment)
            return self._last

    def rise_above(self, floor: int) -> None:
        """Later ids are greater than `floor`, which another process may have made by a clock that is ahead."""
        next_moment = ((floor >> _SEQUENCE_BITS + _PROCESS_BITS) + 1 << _PROCESS_BITS | self._process) << _SEQUENCE_BITS
        with self._lock:
            if self._last < floor:
                self._last = next_moment
