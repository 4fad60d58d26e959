"""A message with several questions: what else is asked beside the main matter, for up to three answers in a reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from knowledge.concepts import QUESTIONS
from knowledge.normalise import plain
from knowledge.topics import TopicKind

if TYPE_CHECKING:
    from knowledge.topics import Topic
    from knowledge.understanding import Reading, Understanding

#: Answers in one reply at most.
MOST = 3
#: A part of fewer words is no question of its own.
PART_WORDS = 3
#: Another question counts where its part alone is this sure, and not strange to the whole message.
SURE, IN_WHOLE = 0.85, 0.01
#: Two documents to which the same happened share the message's probability; together they reach this, each alone that.
BOTH, EACH = 0.85, 0.05
_PARTS = re.compile(r"(?<=[?!.;\n])|,|\b(?:dan|serta|trus|terus|trs|sekalian|plus|satu lagi|and|also)\b", re.IGNORECASE)
#: Two wordings this alike (0 to 100) ask the same.
SAME = 82


def same_question(one: str, other: str) -> bool:
    """Whether two messages ask the same thing in nearly the same words, in any order."""
    return fuzz.token_set_ratio(plain(one), plain(other)) >= SAME


def several(
    text: str,
    main: str,
    whole: Reading,
    understanding: Understanding,
    topics: Mapping[str, Topic],
    in_service: frozenset[str],
) -> tuple[str, ...]:
    """The topics to answer, the main one among them, in the order they are asked; `whole` is the text's reading.

    A part counts if it asks, or if the message ends in a question for all of it ("... syaratnya apa?"). A general topic
    (cost, duration) beside a document's own is left out: the article of the document says it.
    """
    parts = [part for part in _PARTS.split(text) if len(part.split()) >= PART_WORDS]
    others = {topic for topic, share in whole.candidates if share >= IN_WHOLE and topic in in_service}
    others = {topic for topic in others if _another_matter(topics[topic], topics[main])}
    readings = [(part, understanding.understand(part)) for part in parts] if len(parts) > 1 and others else []
    for_all = any(not reading.matter and QUESTIONS.issuperset(reading.concepts) for _, reading in readings)
    found: list[str] = []
    for part, reading in readings:
        topic, share = reading.candidates[0]
        asks = for_all or "?" in part or bool(QUESTIONS.intersection(reading.concepts))
        if share >= SURE and (topic == main or (asks and topic in others)):
            found.append(topic)
    if main not in found:
        found.insert(0, main)
    unique = list(dict.fromkeys(found))
    return tuple(unique[:MOST]) if main in unique[:MOST] else (main,)


def told_beside(
    text: str, understanding: Understanding, topics: Mapping[str, Topic], in_service: frozenset[str]
) -> str | None:
    """The document's topic that one part of a message surely asks about, where the others ask its cost or duration:
    its article tells them too. None if there is no such part, or more than one."""
    found = set()
    for part in (part for part in _PARTS.split(text) if len(part.split()) >= PART_WORDS):
        topic, share = understanding.understand(part).candidates[0]
        if share >= SURE and topic in in_service and topics[topic].document:
            found.add(topic)
    return found.pop() if len(found) == 1 else None


def _another_matter(other: Topic, main: Topic) -> bool:
    """Whether a topic may be a second wish: of the same document or event it is rather the first one misread."""
    apart = other.document != main.document and (other.event != main.event or not other.event)
    return other.kind is TopicKind.FAQ and bool(other.document) and apart


def same_for_both(whole: Reading, topics: Mapping[str, Topic], in_service: frozenset[str]) -> tuple[str, ...]:
    """Two topics where one thing happened to two documents ("KK dan KTP hilang"), in the order of mention; else ()."""
    (one, share), (other, second) = whole.candidates[:2]
    first, then = topics[one], topics[other]
    alike = first.event and first.event == then.event and first.document != then.document
    if not alike or second < EACH or share + second < BOTH or not {one, other} <= in_service:
        return ()
    if not {first.document, then.document} <= set(whole.concepts):
        return ()
    return (one, other) if whole.concepts.index(first.document) < whole.concepts.index(then.document) else (other, one)
