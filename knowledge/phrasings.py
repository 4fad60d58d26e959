"""Sample phrasings by topic, compared with a text by the weight of what both contain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, log

#: What a phrasing has and the text lacks, and the reverse, count this much against the likeness.
MISSING, SURPLUS = 0.7, 0.3
#: Concepts say more than single words.
CONCEPT_WEIGHT = 1.8


class PhrasingIndex:
    """An inverted index from features to phrasings; immutable after construction."""

    __slots__ = ("_holders", "_topics", "_totals", "_weights")

    def __init__(self, phrasings: Mapping[str, Sequence[Sequence[str]]]) -> None:
        holders: dict[str, list[int]] = {}
        self._topics: list[str] = []
        sets: list[frozenset[str]] = []
        for topic, samples in phrasings.items():
            for features in samples:
                unique = frozenset(features)
                if unique:
                    for feature in unique:
                        holders.setdefault(feature, []).append(len(sets))
                    sets.append(unique)
                    self._topics.append(topic)
        self._weights = {feature: self._weigh(feature, at, len(phrasings)) for feature, at in holders.items()}
        self._totals = [fsum(self._weights[feature] for feature in unique) for unique in sets]
        self._holders = holders

    def scores(self, features: frozenset[str]) -> dict[str, float]:
        """For each topic the likeness, 0 to 1, of its nearest phrasing (with a little of its second nearest)."""
        shared: dict[int, float] = {}
        total = 0.0
        for feature in sorted(features):
            weight = self._weights.get(feature)
            if weight is None:
                continue
            total += weight
            for sample in self._holders[feature]:
                shared[sample] = shared.get(sample, 0.0) + weight
        best: dict[str, tuple[float, float]] = {}
        for sample, common in shared.items():
            likeness = common / (common + MISSING * (self._totals[sample] - common) + SURPLUS * (total - common))
            first, second = best.get(self._topics[sample], (0.0, 0.0))
            if likeness > second:
                best[self._topics[sample]] = (likeness, first) if likeness > first else (first, likeness)
        return {topic: 0.85 * first + 0.15 * second for topic, (first, second) in best.items()}

    def knows(self, feature: str) -> bool:
        """Whether any phrasing has the feature."""
        return feature in self._weights

    def _weigh(self, feature: str, holders: Sequence[int], topics: int) -> float:
        spread = len({self._topics[sample] for sample in holders})
        return log(1 + topics / spread) * (CONCEPT_WEIGHT if feature.startswith("#") else 1.0)
