"""A trial tells a change for the worse from one that is none, on the same labelled messages."""

from __future__ import annotations

import json

from knowledge import Knowledge
from knowledge.evaluation import read_example
from knowledge.trial import TOLERATED, bundled_examples, compare
from tests.knowledge import small_office

_TEXTS = ("{} apa syaratnya", "{} saya", "gimana kalau {}", "min {}, urus di mana", "syarat {} apa", "{} ya")
LINES = [
    json.dumps({"id": f"{topic}-{at}", "text": text.format(words), "label": topic, "also": [], "kind": "faq"})
    for topic, words in {"ktp-hilang": "ktp hilang", "kk-hilang": "kk hilang", "kia-hilang": "kia hilang"}.items()
    for at, text in enumerate(_TEXTS)
]


def _swapped() -> Knowledge:
    entries = small_office.phrasings()
    entries["ktp-hilang"], entries["kia-hilang"] = entries["kia-hilang"], entries["ktp-hilang"]
    return small_office.opened(phrasings=entries)


def test_the_same_is_not_worse(small: Knowledge) -> None:
    trial = compare(small, small, LINES)
    assert not trial.worse
    assert (trial.mended, trial.broken, trial.harm) == ((), (), 0)
    assert trial.before.figures["acceptable"] == 1.0


def test_another_article_is_not_worse(small: Knowledge) -> None:
    pack = small_office.pack()
    pack["articles"]["ktp-hilang"]["syarat"] = ["Fotokopi KK dua lembar"]
    assert not compare(small, small_office.opened(articles=pack["articles"]), LINES).worse


def test_what_a_repeal_closes_is_not_worse(small: Knowledge) -> None:
    repealed = small_office.pack()["regulations"]
    repealed["regulations"][0]["status"] = "dicabut"
    closed = small_office.opened(regulations=repealed)
    assert closed.in_service == frozenset()
    trial = compare(small, closed, LINES)
    assert not trial.worse
    assert trial.broken == ()


def test_spoilt_phrasings_are_worse_and_their_mending_is_not(small: Knowledge) -> None:
    spoilt = _swapped()
    trial = compare(small, spoilt, LINES)
    assert trial.worse
    assert {example.label for example, _ in trial.broken} == {"ktp-hilang", "kia-hilang"}
    assert trial.harm == len(trial.broken)
    back = compare(spoilt, small, LINES)
    assert not back.worse
    assert [example.id for example, _ in back.mended] == [example.id for example, _ in trial.broken]


def test_a_spoilt_lexicon_is_worse(small: Knowledge) -> None:
    words = small_office.lexicon()
    words["adverts"].append("hilang")
    trial = compare(small, small_office.opened(lexicon=words), LINES)
    assert trial.worse
    assert trial.harm == 0
    assert {row.decision for _, row in trial.broken} == {"ignore"}


def test_as_many_as_chance_explains_are_tolerated(small: Knowledge) -> None:
    spoilt = _swapped()
    broken = [line for line in LINES if "ktp" in line]
    assert not compare(small, spoilt, broken[:TOLERATED]).worse
    assert compare(small, spoilt, broken[: TOLERATED + 1]).worse


def test_the_bundled_examples_can_be_read() -> None:
    examples = [read_example(line, at) for at, line in enumerate(bundled_examples(), 1)]
    assert len({example.id for example in examples}) == len(examples) >= 100
