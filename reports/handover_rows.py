"""The control cards as a register (SOP, PERINGATAN 3): one row a line, with both signatures and dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import ColumnElement, select, true

from escalation.events import Event
from escalation.handovers import Handover, project
from reports.case_events import events_of
from reports.labels import OUTCOMES
from reports.lateness import followed_up_at, is_late
from reports.period import Period
from reports.source import Source
from reports.streaming import batches
from reports.table import column
from storage.tables import cases


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    """One line of a control card, derived from the ledger; times are UTC, officers are shown with their paraf."""

    number: str = field(metadata=column("Nomor"))
    line: int = field(metadata=column("Baris"))
    from_desk: str = field(metadata=column("Dari"))
    from_officer: str = field(metadata=column("Petugas asal"))
    to_desk: str = field(metadata=column("Kepada"))
    to_officer: str = field(metadata=column("Petugas tujuan"))
    reason: str = field(metadata=column("Alasan"))
    handed_at: datetime = field(metadata=column("Diserahkan", time=True))
    handed_by: str = field(metadata=column("Paraf yang menyerahkan"))
    outcome: str = field(metadata=column("Hasil"))
    settled_at: datetime | None = field(metadata=column("Tanggal hasil", time=True))
    settled_by: str = field(metadata=column("Paraf yang menerima"))
    settled_reason: str = field(metadata=column("Keterangan"))
    due: datetime | None = field(metadata=column("Batas waktu", time=True))
    followed_up_at: datetime | None = field(metadata=column("Ditindaklanjuti", time=True))
    late: bool = field(metadata=column("Terlambat"))


def handover_rows(source: Source, period: Period) -> Iterator[HandoverRow]:
    """The lines handed over in the period, case by case in order of arrival."""
    chosen = select(cases.c.id, cases.c.number).where(_opened_before_its_end(source, period)).order_by(cases.c.id)
    for rows in batches(source.connection, chosen):
        events = events_of(source.connection, [row.id for row in rows])
        for row in rows:
            yield from _rows(source, period, row.number, events[row.id])


def _opened_before_its_end(source: Source, period: Period) -> ColumnElement[bool]:
    _, end = period.bounds(source.office.hours.zone)
    return true() if end is None else cases.c.opened_at < end


def _rows(source: Source, period: Period, number: str, events: Sequence[Event]) -> Iterator[HandoverRow]:
    lines = project(events)
    for line, following in zip_longest(lines, lines[1:]):
        if period.covers(line.handed_at, source.office.hours.zone):
            yield _row(source, number, line, followed_up_at(line, following, events))


def _row(source: Source, number: str, line: Handover, followed_up: datetime | None) -> HandoverRow:
    return HandoverRow(
        number=number,
        line=line.line,
        from_desk=source.desk(line.from_desk),
        from_officer=source.signature(line.from_officer),
        to_desk=source.desk(line.to_desk),
        to_officer=source.signature(line.to_officer),
        reason=source.sop.reason_title(line.reason),
        handed_at=line.handed_at,
        handed_by=source.signature(line.handed_by) or "Warga",
        outcome=OUTCOMES[line.outcome],
        settled_at=line.settled_at,
        settled_by=source.signature(line.settled_by),
        settled_reason=source.sop.reason_title(line.settled_reason),
        due=line.due,
        followed_up_at=followed_up,
        late=is_late(line, followed_up, source.now),
    )
