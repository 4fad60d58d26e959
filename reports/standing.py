"""Where a case stands according to its ledger events alone, to hold the stored case against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from escalation.cases import Case, State
from escalation.events import HOLDER, Event, EventKind
from escalation.roles import Desk, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the ledger tells of a case, in the words of `Case`."""

    state: State
    desk: Desk
    opened_at: datetime
    voice: int | None = None
    holder: int | None = None
    concluded_at: datetime | None = None
    closed_at: datetime | None = None

    @classmethod
    def of(cls, case: Case) -> Standing:
        """The standing that the stored case claims."""
        return cls(**{item.name: getattr(case, item.name) for item in fields(cls)})

    def differences(self, other: Standing) -> list[str]:
        """The names of the fields that differ."""
        return [item.name for item in fields(self) if getattr(self, item.name) != getattr(other, item.name)]


def standing(events: Iterable[Event]) -> Standing | None:
    """Where the events of one case, in ledger order, leave it; None if they do not begin with its opening."""
    now: Standing | None = None
    for event in events:
        if now is None:
            if event.kind is not EventKind.OPENED or event.desk_to is None:
                return None
            now = Standing(state=State.WAITING, desk=event.desk_to, opened_at=event.at)
        else:
            now = replace(now, **_CHANGES.get(event.kind, _nothing)(now, event))
    return now


_Change = Mapping[str, Any]


def _nothing(_now: Standing, _event: Event) -> _Change:
    return {}


def _handed(now: Standing, event: Event) -> _Change:
    return {"state": State.IN_TRANSIT, "desk": event.desk_to or now.desk, "holder": None}


def _arrived(now: Standing, event: Event) -> _Change:
    """Received, or put back where it came from; the first to receive a case is its voice."""
    desk = event.desk_to or now.desk
    state = State.WITH_FO if desk.role is Role.FO else State.WITH_DESK
    voice = event.officer if now.voice is None else now.voice
    return {"state": state, "desk": desk, "holder": event.data.get(HOLDER, event.officer), "voice": voice}


def _taken_over(_now: Standing, event: Event) -> _Change:
    """Where the card itself changed hands the event names the desk."""
    return {"voice": event.officer, **({"holder": event.officer} if event.desk_to else {})}


def _concluded(_now: Standing, event: Event) -> _Change:
    return {"state": State.AWAITING_RESIDENT, "concluded_at": event.at}


def _reopened(_now: Standing, _event: Event) -> _Change:
    return {"state": State.WITH_FO, "concluded_at": None}


def _closed(_now: Standing, event: Event) -> _Change:
    return {"state": State.CLOSED, "holder": None, "closed_at": event.at}


_CHANGES: Mapping[EventKind, Callable[[Standing, Event], _Change]] = {
    EventKind.HANDED_OVER: _handed,
    EventKind.HANDED_BACK: _handed,
    EventKind.RECEIVED: _arrived,
    EventKind.REFUSED: _arrived,
    EventKind.WITHDRAWN: _arrived,
    EventKind.TAKEN_OVER: _taken_over,
    EventKind.CONCLUDED: _concluded,
    EventKind.REOPENED: _reopened,
    EventKind.CLOSED: _closed,
}
