"""Whatever is changed behind Loket's back in ledger, cases or control cards, verifying names it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, Select, delete, func, select, update

from conversation.errors import CheckFailed
from escalation.cases import State
from escalation.ledger import GENESIS, Anchor, canonical, link, read_anchor, signed_anchor
from reports.streaming import BATCH
from reports.verification import read_anchors, read_head, verify
from storage.engine import reading
from storage.tables import cases, handovers, ledger, ledger_head
from tests.reports.registry import MONDAY, Registry


def verified(registry: Registry, *anchors: Anchor) -> tuple[int, str]:
    with reading(registry.engine) as connection:
        verdict = verify(connection, registry.keys.ledger_key, anchors)
    return verdict.head, verdict.digest


def head(registry: Registry) -> Anchor:
    with reading(registry.engine) as connection:
        return read_head(connection)


def read_body(registry: Registry, chosen: Select[Any]) -> dict[str, object]:
    with reading(registry.engine) as connection:
        found: dict[str, object] = connection.execute(chosen).scalar_one()
    return found


def refuses(registry: Registry, complaint: str, *changes: Executable, anchors: tuple[Anchor, ...] = ()) -> None:
    """The check fails with this complaint after these changes, which are then taken back."""
    with registry.engine.connect() as connection:
        for change in changes:
            connection.execute(change)
        with pytest.raises(CheckFailed, match=complaint):
            verify(connection, registry.keys.ledger_key, anchors)
        connection.rollback()


@pytest.fixture
def course(registry: Registry) -> Registry:
    """A case with its whole course: ten entries, three lines."""
    registry.whole_course(registry.resident())
    return registry


def test_an_untouched_ledger_holds(course: Registry) -> None:
    last = head(course)
    assert verified(course) == verified(course, last) == (last.seq, last.digest)
    assert last.seq == 10


def test_an_empty_ledger_holds(registry: Registry) -> None:
    assert verified(registry) == (0, GENESIS)


def test_a_changed_ledger_does_not_hold(course: Registry, subtests: pytest.Subtests) -> None:
    fourth, third = ledger.c.seq == 4, ledger.c.seq == 3
    for change, complaint in (
        (update(ledger).where(fourth).values(entry=ledger.c.entry + " "), r"entry 4: .*changed"),
        (update(ledger).where(fourth).values(digest="0" * 64), r"entry 4: .*changed"),
        (delete(ledger).where(fourth), r"entry 4: .*missing"),
        (delete(ledger).where(ledger.c.seq == 1), r"entry 1: .*missing"),
        (delete(ledger).where(ledger.c.seq > 7), r"entry 8: .*cut off"),
        (delete(ledger), r"entry 1: .*cut off"),
        (update(ledger_head).values(seq=9), r"entry 9: .*rewritten"),
        (update(ledger_head).values(digest="f" * 64), r"entry 10: .*rewritten"),
        (delete(ledger_head), r"entry 1: stands after the stored head"),
        (update(ledger).where(third).values(case=None), r"entry 3: .*another case or time"),
        (update(ledger).where(third).values(at=MONDAY - timedelta(days=1)), r"entry 3: .*another case or time"),
    ):
        with subtests.test(complaint):
            refuses(course, complaint, change)


def test_entries_in_another_order_do_not_hold(course: Registry) -> None:
    moves = ((4, 99), (5, 4), (99, 5))
    swap = [update(ledger).where(ledger.c.seq == before).values(seq=after) for before, after in moves]
    refuses(course, r"entry 4: .*changed or moved", *swap)


def test_an_entry_after_the_head_does_not_hold(course: Registry) -> None:
    """Even one that is chained with the right key."""
    last = head(course)
    entry = canonical({"kind": "staff_added", "at": "2026-01-05T03:00:00.000000+00:00"})
    digest = link(course.keys.ledger_key, last.digest, 11, entry)
    added = ledger.insert().values(seq=11, case=None, at=MONDAY, entry=entry, digest=digest)
    refuses(course, "entry 11: stands after", added)


def test_a_tail_cut_off_together_with_the_head_shows_only_by_an_anchor(registry: Registry) -> None:
    registry.open(registry.resident())
    before = head(registry)
    registry.open(registry.resident())
    after = head(registry)
    last = select(ledger.c.case).where(ledger.c.seq == 2).scalar_subquery()
    with registry.work() as uow:
        for change in (
            delete(handovers).where(handovers.c.case == last),
            delete(cases).where(cases.c.id == last),
            delete(ledger).where(ledger.c.seq == 2),
            update(ledger_head).values(seq=before.seq, digest=before.digest),
        ):
            uow.connection.execute(change)
    assert verified(registry) == verified(registry, before) == (before.seq, before.digest)
    refuses(registry, "entry 2: the end is cut off", anchors=(after,))


def test_anchors_are_read_line_by_line(registry: Registry) -> None:
    key = registry.keys.ledger_key
    lines = [signed_anchor(key, seq, "a" * 64, MONDAY) for seq in (1, 2)]
    assert read_anchors(key, f"{lines[0]}\n\n{lines[1]}\n") == tuple(read_anchor(key, line) for line in lines)
    with pytest.raises(CheckFailed, match="line 2: anchor: the signature does not fit"):
        read_anchors(key, f"{lines[0]}\n{lines[1].replace(' 2 ', ' 3 ')}\n")


def test_an_edited_line_of_a_card_does_not_hold(course: Registry, subtests: pytest.Subtests) -> None:
    second = handovers.c.line == 2
    stored = read_body(course, select(handovers.c.body).where(second))
    for name, value in (
        ("settled_at", "2026-01-05T03:01:00Z"),
        ("handed_by", None),
        ("settled_by", 1),
        ("due", "2027-01-01T00:00:00Z"),
        ("to_desk", "?"),
    ):
        with subtests.test(name):
            edit = update(handovers).where(second).values(body={**stored, name: value})
            refuses(course, "PKU-2026-000001: line 2 of its control card", edit)


def test_a_line_taken_off_a_card_does_not_hold(course: Registry) -> None:
    refuses(course, "line 1 of its control card", delete(handovers).where(handovers.c.line == 1))
    refuses(course, "has 2 lines, the ledger tells of 3", delete(handovers).where(handovers.c.line == 3))


def test_a_changed_case_does_not_hold(course: Registry, subtests: pytest.Subtests) -> None:
    stored = read_body(course, select(cases.c.body))
    changed: tuple[tuple[dict[str, object], str], ...] = (
        ({"state": "with_fo"}, "another number, state or time"),
        ({"closed_at": "2026-01-05T03:05:00Z"}, "closed_at differ"),
        ({"voice": 1, "holder": 1}, "voice, holder differ"),
        ({"kind": "?"}, "not readable"),
    )
    for changes, complaint in changed:
        with subtests.test(complaint):
            refuses(course, f"PKU-2026-000001: .*{complaint}", update(cases).values(body={**stored, **changes}))


def test_a_case_closed_without_the_ledger_does_not_hold(registry: Registry) -> None:
    case = registry.open(registry.resident())
    stored = read_body(registry, select(cases.c.body))
    close = update(cases).values(state=State.CLOSED, body={**stored, "state": "closed"})
    refuses(registry, f"{case.number}: state differ", close)


def test_what_belongs_to_no_case_does_not_hold(course: Registry) -> None:
    refuses(course, "entry 1: tells of a case that is not stored", delete(cases))
    refuses(course, "belongs to no case", update(handovers).where(handovers.c.line == 3).values(case=7))


def test_a_case_that_the_ledger_does_not_know_does_not_hold(registry: Registry) -> None:
    case = registry.open(registry.resident())
    stored = read_body(registry, select(cases.c.body))
    known: dict[str, object] = {"id": case.id + 1, "number": "PKU-2026-000009"}
    columns = {"conversation": case.conversation, "state": case.state, "opened_at": case.opened_at}
    slipped_in = cases.insert().values(**known, **columns, body={**stored, **known})
    refuses(registry, "PKU-2026-000009: the ledger does not tell of its opening", slipped_in)


def test_a_good_entry_that_tells_nothing_known_is_named(registry: Registry) -> None:
    entry = json.dumps({"kind": "unheard-of"})
    digest = link(registry.keys.ledger_key, GENESIS, 1, entry)
    refuses(
        registry,
        "entry 1 is not readable",
        ledger.insert().values(seq=1, case=None, at=MONDAY, entry=entry, digest=digest),
        ledger_head.insert().values(id=1, seq=1, digest=digest),
    )


def test_many_cases_are_verified_piece_by_piece(registry: Registry) -> None:
    registry.open_many(registry.resident(), BATCH + 2)
    assert verified(registry)[0] == BATCH + 2
    last = select(func.max(cases.c.id)).scalar_subquery()
    close = update(cases).where(cases.c.id == last).values(state=State.CLOSED)
    refuses(registry, "PKU-2026-000502", close)
