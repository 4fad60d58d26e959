"""Whether the score of a decision means what it says: of those with a score of 0.8, are eight in ten acceptable?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import DecisionKind
from knowledge.evaluation import Evaluation, acceptable, wilson

BINS = 10
#: The decisions that act on the score; asking back and courtesies do not claim to know.
_SURE = frozenset({DecisionKind.ANSWER.value, DecisionKind.HANDOFF.value})


@dataclass(frozen=True, slots=True)
class Bin:
    """The decisions with a score in one tenth: mean score, share that was acceptable with its 95 % interval, count."""

    score: float
    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The bins that hold any decision, from low scores to high ones; `gap` is the mean distance between score and
    share, weighed by count."""

    name: str
    bins: tuple[Bin, ...]

    @property
    def n(self) -> int:
        return sum(one.n for one in self.bins)

    @property
    def gap(self) -> float:
        return sum(one.n * abs(one.score - one.share) for one in self.bins) / max(1, self.n)


def curve(name: str, evaluation: Evaluation) -> Curve:
    """The curve of an evaluation's decisions."""
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for example, row in zip(evaluation.examples, evaluation.rows, strict=True):
        if row.decision in _SURE:
            fine = acceptable(example, row)
            sorted_in[min(BINS - 1, int(row.score * BINS))].append((row.score, fine))
    return Curve(name, tuple(_bin(inside) for inside in sorted_in if inside))


def print_curve(found: Curve) -> None:
    print(f"\nreliability, {found.name}: {found.n:,} answered or handed over, mean gap {found.gap:.3f}")
    print(f"{'score':>6} {'acceptable':>10} {'95 %':>13} {'n':>6}")
    for one in found.bins:
        print(f"{one.score:6.3f} {one.share:10.3f} {one.low:6.3f}-{one.high:.3f} {one.n:6}")


def _bin(inside: Sequence[tuple[float, bool]]) -> Bin:
    fine = sum(good for _, good in inside)
    low, high = wilson(fine, len(inside))
    return Bin(sum(score for score, _ in inside) / len(inside), fine / len(inside), low, high, len(inside))
