"""A case: something a resident brought that needs a person, its state under the SOP, and where its card lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from escalation.roles import Desk


class State(StrEnum):
    """The states of the SOP's course; `transitions` is the table of what leads from one to the next."""

    WAITING = "waiting"
    WITH_FO = "with_fo"
    IN_TRANSIT = "in_transit"
    WITH_DESK = "with_desk"
    AWAITING_RESIDENT = "awaiting_resident"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """As officers and residents read it."""
        return _LABELS[self]


_LABELS = {
    State.WAITING: "menunggu petugas",
    State.WITH_FO: "ditangani Front Office",
    State.IN_TRANSIT: "dalam serah terima",
    State.WITH_DESK: "ditangani petugas terkait",
    State.AWAITING_RESIDENT: "menunggu konfirmasi warga",
    State.CLOSED: "selesai",
}


class CaseKind(StrEnum):
    """What the office registers it as (SOP, PENCATATAN 1)."""

    REQUEST = "permohonan"
    COMPLAINT = "pengaduan"


@dataclass(frozen=True, slots=True)
class StepClock:
    """A running standard time (mutu baku waktu): the SOP step, since when, and when it is due; both UTC."""

    step: int
    since: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """Where a card lay before it was handed over, to put it back on refusal or withdrawal."""

    state: State
    desk: Desk
    holder: int
    clock: StepClock | None
    proposal: int | None


@dataclass(frozen=True, slots=True)
class Transit:
    """A card on its way: handed over by officer `by` at `at` (UTC) for an SOP `reason`, not yet received."""

    to: Desk
    reason: str
    by: int
    at: datetime
    back: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One permohonan or pengaduan. Times are UTC, officers and messages are ids.

    `route` is the topic id that sent it to a person, `topic` the matter and `unit` the seksi it belongs to ("" where
    unknown). `voice` speaks to the resident from Ambil to closing. `desk` is where the card lies or is going; `holder`
    is the officer who has it (None while it waits, is in transit, or is closed). `clock` is the standard time now
    running, `proposal` the latest unsent proposal's stored message, `silent_close_at` when an unanswered conclusion
    counts as agreed.
    """

    id: int
    number: str
    conversation: int
    state: State
    kind: CaseKind
    route: str
    topic: str
    unit: str
    opened_at: datetime
    desk: Desk
    voice: int | None = None
    holder: int | None = None
    transit: Transit | None = None
    clock: StepClock | None = None
    proposal: int | None = None
    concluded_at: datetime | None = None
    silent_close_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.state is not State.CLOSED


def case_number(prefix: str, year: int, counter: int) -> str:
    """The number shown to people, `year` in office time: ("PKU", 2026, 123) gives "PKU-2026-000123"."""
    return f"{prefix}-{year}-{counter:06d}"
