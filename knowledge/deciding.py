"""The decision to answer, ask back, hand over, be courteous, name another agency, or stay silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.concepts import QUESTIONS
from knowledge.decision import Context, Decision, DecisionKind, SmallTalk
from knowledge.followup import completed
from knowledge.questions import same_for_both, several, told_beside
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
WRONG_ANSWER, WRONG_DESK, WRONGLY_SENT_AWAY = -2.0, 0.12, -1.0
ASKING_WORTH = 0.5
#: So many choices are offered at most, and no more once they are this probable together; none less probable than
#: the least.
OFFERED, OFFERED_SHARE, OFFER_LEAST = 4, 0.88, 0.04
#: A topic less probable than this is neither answered nor handed to its desk.
LEAST = 0.25
#: A message that names a document of ours is a mere courtesy only from this probability on.
COURTEOUS = 0.9
#: Below this probability of the best topic nothing was recognised.
FLOOR = 0.08
#: Documents of this office; beside one of them another agency is only where it is needed ("KK untuk BPJS").
OUR_DOCUMENTS = frozenset({"ktp", "kk", "kia", "akta", "nik", "ikd", "suket", "sktt", "skpwni", "itap"})
#: An agency's name decides against a topic of ours that is less probable than this; against a general one (hours,
#: cost), which might be meant of that agency, nearly always.
AGENCY_DECIDES, AGENCY_DECIDES_GENERAL = 0.6, 0.98
#: General topics that every document's article tells as well.
TOLD_IN_ARTICLES = frozenset({"biaya", "lama-proses"})
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


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides first reactions with one version of the knowledge base; deterministic, never raises."""

    understanding: Understanding
    topics: Mapping[str, Topic]
    in_service: frozenset[str]

    def decide(self, text: str, context: Context) -> Decision:
        """The first reaction to `text`, whatever it is."""
        alone = self.understanding.understand(text)
        decision = _without_matter(alone, context)
        if decision is None:
            reading, again = completed(alone, self.understanding, self.topics, text, context)
            if again is not None and again in self.in_service:
                decision = Decision(DecisionKind.ANSWER, (again,), 1.0)
            else:
                decision = self._certain(reading, context) or self._worthiest(reading, text, context)
        unsettled = decision.gave_up or decision.kind in (DecisionKind.ASK, DecisionKind.NOT_OURS)
        last = self.understanding.understand(text.rpartition("\n")[2]) if "\n" in text else alone
        return replace(
            decision,
            fragment=decision.fragment or (unsettled and not decision.agency and _unfinished(last)),
            wants_person="bicara" in alone.concepts,
            anger="marah" in alone.concepts,
            language=alone.language,
            beliefs=alone.beliefs,
        )

    def _certain(self, reading: Reading, context: Context) -> Decision | None:
        """What needs no weighing: another agency's name, one thing that happened to two documents, a bare document."""
        topic, share = self._ours(reading)[0]
        concepts = frozenset(reading.concepts)
        agency = self.understanding.agency(concepts)
        general = self.topics[topic].kind is TopicKind.FAQ and not self.topics[topic].document
        decides = AGENCY_DECIDES_GENERAL if general else AGENCY_DECIDES
        if agency is not None and not concepts & OUR_DOCUMENTS and share < decides:
            return Decision(DecisionKind.NOT_OURS, score=1 - share, agency=agency)
        if both := same_for_both(reading, self.topics, self.in_service):
            return Decision(DecisionKind.ANSWER, both, share)
        named = [concept for concept in reading.concepts if not concept.startswith("talk-")]
        if reading.matter or len(named) != 1 or named[0] not in OUR_DOCUMENTS:
            return None
        usual = [one for one, _ in reading.candidates if self.topics[one].document == named[0]]
        return self._unclear(usual[:OFFERED], reading, context) if usual else None

    def _worthiest(self, reading: Reading, text: str, context: Context) -> Decision:
        """Of all reactions the one worth most, by the probabilities of the topics and what a mistake costs."""
        ours, elsewhere = self._ours(reading), reading.probability(ELSEWHERE)
        offered, hit = _choices(ours)
        worth = {None: ASKING_WORTH * hit, ELSEWHERE: elsewhere + WRONGLY_SENT_AWAY * (1 - elsewhere)}
        route = next(one for one, _ in ours if self.topics[one].kind is TopicKind.ROUTE)
        says = len(reading.words) > 1 or bool(reading.concepts)
        for one, wrong in ((ours[0][0], WRONG_ANSWER), (route, WRONG_DESK)) if says else ((route, WRONG_DESK),):
            accepted = self.understanding.accepted(reading, one)
            if accepted < LEAST:
                continue
            worth[one] = accepted + wrong * (1 - accepted)
        best = max(worth, key=worth.__getitem__)
        if best in (None, ours[0][0]) and {one for one, _ in ours[:2]} & TOLD_IN_ARTICLES:
            told = told_beside(text, self.understanding, self.topics, self.in_service)
            if told:
                return Decision(DecisionKind.ANSWER, (told,), hit)
        if best is None:
            asked = self._asked(ours[0][0], reading, text)
            if len(asked) > 1:
                return Decision(DecisionKind.ANSWER, asked, hit)
            return self._unclear(offered, reading, context)
        if best != ELSEWHERE:
            return self._clear(best, reading, text, context)
        agency = self.understanding.agency(frozenset(reading.concepts))
        if context.misses and agency is None and _unfinished(reading):
            return Decision(DecisionKind.HANDOFF, (TO_PERSON,), elsewhere, about=context.previous_topic, gave_up=True)
        return Decision(DecisionKind.NOT_OURS, score=elsewhere, agency=agency)

    def _ours(self, reading: Reading) -> list[tuple[str, float]]:
        """The candidates that are matters of this office."""
        return [item for item in reading.candidates if self.topics[item[0]].kind is not TopicKind.OOS]

    def _clear(self, topic: str, reading: Reading, text: str, context: Context) -> Decision:
        """A topic is sure enough: its answer (with that of other questions asked along), or its desk."""
        score = self.understanding.accepted(reading, topic)
        if self.topics[topic].kind is TopicKind.ROUTE:
            likely = (one for one, share in reading.candidates if one in self.in_service and share >= FLOOR)
            return Decision(DecisionKind.HANDOFF, (topic,), score, about=next(likely, context.previous_topic))
        if topic not in self.in_service:
            return Decision(DecisionKind.HANDOFF, (TO_PERSON,), score, about=topic, gave_up=True)
        about = context.previous_topic if not self.topics[topic].document else None
        return Decision(DecisionKind.ANSWER, self._asked(topic, reading, text), score, about=about)

    def _asked(self, topic: str, reading: Reading, text: str) -> tuple[str, ...]:
        """A topic with those of other questions asked along."""
        if topic not in self.in_service:
            return (topic,)
        return several(text, topic, reading, self.understanding, self.topics, self.in_service)

    def _unclear(self, offered: list[str], reading: Reading, context: Context) -> Decision:
        """Nothing is sure enough: choices, or a person after misses."""
        topic, share = self._ours(reading)[0]
        if context.misses >= MISSES_ALLOWED or (context.misses and share < FLOOR):
            return Decision(DecisionKind.HANDOFF, (TO_PERSON,), share, about=topic, gave_up=True)
        if len(offered) == 1:
            offered = [*offered, TO_PERSON if topic != TO_PERSON else ABOUT_BOT]
        return Decision(DecisionKind.ASK, tuple(offered), share, fragment=not offered)


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
    courteous = best[0] == COURTESY and best[1] >= (COURTEOUS if concepts & OUR_DOCUMENTS else 0.0)
    if kinds and (empty or courteous):
        announced = len(reading.words) <= FRAGMENT_WORDS or bool(empty and concepts & QUESTIONS)
        opening = kinds[0] in (SmallTalk.PING, SmallTalk.GREETING) and announced
        return Decision(DecisionKind.SMALLTALK, score=best[1], smalltalk=kinds[0], fragment=opening)
    announces = concepts & QUESTIONS <= {"tanya"} and (best[0] in (COURTESY, ABOUT_BOT) or not context.previous_topic)
    if empty and announces:
        return Decision(DecisionKind.SMALLTALK, score=best[1], smalltalk=SmallTalk.PING, fragment=True)
    if courteous and best[1] >= ASKING_WORTH:
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


def _unfinished(reading: Reading) -> bool:
    """A few words, or a short statement that asks nothing: probably a piece of a message in several parts."""
    asks = bool(QUESTIONS.intersection(reading.concepts))
    return len(reading.words) <= (FRAGMENT_WORDS if asks else STATEMENT_WORDS)
