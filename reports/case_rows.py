"""The register of cases (SOP, PENCATATAN 1 and 2): one row a permohonan or pengaduan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select

from escalation.cases import Case
from escalation.events import Event, EventKind
from escalation.handovers import project
from reports.case_events import events_of
from reports.labels import CLOSED_BY
from reports.people import PERSON, Person, person
from reports.period import Period
from reports.source import Source
from reports.streaming import batches
from reports.table import column
from storage.tables import accounts, cases, conversations, residents

_CASE = TypeAdapter(Case)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case as registered; times are UTC, "" and None where nothing has happened yet."""

    number: str = field(metadata=column("Nomor"))
    kind: str = field(metadata=column("Jenis"))
    route: str = field(metadata=column("Jalur"))
    matter: str = field(metadata=column("Perihal"))
    section: str = field(metadata=column("Seksi"))
    channel: str = field(metadata=column("Kanal"))
    account_name: str = field(metadata=column("Nama akun"))
    resident: str = field(metadata=column("Nama warga"))
    opened_at: datetime = field(metadata=column("Masuk", time=True))
    taken_at: datetime | None = field(metadata=column("Diambil", time=True))
    answered_at: datetime | None = field(metadata=column("Jawaban pertama", time=True))
    concluded_at: datetime | None = field(metadata=column("Dinyatakan selesai", time=True))
    closed_at: datetime | None = field(metadata=column("Ditutup", time=True))
    state: str = field(metadata=column("Status"))
    voice: str = field(metadata=column("Juru bicara"))
    desk: str = field(metadata=column("Meja sekarang"))
    holder: str = field(metadata=column("Pemegang sekarang"))
    handovers: int = field(metadata=column("Jumlah serah terima"))
    closed_by: str = field(metadata=column("Ditutup oleh"))


def case_rows(source: Source, period: Period) -> Iterator[CaseRow]:
    """The cases opened in the period, in order of arrival."""
    chosen = (
        select(cases.c.id, cases.c.body, *PERSON)
        .join(conversations, conversations.c.id == cases.c.conversation)
        .join(accounts, accounts.c.id == conversations.c.account)
        .join(residents, residents.c.id == accounts.c.resident)
        .where(period.within(cases.c.opened_at, source.office.hours.zone))
        .order_by(cases.c.id)
    )
    for rows in batches(source.connection, chosen):
        events = events_of(source.connection, [row.id for row in rows])
        for row in rows:
            yield _row(source, _CASE.validate_python(row.body), person(source.keys, row), events[row.id])


def _row(source: Source, case: Case, who: Person, events: Sequence[Event]) -> CaseRow:
    closing = next((event for event in events if event.kind is EventKind.CLOSED), None)
    return CaseRow(
        number=case.number,
        kind=case.kind,
        route=source.topic(case.route),
        matter=source.topic(case.topic),
        section=source.office.title(case.unit),
        channel=who.channel,
        account_name=who.account_name,
        resident=who.name,
        opened_at=case.opened_at,
        taken_at=_first(events, EventKind.RECEIVED),
        answered_at=_first(events, EventKind.ANSWERED),
        concluded_at=case.concluded_at,
        closed_at=case.closed_at,
        state=case.state.label,
        voice=source.signature(case.voice),
        desk=source.desk(case.desk) if case.open else "",
        holder=source.signature(case.holder),
        handovers=len(project(events)),
        closed_by=CLOSED_BY.get(str(closing.data.get("by", "")), "") if closing else "",
    )


def _first(events: Sequence[Event], kind: EventKind) -> datetime | None:
    return next((event.at for event in events if event.kind is kind), None)
