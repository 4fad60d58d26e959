"""The exports by name: which rows each has, and their table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reports.case_rows import CaseRow, case_rows
from reports.handover_rows import HandoverRow, handover_rows
from reports.message_rows import MessageRow, message_rows
from reports.period import Period
from reports.resident_rows import ResidentRow, resident_rows
from reports.source import Source
from reports.table import Table, tabulate


class Export(StrEnum):
    """What can be exported."""

    CASES = "cases"
    HANDOVERS = "handovers"
    MESSAGES = "messages"
    RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class _Rows:
    type: type
    query: Callable[[Source, Period], Iterator[object]]


_ROWS = {
    Export.CASES: _Rows(CaseRow, case_rows),
    Export.HANDOVERS: _Rows(HandoverRow, handover_rows),
    Export.MESSAGES: _Rows(MessageRow, message_rows),
    Export.RESIDENTS: _Rows(ResidentRow, resident_rows),
}


def table_of(export: Export, source: Source, period: Period) -> Table:
    """The table of an export; its rows are read from the source as they are asked for."""
    rows = _ROWS[export]
    return tabulate(rows.type, rows.query(source, period), source.office.hours, source.now)
