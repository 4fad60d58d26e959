"""Times as people in the office read them: in Indonesian, on the office's wall clock."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import groupby

from escalation.hours import Schedule

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def day_in_words(day: date) -> str:
    """ "Senin, 17 Agustus 2026"."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def moment(hours: Schedule, at: datetime) -> str:
    """ "Senin, 17 Agustus 2026 pukul 08.30 WIB"."""
    local = hours.local(at)
    return f"{day_in_words(local.date())} pukul {local:%H.%M} {local.tzname()}"


def stamp(hours: Schedule, at: datetime) -> str:
    """Short, for forms and cards: "17-08-2026 08.30"."""
    return f"{hours.local(at):%d-%m-%Y %H.%M}"


def opening_times(hours: Schedule, at: datetime) -> str:
    """The week's hours: "Senin–Kamis 08.00–16.00 dan Jumat 08.00–11.30, 13.30–16.00 WIB" (zone name as of `at`)."""
    parts = []
    for spans, days in groupby(range(7), key=lambda day: hours.week[day]):
        if spans:
            first, *rest = [DAYS[day] for day in days]
            names = f"{first}–{rest[-1]}" if rest else first
            parts.append(f"{names} {', '.join(f'{opening:%H.%M}–{_closing(closing)}' for opening, closing in spans)}")
    return f"{' dan '.join(parts)} {hours.local(at).tzname()}"


def _closing(edge: time) -> str:
    return "24.00" if edge == time.min else f"{edge:%H.%M}"
