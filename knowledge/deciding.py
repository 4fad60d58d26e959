"""The decision to answer, ask back, hand over, be courteous, name another agency, or stay silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from knowledge.decision import Context, Decision, DecisionKind, SmallTalk
from knowledge.followup import AGAIN, completed
from knowledge.topics import Topic, TopicKind
from knowledge.understanding import ASKING, Reading, Understanding

#: The route by which a matter without a clear answer reaches a person.
TO_PERSON = "minta-petugas"
#: Offered beside it where nothing else fits.
ABOUT_BOT = "cara-bot"
#: Answer alone from this score on, if ahead of the next by the margin; a wrong answer costs more than a question.
ANSWER_SCORE, ANSWER_MARGIN = 0.53, 0.12
#: Clear enough whatever the distance to the next.
SURE_SCORE, SURE_MARGIN = 0.8, 0.06
#: Hand to a desk from this score on.
ROUTE_SCORE, ROUTE_MARGIN = 0.42, 0.04
#: Below this nothing was recognised.
FLOOR = 0.2
OFFERED = 4
#: Candidates below this share of the best are not offered.
OFFER_SHARE = 0.45
#: Documents of this office; beside one of them another agency is only where it is needed ("KK untuk BPJS").
OUR_DOCUMENTS = frozenset({"ktp", "kk", "kia", "akta", "nik", "ikd", "suket", "sktt", "skpwni", "itap"})
#: Concepts without weight that are questions all the same.
QUESTIONS = frozenset({ASKING, *AGAIN})
#: Whoever speaks of these is no advertiser but somebody who met one.
HARM = frozenset({"privasi", "pungli", "lapor", "keluhan"})
#: Anger without anything to look into.
VENT = frozenset({"marah", "keluhan"})
#: General questions (cost, hours) count this much less for every word that nobody knows here.
STRANGE_WORD_COST = 0.05
#: So many words with a matter, none of them known: a question to somebody else.
STRANGE_WORDS = 3
#: A message this short may be the beginning of another.
FRAGMENT_WORDS = 3
#: So may a statement without question words.
STATEMENT_WORDS = 8
#: A thank-you with more words than this says something else too.
CLOSING_WORDS = 14
#: After so many misses in a row a person takes over.
MISSES_ALLOWED = 2


def decide(
    understanding: Understanding,
    topics: Mapping[str, Topic],
    in_service: frozenset[str],
    text: str,
    context: Context,
) -> Decision:
    """The first reaction to `text`; deterministic, never raises, whatever the text."""
    reading = understanding.understand(text)
    decision = _without_matter(reading, understanding)
    if decision is None:
        reading, repeated = completed(reading, understanding, topics, text, context)
        if repeated is not None and repeated in in_service:
            decision = Decision(DecisionKind.ANSWER, (repeated,), SURE_SCORE)
        else:
            decision = _other_agency(reading, understanding, topics) or _by_rank(
                reading, understanding, topics, in_service, context
            )
    return replace(decision, wants_person="bicara" in reading.concepts, anger="marah" in reading.concepts)


def _without_matter(reading: Reading, understanding: Understanding) -> Decision | None:
    """Adverts, courtesies and openings: messages that hold no question."""
    if "iklan" in reading.concepts and not reading.concepts & HARM:
        return Decision(DecisionKind.IGNORE, score=0.9)
    courtesies = understanding.silent - QUESTIONS
    matter = [one for one in reading.content if not one.startswith("#talk-") and one[1:] not in courtesies]
    talk = {feature[len("#talk-") :] for feature in reading.content if feature.startswith("#talk-")}
    kinds = [SmallTalk(kind) for kind in ("thanks", "bye", "greeting", "ping") if kind in talk]
    closing = bool(kinds) and kinds[0] in (SmallTalk.THANKS, SmallTalk.BYE) and len(reading.words) <= CLOSING_WORDS
    asks = ASKING in reading.concepts or any(score >= ROUTE_SCORE for _, score in reading.candidates[:1])
    if kinds and (not matter or (closing and not asks)):
        opening = kinds[0] in (SmallTalk.PING, SmallTalk.GREETING) and len(reading.words) <= FRAGMENT_WORDS
        return Decision(DecisionKind.SMALLTALK, score=0.9, smalltalk=kinds[0], fragment=opening)
    if not matter:
        return Decision(DecisionKind.SMALLTALK, score=0.3, smalltalk=SmallTalk.PING, fragment=True)
    if "marah" in reading.concepts and {one[1:] for one in matter if one.startswith("#")} <= VENT:
        return _vented(reading)
    return None


def _vented(reading: Reading) -> Decision:
    """Anger without a matter: no case is opened unasked; a complaint is offered where something is complained of."""
    if "keluhan" in reading.concepts:
        return Decision(DecisionKind.ASK, ("pengaduan", TO_PERSON), ROUTE_SCORE)
    return Decision(DecisionKind.NOT_OURS, score=ROUTE_SCORE)


def _other_agency(reading: Reading, understanding: Understanding, topics: Mapping[str, Topic]) -> Decision | None:
    """A matter of another agency, or of none: named where the lexicon knows it."""
    ours = max((score for topic, score in reading.candidates if topics[topic].kind is not TopicKind.OOS), default=0.0)
    other = max((score for topic, score in reading.candidates if topics[topic].kind is TopicKind.OOS), default=0.0)
    agency = understanding.agency(reading.concepts)
    named = agency is not None and not reading.concepts & OUR_DOCUMENTS
    if named or (other > ours and other >= ROUTE_SCORE):
        return Decision(DecisionKind.NOT_OURS, score=other, agency=agency)
    known = reading.concepts & OUR_DOCUMENTS
    if max(ours, other) < FLOOR and not known and len(reading.content) >= STRANGE_WORDS:
        return Decision(DecisionKind.NOT_OURS, score=1 - FLOOR, agency=agency, fragment=_unfinished(reading))
    return None


def _ranked(reading: Reading, understanding: Understanding, topics: Mapping[str, Topic]) -> list[tuple[str, float]]:
    """Our topics, best first; a general question among strange words is probably about something else."""
    strange = sum(understanding.strange(feature) for feature in reading.content)
    found = []
    for topic, score in reading.candidates:
        if topics[topic].kind is not TopicKind.OOS:
            general = topics[topic].kind is TopicKind.FAQ and not topics[topic].document and not topics[topic].event
            found.append((topic, max(0.0, score - (STRANGE_WORD_COST * strange if general else 0.0))))
    return sorted(found, key=lambda item: -item[1])


def _by_rank(
    reading: Reading,
    understanding: Understanding,
    topics: Mapping[str, Topic],
    in_service: frozenset[str],
    context: Context,
) -> Decision:
    """Answer, hand over or ask back, by how clear the best topic is."""
    ranked = _ranked(reading, understanding, topics)
    if not ranked or ranked[0][1] < FLOOR:
        return _unclear(reading, topics, context)
    both = _both_documents(ranked, reading, topics, in_service)
    if both:
        return Decision(DecisionKind.ANSWER, both, ranked[0][1])
    (topic, score), ahead = ranked[0], ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0)
    is_route = topics[topic].kind is TopicKind.ROUTE
    least, margin = (ROUTE_SCORE, ROUTE_MARGIN) if is_route else (ANSWER_SCORE, ANSWER_MARGIN)
    if (score >= least and ahead >= margin) or (score >= SURE_SCORE and ahead >= SURE_MARGIN):
        return _clear(topic, ranked, topics, in_service, context)
    if context.misses >= MISSES_ALLOWED:
        return Decision(DecisionKind.HANDOFF, (TO_PERSON,), score, about=topic, fragment=_unfinished(reading))
    offered = [one for one, other in ranked[:OFFERED] if other >= max(FLOOR * 0.8, OFFER_SHARE * score)]
    if len(offered) == 1:
        offered.append(TO_PERSON if topic != TO_PERSON else ABOUT_BOT)
    return Decision(DecisionKind.ASK, tuple(offered), score, fragment=_unfinished(reading))


def _unfinished(reading: Reading) -> bool:
    """A few words, or a short statement that asks nothing: probably a piece of a message in several parts."""
    asks = bool(reading.concepts & QUESTIONS)
    return len(reading.words) <= (FRAGMENT_WORDS if asks else STATEMENT_WORDS)


def _both_documents(
    ranked: list[tuple[str, float]], reading: Reading, topics: Mapping[str, Topic], in_service: frozenset[str]
) -> tuple[str, ...]:
    """Two topics where one thing happened to two documents ("KTP dan KK hilang"), in the order of mention."""
    sure = [topics[topic] for topic, score in ranked[:2] if score >= SURE_SCORE and topic in in_service]
    if len(sure) < len(ranked[:2]) or len(sure) < 2 or sure[0].event != sure[1].event or not sure[0].event:
        return ()
    if sure[0].document == sure[1].document or not {topic.document for topic in sure} <= reading.concepts:
        return ()
    return tuple(topic.id for topic in sorted(sure, key=lambda topic: reading.content.index(f"#{topic.document}")))


def _clear(
    topic: str,
    ranked: list[tuple[str, float]],
    topics: Mapping[str, Topic],
    in_service: frozenset[str],
    context: Context,
) -> Decision:
    score = ranked[0][1]
    if topics[topic].kind is TopicKind.ROUTE:
        matter = next((one for one, other in ranked if topics[one].kind is TopicKind.FAQ and other >= FLOOR), None)
        return Decision(DecisionKind.HANDOFF, (topic,), score, about=matter or context.previous_topic)
    if topic not in in_service:
        return Decision(DecisionKind.HANDOFF, (TO_PERSON,), score, about=topic)
    about = context.previous_topic if not topics[topic].document else None
    return Decision(DecisionKind.ANSWER, (topic,), score, about=about)


def _unclear(reading: Reading, topics: Mapping[str, Topic], context: Context) -> Decision:
    """Nothing was recognised beyond perhaps a document: offer its usual topics, or let a person take over."""
    if context.misses >= MISSES_ALLOWED - 1:
        return Decision(DecisionKind.HANDOFF, (TO_PERSON,), FLOOR, fragment=_unfinished(reading))
    usual = [topic.id for topic in topics.values() if topic.document and topic.document in reading.concepts]
    opening = reading.concepts <= QUESTIONS | {f"talk-{kind}" for kind in SmallTalk}
    return Decision(DecisionKind.ASK, tuple(usual[:OFFERED]), fragment=opening or _unfinished(reading))
