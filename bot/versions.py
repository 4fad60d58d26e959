"""Gives each transaction one version of the office and of the articles, and the staff group as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from escalation.office import Office, load_office
from handlers.turn import Staff
from knowledge import Knowledge, load_pack
from storage.snapshots import SnapshotKind, current, read
from storage.state import STAFF, get_value, set_value


@dataclass(frozen=True, slots=True)
class Version:
    """What one transaction goes by; ids are those of the applied snapshots."""

    office: Office
    knowledge: Knowledge
    staff: Staff
    office_id: int
    knowledge_id: int


class Versions:
    """Reads the applied snapshots once each; a new one is taken up by the next transaction, without a restart."""

    def __init__(self) -> None:
        self._offices: tuple[int, Office] | None = None
        self._knowledges: tuple[int, Knowledge] | None = None

    def of(self, connection: Connection) -> Version:
        """The version in force in this transaction."""
        applied = current(connection)
        office_id, knowledge_id = applied[SnapshotKind.OFFICE], applied[SnapshotKind.KNOWLEDGE]
        if self._offices is None or self._offices[0] != office_id:
            self._offices = (office_id, load_office(read(connection, office_id).content))
        if self._knowledges is None or self._knowledges[0] != knowledge_id:
            self._knowledges = (knowledge_id, load_pack(read(connection, knowledge_id).content))
        return Version(self._offices[1], self._knowledges[1], read_staff(connection), office_id, knowledge_id)


def read_staff(connection: Connection) -> Staff:
    """The staff group: a migrated group's new id is kept beside the configured one.

    Until it is known whether the group has topics, it is taken to have them; the first attempt to open one tells.
    """
    kept = get_value(connection, STAFF) or {}
    return Staff(chat=kept.get("chat", ""), forum=kept.get("forum", True))


def configure_staff(connection: Connection, configured: str, *, forum: bool | None = None) -> None:
    """Takes the configured group id over, unless it is the one that has migrated since; notes whether it has topics."""
    kept = get_value(connection, STAFF) or {}
    if kept.get("configured") != configured:
        kept = {"configured": configured, "chat": configured}
    if forum is not None:
        kept["forum"] = forum
    set_value(connection, STAFF, kept)
