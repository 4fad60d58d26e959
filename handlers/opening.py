"""Opens a case when a message needs a person, and closes it when the resident agrees (SOP steps 2 and 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from conversation.language import Language, Phrase
from conversation.outbound import OpenTopic
from conversation.people import Asking, Conversation
from escalation import queue, transitions
from escalation.cases import Case, CaseKind, State, case_number
from escalation.roles import Officer
from escalation.signing import Step
from handlers import asking, cards, words
from handlers.buttons import RESIDENT, button
from handlers.replying import say
from handlers.turn import Turn

#: The route of somebody who wants a person, whatever it is about; and the one that is registered as a complaint.
TO_A_PERSON, COMPLAINT = "minta-petugas", "pengaduan"
SILENT_CLOSE = "silent-close"
#: What was said before the case and still belongs to it.
_BEFORE = timedelta(hours=24)


def call_officer(turn: Turn, conversation: Conversation) -> Conversation:
    """/petugas, **Hubungi petugas**, **Bukan itu**: a person, with what was said so far."""
    if conversation.case and (case := turn.store.cases.get(conversation.case)):
        say(turn, conversation, words.case_status(turn.office, case, None, turn.now))
        return conversation
    return open_case(turn, conversation, TO_A_PERSON, about=conversation.topic)


def open_case(turn: Turn, conversation: Conversation, route: str, *, about: str = "") -> Conversation:
    """Registers the matter, tells the resident what comes next, and puts it before the staff."""
    known = turn.knowledge.route(route)
    year = turn.office.hours.local(turn.now).year
    step = transitions.open_case(
        id=turn.store.ids(),
        number=case_number(turn.office.case_prefix, year, turn.store.cases.next_count(year)),
        conversation=conversation.id,
        kind=CaseKind.COMPLAINT if route == COMPLAINT else CaseKind.REQUEST,
        route=route,
        topic=about,
        unit=turn.office.section(about or route),
        at=turn.now,
        rules=turn.rules,
    )
    case = step.case
    turn.store.cases.add(case)
    record(turn, step)
    earlier = turn.store.cases.latest_closed_at(conversation.id)
    since = max(turn.now - _BEFORE, earlier) if earlier else turn.now - _BEFORE
    turn.store.messages.adopt(conversation.id, since, case.id)
    opened = replace(conversation, case=case.id, misses=0, offered=(), topic=about or conversation.topic)
    told = words.case_opened(turn.office, case, turn.now)
    if known:
        told = Phrase(*(turn.knowledge.render(route, language).text for language in Language)) + "\n\n" + told
    say(turn, opened, told)
    opened = asking.ask_next(turn, opened)
    present(turn, case, opened)
    return opened


def present(turn: Turn, case: Case, conversation: Conversation) -> None:
    """Shows a case to the staff: a topic (where the group has them) and one card with the conversation so far."""
    thread_call = None
    if turn.staff.forum:
        name = f"{case.number} · {cards.subject(turn, case)}"
        topic = OpenTopic(case=case.id, name=name)
        thread_call = turn.store.outbox.put(topic, lane=conversation.lane, conversation=conversation.id, case=case.id)
    turn.store.cases.put(case.id, thread=None, thread_call=thread_call)
    cards.present(turn, case, conversation)


def record(turn: Turn, step: Step) -> None:
    """Writes a step down: the case, its events in the ledger, its control card, and the timer of a silent
    conclusion."""
    case = step.case
    turn.store.cases.save(case)
    for event in step.events:
        turn.store.ledger.append(event)
    turn.store.cases.keep_handovers(case.id, turn.control_lines(case.id))
    if case.silent_close_at and case.state is State.AWAITING_RESIDENT:
        turn.store.timers.set_for(case.id, SILENT_CLOSE, turn.store.cases.lane(case.id), case.silent_close_at)
    else:
        turn.store.timers.cancel_for(case.id, SILENT_CLOSE)


def advance(turn: Turn, step: Step, conversation: Conversation | None = None) -> None:
    """Writes a step down and brings the card up to date."""
    record(turn, step)
    cards.refresh(turn, step.case, conversation or turn.store.conversations.get(step.case.conversation))


def take(turn: Turn, case: Case, officer: Officer, reason: str) -> None:
    """Ambil: in order of arrival. The resident reads once that an officer has it; the bot asks nothing more."""
    ahead = queue.ahead_of(turn.store.cases.waiting(), case.id)
    step = transitions.take(case, officer, turn.now, turn.rules, ahead=ahead, reason=reason)
    before = turn.store.conversations.get(case.conversation)
    advance(turn, step, before)
    told = words.BEING_HANDLED.format(case=words.named(case))
    say(turn, before, told, clear_keyboard=before.asking is Asking.CONTACT)
    turn.store.conversations.save(before, replace(before, asking=Asking.NOTHING))


def ask_if_settled(turn: Turn, conversation: Conversation, case: Case) -> None:
    """**Selesai**: the resident has the last word."""
    choice = (
        button(words.SETTLED, RESIDENT, "settled", case.id),
        button(words.NOT_SETTLED, RESIDENT, "unsettled", case.id),
    )
    say(turn, conversation, words.IS_IT_SETTLED.format(case=words.named(case)), (choice,))


def settle(turn: Turn, conversation: Conversation, about: int, *, settled: bool) -> tuple[Conversation, str]:
    """The resident's yes or no; a press on an old question changes nothing."""
    case = turn.store.cases.get(about)
    if case is None or conversation.case != about or case.state is not State.AWAITING_RESIDENT:
        return conversation, words.PRESS_OLD
    if settled:
        return close(turn, conversation, transitions.confirm(case, turn.now), words.CLOSED), ""
    step = transitions.reopen(case, turn.now, turn.rules)
    record(turn, step)
    say(turn, conversation, words.REOPENED.format(case=words.named(case)))
    cards.refresh(turn, step.case, conversation)
    return conversation, ""


def close(turn: Turn, conversation: Conversation, step: Step, farewell: Phrase) -> Conversation:
    """Closes the case; the conversation is with the bot again."""
    record(turn, step)
    say(turn, conversation, farewell.format(case=words.named(step.case)), clear_keyboard=bool(conversation.asking))
    cards.refresh(turn, step.case, conversation)
    return replace(conversation, case=None, asking=Asking.NOTHING, topic="", misses=0)
