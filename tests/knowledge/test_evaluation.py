"""The figures by hand-computed cases, and the bundled examples as a floor under understanding."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import count

import pytest

from knowledge import Knowledge, KnowledgeError, evaluate
from knowledge.evaluation import Example, Row, acceptable, figures, wilson


def example(identity: str, label: str, kind: str = "faq", also: frozenset[str] = frozenset()) -> Example:
    return Example(identity, "teks", label, also, kind)


@pytest.mark.parametrize(
    ("label", "kind", "also", "decision", "topics", "fine"),
    [
        ("ktp-hilang", "faq", "", "answer", ("ktp-hilang",), True),
        ("ktp-hilang", "faq", "kk-hilang", "answer", ("ktp-hilang", "kk-hilang"), True),
        ("ktp-hilang", "faq", "", "answer", ("ktp-hilang", "kk-hilang"), False),
        ("ktp-hilang", "faq", "", "answer", (), False),
        ("ktp-hilang", "faq", "", "ask", ("kk-hilang", "ktp-hilang"), True),
        ("ktp-hilang", "faq", "kk-hilang", "ask", ("kk-hilang",), False),
        ("ktp-hilang", "faq", "", "ask", ("a", "b", "c", "d", "ktp-hilang"), False),
        ("oos", "oos", "", "ask", ("oos",), False),
        ("pengaduan", "route", "", "handoff", ("pengaduan",), True),
        ("pengaduan", "route", "", "handoff", ("salah-input",), False),
        ("pengaduan", "route", "", "handoff", (), False),
        ("oos", "oos", "", "not_ours", (), True),
        ("oos", "oos", "", "ignore", (), True),
        ("oos", "oos", "", "smalltalk", (), False),
        ("oos", "oos", "sapaan", "smalltalk", (), True),
        ("oos", "oos", "sapaan", "ignore", (), True),
        ("sapaan", "oos", "", "smalltalk", (), True),
        ("sapaan", "oos", "", "not_ours", (), False),
        ("ktp-hilang", "faq", "", "smalltalk", (), False),
    ],
)
def test_acceptable(label: str, kind: str, also: str, decision: str, topics: tuple[str, ...], fine: bool) -> None:
    golden = example("1", label, kind, frozenset(filter(None, [also])))
    assert acceptable(golden, Row("1", decision, topics, 0.5, 1.0)) is fine


def test_figures_of_a_small_set() -> None:
    examples = [
        example("a", "ktp-hilang"),
        example("b", "kk-hilang"),
        example("c", "pengaduan", "route"),
        example("d", "oos", "oos"),
    ]
    rows = [
        Row("a", "answer", ("ktp-hilang",), 0.9, 1.0),
        Row("b", "ask", ("kk-rusak", "kk-hilang"), 0.4, 2.0),
        Row("c", "handoff", ("salah-input",), 0.5, 3.0),
        Row("d", "answer", ("biaya",), 0.6, 4.0),
    ]
    assert figures(examples, rows) == {
        "n": 4,
        "acceptable": 0.5,
        "acceptable_95": [0.15, 0.85],
        "wrong_answers": 0.25,
        "wrong_answers_95": [0.046, 0.699],
        "asked_back": 0.25,
        "ask_hits": 1.0,
        "mean_candidates": 2,
        "handed_off": 0.25,
        "misrouted": 0.25,
        "route_recall": 0.0,
        "oos_answered": 1.0,
        "oos_handed_off": 0.0,
        "p50_ms": 3.0,
        "p99_ms": 4.0,
    }


def test_an_empty_share_is_unknown() -> None:
    assert wilson(0, 0) == [0.0, 1.0]


def test_rows_carry_decision_topics_score_and_time(knowledge: Knowledge) -> None:
    ticks = count()
    line = json.dumps({"id": "x", "text": "kk hilang syaratnya apa", "label": "kk-hilang", "also": [], "kind": "faq"})
    document = evaluate(knowledge, [line, "  "], lambda: float(next(ticks))).document()
    score = knowledge.decide("kk hilang syaratnya apa").score
    assert document["rows"] == [
        {"id": "x", "decision": "answer", "topics": ["kk-hilang"], "score": score, "ms": 1000.0}
    ]
    assert document["acceptable"] == 1.0


@pytest.mark.parametrize("lines", [[], ["{"], ['{"id": "x", "text": "t"}']])
def test_files_that_cannot_be_evaluated_are_refused(knowledge: Knowledge, lines: list[str]) -> None:
    with pytest.raises(KnowledgeError, match=r"line 1|no example"):
        evaluate(knowledge, lines)


def test_the_bundled_examples_are_understood(knowledge: Knowledge) -> None:
    lines = files("knowledge").joinpath("evaluation.jsonl").read_text(encoding="utf-8").splitlines()
    result = evaluate(knowledge, lines).figures
    assert isinstance(result["n"], int)
    assert result["n"] >= 100
    assert isinstance(result["acceptable"], float)
    assert result["acceptable"] >= 0.93
    assert isinstance(result["wrong_answers"], float)
    assert result["wrong_answers"] <= 0.02
