"""What comes out of a row of the state table: the case as it is next, and the events that the ledger remembers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from escalation.cases import Case
from escalation.events import HOLDER, Event, EventKind
from escalation.roles import Desk, Officer


@dataclass(frozen=True, slots=True)
class Step:
    """The case as it is next, and its new ledger events in order."""

    case: Case
    events: tuple[Event, ...] = ()


def signed(
    kind: EventKind,
    case: Case,
    at: datetime,
    officer: Officer | None,
    *,
    desk_from: Desk | None = None,
    desk_to: Desk | None = None,
    reason: str = "",
    message: int | None = None,
) -> Event:
    """An event of the case, signed by the officer (None: the resident or a timer acted) and due when the clock is."""
    return Event(
        kind=kind,
        at=at,
        case=case.id,
        officer=officer.id if officer else None,
        desk_from=desk_from,
        desk_to=desk_to,
        reason=reason,
        message=message,
        due=case.clock.due if case.clock else None,
    )


def moved(kind: EventKind, before: Case, after: Case, at: datetime, officer: Officer, reason: str = "") -> Event:
    """The card comes to the holder of `after`; the event names the holder where somebody else signed."""
    event = signed(kind, after, at, officer, desk_from=before.desk, desk_to=after.desk, reason=reason)
    if after.holder is None or after.holder == officer.id:
        return event
    return replace(event, data={HOLDER: after.holder})
