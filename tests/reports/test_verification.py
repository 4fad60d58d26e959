"""Whatever is changed behind Loket's back in ledger, cases or control cards, verifying names it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select, text, update

from conversation.errors import CheckFailed
from escalation.cases import State
from escalation.ledger import GENESIS, Anchor, canonical, link, read_anchor, signed_anchor
from reports.verification import read_anchors, read_head, verify
from storage.engine import reading
from storage.tables import cases, handovers, ledger, ledger_head
from tests.reports.registry import MONDAY, Registry

Tamper = Callable[[Connection], object]


def verified(registry: Registry, *anchors: Anchor) -> tuple[int, str]:
    with reading(registry.engine) as connection:
        verdict = verify(connection, registry.keys.ledger_key, anchors)
    return verdict.head, verdict.digest


def tampered(registry: Registry, tamper: Tamper) -> None:
    with registry.engine.connect() as connection, connection.begin():
        tamper(connection)


def head(registry: Registry) -> Anchor:
    with reading(registry.engine) as connection:
        return read_head(connection)


def body(connection: Connection, line: int) -> dict[str, object]:
    found: dict[str, object] = connection.execute(select(handovers.c.body).where(handovers.c.line == line)).scalar_one()
    return found


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


@pytest.mark.parametrize(
    ("tamper", "complaint"),
    [
        (
            lambda c: c.execute(update(ledger).where(ledger.c.seq == 4).values(entry=ledger.c.entry + " ")),
            "entry 4: .*changed",
        ),
        (lambda c: c.execute(update(ledger).where(ledger.c.seq == 4).values(digest="0" * 64)), "entry 4: .*changed"),
        (lambda c: c.execute(delete(ledger).where(ledger.c.seq == 4)), "entry 4: .*missing"),
        (lambda c: c.execute(delete(ledger).where(ledger.c.seq == 1)), "entry 1: .*missing"),
        (lambda c: c.execute(delete(ledger).where(ledger.c.seq > 7)), "entry 8: .*cut off"),
        (lambda c: c.execute(delete(ledger)), "entry 1: .*cut off"),
        (lambda c: c.execute(update(ledger_head).values(seq=9)), "entry 9: "),
        (lambda c: c.execute(update(ledger_head).values(digest="f" * 64)), "entry 10: .*rewritten"),
        (lambda c: c.execute(delete(ledger_head)), "entry 1: stands after the stored head"),
        (lambda c: c.execute(update(ledger).where(ledger.c.seq == 3).values(case=None)), "entry 3: .*another case"),
        (
            lambda c: c.execute(update(ledger).where(ledger.c.seq == 3).values(at=MONDAY - timedelta(days=1))),
            "entry 3: .*another case or time",
        ),
    ],
)
def test_a_changed_ledger_does_not_hold(course: Registry, tamper: Tamper, complaint: str) -> None:
    tampered(course, tamper)
    with pytest.raises(CheckFailed, match=complaint):
        verified(course)


def test_entries_in_another_order_do_not_hold(course: Registry) -> None:
    def swap(connection: Connection) -> None:
        for before, after in ((4, 99), (5, 4), (99, 5)):
            connection.execute(update(ledger).where(ledger.c.seq == before).values(seq=after))

    tampered(course, swap)
    with pytest.raises(CheckFailed, match=r"entry 4: .*changed or moved"):
        verified(course)


def test_an_entry_after_the_head_does_not_hold(course: Registry) -> None:
    """Even one that is chained with the right key."""
    last = head(course)
    entry = canonical({"kind": "staff_added", "at": "2026-01-05T03:00:00.000000+00:00"})
    digest = link(course.keys.ledger_key, last.digest, 11, entry)
    added = {"seq": 11, "case": None, "at": MONDAY, "entry": entry, "digest": digest}
    tampered(course, lambda connection: connection.execute(ledger.insert(), added))
    with pytest.raises(CheckFailed, match="entry 11: stands after"):
        verified(course)


def test_a_tail_cut_off_together_with_the_head_shows_only_by_an_anchor(registry: Registry) -> None:
    registry.open(registry.resident())
    before = head(registry)
    registry.open(registry.resident())
    after = head(registry)
    identity = select(ledger.c.case).where(ledger.c.seq == 2).scalar_subquery()

    def cut(connection: Connection) -> None:
        connection.execute(delete(handovers).where(handovers.c.case == identity))
        connection.execute(delete(cases).where(cases.c.id == identity))
        connection.execute(delete(ledger).where(ledger.c.seq == 2))
        connection.execute(update(ledger_head).values(seq=before.seq, digest=before.digest))

    tampered(registry, cut)
    assert verified(registry) == verified(registry, before) == (before.seq, before.digest)
    with pytest.raises(CheckFailed, match="entry 2: the end is cut off"):
        verified(registry, after)


def test_anchors_are_read_line_by_line(registry: Registry) -> None:
    key = registry.keys.ledger_key
    lines = [signed_anchor(key, seq, "a" * 64, MONDAY) for seq in (1, 2)]
    assert read_anchors(key, f"{lines[0]}\n\n{lines[1]}\n") == tuple(read_anchor(key, line) for line in lines)
    with pytest.raises(CheckFailed, match="line 2: anchor: the signature does not fit"):
        read_anchors(key, f"{lines[0]}\n{lines[1].replace(' 2 ', ' 3 ')}\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("settled_at", "2026-01-05T03:01:00Z"),
        ("handed_by", None),
        ("settled_by", 1),
        ("due", "2027-01-01T00:00:00Z"),
        ("to_desk", "?"),
    ],
)
def test_an_edited_line_of_a_card_does_not_hold(course: Registry, name: str, value: object) -> None:
    def edit(connection: Connection) -> None:
        line = {**body(connection, 2), name: value}
        connection.execute(update(handovers).where(handovers.c.line == 2).values(body=line))

    tampered(course, edit)
    with pytest.raises(CheckFailed, match="PKU-2026-000001: line 2 of its control card"):
        verified(course)


@pytest.mark.parametrize(("line", "complaint"), [(1, "line 1 of its"), (3, "has 2 lines, the ledger tells of 3")])
def test_a_line_taken_off_a_card_does_not_hold(course: Registry, line: int, complaint: str) -> None:
    tampered(course, lambda connection: connection.execute(delete(handovers).where(handovers.c.line == line)))
    with pytest.raises(CheckFailed, match=complaint):
        verified(course)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"state": "with_fo"}, "another number, state or time"),
        ({"closed_at": "2026-01-05T03:05:00Z"}, "closed_at differ"),
        ({"voice": 1, "holder": 1}, "voice, holder differ"),
        ({"kind": "?"}, "not readable"),
    ],
)
def test_a_changed_case_does_not_hold(course: Registry, changes: dict[str, object], complaint: str) -> None:
    def change(connection: Connection) -> None:
        stored = connection.execute(select(cases.c.body)).scalar_one()
        connection.execute(update(cases).values(body={**stored, **changes}))

    tampered(course, change)
    with pytest.raises(CheckFailed, match=f"PKU-2026-000001: .*{complaint}"):
        verified(course)


def test_a_case_closed_without_the_ledger_does_not_hold(registry: Registry) -> None:
    case = registry.open(registry.resident())

    def close(connection: Connection) -> None:
        stored = connection.execute(select(cases.c.body)).scalar_one()
        connection.execute(update(cases).values(state=State.CLOSED, body={**stored, "state": "closed"}))

    tampered(registry, close)
    with pytest.raises(CheckFailed, match=f"{case.number}: state differ"):
        verified(registry)


@pytest.mark.parametrize(
    ("tamper", "complaint"),
    [
        (lambda c: c.execute(delete(cases)), "entry 1: tells of a case that is not stored"),
        (lambda c: c.execute(update(handovers).where(handovers.c.line == 3).values(case=7)), "belongs to no case"),
    ],
)
def test_what_belongs_to_no_case_does_not_hold(course: Registry, tamper: Tamper, complaint: str) -> None:
    tampered(course, tamper)
    with pytest.raises(CheckFailed, match=complaint):
        verified(course)


def test_a_case_that_the_ledger_does_not_know_does_not_hold(registry: Registry) -> None:
    case = registry.open(registry.resident())

    def slip_in(connection: Connection) -> None:
        stored = connection.execute(select(cases.c.body)).scalar_one()
        columns = {"number": "PKU-2026-000009", "conversation": case.conversation, "state": case.state}
        row = {"id": case.id + 1, "opened_at": case.opened_at, **columns}
        connection.execute(cases.insert(), {**row, "body": {**stored, "id": case.id + 1, "number": "PKU-2026-000009"}})

    tampered(registry, slip_in)
    with pytest.raises(CheckFailed, match="PKU-2026-000009: the ledger does not tell of its opening"):
        verified(registry)


def test_a_good_entry_that_tells_nothing_known_is_named(registry: Registry) -> None:
    entry = json.dumps({"kind": "unheard-of"})
    digest = link(registry.keys.ledger_key, GENESIS, 1, entry)
    row = {"seq": 1, "case": None, "at": MONDAY, "entry": entry, "digest": digest}

    def enter(connection: Connection) -> None:
        connection.execute(ledger.insert(), row)
        connection.execute(ledger_head.insert(), {"id": 1, "seq": 1, "digest": digest})

    tampered(registry, enter)
    with pytest.raises(CheckFailed, match="entry 1 is not readable"):
        verified(registry)


def test_many_cases_are_verified_piece_by_piece(registry: Registry) -> None:
    registry.open_many(registry.resident(), 502)
    assert verified(registry)[0] == 502
    tampered(registry, lambda connection: connection.execute(text("UPDATE cases SET state = 'closed' WHERE id = "
                                                                  "(SELECT max(id) FROM cases)")))  # fmt: skip
    with pytest.raises(CheckFailed, match="PKU-2026-000502"):
        verified(registry)
