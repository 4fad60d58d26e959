"""The queue (antrean): cases nobody has taken yet, in order of arrival (SOP step 2), never of loudness."""

from __future__ import annotations

from collections.abc import Iterable

from escalation.cases import Case, State


def in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The waiting ones among the cases, oldest first."""
    waiting = (case for case in cases if case.state is State.WAITING)
    return tuple(sorted(waiting, key=lambda case: (case.opened_at, case.id)))


def oldest(cases: Iterable[Case]) -> Case | None:
    """The case whose turn it is."""
    return next(iter(in_order(cases)), None)


def position(cases: Iterable[Case], case: int) -> int | None:
    """The case's place in the queue, from 1; None if it does not wait."""
    return next((place for place, waiting in enumerate(in_order(cases), 1) if waiting.id == case), None)


def ahead_of(cases: Iterable[Case], case: int) -> str:
    """The number of the oldest waiting case if that is not `case` itself, else ""; `transitions.take` asks for it."""
    first = oldest(cases)
    return "" if first is None or first.id == case else first.number
