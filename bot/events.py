"""Events of our own that go through a lane like a channel's updates: a timer that is due, a call that failed."""

from __future__ import annotations

import json
from datetime import datetime

from conversation.errors import Cause, MalformedUpdate
from conversation.inbound import ChatKind, Inbound, InboundKind
from storage.inbox import Arrival
from storage.outbox import Entry
from storage.timers import Timer

#: The source of such letters in the inbox.
SOURCE = "loket"


def timer_arrival(timer: Timer, at: datetime) -> Arrival:
    """A timer that is due, as a letter for its case's lane; firing twice is deduped by the key."""
    content = {"kind": InboundKind.TIMER, "detail": timer.kind, "subject": timer.case, "at": at.isoformat()}
    return _arrival(f"timer:{timer.case}:{timer.kind}:{timer.due_at.isoformat()}", timer.lane, content, at)


def failure_arrival(entry: Entry, cause: Cause, at: datetime) -> Arrival:
    """An outbox entry that failed for good, as a letter for the lane it came from."""
    content = {"kind": InboundKind.UNDELIVERED, "detail": cause, "subject": entry.id, "at": at.isoformat()}
    return _arrival(f"undelivered:{entry.id}", entry.lane, content, at)


def read_event(raw: bytes) -> Inbound:
    """Reads what the functions above wrote."""
    try:
        content = json.loads(raw)
        kind, at = InboundKind(content["kind"]), datetime.fromisoformat(content["at"])
        detail, subject = str(content["detail"]), int(content["subject"])
    except (ValueError, KeyError, TypeError):
        raise MalformedUpdate("an event of our own cannot be read") from None
    return Inbound(
        key=f"{kind}:{subject}",
        channel=SOURCE,
        kind=kind,
        chat="",
        chat_kind=ChatKind.OTHER,
        sender=None,
        sent_at=at,
        detail=detail,
        subject=subject,
    )


def _arrival(key: str, lane: str, content: dict[str, object], at: datetime) -> Arrival:
    return Arrival(key=key, lane=lane, source=SOURCE, raw=json.dumps(content).encode(), received_at=at)
