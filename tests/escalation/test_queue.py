"""The queue is in order of arrival, whatever the order in which cases are looked at."""

from __future__ import annotations

from escalation.queue import ahead_of, in_order, oldest, position
from tests.escalation.house import closed, later, waiting, with_rina


def test_the_queue_is_in_order_of_arrival() -> None:
    cases = [
        waiting(5, later(2)),
        waiting(3, later(9)),
        waiting(4, later(2)),
        waiting(2, later(1)),
        with_rina(),
        closed(),
    ]
    assert [case.id for case in in_order(cases)] == [2, 4, 5, 3]
    assert [position(cases, id) for id in (2, 4, 5, 3, 1)] == [1, 2, 3, 4, None]
    first = oldest(cases)
    assert first is not None
    assert first.id == 2
    assert (ahead_of(cases, 2), ahead_of(cases, 3)) == ("", "PKU-2026-000002")


def test_an_empty_queue() -> None:
    assert (oldest([closed()]), in_order([]), ahead_of([], 1)) == (None, (), "")
