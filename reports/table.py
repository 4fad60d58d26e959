"""Turns typed rows into a table of cells: with headings, in office time, and with personal numbers masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from conversation.masking import mask, mask_email
from escalation.hours import Schedule

#: What a cell holds: text (masked), a whole number, yes or no, an aware time on the office's wall clock, or nothing.
Cell = str | int | bool | datetime | None

# The look-behind starts each try at the beginning of a word, so that long words cost no more than short ones.
_EMAIL = re.compile(r"(?<![^\s<>(),;:\"])[^\s<>(),;:\"@]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows of as many cells that are made one at a time, as they are read."""

    headings: tuple[str, ...]
    rows: Iterator[tuple[Cell, ...]]


def column(heading: str, *, time: bool = False) -> dict[str, Any]:
    """The metadata of a row's field: its heading, and whether it holds times (whose heading names the zone)."""
    return {"heading": heading, "time": time}


def tabulate(row_type: type, rows: Iterable[object], hours: Schedule, now: datetime) -> Table:
    """The table of rows of one dataclass, whose fields carry `column` metadata; its times must be aware."""
    columns = fields(row_type)
    zone = hours.local(now).tzname()
    headings = (f"{item.metadata['heading']}{f' ({zone})' * item.metadata['time']}" for item in columns)
    names = [item.name for item in columns]
    return Table(tuple(headings), (tuple(_cell(getattr(row, name), hours) for name in names) for row in rows))


def masked(text: str) -> str:
    """The text without readable NIK, KK and telephone numbers and e-mail addresses."""
    return mask(_EMAIL.sub(lambda found: mask_email(found[0]), text))


def _cell(value: Cell, hours: Schedule) -> Cell:
    if isinstance(value, str):
        return masked(value)
    return hours.local(value) if isinstance(value, datetime) else value
