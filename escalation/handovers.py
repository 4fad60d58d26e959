"""The lines of a control card (kartu kendali), derived from a case's ledger events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from escalation.events import HOLDER, Event, EventKind
from escalation.roles import Desk


class Outcome(StrEnum):
    """What became of a handover."""

    OPEN = "open"
    RECEIVED = "received"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One line of the card: handed over, then received, refused or withdrawn; signed and dated (SOP, PERINGATAN 3).

    `handed_by` and `settled_by` are the officers who signed, `from_officer` and `to_officer` those who had the card
    before and after (after a refusal: who has it again). None as giver is the resident. Times are UTC; `due` is when
    the receiving desk's standard time is over; reasons are ids of `sop.yaml`.
    """

    case: int
    line: int
    from_desk: Desk | None
    from_officer: int | None
    to_desk: Desk
    to_officer: int | None = None
    reason: str
    handed_at: datetime
    handed_by: int | None
    settled_at: datetime | None = None
    settled_by: int | None = None
    settled_reason: str = ""
    outcome: Outcome = Outcome.OPEN
    due: datetime | None

    @property
    def fetched(self) -> bool:
        """Whether the receiver alone signed: the card was fetched from a desk, or taken over from another FO."""
        return self.handed_by != self.from_officer


def project(events: Iterable[Event]) -> tuple[Handover, ...]:
    """The lines of one case from its events in ledger order; events that do not move the card add nothing."""
    lines: list[Handover] = []
    for event in events:
        if event.kind in _HANDED:
            lines.append(_handed(event, lines))
        elif event.kind in _SETTLED and lines and lines[-1].outcome is Outcome.OPEN:
            lines[-1] = _settled(lines[-1], event, _SETTLED[event.kind])
        elif event.kind in _FETCHED and event.desk_to is not None:
            outcome = _FETCHED[event.kind]
            lines.append(replace(_settled(_handed(event, lines), event, outcome), settled_reason=""))
    return tuple(lines)


_HANDED = {EventKind.OPENED, EventKind.HANDED_OVER, EventKind.HANDED_BACK}
_SETTLED = {
    EventKind.RECEIVED: Outcome.RECEIVED,
    EventKind.REFUSED: Outcome.REFUSED,
    EventKind.WITHDRAWN: Outcome.WITHDRAWN,
}
_FETCHED = {EventKind.WITHDRAWN: Outcome.WITHDRAWN, EventKind.TAKEN_OVER: Outcome.RECEIVED}


def _handed(event: Event, before: list[Handover]) -> Handover:
    if event.case is None or event.desk_to is None:
        raise ValueError(f"ledger: event {event.kind} at {event.at.isoformat()} names no case or desk")
    return Handover(
        case=event.case,
        line=len(before) + 1,
        from_desk=event.desk_from,
        from_officer=before[-1].to_officer if before else None,
        to_desk=event.desk_to,
        reason=event.reason,
        handed_at=event.at,
        handed_by=event.officer,
        due=event.due,
    )


def _settled(line: Handover, event: Event, outcome: Outcome) -> Handover:
    holder = event.data.get(HOLDER, event.officer)
    return replace(
        line,
        to_officer=None if holder is None else int(holder),
        settled_at=event.at,
        settled_by=event.officer,
        settled_reason=event.reason,
        outcome=outcome,
    )
