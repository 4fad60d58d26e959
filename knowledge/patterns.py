"""Combinations of concepts that point at a topic, such as "ktp hilang": readable rules, scored by what they cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from knowledge.errors import KnowledgeError

#: Weight of a concept that the lexicon gives none.
USUAL_WEIGHT = 1.0
#: How much a concept of the text that a pattern leaves unexplained counts against it.
UNEXPLAINED = 0.3


@dataclass(frozen=True, slots=True)
class _Pattern:
    topic: str
    wanted: tuple[frozenset[str], ...]
    unwanted: frozenset[str]


class PatternBook:
    """The patterns by topic: "a b|c !d" wants a, and b or c, and forbids d."""

    __slots__ = ("_by_first", "_weights")

    def __init__(self, patterns: Mapping[str, tuple[str, ...]], weights: Mapping[str, float]) -> None:
        self._weights = dict(weights)
        self._by_first: dict[str, list[_Pattern]] = {}
        for topic, lines in patterns.items():
            for line in lines:
                pattern = _parse(topic, line)
                for concept in pattern.wanted[0]:
                    self._by_first.setdefault(concept, []).append(pattern)

    def scores(self, concepts: frozenset[str]) -> dict[str, float]:
        """For each topic with a fitting pattern the share, 0 to 1, of the text's concepts it explains."""
        weights = {concept: self._weights.get(concept, USUAL_WEIGHT) for concept in concepts}
        total = fsum(weights.values())
        best: dict[str, float] = {}
        for concept in concepts:
            for pattern in self._by_first.get(concept, ()):
                if pattern.unwanted & concepts:
                    continue
                met = [wanted & concepts for wanted in pattern.wanted]
                if not all(met):
                    continue
                covered = fsum(weights[one] for one in frozenset().union(*met))
                score = covered / (covered + UNEXPLAINED * (total - covered)) * min(1.0, 0.55 + 0.15 * covered)
                best[pattern.topic] = max(score, best.get(pattern.topic, 0.0))
        return best


def _parse(topic: str, line: str) -> _Pattern:
    parts = line.split()
    wanted = tuple(frozenset(part.split("|")) for part in parts if not part.startswith("!"))
    if not wanted:
        raise KnowledgeError(f"lexicon: pattern {line!r} of {topic} wants nothing")
    return _Pattern(topic, wanted, frozenset(part[1:] for part in parts if part.startswith("!")))
