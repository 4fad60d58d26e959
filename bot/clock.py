"""Chooses the office's clock: real, or moved for training and tests and kept through restarts."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.settings import Settings
from conversation.clock import Clock, MovedClock, RealClock
from storage.state import get_value, set_value

_CLOCK = "clock"


def keep_clock(connection: Connection, settings: Settings) -> Clock:
    """The clock that the settings ask for; a moved one keeps its anchor through restarts."""
    if not settings.moves_clock:
        return RealClock()
    wanted = {"start": settings.clock_start.isoformat() if settings.clock_start else "", "speed": settings.clock_speed}
    kept = get_value(connection, _CLOCK)
    if not kept or {"start": kept["start"], "speed": kept["speed"]} != wanted:
        kept = {**wanted, "anchor": datetime.now(UTC).isoformat()}
        set_value(connection, _CLOCK, kept)
    anchor = datetime.fromisoformat(kept["anchor"])
    return MovedClock(anchor, datetime.fromisoformat(kept["start"]) if kept["start"] else anchor, kept["speed"])
