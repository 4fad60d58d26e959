"""The office's SOP as data: eight steps with their standard times, and the reasons that officers sign with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from escalation.data_file import Entry, packaged
from escalation.events import EventKind
from escalation.hours import Schedule
from escalation.roles import Role

#: What starts and stops step 1, which lies before there is a case: a resident's message and the first reaction to it.
ASKED, REACTED = "asked", "reacted"


class Act(StrEnum):
    """The acts that a reason is given for."""

    HAND_OVER = "hand_over"
    TAKE = "take"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    TAKE_OVER = "take_over"


class ClockOf(StrEnum):
    """Who is late when a step's time runs out: the front office, or the desk that has the card."""

    FO = "fo"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class SopStep:
    """One numbered step (SOP page 2); `start`, `stop`, `pause` and `resume` are names of events, see `sop.yaml`."""

    number: int
    title: str
    standard: timedelta
    actors: tuple[Role, ...]
    start: frozenset[str]
    stop: frozenset[str]
    clock_of: ClockOf
    pause: frozenset[str]
    resume: frozenset[str]
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an officer did it; one for handing over leads `to` roles and starts `step`'s clock."""

    id: str
    title: str
    act: Act
    to: tuple[Role, ...] = ()
    step: int = 0


@dataclass(frozen=True, slots=True)
class Sop:
    """All steps in order, and all reasons in the order they are offered."""

    steps: tuple[SopStep, ...]
    reasons: tuple[Reason, ...]

    def step(self, number: int) -> SopStep:
        """Raises KeyError if the SOP has no such step."""
        for step in self.steps:
            if step.number == number:
                return step
        raise KeyError(number)

    def reasons_for(self, act: Act, to: Role | None = None) -> tuple[Reason, ...]:
        """The reasons to offer for an act; for handing over, those that lead to the role."""
        return tuple(reason for reason in self.reasons if reason.act is act and (to is None or to in reason.to))

    def reason_title(self, identity: str) -> str:
        """The reason as it is read; the id itself if a later SOP no longer knows it."""
        return next((reason.title for reason in self.reasons if reason.id == identity), identity)

    def due_at(self, step: int, start: datetime, hours: Schedule) -> datetime:
        """When the step's standard time is over, counted in office hours from `start`; UTC."""
        return hours.add(start, self.step(step).standard)


@cache
def load_sop() -> Sop:
    """The SOP that comes with Loket."""
    return read_sop(packaged("sop.yaml"))


def read_sop(text: str) -> Sop:
    """Reads an SOP written like `sop.yaml`. Raises SettingsError naming the entry and what is wrong with it."""
    top = Entry.parse(text, "sop.yaml").only("steps", "reasons")
    steps = tuple(_step(entry) for entry in top.entries("steps"))
    given = top.entry("reasons").only(*Act)
    numbers = [step.number for step in steps]
    reasons = tuple(_reason(entry, act, numbers) for act in Act for entry in given.entries(act))
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise top.wrong("steps", f"must be numbered 1, 2, 3, ..., found {numbers}")
    if len({reason.id for reason in reasons}) < len(reasons):
        raise top.wrong("reasons", "an id appears twice")
    return Sop(steps, reasons)


def _step(entry: Entry) -> SopStep:
    entry.only("number", "title", "minutes", "actors", "start", "stop", "clock_of", "pause", "resume", "output")
    clock_of = entry.text("clock_of")
    if clock_of not in set(ClockOf):
        raise entry.wrong("clock_of", f"must be fo or desk, found {clock_of!r}")
    return SopStep(
        number=entry.whole("number", least=1),
        title=entry.text("title"),
        standard=timedelta(minutes=entry.whole("minutes", least=1)),
        actors=_roles(entry, "actors"),
        start=_events(entry, "start"),
        stop=_events(entry, "stop"),
        clock_of=ClockOf(clock_of),
        pause=_events(entry, "pause"),
        resume=_events(entry, "resume"),
        output=entry.text("output"),
    )


def _reason(entry: Entry, act: Act, steps: list[int]) -> Reason:
    identity, title = entry.text("id"), entry.text("title")
    if act is not Act.HAND_OVER:
        entry.only("id", "title")
        return Reason(id=identity, title=title, act=act)
    entry.only("id", "title", "to", "step")
    step = entry.whole("step", least=1)
    if step not in steps:
        raise entry.wrong("step", f"there is no step {step}")
    return Reason(id=identity, title=title, act=act, to=_roles(entry, "to"), step=step)


def _roles(entry: Entry, key: str) -> tuple[Role, ...]:
    try:
        return tuple(Role(name) for name in entry.texts(key))
    except ValueError as error:
        raise entry.wrong(key, f"{error}; roles are {', '.join(Role)}") from None


def _events(entry: Entry, key: str) -> frozenset[str]:
    names = frozenset(entry.texts(key))
    unknown = names - {ASKED, REACTED, *EventKind}
    if unknown:
        raise entry.wrong(key, f"no such event: {', '.join(sorted(unknown))}")
    return names
