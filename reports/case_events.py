"""The ledger's events of many cases at once, from which reports derive what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from conversation.errors import CheckFailed
from escalation.events import Event
from storage.tables import ledger


def events_of(connection: Connection, cases: Sequence[int]) -> Mapping[int, Sequence[Event]]:
    """The events of each of these cases (ids) in ledger order; raises CheckFailed as `read_event` does."""
    found: dict[int, list[Event]] = {case: [] for case in cases}
    chosen = select(ledger.c.seq, ledger.c.case, ledger.c.entry).where(ledger.c.case.in_(cases)).order_by(ledger.c.seq)
    for row in connection.execute(chosen):
        found[row.case].append(read_event(row.seq, row.entry))
    return found


def read_event(seq: int, entry: str) -> Event:
    """The event of entry `seq` from its stored text; raises CheckFailed, naming the entry, if it cannot be read."""
    try:
        return Event.from_entry(json.loads(entry))
    except (KeyError, ValueError, AttributeError, TypeError):
        raise CheckFailed(f"ledger: entry {seq} is not readable as an event") from None
