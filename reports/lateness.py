"""Whether a desk kept its standard time (mutu baku waktu) for one line of the control card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from escalation.events import Event, EventKind
from escalation.handovers import Handover, Outcome
from escalation.roles import Role

#: What the clock of a line waits for at the front office, and at any other desk (`sop.yaml`, stop).
_AT_FRONT = (EventKind.ANSWERED, EventKind.CONCLUDED, EventKind.CLOSED)
_AT_DESK = (EventKind.PROPOSED,)


def followed_up_at(line: Handover, following: Handover | None, events: Sequence[Event]) -> datetime | None:
    """When what the line's clock waits for was done (UTC), None if it has not been.

    A new case waits for Ambil, one at a desk for the desk's answer or for the card to go on (`following` is the next
    line of the same case, `events` are all of the case). A card that was turned back waited for that.
    """
    opened = line.from_desk is None
    turned_back = line.outcome in (Outcome.REFUSED, Outcome.WITHDRAWN) and not line.fetched
    if opened or turned_back:
        return line.settled_at
    wanted = _AT_FRONT if line.to_desk.role is Role.FO else _AT_DESK
    done = (event.at for event in events if event.kind in wanted and event.at >= line.handed_at and not _edits(event))
    answered, passed_on = next(done, None), following.handed_at if following else None
    return min((at for at in (answered, passed_on) if at), default=None)


def is_late(line: Handover, followed_up: datetime | None, now: datetime) -> bool:
    """Whether the line's due time had passed when it was followed up, or has passed by now."""
    return line.due is not None and (followed_up or now) > line.due


def _edits(event: Event) -> bool:
    """A later correction of an answer's words is no answer."""
    return bool(event.data.get("edit"))
