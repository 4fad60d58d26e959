"""The decision to answer, ask back, hand over, be courteous, name another agency, or stay silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.concepts import QUESTIONS
from knowledge.decision import Context, Decision, DecisionKind, SmallTalk
from knowledge.followup import completed
from knowledge.questions import same_for_both, several
from knowledge.topics import Topic, TopicKind

if TYPE_CHECKING:
    from knowledge.understanding import Reading, Understanding

#: The route by which a matter without a clear answer reaches a person, and that of a complaint.
TO_PERSON, COMPLAINT = "minta-petugas", "pengaduan"
#: Offered beside it where nothing else fits.
ABOUT_BOT = "cara-bot"
#: Topics that are no questions: matters of others, and courtesies.
ELSEWHERE, COURTESY = "oos", "sapaan"
#: What a wrong reaction is worth where the right one is worth 1: an answer misleads; a desk is still a person who
#: passes the matter on. Asking back is worth ASKING_WORTH if the right topic is offered.
WRONG_ANSWER, WRONG_DESK, WRONGLY_SENT_AWAY = -2.5, 0.15, -1.0
ASKING_WORTH = 0.55
#: So many choices are offered at most, and no more once they are this probable together; none less probable than
#: the least.
OFFERED, OFFERED_SHARE, OFFER_LEAST = 4, 0.9, 0.03
#: Below this probability of the best topic nothing was recognised.
FLOOR = 0.08
#: Documents of this office; beside one of them another agency is only where it is needed ("KK untuk BPJS").
OUR_DOCUMENTS = frozenset({"ktp", "kk", "kia", "akta", "nik", "ikd", "suket", "sktt", "skpwni", "itap"})
#: An agency's name decides against a topic of ours that is less probable than this; against a general one (hours,
#: cost), which might be meant of that agency, nearly always.
AGENCY_DECIDES, AGENCY_DECIDES_GENERAL = 0.6, 0.98
#: Whoever speaks of these is no advertiser but somebody who met one.
HARM = frozenset({"privasi", "pungli", "lapor", "keluhan"})
#: Anger without anything to look into.
VENT = frozenset({"marah", "keluhan"})
#: A message this short may be the beginning of another.
FRAGMENT_WORDS = 3
#: So may a statement without question words.
STATEMENT_WORDS = 8
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
    alone = understanding.understand(text)
    decision = _without_matter(alone, context)
    if decision is None:
        reading, again = completed(alone, understanding, topics, text, context)
        if again is not None and again in in_service:
            decision = Decision(DecisionKind.ANSWER, (again,), 1.0)
        else:
            decision = _worthiest(reading, understanding, topics, in_service, text, context)
    return replace(
        decision,
        wants_person="bicara" in alone.concepts,
        anger="marah" in alone.concepts,
        language=alone.language,
        beliefs=alone.beliefs,
    )


def _without_matter(reading: Reading, context: Context) -> Decision | None:
    """Adverts, courtesies, openings and outbursts: messages that hold no question."""
    concepts = frozenset(reading.concepts)
    if reading.advert and not concepts & HARM:
        return Decision(DecisionKind.IGNORE, score=1.0)
    talk = {concept.removeprefix("talk-") for concept in concepts if concept.startswith("talk-")}
    matter = {concept for concept in concepts if not concept.startswith("talk-")} - QUESTIONS
    kinds = [SmallTalk(kind) for kind in ("thanks", "bye", "greeting", "ping") if kind in talk]
    best = reading.candidates[0]
    empty = not matter and not reading.matter
    if kinds and (empty or best[0] == COURTESY):
        announced = len(reading.words) <= FRAGMENT_WORDS or bool(empty and concepts & QUESTIONS)
        opening = kinds[0] in (SmallTalk.PING, SmallTalk.GREETING) and announced
        return Decision(DecisionKind.SMALLTALK, score=best[1], smalltalk=kinds[0], fragment=opening)
    announces = concepts & QUESTIONS <= {"tanya"} and (best[0] in (COURTESY, ABOUT_BOT) or not context.previous_topic)
    if empty and announces:
        return Decision(DecisionKind.SMALLTALK, score=best[1], smalltalk=SmallTalk.PING, fragment=True)
    if best[0] == COURTESY and best[1] >= ASKING_WORTH:
        return Decision(DecisionKind.SMALLTALK, score=best[1], smalltalk=SmallTalk.GREETING)
    if "marah" in concepts and matter <= VENT:
        return _vented(concepts, context)
    return None


def _vented(concepts: frozenset[str], context: Context) -> Decision:
    """Anger without a matter: a person takes over where the bot has answered or failed before; else a complaint is
    offered where something is complained of, and no case is opened unasked."""
    if context.misses or context.previous_topic:
        return Decision(DecisionKind.HANDOFF, (TO_PERSON,), ASKING_WORTH, about=context.previous_topic, gave_up=True)
    if "keluhan" in concepts:
        return Decision(DecisionKind.ASK, (COMPLAINT, TO_PERSON), ASKING_WORTH)
    return Decision(DecisionKind.NOT_OURS, score=ASKING_WORTH)


def _worthiest(
    reading: Reading,
    understanding: Understanding,
    topics: Mapping[str, Topic],
    in_service: frozenset[str],
    text: str,
    context: Context,
) -> Decision:
    """Of all reactions the one worth most, by the probabilities of the topics and what a mistake costs."""
    concepts = frozenset(reading.concepts)
    elsewhere = reading.probability(ELSEWHERE)
    ours = [item for item in reading.candidates if topics[item[0]].kind is not TopicKind.OOS]
    topic, share = ours[0]
    agency = understanding.agency(concepts)
    general = topics[topic].kind is TopicKind.FAQ and not topics[topic].document
    decides = AGENCY_DECIDES_GENERAL if general else AGENCY_DECIDES
    if agency is not None and not concepts & OUR_DOCUMENTS and share < decides:
        return Decision(DecisionKind.NOT_OURS, score=max(elsewhere, 1 - share), agency=agency)
    if both := same_for_both(reading, topics, in_service):
        return Decision(DecisionKind.ANSWER, both, share)
    offered, hit = _choices(ours)
    worth = {None: ASKING_WORTH * hit, ELSEWHERE: elsewhere + WRONGLY_SENT_AWAY * (1 - elsewhere)}
    route = next(one for one, _ in ours if topics[one].kind is TopicKind.ROUTE)
    for one, wrong in ((topic, WRONG_ANSWER), (route, WRONG_DESK)):
        accepted = understanding.accepted(reading, one)
        worth[one] = accepted + wrong * (1 - accepted)
    best = max(worth, key=worth.__getitem__)
    if best is None:
        return _unclear(offered, topic, share, reading, topics, context)
    if best == ELSEWHERE and context.misses and agency is None and _unfinished(reading):
        return Decision(DecisionKind.HANDOFF, (TO_PERSON,), elsewhere, about=context.previous_topic, gave_up=True)
    if best == ELSEWHERE:
        return Decision(DecisionKind.NOT_OURS, score=elsewhere, agency=agency, fragment=_unfinished(reading))
    score = understanding.accepted(reading, best)
    return _clear(best, score, reading, understanding, topics, in_service, text, context)


def _choices(ours: list[tuple[str, float]]) -> tuple[list[str], float]:
    """The topics to offer, likeliest first, and how probable it is that the right one is among them."""
    offered: list[str] = []
    hit = 0.0
    for topic, share in ours[:OFFERED]:
        if share < OFFER_LEAST or (len(offered) > 1 and hit >= OFFERED_SHARE):
            break
        offered.append(topic)
        hit += share
    return offered, hit


def _clear(
    topic: str,
    score: float,
    reading: Reading,
    understanding: Understanding,
    topics: Mapping[str, Topic],
    in_service: frozenset[str],
    text: str,
    context: Context,
) -> Decision:
    """The best topic is sure enough: its answer (with that of other questions asked along), or its desk."""
    if topics[topic].kind is TopicKind.ROUTE:
        matter = next((one for one, share in reading.candidates if one in in_service and share >= FLOOR), None)
        return Decision(DecisionKind.HANDOFF, (topic,), score, about=matter or context.previous_topic)
    if topic not in in_service:
        return Decision(DecisionKind.HANDOFF, (TO_PERSON,), score, about=topic, gave_up=True)
    about = context.previous_topic if not topics[topic].document else None
    return Decision(
        DecisionKind.ANSWER, several(text, topic, reading, understanding, topics, in_service), score, about=about
    )


def _unclear(
    offered: list[str],
    topic: str,
    share: float,
    reading: Reading,
    topics: Mapping[str, Topic],
    context: Context,
) -> Decision:
    """Nothing is sure enough: choices, the usual topics of a bare document, or a person after misses."""
    fragment = _unfinished(reading)
    if context.misses >= MISSES_ALLOWED or (context.misses and share < FLOOR):
        return Decision(DecisionKind.HANDOFF, (TO_PERSON,), share, about=topic, fragment=fragment, gave_up=True)
    if not offered:
        usual = [one.id for one in topics.values() if one.document and one.document in reading.concepts]
        return Decision(DecisionKind.ASK, tuple(usual[:OFFERED]), share, fragment=True)
    if len(offered) == 1:
        offered = [*offered, TO_PERSON if topic != TO_PERSON else ABOUT_BOT]
    return Decision(DecisionKind.ASK, tuple(offered), share, fragment=fragment)


def _unfinished(reading: Reading) -> bool:
    """A few words, or a short statement that asks nothing: probably a piece of a message in several parts."""
    asks = bool(QUESTIONS.intersection(reading.concepts))
    return len(reading.words) <= (FRAGMENT_WORDS if asks else STATEMENT_WORDS)
