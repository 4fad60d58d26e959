"""The residents as registered (SOP step 2): name, masked contact, and where they write from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from conversation.masking import mask_email, mask_number
from reports.people import PERSON, person
from reports.period import Period
from reports.source import Source
from reports.streaming import stream
from reports.table import column
from storage.tables import accounts, residents


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRow:
    """One account of a resident; contacts are masked."""

    registered_at: datetime = field(metadata=column("Terdaftar", time=True))
    name: str = field(metadata=column("Nama"))
    email: str = field(metadata=column("E-mail"))
    phone: str = field(metadata=column("Telepon"))
    channel: str = field(metadata=column("Kanal"))
    account_name: str = field(metadata=column("Nama akun"))
    source: str = field(metadata=column("Sumber"))


def resident_rows(source: Source, period: Period) -> Iterator[ResidentRow]:
    """The residents registered in the period, in order; one with several accounts has a row for each."""
    chosen = (
        select(residents.c.registered_at, *PERSON)
        .join(accounts, accounts.c.resident == residents.c.id)
        .where(period.within(residents.c.registered_at, source.office.hours.zone))
        .order_by(residents.c.id, accounts.c.id)
    )
    for row in stream(source.connection, chosen):
        who = person(source.keys, row)
        yield ResidentRow(
            registered_at=row.registered_at,
            name=who.name,
            email=mask_email(who.email) if who.email else "",
            phone=mask_number(who.phone),
            channel=who.channel,
            account_name=who.account_name,
            source=who.source,
        )
