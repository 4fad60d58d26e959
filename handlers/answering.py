"""Carries a decision out: the article with its legal basis, a question back, a courtesy, or a case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from conversation.inbound import FileKind
from conversation.language import Phrase
from conversation.markup import escape
from conversation.outbound import Button, Buttons
from conversation.people import Author, Conversation, StoredMessage
from escalation import queue
from escalation.cases import Case
from handlers import opening, words
from handlers.buttons import RESIDENT, button
from handlers.replying import say
from handlers.turn import Turn
from knowledge import Citation, Decision, DecisionKind, same_question

#: Kept as the choice of who pressed **Bukan itu**.
NONE = "-"
#: So many misconceptions are put right in one reply.
CORRECTIONS = 2
#: So far back an answer may lie to be the one that did not help.
RECENT = 8
#: Below this confidence a desk for so few words is a guess.
GUESS, FEW_WORDS = 0.4, 8
#: Pictures sent one by one within this time belong together.
SAME_MOMENT = timedelta(minutes=2)
_MOODS = (FileKind.STICKER, FileKind.ANIMATION)


def officer_button() -> Button:
    return button(words.CALL_OFFICER, RESIDENT, "officer")


def carry_out(turn: Turn, conversation: Conversation, decision: Decision) -> Conversation:
    """The reaction to a message outside any case (SOP step 3: from the regulations; what they do not settle, to a
    person)."""
    match decision.kind:
        case DecisionKind.ANSWER:
            return answer(turn, conversation, decision.topics, about=decision.about or "", beliefs=decision.beliefs)
        case DecisionKind.ASK:
            return ask_back(turn, conversation, decision.topics, sorry=decision.anger)
        case DecisionKind.HANDOFF:
            return opening.open_case(turn, conversation, decision.topics[0], about=decision.about or "")
        case DecisionKind.SMALLTALK if decision.smalltalk:
            say(turn, conversation, words.SMALLTALK[decision.smalltalk])
        case DecisionKind.NOT_OURS:
            say(turn, conversation, _elsewhere(decision), ((officer_button(),),))
            if _vague(decision):
                return replace(conversation, misses=conversation.misses + 1)
        case _:
            pass
    return conversation


def _elsewhere(decision: Decision) -> Phrase:
    """Where a matter of others belongs, what we do ourselves, or a calm word to somebody who is upset."""
    if decision.agency:
        return Phrase(escape(decision.agency.hint), escape(decision.agency.english))
    if decision.anger:
        return words.VENTED
    return words.EXPLAIN if _vague(decision) else words.NOT_OURS


def _vague(decision: Decision) -> bool:
    """Whether a message that is none of our matters is too short to tell whose it is."""
    return decision.fragment and not (decision.agency or decision.anger)


def unless_repeated(turn: Turn, conversation: Conversation, stored: StoredMessage, decision: Decision) -> Decision:
    """The same question after an answer that did not help goes to a person: the same text would not help either."""
    if decision.kind is not DecisionKind.ANSWER or decision.topics[0] != conversation.topic:
        return decision
    earlier = [item for item in turn.store.messages.recent(conversation.id, RECENT) if item.id != stored.id]
    answered = next((at for at, item in reversed(list(enumerate(earlier))) if item.basis), None)
    asked = next((item.text for item in reversed(earlier[:answered]) if item.author is Author.RESIDENT), "")
    if answered is None or not (conversation.misses or same_question(asked, stored.text)):
        return decision
    return replace(
        decision, kind=DecisionKind.HANDOFF, topics=(opening.TO_A_PERSON,), about=conversation.topic, gave_up=True
    )


def unless_narrowed(turn: Turn, conversation: Conversation, decision: Decision) -> Decision:
    """A reply to choices that leaves one of them likely chooses it: "ke jakarta" after "pindah ke mana?"."""
    if decision.kind is not DecisionKind.ASK or not decision.topics or decision.anger:
        return decision
    first, *others = decision.topics
    left = [topic for topic in others if topic in conversation.offered or turn.knowledge.article(topic)]
    if first not in conversation.offered or left or not turn.knowledge.article(first):
        return decision
    return replace(decision, kind=DecisionKind.ANSWER, topics=(first,))


def unless_a_guess(conversation: Conversation, text: str, decision: Decision) -> Decision:
    """A few words that might be some desk's matter are asked about once; a case is not opened on a guess."""
    guessed = decision.kind is DecisionKind.HANDOFF and decision.score < GUESS and len(text.split()) <= FEW_WORDS
    if not guessed or conversation.misses or decision.wants_person or decision.anger or decision.gave_up:
        return decision
    return replace(decision, kind=DecisionKind.ASK, topics=(), about=None)


def unless_refused(turn: Turn, conversation: Conversation, text: str, decision: Decision) -> Decision:
    """ "Bukan itu" after an answer: what is meant is asked once, then a person takes over."""
    if not conversation.topic or not refuses(turn, text):
        return decision
    if conversation.misses:
        return replace(
            decision, kind=DecisionKind.HANDOFF, topics=(opening.TO_A_PERSON,), about=conversation.topic, gave_up=True
        )
    return replace(decision, kind=DecisionKind.ASK, topics=(), about=None, smalltalk=None)


def answer(
    turn: Turn,
    conversation: Conversation,
    topics: tuple[str, ...],
    *,
    about: str = "",
    beliefs: tuple[str, ...] = (),
) -> Conversation:
    """One reply with the articles of up to three topics, each with its basis; kept with versions and citations.

    `about` is the matter at hand beside a general topic: what the next follow-up is about. What the resident believes
    wrongly (`beliefs`) is put right first.
    """
    corrections = [turn.knowledge.correct(belief, conversation.language) for belief in beliefs[:CORRECTIONS]]
    articles = [*filter(None, corrections), *(turn.knowledge.render(topic, conversation.language) for topic in topics)]
    basis = [
        {
            "topic": item.topic,
            "version": item.version,
            "citations": [_place(cited) for cited in item.citations],
        }
        for item in articles
    ]
    text = "\n\n———\n\n".join(item.text for item in articles)
    message = turn.store.ids()
    buttons: Buttons = (
        (
            button(words.HELPFUL, RESIDENT, "helpful", message),
            button(words.UNANSWERED, RESIDENT, "unanswered", message),
        ),
        (officer_button(),),
    )
    kept = json.dumps({"knowledge": turn.knowledge.version, "articles": basis})
    say(turn, conversation, text, buttons, basis=kept, message=message)
    again = conversation.misses + 1 if topics[0] == conversation.topic else 0
    return replace(conversation, topic=about or topics[0], misses=again, offered=())


def _place(cited: Citation) -> dict[str, str]:
    return {"regulation": cited.regulation, "pasal": cited.pasal, "ayat": cited.ayat}


def ask_back(turn: Turn, conversation: Conversation, topics: tuple[str, ...], *, sorry: bool = False) -> Conversation:
    """Two to four choices in plain words, likeliest first, typed ones work too; to somebody upset with an apology."""
    missed = replace(conversation, misses=conversation.misses + 1, offered=topics)
    if not topics:
        say(turn, conversation, words.EXPLAIN, ((officer_button(),),))
        return missed
    titles = [turn.knowledge.title(topic, conversation.language) for topic in topics]
    numbered = "\n".join(f"{place}. {escape(title)}" for place, title in enumerate(titles, 1))
    choices = tuple(
        (button(f"{place}. {title}", RESIDENT, "topic", 0, topic),)
        for place, (topic, title) in enumerate(zip(topics, titles, strict=True), 1)
    )
    say(
        turn,
        conversation,
        (words.SORRY + words.WHICH if sorry else words.WHICH) + f"\n\n{numbered}",
        (*choices, (button(words.NONE_OF_THESE, RESIDENT, "none"),)),
    )
    return missed


def typed_choice(turn: Turn, conversation: Conversation, text: str) -> str:
    """The offered topic that a typed number ("2", "yang kedua"), title or part of one title stands for, "" if none; a
    yes takes the only matter beside a person."""
    said = _telling(turn, text)
    offered = conversation.offered
    if len(said) == 1 and said[0] in words.ORDINALS:
        place = words.ORDINALS[said[0]]
        return offered[place - 1] if place <= len(offered) else ""
    if agrees(turn, text):
        matters = [topic for topic in offered if turn.knowledge.article(topic)]
        return matters[0] if len(matters) == 1 else ""
    titles = {topic: _telling(turn, turn.knowledge.title(topic, conversation.language)) for topic in offered}
    exact = [topic for topic, title in titles.items() if said and title == said]
    named = exact or [topic for topic, title in titles.items() if said and set(said) <= set(title)]
    named = named or _of_its_document(turn, conversation, text)
    return named[0] if len(named) == 1 else ""


def _of_its_document(turn: Turn, conversation: Conversation, text: str) -> list[str]:
    """The offered topics of the one document that a few words name, unless they tell of something else: "eh, yang KTP"
    after "KTP hilang atau KK hilang?"."""
    topics, concepts = turn.knowledge.topics, set(turn.knowledge.understanding.understand(text).concepts)
    documents = {topic.document for topic in topics.values()} & concepts
    events = {topic.event for topic in topics.values()} & concepts
    if len(documents) != 1 or len(text.split()) > FEW_WORDS:
        return []
    alike = [topics[topic] for topic in conversation.offered if topics[topic].document in documents]
    return [topic.id for topic in alike if not events or topic.event in events]


def refuses(turn: Turn, text: str) -> bool:
    """Whether a text is no more than **Bukan itu** typed."""
    return " ".join(_telling(turn, text)) in words.REFUSED


def agrees(turn: Turn, text: str) -> bool:
    """Whether a text is no more than a yes: "iya sudah selesai"."""
    said = _telling(turn, text)
    return bool(said) and words.AGREED.issuperset(said)


def _telling(turn: Turn, text: str) -> tuple[str, ...]:
    """The words of a text as the vocabulary spells them, without the hollow ones ("ya" alone is a yes)."""
    spelled = turn.knowledge.understanding.understand(text).words
    return tuple(word for word in spelled if word not in words.HOLLOW) or tuple(set(spelled) & words.AGREED)


def answer_choice(turn: Turn, conversation: Conversation, topic: str) -> Conversation:
    """The resident chose one of the offered topics; the choice is kept as a labelled example."""
    turn.store.decisions.choose(conversation.id, topic)
    if turn.knowledge.route(topic):
        return opening.open_case(turn, conversation, topic)
    if turn.knowledge.article(topic):
        return answer(turn, conversation, (topic,))
    return opening.open_case(turn, conversation, opening.TO_A_PERSON, about=topic)


def receive_file(turn: Turn, conversation: Conversation) -> Conversation:
    """A picture, file or voice message alone: asked about once, kindly; if another follows later, a person looks. A
    sticker says nothing to answer."""
    if turn.inbound.file and turn.inbound.file.kind in _MOODS:
        return conversation
    asked = words.FILE_ALONE.in_(conversation.language)
    recent = [item for item in turn.store.messages.recent(conversation.id, RECENT) if item.author is Author.BOT]
    if recent and recent[-1].text == asked:
        if turn.now - recent[-1].at < SAME_MOMENT:
            return conversation
        return opening.open_case(turn, conversation, opening.TO_A_PERSON, about=conversation.topic)
    say(turn, conversation, asked, ((officer_button(),),))
    return conversation


def say_once(turn: Turn, conversation: Conversation, phrase: Phrase, more: str | Phrase = "") -> None:
    """Says something, with what is added to it, unless it was said lately."""
    recent = turn.store.messages.recent(conversation.id, RECENT)
    if not any(item.author is Author.BOT and phrase.in_(conversation.language) in item.text for item in recent):
        say(turn, conversation, phrase + more)


def note_helpful(turn: Turn, conversation: Conversation, message: int) -> tuple[Conversation, str]:
    """**Membantu**: kept with the answer, nothing else to do."""
    if not _is_answer(turn, conversation, message):
        return conversation, words.PRESS_OLD
    turn.store.feedback.add(conversation.id, message, helpful=True, at=turn.now)
    return replace(conversation, misses=0), words.THANKS_FOR_FEEDBACK.in_(conversation.language)


def note_unanswered(turn: Turn, conversation: Conversation, message: int) -> tuple[Conversation, str]:
    """**Belum terjawab**: kept with the answer, and a person takes over with what was said."""
    if not _is_answer(turn, conversation, message):
        return conversation, words.PRESS_OLD
    first = turn.store.feedback.add(conversation.id, message, helpful=False, at=turn.now)
    if conversation.case or not first:
        return conversation, words.PRESS_DONE
    return opening.open_case(turn, conversation, opening.TO_A_PERSON, about=conversation.topic), ""


def _is_answer(turn: Turn, conversation: Conversation, message: int) -> bool:
    stored = turn.store.messages.get(message)
    return bool(stored and stored.conversation == conversation.id and stored.basis)


def tell_status(turn: Turn, conversation: Conversation) -> None:
    """/status: the latest case, its state, and its place in the queue."""
    case = turn.store.cases.latest_of(conversation.id)
    if case is None or not (case.open or conversation.case):
        none = words.NO_CASE
        if case:
            none = none + "\n\n" + words.case_status(turn.office, case, None, turn.now)
        say(turn, conversation, none, ((officer_button(),),))
        return
    say(turn, conversation, standing(turn, case))


def standing(turn: Turn, case: Case) -> Phrase:
    """A case's state and its place in the queue."""
    place = queue.position(turn.store.cases.waiting(), case.id)
    return words.case_status(turn.office, case, place, turn.now)
