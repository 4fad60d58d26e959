"""What happens when a resident writes: registered, greeted once, answered, or brought to a person."""

from __future__ import annotations

from dataclasses import replace

from conversation.errors import MoreToCome
from conversation.inbound import Sender
from conversation.language import Language
from conversation.masking import mask
from conversation.people import Author, Conversation, StoredMessage
from handlers import answering, asking, commands, opening, relaying, replying, words
from handlers.buttons import RESIDENT, Pressed, read_press
from handlers.replying import say
from handlers.turn import Turn
from knowledge import Context, Decision, DecisionKind, SmallTalk
from knowledge.followup import asks

#: How long the rest of a fragment is waited for, of a lone unclear question, and of an album (seconds).
FRAGMENT_WAIT = 7.0
QUESTION_WAIT = 2.5
ALBUM_WAIT = 1.5
#: A statement of no more words may be the beginning of a message in several pieces.
STATEMENT_WORDS = 8
#: Kept in place of "handoff" for what went to a person because the bot could not help.
GAVE_UP = "gave_up"
_COMMANDS = ("start", "petugas", "status", "bantuan")
#: Somebody who gives a name or address in more words than these has said something else, too.
_MORE_THAN_AN_ANSWER = 6


def handle_message(turn: Turn) -> None:
    """A private message: a command, an answer to what the bot asked, or something to understand."""
    sender = turn.inbound.sender
    if sender is None or sender.is_bot:
        return
    if turn.inbound.album and not turn.final:
        raise MoreToCome("an album has no end marker", ALBUM_WAIT)
    if commands.handle_private(turn):
        return
    known = turn.store.conversations.by_lane(turn.store.conversations.lane(turn.inbound.channel, turn.inbound.chat))
    decision = _understand(turn, known)
    if wait := _wait_for_more(turn, known, decision):
        raise MoreToCome("a fragment", wait)
    before = known or _register(turn, sender)
    stored = replace(_store(turn, before), text=_said(turn))
    after = _greet(turn, _speaking(_reachable(before), decision, stored), decision)
    if turn.inbound.command in _COMMANDS:
        after = _obey(turn, after, greeted=after.greeted and not before.greeted)
    elif turn.inbound.contact and turn.inbound.contact.own:
        after = asking.take_contact(turn, after, turn.inbound.contact)
    else:
        after = _react(turn, after, stored, decision, greeted=after.greeted and not before.greeted)
    turn.store.conversations.save(before, after)


def handle_edit(turn: Turn) -> None:
    """A resident corrected a message: the case's topic is told; without a case a changed question is answered again."""
    lane = turn.store.conversations.lane(turn.inbound.channel, turn.inbound.chat)
    before = turn.store.conversations.by_lane(lane)
    stored = turn.store.messages.at(lane, turn.inbound.message_id)
    if before is None or stored is None or stored.author is not Author.RESIDENT or stored.text == turn.inbound.text:
        return
    turn.store.messages.edit(stored, turn.inbound.text, turn.now)
    if before.case and stored.case == before.case:
        relaying.relay_edit(turn, before.case, stored, turn.inbound.text)
        return
    earlier, now = (turn.knowledge.decide(text, _context(before)) for text in (stored.text, turn.inbound.text))
    now = answering.unless_a_guess(before, turn.inbound.text, now)
    if (earlier.kind, earlier.topics) != (now.kind, now.topics) and not now.gave_up:
        turn.store.conversations.save(before, answering.carry_out(turn, before, now))


def handle_press(turn: Turn) -> None:
    """A resident pressed a button under one of the bot's messages."""
    press = turn.inbound.press
    pressed = read_press(press.data) if press else None
    before = turn.store.conversations.by_lane(turn.store.conversations.lane(turn.inbound.channel, turn.inbound.chat))
    if press is None or before is None or pressed is None or pressed.whose != RESIDENT:
        replying.answer_press(turn, words.PRESS_OLD)
        return
    after, note = _press(turn, before, pressed)
    replying.answer_press(turn, note)
    turn.store.conversations.save(before, after)


def _press(  # noqa: PLR0911 - one return a button
    turn: Turn, conversation: Conversation, pressed: Pressed
) -> tuple[Conversation, str]:
    """Carries a press out; returns the conversation and the note that the press is answered with."""
    match pressed.act:
        case "helpful":
            return answering.note_helpful(turn, conversation, pressed.about)
        case "unanswered":
            return answering.note_unanswered(turn, conversation, pressed.about)
        case "topic" if pressed.choices and pressed.choices[0] in conversation.offered:
            return answering.answer_choice(turn, conversation, pressed.choices[0]), ""
        case "none" | "officer":
            if pressed.act == "none" and conversation.offered:
                return _none_of_these(turn, conversation), ""
            return opening.call_officer(turn, conversation), ""
        case "skip":
            return asking.skip(turn, conversation), ""
        case "settled" | "unsettled":
            return opening.settle(turn, conversation, pressed.about, settled=pressed.act == "settled")
        case _:
            return conversation, words.PRESS_OLD


def _none_of_these(turn: Turn, conversation: Conversation) -> Conversation:
    """**Bukan itu**, pressed or typed: kept as the choice, and a person takes over."""
    turn.store.decisions.choose(conversation.id, answering.NONE)
    return opening.call_officer(turn, conversation)


def _register(turn: Turn, sender: Sender) -> Conversation:
    """SOP step 2, from the account alone; the deep-link payload of /start is kept as where the resident came from."""
    inbound = turn.burst[0]
    source = inbound.argument[:64] if inbound.command == "start" else ""
    return turn.store.conversations.register(inbound.channel, inbound.chat, sender, source, turn.now)


def _store(turn: Turn, conversation: Conversation) -> StoredMessage:
    """Keeps what arrived; fragments each as they are, an album as one message. Returns the last."""
    pieces = (turn.burst,) if turn.inbound.album else tuple((item,) for item in turn.burst)
    stored = [
        turn.store.messages.add(
            conversation,
            Author.RESIDENT,
            "\n".join(item.text for item in piece if item.text),
            turn.now,
            case=conversation.case,
            kind=relaying.kind_of(piece),
            files=tuple(item.file for item in piece if item.file),
            external=(conversation.lane, piece[0].message_id),
        )
        for piece in pieces
    ]
    return stored[-1]


def _understand(turn: Turn, known: Conversation | None) -> Decision:
    return turn.knowledge.decide(_said(turn), _context(known) if known else Context())


def _said(turn: Turn) -> str:
    """The words of all pieces."""
    return "\n".join(item.text for item in turn.burst if item.text)


def _context(conversation: Conversation) -> Context:
    return Context(previous_topic=conversation.topic or None, misses=conversation.misses)


def _wait_for_more(turn: Turn, known: Conversation | None, decision: Decision) -> float:
    """How many seconds it pays to wait for the rest: unclear plain text, a short statement, or further pieces of
    somebody who tells a matter in pieces; nothing of ours being answered, no case that takes it anyway. 0: a clear
    question, also after a greeting, never waits."""
    inbound = turn.inbound
    if turn.final or inbound.command or not inbound.text or inbound.file:
        return 0.0
    if known and (known.case or known.asking or _chooses(turn, known, inbound.text)):
        return 0.0
    if len(turn.burst) > 1 and sum(not _opens(turn, item.text) for item in turn.burst) > 1:
        return FRAGMENT_WAIT
    asking = asks(turn.knowledge.understanding, inbound.text)
    if decision.fragment:
        askable = decision.kind is DecisionKind.ASK and decision.topics and asking
        return QUESTION_WAIT if askable else FRAGMENT_WAIT
    settled = decision.kind in (DecisionKind.SMALLTALK, DecisionKind.IGNORE) or decision.wants_person or decision.anger
    statement = not asking and len(inbound.text.split()) <= STATEMENT_WORDS
    if not statement or settled:
        return 0.0
    return QUESTION_WAIT if len(turn.burst) == 1 else FRAGMENT_WAIT  # "min", "mau nanya", and now the matter begins


def _opens(turn: Turn, text: str) -> bool:
    """Whether a piece only opens a message ("min", "mau nanya") and tells nothing yet."""
    return turn.knowledge.decide(text).kind is DecisionKind.SMALLTALK


def _chooses(turn: Turn, conversation: Conversation, text: str) -> bool:
    """Whether a text takes one of the offered choices, or none of them."""
    return bool(conversation.offered) and (
        answering.refuses(turn, text) or bool(answering.typed_choice(turn, conversation, text))
    )


def _greet(turn: Turn, conversation: Conversation, decision: Decision) -> Conversation:
    if conversation.greeted or (decision.kind is DecisionKind.IGNORE and not turn.inbound.command):
        return conversation
    say(turn, conversation, words.greeting(turn.office), ((answering.officer_button(),),))
    return replace(conversation, greeted=True)


def _speaking(conversation: Conversation, decision: Decision, stored: StoredMessage) -> Conversation:
    """The language of the last message decides that was more than a word, and more than a name or an address."""
    tells = len(stored.text.split()) > 1 and (not conversation.asking or decision.language is Language.ENGLISH)
    return replace(conversation, language=decision.language) if tells else conversation


def _reachable(conversation: Conversation) -> Conversation:
    """Whoever writes has not blocked the bot (any more)."""
    account = conversation.account
    return replace(conversation, account=replace(account, blocked=False)) if account.blocked else conversation


def _obey(turn: Turn, conversation: Conversation, *, greeted: bool) -> Conversation:
    """A resident's command."""
    match turn.inbound.command:
        case "start":
            if not greeted:
                say(turn, conversation, words.SMALLTALK[SmallTalk.GREETING], ((answering.officer_button(),),))
        case "petugas":
            return opening.call_officer(turn, conversation)
        case "status":
            answering.tell_status(turn, conversation)
        case _:
            say(turn, conversation, words.help_text(turn.office, turn.now), ((answering.officer_button(),),))
    return conversation


def _react(
    turn: Turn, conversation: Conversation, stored: StoredMessage, decision: Decision, *, greeted: bool
) -> Conversation:
    """Answers, asks back, or passes on; once an officer has the case, the bot is silent."""
    text = _said(turn).strip()
    if conversation.asking and (taken := asking.take_answer(turn, conversation, stored, decision)):
        said_more = taken.case and len(text.split()) > _MORE_THAN_AN_ANSWER
        return relaying.relay(turn, taken, stored, decision) if said_more else taken
    if conversation.case:
        return relaying.relay(turn, conversation, stored, decision)
    if _chooses(turn, conversation, text):
        choice = answering.typed_choice(turn, conversation, text)
        return answering.answer_choice(turn, conversation, choice) if choice else _none_of_these(turn, conversation)
    if not text:
        return answering.receive_file(turn, conversation)
    if not greeted and mask(text) != text and decision.kind not in (DecisionKind.IGNORE, DecisionKind.NOT_OURS):
        answering.say_once(turn, conversation, words.NO_NUMBERS)
    decision = answering.unless_narrowed(turn, conversation, decision)
    decision = answering.unless_repeated(turn, conversation, stored, decision)
    decision = answering.unless_refused(turn, conversation, text, decision)
    decision = answering.unless_a_guess(conversation, text, decision)
    if decision.kind is DecisionKind.HANDOFF:
        conversation = asking.introduced(turn, conversation, text)
    kind = GAVE_UP if decision.gave_up else decision.kind
    pieces = 1 if turn.inbound.album else len(turn.burst)
    turn.store.decisions.add(conversation.id, stored.id, kind, decision.topics, decision.score, turn.now, pieces=pieces)
    if decision.kind is DecisionKind.SMALLTALK and greeted:
        return conversation
    return answering.carry_out(turn, conversation, decision)
