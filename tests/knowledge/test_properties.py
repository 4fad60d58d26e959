"""Whatever is written: a decision, always the same, with known topics, in bounded time."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Context, Decision, DecisionKind, Knowledge, TopicKind, load_builtin

KNOWLEDGE = load_builtin()
SCRAPS = """ktp kk akta hilang rusak pindah dari ke padang pekanbaru anak lahir nikah siri cerai belum jadi salah ketik
ambil petugas bpjs sim min halo terima kasih biaya jam p marah payah ?"""
WORDS = st.lists(st.sampled_from(SCRAPS.split()), max_size=14).map(" ".join)


def sane(knowledge: Knowledge, decision: Decision) -> None:
    assert set(decision.topics) <= set(knowledge.topics)
    assert 0 <= decision.score <= 1
    if decision.kind is DecisionKind.ANSWER:
        assert 1 <= len(decision.topics) <= 3
        assert set(decision.topics) <= knowledge.in_service
    elif decision.kind is DecisionKind.ASK:
        assert len(decision.topics) in (0, 2, 3, 4)
        assert len(set(decision.topics)) == len(decision.topics)
    elif decision.kind is DecisionKind.HANDOFF:
        assert [knowledge.topics[topic].kind for topic in decision.topics] == [TopicKind.ROUTE]
    else:
        assert decision.topics == ()
    assert (decision.smalltalk is not None) == (decision.kind is DecisionKind.SMALLTALK)
    assert decision.agency is None or decision.kind is DecisionKind.NOT_OURS


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(st.text(max_size=300), WORDS),
    st.sampled_from([None, *KNOWLEDGE.topics, "bukan-topik"]),
    st.integers(0, 4),
)
def test_any_text_gets_a_sane_and_repeatable_decision(text: str, previous: str | None, misses: int) -> None:
    context = Context(previous_topic=previous, misses=misses, messages=misses)
    decision = KNOWLEDGE.decide(text, context)
    sane(KNOWLEDGE, decision)
    assert KNOWLEDGE.decide(text, context) == decision


@pytest.mark.parametrize(
    "text",
    [
        "ktp hilang " * 400,
        "qwzx" * 1000,
        " ".join(f"kat{chr(97 + at % 26)}{chr(97 + at // 26 % 26)}xyz" for at in range(600)),
        "a " * 2000,
    ],
)
def test_long_texts_take_no_longer_than_a_breath(knowledge: Knowledge, text: str) -> None:
    def spent() -> float:
        before = process_time()
        knowledge.decide(text[:4096])
        return process_time() - before

    assert min(spent() for _ in range(3)) < 0.02
