"""Completing a short follow-up with what the conversation was about: "kalau yang rusak?" after a lost KTP-el."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from knowledge.topics import TopicKind

if TYPE_CHECKING:
    from knowledge.decision import Context
    from knowledge.topics import Topic
    from knowledge.understanding import Reading, Understanding

#: A message with more words than this says itself what it is about.
FOLLOW_UP_WORDS = 9
#: Concepts that ask for the requirements or the way again, and so for the previous topic as a whole.
AGAIN = frozenset({"syarat", "cara"})
#: Concepts that carry no matter of their own.
BARE = frozenset({"tanya", "buat", "baru", "ganti", "kantor", "kota-ini"})
#: A follow-up this probable on its own needs no completing.
SURE = 0.7


def completed(
    reading: Reading,
    understanding: Understanding,
    topics: Mapping[str, Topic],
    text: str,
    context: Context,
) -> tuple[Reading, str | None]:
    """The reading with what the previous topic adds, and that topic itself where only it is asked for again."""
    previous = topics.get(context.previous_topic or "")
    if previous is None or previous.kind is not TopicKind.FAQ or len(reading.words) > FOLLOW_UP_WORDS:
        return reading, None
    concepts = {concept for concept in reading.concepts if not concept.startswith("talk-")} - BARE
    if not reading.matter and concepts and concepts <= AGAIN:
        return reading, previous.id
    documents = {topic.document for topic in topics.values()} & concepts
    events = {topic.event for topic in topics.values()} & concepts
    if events and not documents and previous.document:
        return _likelier(reading, understanding.understand(f"{_words(understanding, previous.document)} {text}")), None
    if documents and not events and previous.event:
        return understanding.understand(f"{text} {_words(understanding, previous.event)}"), None
    best, share = reading.candidates[0]
    if share >= SURE or topics[best].kind is not TopicKind.FAQ:
        return reading, None
    added = " ".join(_words(understanding, concept) for concept in (previous.document, previous.event) if concept)
    return _likelier(reading, understanding.understand(f"{added} {text}")), None


def _likelier(alone: Reading, with_more: Reading) -> Reading:
    """The reading that is surer of its best topic."""
    return with_more if with_more.candidates[0][1] > alone.candidates[0][1] else alone


def _words(understanding: Understanding, concept: str) -> str:
    """A concept as residents would write it: the first of its words."""
    return next(iter(understanding.lexicon.concepts.get(concept, (concept,))))
