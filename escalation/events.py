"""What the ledger remembers: facts about a case or about the office, by ids only, without names or texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from escalation.roles import Desk

#: Key in `data`: the officer who has the card by this event, where that is not the one who signed.
HOLDER = "holder"

#: What an entry may hold: no floats, whose canonical form is disputable.
Scalar = str | int | bool


class EventKind(StrEnum):
    """A case's events follow the state table of `transitions`; those from `staff_added` on are about the office."""

    REGISTERED = "registered"
    OPENED = "opened"
    RECEIVED = "received"
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PROPOSED = "proposed"
    HANDED_BACK = "handed_back"
    CONCLUDED = "concluded"
    CLOSED = "closed"
    REOPENED = "reopened"
    TAKEN_OVER = "taken_over"
    STAFF_ADDED = "staff_added"
    STAFF_REMOVED = "staff_removed"
    OFFICE_APPLIED = "office_applied"
    KNOWLEDGE_PUBLISHED = "knowledge_published"
    EXPORTED = "exported"
    UNMASKED = "unmasked"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact. `case`, `officer` and `message` are ids; `officer` is None where a resident or a timer acted.

    `reason` is the id of a reason in `sop.yaml`, never free text. Of `message` the ledger keeps the id and a salted
    commitment to its text. `data` holds short values that are not personal.
    """

    kind: EventKind
    at: datetime
    case: int | None = None
    officer: int | None = None
    desk_from: Desk | None = None
    desk_to: Desk | None = None
    reason: str = ""
    message: int | None = None
    due: datetime | None = None
    data: Mapping[str, Scalar] = field(default_factory=dict)

    def to_entry(self, commitment: str = "") -> dict[str, Scalar]:
        """The ledger entry: flat, absent keys left out, `data` under "data.<key>", times ISO 8601 in UTC.

        `commitment` is the salted commitment to the text of `message` (`ledger.commitment`).
        """
        values: dict[str, Scalar | None] = {
            "kind": str(self.kind),
            "at": _written(self.at),
            "case": self.case,
            "officer": self.officer,
            "from": str(self.desk_from) if self.desk_from else None,
            "to": str(self.desk_to) if self.desk_to else None,
            "reason": self.reason or None,
            "message": self.message,
            "commitment": commitment or None,
            "due": _written(self.due) if self.due else None,
        }
        values.update({f"{_DATA}{key}": value for key, value in self.data.items()})
        return {key: value for key, value in values.items() if value is not None}

    @classmethod
    def from_entry(cls, entry: Mapping[str, Scalar]) -> Event:
        """Reads an entry back (without its commitment). Raises KeyError or ValueError if it is not one of ours."""
        desk_from, desk_to, due = entry.get("from"), entry.get("to"), entry.get("due")
        return cls(
            kind=EventKind(str(entry["kind"])),
            at=datetime.fromisoformat(str(entry["at"])),
            case=_identity(entry.get("case")),
            officer=_identity(entry.get("officer")),
            desk_from=Desk.parse(str(desk_from)) if desk_from else None,
            desk_to=Desk.parse(str(desk_to)) if desk_to else None,
            reason=str(entry.get("reason", "")),
            message=_identity(entry.get("message")),
            due=datetime.fromisoformat(str(due)) if due else None,
            data={key.removeprefix(_DATA): value for key, value in entry.items() if key.startswith(_DATA)},
        )


_DATA = "data."


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _identity(value: Scalar | None) -> int | None:
    return None if value is None else int(value)
