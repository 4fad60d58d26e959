"""Who a case or account belongs to, unsealed for a report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from reports.labels import CHANNELS
from storage.encryption import KeyRing
from storage.tables import accounts, residents

#: The columns that `person` reads.
PERSON = (
    residents.c.id.label("resident"),
    residents.c.sealed.label("resident_sealed"),
    accounts.c.id.label("account"),
    accounts.c.sealed.label("account_sealed"),
    accounts.c.channel,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A resident and the account they write from; "" where nothing is known. E-mail and phone are unmasked."""

    name: str
    email: str
    phone: str
    account_name: str
    channel: str
    source: str


def person(keys: KeyRing, row: Row[Any]) -> Person:
    """The resident of a row that has the columns PERSON. Raises SealBroken."""
    known = json.loads(keys.open("residents", row.resident, row.resident_sealed))
    account = json.loads(keys.open("accounts", row.account, row.account_sealed))
    return Person(
        name=known["name"],
        email=known["email"],
        phone=known["phone"],
        account_name=account["username"] or known["name"],
        channel=CHANNELS.get(row.channel, row.channel),
        source=account["source"],
    )
