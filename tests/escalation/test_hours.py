"""Office hours: lunch, Friday prayers, midnight, weekends and closures, and arithmetic that can be undone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.hours import Schedule
from escalation.office_time import moment, opening_times, stamp

WIB = ZoneInfo("Asia/Jakarta")
FULL = ((time(8), time(12)), (time(13), time(16)))
FRIDAY = ((time(8), time(11, 30)), (time(13, 30), time(16)))
OFFICE = Schedule(WIB, (FULL, FULL, FULL, FULL, FRIDAY, (), ()), {date(2026, 1, 7): "Cuti bersama"})
#: Open from Friday evening through midnight until Saturday morning, elsewhere closed.
NIGHT = Schedule(WIB, ((), (), (), (), ((time(20), time(0)),), ((time(0), time(4)),), ()))


def wib(day: int, clock: str) -> datetime:
    """A January 2026 day on the office's clock; the 5th is a Monday, the 9th a Friday."""
    return datetime.combine(date(2026, 1, day), time.fromisoformat(clock), WIB)


@pytest.mark.parametrize(
    ("schedule", "at", "is_open", "opens"),
    [
        (OFFICE, wib(5, "08:00"), True, wib(5, "08:00")),
        (OFFICE, wib(5, "07:59:59"), False, wib(5, "08:00")),
        (OFFICE, wib(5, "12:00"), False, wib(5, "13:00")),
        (OFFICE, wib(5, "12:30"), False, wib(5, "13:00")),
        (OFFICE, wib(5, "16:00"), False, wib(6, "08:00")),
        (OFFICE, wib(6, "17:00"), False, wib(8, "08:00")),
        (OFFICE, wib(7, "10:00"), False, wib(8, "08:00")),
        (OFFICE, wib(9, "11:45"), False, wib(9, "13:30")),
        (OFFICE, wib(9, "16:01"), False, wib(12, "08:00")),
        (NIGHT, wib(9, "23:59:59"), True, wib(9, "23:59:59")),
        (NIGHT, wib(10, "00:00"), True, wib(10, "00:00")),
        (NIGHT, wib(10, "04:00"), False, wib(16, "20:00")),
    ],
)
def test_open_or_when_next(schedule: Schedule, at: datetime, *, is_open: bool, opens: datetime) -> None:
    assert schedule.is_open(at) is is_open
    assert schedule.next_opening(at) == opens
    assert schedule.next_opening(at).tzinfo is UTC


@pytest.mark.parametrize(
    ("schedule", "start", "minutes", "end"),
    [
        (OFFICE, wib(5, "09:00"), 5, wib(5, "09:05")),
        (OFFICE, wib(5, "11:55"), 5, wib(5, "12:00")),
        (OFFICE, wib(5, "11:58"), 5, wib(5, "13:03")),
        (OFFICE, wib(5, "12:30"), 5, wib(5, "13:05")),
        (OFFICE, wib(5, "15:58"), 5, wib(6, "08:03")),
        (OFFICE, wib(6, "15:58"), 5, wib(8, "08:03")),
        (OFFICE, wib(7, "10:00"), 3, wib(8, "08:03")),
        (OFFICE, wib(9, "11:29"), 3, wib(9, "13:32")),
        (OFFICE, wib(9, "15:59"), 2, wib(12, "08:01")),
        (OFFICE, wib(10, "02:00"), 16 * 60, wib(14, "10:00")),
        (NIGHT, wib(9, "23:58"), 5, wib(10, "00:03")),
        (NIGHT, wib(10, "03:59"), 2, wib(16, "20:01")),
        (OFFICE, wib(10, "02:00"), 0, wib(10, "02:00")),
    ],
)
def test_adding_office_time(schedule: Schedule, start: datetime, minutes: int, end: datetime) -> None:
    assert schedule.add(start, timedelta(minutes=minutes)) == end
    assert schedule.between(start, end) == timedelta(minutes=minutes)


def test_nothing_is_counted_backwards() -> None:
    assert OFFICE.between(wib(6, "10:00"), wib(5, "10:00")) == timedelta(0)
    with pytest.raises(ValueError, match="backwards"):
        OFFICE.add(wib(5, "10:00"), timedelta(minutes=-1))


MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2026, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001
SCHEDULES = st.sampled_from([OFFICE, NIGHT])


@given(SCHEDULES, MOMENTS, st.timedeltas(timedelta(0), timedelta(hours=60)))
def test_between_undoes_add(schedule: Schedule, start: datetime, office_time: timedelta) -> None:
    assert schedule.between(start, schedule.add(start, office_time)) == office_time


@given(SCHEDULES, MOMENTS, MOMENTS)
def test_add_undoes_between_for_open_ends(schedule: Schedule, start: datetime, end: datetime) -> None:
    start, end = min(start, end), max(start, end)
    if schedule.is_open(end) and schedule.is_open(end - timedelta(microseconds=1)) and start < end:
        assert schedule.add(start, schedule.between(start, end)) == end


@given(SCHEDULES, MOMENTS, MOMENTS, MOMENTS)
def test_office_time_adds_up(schedule: Schedule, one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    assert schedule.between(first, third) == schedule.between(first, second) + schedule.between(second, third)


@pytest.mark.parametrize(
    "week",
    [
        (FULL,) * 6,
        ((),) * 7,
        (((time(12), time(8)),),) * 7,
        (((time(8), time(12)), (time(11), time(16))),) * 7,
        (((time(20), time(0)), (time(21), time(22))),) * 7,
    ],
)
def test_impossible_weeks_are_refused(week: tuple[tuple[tuple[time, time], ...], ...]) -> None:
    with pytest.raises(ValueError, match=r"week|follow"):
        Schedule(WIB, week)


def test_a_change_of_daylight_saving_time_costs_no_office_time() -> None:
    berlin = Schedule(ZoneInfo("Europe/Berlin"), (((time(0), time(0)),),) * 7)
    start = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert berlin.add(start, timedelta(hours=23)) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def test_times_are_read_in_indonesian_on_the_office_s_clock() -> None:
    at = datetime(2026, 8, 17, 1, 30, tzinfo=UTC)
    assert moment(OFFICE, at) == "Senin, 17 Agustus 2026 pukul 08.30 WIB"
    assert stamp(OFFICE, at) == "17-08-2026 08.30"
    expected = "Senin–Kamis 08.00–12.00, 13.00–16.00 dan Jumat 08.00–11.30, 13.30–16.00 WIB"
    assert opening_times(OFFICE, at) == expected
    assert opening_times(NIGHT, at) == "Jumat 20.00–24.00 dan Sabtu 00.00–04.00 WIB"
