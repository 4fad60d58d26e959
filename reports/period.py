"""The days that a report covers, counted by the office's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, true

from conversation.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last office day, both included; None leaves that end open."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise SettingsError(f"--to {self.last} lies before --from {self.first}")

    def __str__(self) -> str:
        """As an ISO 8601 interval of days: "2026-11-01/2026-11-30", ".." for an open end."""
        return f"{self.first or '..'}/{self.last or '..'}"

    def bounds(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The first instant (UTC) of the period and the first one after it."""
        return _midnight(self.first, zone), _midnight(self.last and self.last + timedelta(days=1), zone)

    def covers(self, at: datetime, zone: ZoneInfo) -> bool:
        start, end = self.bounds(zone)
        return (start is None or at >= start) and (end is None or at < end)

    def within(self, column: ColumnElement[datetime], zone: ZoneInfo) -> ColumnElement[bool]:
        """The same as a condition on a column of UTC times."""
        start, end = self.bounds(zone)
        return and_(true() if start is None else column >= start, true() if end is None else column < end)


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time.min, zone).astimezone(UTC) if day else None
