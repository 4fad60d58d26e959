"""Gives each transaction one version of the office and of the articles, and the staff group as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog
from sqlalchemy import Connection

from conversation.errors import SettingsError
from escalation.office import Office, load_office
from handlers.turn import Staff
from knowledge import Knowledge, load_pack
from storage.snapshots import SnapshotKind, current, read
from storage.state import STAFF, get_value, set_value

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Version:
    """What one transaction goes by; `applied` are the ids of the snapshots."""

    office: Office
    knowledge: Knowledge
    staff: Staff
    applied: dict[SnapshotKind, int]


class Versions:
    """Reads the applied snapshots once each; a new one is taken up by the next transaction, without a restart.

    One that this program cannot read (an upgrade under way) is said so in the log, and the last one read stays in
    force.
    """

    def __init__(self) -> None:
        self._last: Version | None = None
        self._refused: dict[SnapshotKind, int] = {}

    def of(self, connection: Connection) -> Version:
        """The version in force in this transaction; raises SettingsError if there never was one that can be read."""
        applied, staff = current(connection), read_staff(connection)
        last = self._last
        if last is None or applied != (self._refused or last.applied):
            try:
                office = load_office(read(connection, applied[SnapshotKind.OFFICE]).content)
                knowledge = load_pack(read(connection, applied[SnapshotKind.KNOWLEDGE]).content)
                last, self._refused = Version(office, knowledge, staff, applied), {}
            except SettingsError as error:
                if last is None:
                    raise
                log.error("the applied version cannot be read; the last one stays in force", error=str(error))
                self._refused = applied
        self._last = replace(last, staff=staff)
        return self._last


def read_staff(connection: Connection) -> Staff:
    """The staff group: a migrated group's new id is kept beside the configured one.

    Until it is known whether the group has topics, it is taken to have them; the first attempt to open one tells.
    """
    kept = get_value(connection, STAFF) or {}
    return Staff(chat=kept.get("chat", ""), forum=kept.get("forum", True), bot=kept.get("bot", ""))


def configure_staff(connection: Connection, configured: str, **known: bool | str) -> None:
    """Takes the configured group id over, unless it is the one that has migrated since; notes what is known of it
    (`forum`, `bot`)."""
    kept = get_value(connection, STAFF) or {}
    if kept.get("configured") != configured:
        kept = {"configured": configured, "chat": configured}
    set_value(connection, STAFF, kept | known)
