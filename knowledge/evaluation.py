"""How well messages are understood: each line decided on its own, and the figures of one fixed formula."""

from __future__ import annotations

import json
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from knowledge.decision import Context, DecisionKind
from knowledge.errors import KnowledgeError
from knowledge.fields import Fields

if TYPE_CHECKING:
    from knowledge.catalogue import Knowledge


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message: `label` is what is mainly wanted, `also` what a careful civil servant accepts too."""

    id: str
    text: str
    label: str
    also: frozenset[str]
    kind: str

    @property
    def good(self) -> frozenset[str]:
        return self.also | {self.label}


@dataclass(frozen=True, slots=True)
class Row:
    """The decision on one example and how long it took in milliseconds."""

    id: str
    decision: str
    topics: tuple[str, ...]
    score: float
    ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The examples, their rows in the same order, and the figures over them."""

    examples: tuple[Example, ...]
    rows: tuple[Row, ...]
    figures: dict[str, float | int | list[float]]

    def document(self) -> dict[str, object]:
        """What `knowledge evaluate --json` prints."""
        rows = [
            {"id": row.id, "decision": row.decision, "topics": list(row.topics), "score": row.score, "ms": row.ms}
            for row in self.rows
        ]
        return {"rows": rows, **self.figures}


def evaluate(knowledge: Knowledge, lines: Iterable[str], seconds: Callable[[], float] = perf_counter) -> Evaluation:
    """Decide each JSON line in an empty conversation; `seconds` is a monotonic timer. Raises KnowledgeError."""
    examples = [read_example(line, at) for at, line in enumerate(lines, 1) if line.strip()]
    if not examples:
        raise KnowledgeError("evaluation file holds no example")
    rows = tuple(_row(knowledge, example, seconds) for example in examples)
    return Evaluation(tuple(examples), rows, figures(examples, rows))


def read_example(line: str, at: int) -> Example:
    """The example of one JSON line; `at` is its number for the error message."""
    try:
        fields = Fields(json.loads(line), f"line {at}")
    except json.JSONDecodeError as error:
        raise KnowledgeError(f"line {at}: no JSON: {error}") from None
    return Example(
        id=fields.text("id"),
        text=fields.text("text", ""),
        label=fields.text("label"),
        also=frozenset(fields.texts("also")),
        kind=fields.text("kind"),
    )


def _row(knowledge: Knowledge, example: Example, seconds: Callable[[], float]) -> Row:
    before = seconds()
    decision = knowledge.decide(example.text, Context())
    spent = (seconds() - before) * 1000
    return Row(example.id, decision.kind.value, decision.topics, decision.score, round(spent, 3))


def acceptable(example: Example, row: Row) -> bool:
    """Would a careful civil servant be content with this first reaction to the message on its own?"""
    if row.decision == DecisionKind.ANSWER:
        return bool(row.topics) and set(row.topics) <= example.good
    if row.decision == DecisionKind.ASK:
        return example.label in row.topics[:4] and example.kind != "oos"
    if row.decision == DecisionKind.HANDOFF:
        return bool(row.topics) and row.topics[0] in example.good
    elsewhere = row.decision in (DecisionKind.NOT_OURS, DecisionKind.IGNORE)
    if "sapaan" in example.good:
        return row.decision == DecisionKind.SMALLTALK or (example.label == "oos" and elsewhere)
    return example.kind == "oos" and elsewhere


def wrong_answer(example: Example, row: Row) -> bool:
    """An answer of which a topic is not acceptable: the dearest mistake."""
    return row.decision == DecisionKind.ANSWER and not set(row.topics) <= example.good


def misrouted(example: Example, row: Row) -> bool:
    """Handed to a desk that has nothing to do with it."""
    return row.decision == DecisionKind.HANDOFF and bool(row.topics) and row.topics[0] not in example.good


def wilson(hits: int, n: int, z: float = 1.96) -> list[float]:
    """95 % interval of a share after Wilson."""
    if not n:
        return [0.0, 1.0]
    share, width = hits / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / width
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / width
    return [round(middle - half, 3), round(middle + half, 3)]


def figures(examples: Sequence[Example], rows: Sequence[Row]) -> dict[str, float | int | list[float]]:
    """The figures over pairs of example and row, matched by id."""
    by_id = {row.id: row for row in rows}
    pairs = [(example, by_id[example.id]) for example in examples]
    routes = [pair for pair in pairs if pair[0].kind == "route"]
    elsewhere = [pair for pair in pairs if pair[0].label == "oos"]
    asks = [pair for pair in pairs if pair[1].decision == DecisionKind.ASK]
    handoffs = [pair for pair in pairs if pair[1].decision == DecisionKind.HANDOFF]
    fine = sum(acceptable(*pair) for pair in pairs)
    wrong = sum(wrong_answer(*pair) for pair in pairs)
    times = sorted(row.ms for _, row in pairs)
    return {
        "n": len(pairs),
        "acceptable": _share(fine, pairs),
        "acceptable_95": wilson(fine, len(pairs)),
        "wrong_answers": _share(wrong, pairs),
        "wrong_answers_95": wilson(wrong, len(pairs)),
        "asked_back": _share(len(asks), pairs),
        "ask_hits": _share(sum(example.label in row.topics[:4] for example, row in asks), asks),
        "mean_candidates": statistics.mean([len(row.topics) for _, row in asks] or [0]),
        "handed_off": _share(len(handoffs), pairs),
        "misrouted": _share(sum(misrouted(*pair) for pair in pairs), pairs),
        "route_recall": _share(sum(_routed_well(*pair) for pair in routes), routes),
        "oos_answered": _share(sum(wrong_answer(*pair) for pair in elsewhere), elsewhere),
        "oos_handed_off": _share(sum(_handed_wrongly(*pair) for pair in elsewhere), elsewhere),
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[min(len(times) - 1, int(len(times) * 0.99))],
    }


@dataclass(frozen=True, slots=True)
class TopicReport:
    """How the messages of one topic fared; `confused` counts what was answered or handed to in their place."""

    topic: str
    n: int
    acceptable: int
    asked_back: int
    confused: Counter[str]


def by_topic(examples: Sequence[Example], rows: Sequence[Row]) -> list[TopicReport]:
    """A report for each labelled topic, the weakest first."""
    pairs: dict[str, list[tuple[Example, Row]]] = {}
    for example, row in zip(examples, rows, strict=True):
        pairs.setdefault(example.label, []).append((example, row))
    found = []
    for topic, judged in pairs.items():
        wrong = [row for example, row in judged if not acceptable(example, row)]
        found.append(
            TopicReport(
                topic=topic,
                n=len(judged),
                acceptable=len(judged) - len(wrong),
                asked_back=sum(row.decision == DecisionKind.ASK for _, row in judged),
                confused=Counter(_reaction(row) for row in wrong),
            )
        )
    return sorted(found, key=lambda report: (report.acceptable / report.n, report.topic))


def _reaction(row: Row) -> str:
    """A reaction as one word: the topic answered or handed to, or the kind of the reaction."""
    direct = row.decision in (DecisionKind.ANSWER, DecisionKind.HANDOFF)
    return row.topics[0] if direct and row.topics else row.decision


def _share(found: int, among: Sequence[object]) -> float:
    return found / max(1, len(among))


def _routed_well(example: Example, row: Row) -> bool:
    return row.decision == DecisionKind.HANDOFF and bool(row.topics) and row.topics[0] in example.good


def _handed_wrongly(example: Example, row: Row) -> bool:
    return row.decision == DecisionKind.HANDOFF and not _routed_well(example, row)
