"""The office's clock, for rules and records: real, or moved and sped up for training and tests.

Retries, budgets and holds do not use it; they run on real time (`time.time`, `time.monotonic`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the office's time, aware and in UTC."""

    def now(self) -> datetime: ...


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class MovedClock:
    """A clock that showed `start` when the real one showed `anchor`, and has run `speed` times as fast since."""

    anchor: datetime
    start: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(datetime.now(UTC) - self.anchor).total_seconds() * self.speed)
