"""The chain shows every change, deletion, insertion, exchange and cut; anchors cannot be forged."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.errors import CheckFailed
from escalation.events import Event, EventKind, Scalar
from escalation.ledger import (
    GENESIS,
    Anchor,
    canonical,
    commitment,
    link,
    read_anchor,
    signed_anchor,
    verify_chain,
)
from tests.escalation.house import MONDAY

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
Row = tuple[int, str, str]


def chain(length: int, key: bytes = KEY, word: str = "a") -> list[Row]:
    rows, digest = [], GENESIS
    for seq in range(1, length + 1):
        entry = canonical({"kind": "answered", "case": seq % 3, "reason": word * (seq % 4)})
        digest = link(key, digest, seq, entry)
        rows.append((seq, entry, digest))
    return rows


def head(rows: list[Row]) -> Anchor:
    return Anchor(rows[-1][0], rows[-1][2], MONDAY) if rows else Anchor(0, GENESIS, MONDAY)


@pytest.mark.parametrize("length", [0, 1, 7])
def test_an_untouched_chain_holds(length: int) -> None:
    rows = chain(length)
    verdict = verify_chain(KEY, iter(rows), [head(rows), *([head(rows[:3])] if length > 3 else [])])
    assert verdict.holds
    assert (verdict.head, verdict.digest) == (length, head(rows).digest)


@given(st.data())
def test_any_single_meddling_is_found_where_it_happened(data: st.DataObject) -> None:
    rows = chain(data.draw(st.integers(2, 12), "length"))
    intact = head(rows)
    at = data.draw(st.integers(0, len(rows) - 1), "at")
    seq, entry, digest = rows[at]
    match data.draw(st.sampled_from(["entry", "digest", "delete", "repeat", "swap", "swap entries", "cut", "respell"])):
        case "entry":
            rows[at] = (seq, canonical({**json.loads(entry), "case": 9}), digest)
        case "digest":
            flipped = "1" if digest[0] == "0" else "0"
            rows[at] = (seq, entry, flipped + digest[1:])
        case "delete":
            del rows[at]
        case "repeat":
            rows.insert(at, rows[at])
            at += 1
        case "swap":
            other = (at + 1) % len(rows)
            rows[at], rows[other] = rows[other], rows[at]
            at = min(at, other)
        case "swap entries":
            other = (at + 1) % len(rows)
            rows[at], rows[other] = (seq, rows[other][1], digest), (rows[other][0], entry, rows[other][2])
            if rows[at][1] == entry:
                return
            at = min(at, other)
        case "cut":
            del rows[at:]
        case "respell":
            rows[at] = (seq, entry.replace(":", ": ", 1), digest)
    verdict = verify_chain(KEY, rows, [intact])
    assert not verdict.holds
    assert verdict.problem
    assert verdict.head == at, "everything before it is good"


@pytest.mark.parametrize(
    ("rows", "bad", "problem"),
    [
        (chain(5)[:2] + chain(5)[3:], 3, "entry 3 is missing"),
        (chain(5)[:1] + chain(5)[4:], 2, "entries 2 to 4 are missing"),
        (chain(5)[1:], 1, "entry 1 is missing"),
        (chain(3) + chain(3)[1:], 2, "entry 2 stands after entry 3: inserted or out of order"),
        (chain(4), 5, "the end is cut off: entries up to 5 were there"),
        (chain(5, word="b"), 5, "entry 5 is not the one anchored: the chain was rewritten"),
        (chain(3) + chain(5, word="b")[3:], 4, "the entry was changed or moved"),
        (chain(5, OTHER_KEY), 1, "the entry was changed or moved"),
    ],
)
def test_the_verdict_names_the_first_bad_entry(rows: list[Row], bad: int, problem: str) -> None:
    verdict = verify_chain(KEY, rows, [head(chain(5))])
    assert (verdict.bad, verdict.problem) == (bad, problem)


def test_without_an_anchor_a_cut_tail_cannot_be_seen() -> None:
    assert verify_chain(KEY, chain(5)[:3]).holds


def test_rows_are_read_one_at_a_time_and_no_further_than_the_first_bad_one() -> None:
    rows = chain(9)
    rows[2] = (3, "{}", rows[2][2])
    left = iter(rows)
    assert verify_chain(KEY, left).bad == 3
    assert next(left)[0] == 4


def test_an_anchor_is_read_back_and_cannot_be_forged() -> None:
    at = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
    line = signed_anchor(KEY, 41, "ab" * 32, at)
    assert read_anchor(KEY, f"{line}\n") == Anchor(41, "ab" * 32, at)
    for forged in (line.replace(" 41 ", " 40 "), line[:-1], "", "x", line.replace("17:00", "18:00")):
        with pytest.raises(CheckFailed, match="signature does not fit"):
            read_anchor(KEY, forged)
    with pytest.raises(CheckFailed):
        read_anchor(OTHER_KEY, line)


def test_a_commitment_binds_to_text_and_salt() -> None:
    assert commitment(b"salt", "Baik, Bu") == commitment(b"salt", "Baik, Bu")
    assert len({commitment(b"salt", "a"), commitment(b"salt", "b"), commitment(b"tlas", "a")}) == 3


def test_an_entry_fits_one_place_only() -> None:
    assert len({link(KEY, previous, seq, "{}") for previous in (GENESIS, "ab" * 32) for seq in (1, 2)}) == 4


def test_canonical_text_is_one_for_one_entry() -> None:
    assert canonical({"b": 1, "a": "é", "c": True}) == '{"a":"é","b":1,"c":true}'
    wrong: dict[str, Scalar] = {"a": 1.5}  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="a must be a text, whole number or flag, found float"):
        canonical(wrong)


def test_an_event_goes_in_and_out_without_names_or_texts() -> None:
    event = Event(kind=EventKind.EXPORTED, at=MONDAY, officer=3, data={"format": "csv", "rows": 12, "masked": True})
    entry = event.to_entry()
    assert entry == {
        "kind": "exported",
        "at": "2026-01-05T03:00:00.000000+00:00",
        "officer": 3,
        "data.format": "csv",
        "data.rows": 12,
        "data.masked": True,
    }
    assert Event.from_entry(json.loads(canonical(entry))) == event
    answered = Event(kind=EventKind.ANSWERED, at=MONDAY, case=1, officer=3, message=5)
    assert answered.to_entry("c0ffee")["commitment"] == "c0ffee"
