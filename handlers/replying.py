"""Puts words into a resident's chat or a case's topic: stored as said, sent through the outbox."""

from __future__ import annotations

from conversation.inbound import File
from conversation.language import Phrase
from conversation.outbound import AnswerPress, Buttons, Outbound, Private, SendFiles, SendText
from conversation.people import Author, Conversation, StoredMessage
from escalation.cases import Case
from handlers.turn import Turn

#: After this many seconds the channel no longer takes the answer to a press (Bot API answerCallbackQuery).
PRESS_LIFETIME = 10.0


def say(
    turn: Turn,
    conversation: Conversation,
    words: str | Phrase,
    buttons: Buttons = (),
    *,
    basis: str = "",
    ask_contact: str = "",
    clear_keyboard: bool = False,
    message: int | None = None,
) -> StoredMessage:
    """The bot says something to the resident, in their language; `words` are in the HTML subset, `message` is the id to
    keep them under."""
    text = words if isinstance(words, str) else words.in_(conversation.language)
    stored = turn.store.messages.add(
        conversation, Author.BOT, text, turn.now, case=conversation.case, basis=basis, message=message
    )
    outbound = SendText(
        to=Private(conversation.account.address, conversation.account.channel),
        text=text,
        buttons=buttons,
        ask_contact=ask_contact,
        clear_keyboard=clear_keyboard,
    )
    send(turn, conversation, outbound, stored)
    return stored


def speak(
    turn: Turn,
    conversation: Conversation,
    case: int,
    officer: int,
    text: str,
    files: tuple[File, ...] = (),
    *,
    message: int,
    kind: str = "text",
    external: tuple[str, int] | None = None,
    html: str,
) -> StoredMessage:
    """An officer speaks to the resident; `text` is what is kept (as `message`), `html` the same in the subset."""
    stored = turn.store.messages.add(
        conversation,
        Author.OFFICER,
        text,
        turn.now,
        case=case,
        officer=officer,
        kind=kind,
        files=files,
        external=external,
        message=message,
    )
    to = Private(conversation.account.address, conversation.account.channel)
    outbound: Outbound = SendFiles(to=to, files=files, caption=html) if files else SendText(to=to, text=html)
    send(turn, conversation, outbound, stored)
    return stored


def send(turn: Turn, conversation: Conversation, outbound: Outbound, stored: StoredMessage | None = None) -> int:
    """Puts a call for the resident's chat into the outbox."""
    return turn.store.outbox.put(
        outbound,
        lane=conversation.lane,
        conversation=conversation.id,
        case=conversation.case,
        message=stored.id if stored else None,
    )


def post(turn: Turn, case: Case, outbound: Outbound, stored: StoredMessage | None = None) -> int:
    """Puts a call for the case's topic into the outbox; should it fail, the case's lane hears of it."""
    return turn.store.outbox.put(
        outbound,
        lane=turn.store.cases.lane(case.id),
        conversation=case.conversation,
        case=case.id,
        message=stored.id if stored else None,
    )


def answer_press(turn: Turn, note: str = "", *, alert: bool = False) -> None:
    """Answers the press being handled, so that the channel stops showing it as pending."""
    if turn.inbound.press:
        answer = AnswerPress(press=turn.inbound.press.id, text=note, alert=alert)
        turn.store.outbox.put(answer, queue="", lifetime=PRESS_LIFETIME)
