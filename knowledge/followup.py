"""Completing a short follow-up with what the conversation was about: "kalau yang rusak?" after a lost KTP-el."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from knowledge.concepts import AGENCY, QUESTIONS
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
#: A question that names its own document and is this probable is no follow-up.
WHOLE = 0.9
#: A follow-up this probable on its own needs no completing.
SURE = 0.7
#: A general topic (cost, who may come) this probable on its own is not silenced by the previous topic, which the added
#: words always bring back; and what is none of our questions ends the follow-up where it is this probable.
HEARD, ANOTHER_MATTER = 0.2, 0.3
#: A completed follow-up about the same document is taken for it when it is this probable.
SAME_DOCUMENT = 0.5


def asks(understanding: Understanding, text: str) -> bool:
    """Whether a text holds a question: by its sign, its words, as "kalau ..." on its own, or ending in "... ga"."""
    reading = understanding.understand(text)
    framed = reading.words[:1] == ("kalau",) or reading.words[-1:] == ("tidak",)
    return "?" in text or framed or bool(QUESTIONS.intersection(reading.concepts))


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
        return _about_its_document(reading, understanding, topics, text, previous), None
    if documents and not events and previous.event:
        whole = reading.candidates[0][1] >= WHOLE
        return (reading if whole else understanding.understand(f"{text} {_words(understanding, previous.event)}")), None
    if reading.candidates[0][1] >= SURE or any(name.startswith(AGENCY) for name in concepts):
        return reading, None
    return _about_it(reading, understanding, topics, text, previous), None


def _about_its_document(
    reading: Reading, understanding: Understanding, topics: Mapping[str, Topic], text: str, previous: Topic
) -> Reading:
    """ "Kalau yang rusak?": another event, the same document unless that makes little sense."""
    with_document = understanding.understand(f"{_words(understanding, previous.document)} {text}")
    best, share = with_document.candidates[0]
    same = share >= SAME_DOCUMENT and topics[best].document == previous.document
    return with_document if same else _likelier(reading, with_document)


def _about_it(
    reading: Reading, understanding: Understanding, topics: Mapping[str, Topic], text: str, previous: Topic
) -> Reading:
    """ "Harus sendiri?": neither document nor event; the previous topic, unless another matter is heard too."""
    best, share = reading.candidates[0]
    general = [item for item in reading.candidates[:3] if _general(topics[item[0]]) and item[1] >= HEARD]
    if topics[best].kind is not TopicKind.FAQ and share >= ANOTHER_MATTER and not general:
        return reading
    added = " ".join(_words(understanding, concept) for concept in (previous.document, previous.event) if concept)
    with_more = understanding.understand(f"{added} {text}")
    if with_more.candidates[0][0] == previous.id and general:
        return _between(reading, with_more)
    return _likelier(reading, with_more)


def _general(topic: Topic) -> bool:
    """Whether a topic is asked of every matter: cost, duration, place."""
    return topic.kind is TopicKind.FAQ and not topic.document and not topic.event


def _between(alone: Reading, with_more: Reading) -> Reading:
    """The reading halfway between two, so that what both suggest is offered."""
    shares = dict(with_more.candidates)
    middle = [(topic, (share + shares[topic]) / 2) for topic, share in alone.candidates]
    return replace(alone, candidates=tuple(sorted(middle, key=itemgetter(1), reverse=True)))


def _likelier(alone: Reading, with_more: Reading) -> Reading:
    """The reading that is surer of its best topic."""
    return with_more if with_more.candidates[0][1] > alone.candidates[0][1] else alone


def _words(understanding: Understanding, concept: str) -> str:
    """A concept as residents would write it: the first of its words."""
    return next(iter(understanding.lexicon.concepts.get(concept, (concept,))))
