"""What a transition needs to know besides the case: the SOP, the office, and the names of officers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from escalation.cases import Case, StepClock
from escalation.office import Office
from escalation.roles import FRONT_OFFICE, Desk
from escalation.sop import ClockOf, Sop


@dataclass(frozen=True, slots=True)
class Rules:
    """The SOP as one office carries it out now; `name_of` gives an officer's name by id, for messages to officers."""

    sop: Sop
    office: Office
    name_of: Callable[[int], str]

    def start(self, step: int, at: datetime) -> StepClock:
        """The clock of a step that starts at `at`."""
        return StepClock(step, at, self.sop.due_at(step, at, self.office.hours))

    def resume(self, clock: StepClock | None, paused_at: datetime, at: datetime) -> StepClock | None:
        """A clock that stood from `paused_at` to `at`: as much office time is left as then; late stays late."""
        if clock is None or clock.due <= paused_at:
            return clock
        left = self.office.hours.between(paused_at, clock.due)
        return StepClock(clock.step, clock.since, self.office.hours.add(at, left))

    def clock_desk(self, case: Case) -> Desk | None:
        """The desk whose standard time runs (an unsent proposal's is the front office's); None: no clock runs."""
        if case.clock is None:
            return None
        return FRONT_OFFICE if self.sop.step(case.clock.step).clock_of is ClockOf.FO else case.desk

    def silent_close_at(self, concluded_at: datetime) -> datetime:
        """When a conclusion that the resident does not answer counts as agreed."""
        return self.office.hours.add(concluded_at, self.office.silent_close)
