"""Messages the bot could not settle, grouped by likeness: where the knowledge base has to learn next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.normalise import plain

#: Two messages this alike (0 to 100) are about the same gap.
ALIKE = 66


@dataclass(frozen=True, slots=True)
class Missed:
    """One message that was not settled: `why` in a word, the topics offered, and the one the resident chose ("")."""

    id: int
    text: str
    why: str
    offered: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Like messages: the one most like the others first."""

    messages: tuple[Missed, ...]

    @property
    def why(self) -> Counter[str]:
        """How often for which reason."""
        return Counter(message.why for message in self.messages)

    @property
    def topics(self) -> Counter[str]:
        """Topics that residents chose or were offered; a choice counts as much as ten offers."""
        counted: Counter[str] = Counter()
        for message in self.messages:
            counted.update(message.offered)
            if message.chosen:
                counted[message.chosen] += 10
        return counted


def gaps(missed: Sequence[Missed]) -> list[Gap]:
    """The gaps, the most frequent first; within equals the one heard of first."""
    if not missed:
        return []
    texts = [plain(message.text) for message in missed]
    alike = process.cdist(texts, texts, scorer=fuzz.token_sort_ratio, dtype=np.uint8) >= ALIKE
    np.fill_diagonal(alike, True)  # a message without a letter is not even like itself
    left = np.ones(len(missed), dtype=bool)
    found: list[Gap] = []
    neighbours = alike.sum(axis=1)
    while left.any():
        centre = int((neighbours * left).argmax())
        members = [at for at in np.flatnonzero(alike[centre] & left).tolist() if at != centre]
        found.append(Gap(tuple(missed[at] for at in (centre, *members))))
        left[[centre, *members]] = False
        neighbours = neighbours - alike[:, [centre, *members]].sum(axis=1)
    return sorted(found, key=lambda gap: -len(gap.messages))
