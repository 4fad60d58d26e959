"""What every report reads from: one consistent state of the database, and the versions it is told with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from escalation.office import Office
from escalation.roles import Desk, Officer
from escalation.sop import Sop, load_sop
from knowledge import Knowledge
from storage.encryption import KeyRing
from storage.ids import Ids
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A connection for reading (`storage.engine.reading`); `now` is the office's time in UTC, `officers` are by id."""

    connection: Connection
    keys: KeyRing
    office: Office
    knowledge: Knowledge
    sop: Sop
    officers: Mapping[int, Officer]
    now: datetime

    @classmethod
    def over(cls, connection: Connection, keys: KeyRing, office: Office, knowledge: Knowledge, now: datetime) -> Source:
        """A source with the officers of this database, those who have left included."""
        everybody = UnitOfWork(connection, keys, Ids(), now).officers.all(active_only=False)
        return cls(
            connection=connection,
            keys=keys,
            office=office,
            knowledge=knowledge,
            sop=load_sop(),
            officers={officer.id: officer for officer in everybody},
            now=now,
        )

    def signature(self, officer: int | None) -> str:
        """Name and paraf, "Rina Marlina (RM)"; "" for nobody, "petugas" for somebody the roster has never had."""
        if officer is None:
            return ""
        known = self.officers.get(officer)
        return f"{known.name} ({known.initials})" if known else "petugas"

    def initials(self, officer: int | None) -> str:
        known = self.officers.get(officer) if officer is not None else None
        return known.initials if known else ""

    def desk(self, desk: Desk | None) -> str:
        """The desk as officers read it; nobody's desk is the resident's."""
        return self.office.desk_title(desk) if desk else "Warga"

    def topic(self, topic: str) -> str:
        """A topic's title; its id if this version of the articles no longer has it."""
        return self.knowledge.title(topic) if topic in self.knowledge.topics else topic
