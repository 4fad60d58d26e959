"""Brings a resident's messages into the topic of their open case: masked, whole, one call each."""

from __future__ import annotations

from conversation.errors import LoketError
from conversation.inbound import FileKind, Inbound
from conversation.language import Phrase
from conversation.markup import bold, escape, italic
from conversation.masking import mask, shown_name
from conversation.outbound import CaseTopic, MessageRef, Outbound, SendFiles, SendLocation, SendText, SentBy
from conversation.people import Asking, Conversation, StoredMessage
from escalation import transitions
from escalation.cases import Case, State
from handlers import answering, asking, cards, opening, words
from handlers.replying import post, say
from handlers.turn import Turn
from knowledge import Decision, DecisionKind, SmallTalk
from knowledge.followup import asks

#: The outbox queue of the staff group.
STAFF_QUEUE = "staff"
_CONTENT = (SmallTalk.THANKS, SmallTalk.BYE)
_NO_CAPTION = {FileKind.STICKER, FileKind.VIDEO_NOTE}


def kind_of(piece: tuple[Inbound, ...]) -> str:
    """What a message is, for the record: "text", "photo", "album", "location", …"""
    first = piece[0]
    if first.album:
        return "album"
    if first.file:
        return str(first.file.kind)
    if first.location:
        return "location"
    return "contact" if first.contact else "text"


def relay(turn: Turn, conversation: Conversation, stored: StoredMessage, decision: Decision) -> Conversation:
    """A message in an open case. Before Ambil the bot still speaks: a clear question is answered, what is told or given
    acknowledged once; a concluded case goes on or is closed."""
    case = turn.store.cases.get(conversation.case or 0)
    if case is None:
        raise LoketError(f"conversation {conversation.id} names a case that does not exist")
    if case.state is State.AWAITING_RESIDENT and (
        decision.smalltalk in _CONTENT or answering.agrees(turn, stored.text)
    ):
        show(turn, case, conversation, stored)
        return opening.close(turn, conversation, transitions.confirm(case, turn.now), words.CLOSED)
    asked = bool(stored.text) and asks(turn.knowledge.understanding, stored.text)
    answers = case.state is State.WAITING and decision.kind is DecisionKind.ANSWER and asked
    titles = ", ".join(turn.knowledge.title(topic) for topic in decision.topics) if answers else ""
    show(turn, case, conversation, stored, note=f"Dijawab bot: {titles}" if titles else "")
    step = transitions.resident_wrote(case, turn.now, turn.rules)
    if step.case != case:
        opening.advance(turn, step, conversation)
    if case.state is State.AWAITING_RESIDENT:
        say(turn, conversation, words.REOPENED.format(case=words.named(case)))
    if answers:
        return answering.answer(turn, conversation, decision.topics, about=decision.about or "")
    return _acknowledge(turn, case, conversation, stored, decision) if case.state is State.WAITING else conversation


def _acknowledge(
    turn: Turn, case: Case, conversation: Conversation, stored: StoredMessage, decision: Decision
) -> Conversation:
    """A word to somebody whose case waits: thanks for thanks, the case's standing for a call, and once that what they
    told was passed on. A name or address given along the way is noted."""
    known = asking.introduced(turn, conversation, stored.text)
    if known.resident != conversation.resident:
        cards.refresh(turn, case, known)
    if decision.smalltalk in _CONTENT:
        say(turn, known, words.SMALLTALK[SmallTalk.THANKS])
    elif decision.smalltalk or (stored.text and asks(turn.knowledge.understanding, stored.text)):
        answering.say_once(turn, known, answering.standing(turn, case))
    elif decision.kind is not DecisionKind.IGNORE:
        passed_on = words.PASSED_ON.format(case=words.named(case))
        if known.resident.name != conversation.resident.name:
            name = escape(shown_name(known.resident.name))
            passed_on = words.NOTED_AND_PASSED_ON.format(case=words.named(case), name=Phrase(name, name))
        awaited = words.CONTACT_AWAITED if known.asking is Asking.CONTACT else ""
        answering.say_once(turn, known, passed_on, awaited)
    return known


def show(turn: Turn, case: Case, conversation: Conversation, stored: StoredMessage, note: str = "") -> None:
    """Puts what arrived into the topic; all pieces of a burst of text in one message."""
    to = CaseTopic(case.id)
    first = turn.inbound if turn.inbound.file or turn.inbound.location else turn.burst[0]
    who = bold(shown_name(conversation.resident.name))
    text = mask("\n".join(item.text for item in turn.burst if item.text))
    tail = f"\n\n{italic(note)}" if note else ""
    outbound: Outbound
    if files := tuple(item.file for item in turn.burst if item.file):
        caption = "" if files[0].kind in _NO_CAPTION else f"{who}: {escape(text)}" if text else who
        outbound = SendFiles(to=to, files=files, caption=caption, spoiler=True)
    elif first.location:
        outbound = SendLocation(to=to, latitude=first.location.latitude, longitude=first.location.longitude)
    else:
        outbound = SendText(to=to, text=f"{who}:\n{escape(text)}{tail}")
    post(turn, case, outbound, stored)


def relay_edit(turn: Turn, case: int, stored: StoredMessage, text: str) -> None:
    """A resident changed an earlier message: the topic sees before and after, under the relayed message."""
    found, conversation = turn.store.cases.get(case), turn.store.conversations.get(stored.conversation)
    carried = turn.store.outbox.carrying(stored.id, STAFF_QUEUE)
    reply_to: MessageRef | None = SentBy(carried) if carried else None
    changed = (
        f"{bold(shown_name(conversation.resident.name))} {italic('mengubah pesannya')}:\n{escape(mask(text))}\n\n"
        f"{italic('Semula')}: {escape(mask(stored.text))}"
    )
    if found:
        post(turn, found, SendText(to=CaseTopic(case), text=changed, reply_to=reply_to), stored)
