"""Phrasings kept aside: learned from four fifths, asked about the rest, until every phrasing was asked once."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.accuracy import HEADING, Found, ask_all
from benchmarks.questions import Questions
from knowledge import Knowledge
from knowledge.evaluation import Evaluation, Example, Row, evaluate, figures
from knowledge.learning import learn
from knowledge.normalise import plain
from knowledge.phrasings import Phrasing, Phrasings
from knowledge.understanding import Understanding

FOLDS = 5


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Every phrasing as an example with the decision by an index that had not learned from it, and the topics found."""

    evaluation: Evaluation
    found: Found


def held_out(knowledge: Knowledge) -> HeldOut:
    """Learns FOLDS times, which takes that many times as long as one learning."""
    asked: list[Example] = []
    rows: list[Row] = []
    ranked: dict[str, tuple[list[str], float]] = {}
    for at in range(FOLDS):
        index = learn(knowledge.lexicon, _part(knowledge.phrasings, at, inside=False))
        without = Understanding(knowledge.lexicon, index)
        questions = as_questions(knowledge, _part(knowledge.phrasings, at, inside=True))
        evaluation = evaluate(replace(knowledge, understanding=without), questions.lines)
        asked += questions.examples
        rows += evaluation.rows
        for example, row in zip(questions.examples, evaluation.rows, strict=True):
            candidates = without.understand(example.text).candidates
            ranked[example.text] = [topic for topic, _ in candidates[:3]], row.ms
    whole = Questions("kept aside", (), tuple(asked), (), None)
    return HeldOut(Evaluation(tuple(asked), tuple(rows), figures(asked, rows)), ask_all(ranked.__getitem__, whole))


def fold(knowledge: Knowledge) -> tuple[Knowledge, list[Questions]]:
    """The knowledge with the phrasings of all folds but the first, and a quarter of that one as questions."""
    aside = {topic: entries[::4] for topic, entries in _part(knowledge.phrasings, 0, inside=True).items()}
    rest = replace(knowledge, phrasings=_part(knowledge.phrasings, 0, inside=False))
    return rest, [as_questions(knowledge, aside)]


def as_questions(knowledge: Knowledge, phrasings: Mapping[str, Sequence[Phrasing]]) -> Questions:
    """Phrasings as labelled messages."""
    lines, examples = [], []
    for topic, entries in phrasings.items():
        kind = knowledge.topics[topic].kind.value
        for entry in entries:
            example = Example(f"{topic}: {entry.text}", entry.text, topic, frozenset(entry.also), kind)
            fields = {"id": example.id, "text": entry.text, "label": topic, "also": list(entry.also), "kind": kind}
            lines.append(json.dumps(fields, ensure_ascii=False))
            examples.append(example)
    return Questions("phrasings kept aside", tuple(lines), tuple(examples), (), None)


def print_held_out(found: HeldOut) -> None:
    print(f"\nphrasings kept aside ({FOLDS} folds), n = {len(found.evaluation.rows):,}\n{HEADING}")
    print(found.found.columns())
    for name, value in found.evaluation.figures.items():
        if name not in {"n", "p50_ms", "p99_ms"}:
            print(f"{name:20} {value if isinstance(value, list) else round(value, 3)}")


def _fold(text: str) -> int:
    """The same letters always fall into the same fold, so that no phrasing is asked about that was learned."""
    return zlib.crc32(plain(text).encode()) % FOLDS


def _part(phrasings: Phrasings, fold: int, *, inside: bool) -> dict[str, tuple[Phrasing, ...]]:
    return {
        topic: tuple(entry for entry in entries if (_fold(entry.text) == fold) is inside)
        for topic, entries in phrasings.items()
    }
