"""Completing a short follow-up with what the conversation was about: "kalau yang rusak?" after a lost KTP-el."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.decision import Context
    from knowledge.topics import Topic
    from knowledge.understanding import Reading, Understanding

#: A message with more words than this says itself what it is about.
FOLLOW_UP_WORDS = 8
#: Concepts that ask for the requirements or the way again, and so for the previous topic as a whole.
AGAIN = frozenset({"syarat", "cara"})


def completed(
    reading: Reading,
    understanding: Understanding,
    topics: Mapping[str, Topic],
    text: str,
    context: Context,
) -> tuple[Reading, str | None]:
    """The reading with what the previous topic adds, and that topic itself where only it is asked for again."""
    previous = topics.get(context.previous_topic or "")
    if previous is None or len(reading.words) > FOLLOW_UP_WORDS:
        return reading, None
    matter = [feature for feature in reading.content if feature[1:] not in understanding.silent]
    if not matter and reading.concepts & AGAIN:
        return reading, previous.id
    documents = {topic.document for topic in topics.values()} & reading.concepts
    events = {topic.event for topic in topics.values()} & reading.concepts
    extra = [previous.document] if events and not documents else [previous.event] if documents and not events else []
    extra = [concept for concept in extra if concept]
    return (understanding.understand(text, extra), None) if extra else (reading, None)
