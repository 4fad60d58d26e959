"""A message with several questions: what else is asked beside the main matter, for up to three answers in a reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from knowledge.normalise import plain
from knowledge.topics import TopicKind

if TYPE_CHECKING:
    from knowledge.topics import Topic
    from knowledge.understanding import Understanding

#: Answers in one reply at most.
MOST = 3
#: A part of fewer words is no question of its own.
PART_WORDS = 3
#: Another question counts where its part alone is this sure, and not strange to the whole message.
SURE, IN_WHOLE = 0.8, 0.02
_PARTS = re.compile(
    r"[?!.;\n]+|,|\b(?:dan|serta|sama|trus|terus|trs|sekalian|plus|satu lagi|and|also)\b", re.IGNORECASE
)


#: Two wordings this alike (0 to 100) ask the same.
SAME = 82


def same_question(one: str, other: str) -> bool:
    """Whether two messages ask the same thing in nearly the same words, in any order."""
    return fuzz.token_set_ratio(plain(one), plain(other)) >= SAME


def several(
    text: str, main: str, understanding: Understanding, topics: Mapping[str, Topic], in_service: frozenset[str]
) -> tuple[str, ...]:
    """The topics to answer, the main one among them, in the order they are asked.

    A general topic (cost, duration) beside a document's own is left out: the article of the document says it.
    """
    parts = [part for part in _PARTS.split(text) if len(part.split()) >= PART_WORDS]
    found: list[str] = []
    whole = understanding.understand(text) if len(parts) > 1 else None
    for part in parts if whole else ():
        topic, share = understanding.understand(part).candidates[0]
        own = topics[topic].kind is TopicKind.FAQ and bool(topics[topic].document)
        if own and share >= SURE and topic in in_service and whole and whole.probability(topic) >= IN_WHOLE:
            found.append(topic)
    if main not in found:
        found.insert(0, main)
    unique = list(dict.fromkeys(found))
    return tuple(unique[:MOST]) if main in unique[:MOST] else (main,)
