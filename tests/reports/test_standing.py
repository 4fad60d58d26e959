"""Whatever happens to a case, its ledger events alone tell where it stands."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis.stateful import invariant

from escalation.cases import State
from escalation.events import EventKind
from reports.standing import Standing, standing
from tests.escalation.house import later
from tests.escalation.test_course import Course


class Told(Course):
    """Random acts on one case, as in the tests of the state table."""

    @invariant()
    def the_ledger_tells_where_the_case_stands(self) -> None:
        if hasattr(self, "case"):
            assert standing(self.events) == Standing.of(self.case)


TestTold = Told.TestCase
TestTold.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_differences_are_named() -> None:
    course = Told()
    course.opened(steps_done=6)
    told = standing(course.events)
    assert told is not None
    claimed = replace(told, state=State.CLOSED, closed_at=later(30))
    assert told.differences(claimed) == ["state", "closed_at"]
    assert told.differences(told) == []


def test_events_that_do_not_begin_with_the_opening_tell_nothing() -> None:
    course = Told()
    course.opened(steps_done=1)
    assert [event.kind for event in course.events] == [EventKind.OPENED, EventKind.RECEIVED]
    assert standing(course.events[1:]) is None
    assert standing([]) is None
