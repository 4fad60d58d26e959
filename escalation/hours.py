"""Office hours arithmetic: when the office is open, and standard times counted in office time only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

#: From opening to closing on the office's wall clock; a closing time of 00:00 is the end of that day.
Span = tuple[time, time]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an office is open: `week` has the spans of Monday to Sunday, `closures` the days it is closed, with label.

    Takes aware times of any zone, gives UTC. A span includes its opening and excludes its closing instant.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    closures: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a week has seven days, and the office is open on at least one of them")
        for spans in self.week:
            edges = [edge for opening, closing in spans for edge in (_minutes(opening), _minutes(closing) or 24 * 60)]
            if any(later <= earlier for earlier, later in pairwise(edges)):
                raise ValueError("opening and closing times of a day must follow one another")

    def local(self, at: datetime) -> datetime:
        """The same instant on the office's wall clock, for showing to people."""
        return at.astimezone(self.zone)

    def is_open(self, at: datetime) -> bool:
        start, _ = next(self._spans(at))
        return start <= at

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself while the office is open, else when it opens next."""
        start, _ = next(self._spans(at))
        return max(start, at.astimezone(UTC))

    def add(self, at: datetime, office_time: timedelta) -> datetime:
        """The instant when `office_time` (not negative) of open hours has passed since `at`; maybe a closing time."""
        if office_time < timedelta(0):
            raise ValueError("office time cannot be added backwards")
        if not office_time:
            return at.astimezone(UTC)
        left = office_time
        for start, end in self._spans(at):
            begin = max(start, at.astimezone(UTC))
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("the spans never end")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open hours from `start` to `end`; zero if `end` is not later."""
        total = timedelta(0)
        for opening, closing in self._spans(start):
            if opening >= end:
                break
            total += min(closing, end) - max(opening, start)
        return max(total, timedelta(0))

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans, in UTC, that are not over at `at`, in order and without end."""
        day = self.local(at).date()
        while True:
            if day not in self.closures:
                for opening, closing in self.week[day.weekday()]:
                    last = day if closing != time.min else day + _DAY
                    end = datetime.combine(last, closing, self.zone).astimezone(UTC)
                    if end > at:
                        yield datetime.combine(day, opening, self.zone).astimezone(UTC), end
            day += _DAY


def _minutes(edge: time) -> int:
    return edge.hour * 60 + edge.minute
