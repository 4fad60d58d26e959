"""Asks for a missing name and contact, one at a time and skippable, while the case already waits (SOP step 2)."""

from __future__ import annotations

import re
from dataclasses import replace

from conversation.inbound import Contact
from conversation.markup import bold, escape, italic
from conversation.masking import mask_contact, shown_name
from conversation.outbound import CaseTopic, SendText
from conversation.people import Asking, Conversation, Resident, StoredMessage
from handlers import words
from handlers.buttons import RESIDENT, button
from handlers.replying import post, say
from handlers.turn import Turn
from knowledge import Decision, DecisionKind

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"^\+?[\d\s().-]{8,20}$")
_NAME = re.compile(r"^(?:(?:nama|saya|nama saya|atas nama|a\.?n\.?)[\s:]+)?([^\W\d_][^\d?!@#/]{1,60})$", re.IGNORECASE)
#: "nama saya ...", "nama: ...", and "saya ..." before at least two capitalised words.
_INTRODUCED = re.compile(
    r"\b(?:nama(?:nya)?(?:\s+(?:saya|sy|aku|lengkap))+(?:\s+adalah)?|nama\s*(?=[:=])|atas nama|my name is)\s*[:=]?\s*",
    re.IGNORECASE,
)
_ALSO_INTRODUCED = re.compile(r"\b(?:saya|sy|aku|i am)\s+(?=[^\W\d_]+\s+[^\W\d_])", re.IGNORECASE)
_NAME_WORDS = re.compile(r"(?:[^\W\d_][^\W\d_'’.-]*[ ]?)+")
_NO_NAMES = frozenset({"jangan", "tertulis", "tercetak", "harusnya", "seharusnya", "kok", "malah", "beda", "berbeda"})
_PASSIVE_LETTERS = 7
_MOST_WORDS = 5
_FEWEST_LETTERS, _FEWEST_WORDS = 2, 2


def missing(conversation: Conversation) -> Asking:
    """What to ask for next: a name where the account shows none, then a way to reach the resident."""
    resident = conversation.resident
    if sum(char.isalpha() for char in resident.name) < _FEWEST_LETTERS and Asking.NAME not in conversation.skipped:
        return Asking.NAME
    if not (resident.email or resident.phone) and Asking.CONTACT not in conversation.skipped:
        return Asking.CONTACT
    return Asking.NOTHING


def ask_next(turn: Turn, conversation: Conversation) -> Conversation:
    """Asks for what is missing next, if anything is."""
    asking = missing(conversation)
    if asking is Asking.NAME:
        say(turn, conversation, words.ASK_NAME, ((button(words.SKIP, RESIDENT, "skip"),),))
    elif asking is Asking.CONTACT:
        say(turn, conversation, words.ASK_CONTACT, ask_contact=words.SHARE_NUMBER)
    return replace(conversation, asking=asking)


def skip(turn: Turn, conversation: Conversation) -> Conversation:
    """**Lewati**: this is not asked again."""
    if not conversation.asking:
        return conversation
    skipped = replace(conversation, skipped=(*conversation.skipped, conversation.asking), asking=Asking.NOTHING)
    if missing(skipped) is Asking.NOTHING:
        say(turn, skipped, words.SKIPPED, clear_keyboard=True)
    return ask_next(turn, skipped)


def take_answer(
    turn: Turn, conversation: Conversation, stored: StoredMessage, decision: Decision
) -> Conversation | None:
    """Takes a message as the answer to what was asked; None if it is something else."""
    text = stored.text.strip()
    if text.casefold() == words.SKIP.casefold():
        return skip(turn, conversation)
    resident = conversation.resident
    if conversation.asking is Asking.CONTACT:
        if found := _EMAIL.search(text):
            named = introduced(turn, conversation, text).resident
            return _learned(turn, conversation, replace(named, email=found[0]))
        if turn.inbound.contact:
            say(turn, conversation, words.NOT_YOUR_NUMBER, ask_contact=words.SHARE_NUMBER)
            return conversation
        if _PHONE.match(text):
            say(turn, conversation, words.USE_BUTTON, ask_contact=words.SHARE_NUMBER)
            return conversation
    elif (
        _says_nothing_else(turn, text, decision)
        and (found := _NAME.match(text))
        and len(found[1].split()) <= _MOST_WORDS
    ):
        return _learned(turn, conversation, replace(resident, name=found[1].strip()))
    return None


def _says_nothing_else(turn: Turn, text: str, decision: Decision) -> bool:
    """Whether the words are no matter, wish or courtesy, and so may be a name."""
    means = turn.knowledge.understanding.understand(text)
    unclear = decision.kind in (DecisionKind.ASK, DecisionKind.NOT_OURS) and not decision.topics
    return (bool(means.matter) and not means.concepts) or (unclear and not decision.agency)


def introduced(turn: Turn, conversation: Conversation, text: str) -> Conversation:
    """The conversation with the name and the address that a resident gives unasked, along with the matter."""
    resident = conversation.resident
    if name := _name_given(turn, text):
        resident = replace(resident, name=name)
    if not resident.email and (found := _EMAIL.search(text)):
        resident = replace(resident, email=found[0])
    return replace(conversation, resident=resident)


def _name_given(turn: Turn, text: str) -> str:
    """The name in "nama saya rudi hartono, ..." or "saya Novita Ramadani, ...", "" if there is none: words that mean
    something to the desk are no names."""
    for pattern, capitalised, fewest in ((_INTRODUCED, False, 1), (_ALSO_INTRODUCED, True, _FEWEST_WORDS)):
        for found in pattern.finditer(text):
            words_after = _NAME_WORDS.match(text, found.end())
            name: list[str] = []
            for word in words_after[0].split() if words_after else ():
                means = turn.knowledge.understanding.understand(word)
                if means.concepts or not means.matter or not (word[0].isupper() or _may_be_name(word, capitalised)):
                    break
                name.append(word)
            if fewest <= len(name) <= _MOST_WORDS:
                return " ".join(name).strip(".-")
    return ""


def _may_be_name(word: str, capitalised: bool) -> bool:
    """Whether a word in small letters may belong to a name: nothing that is done to one ("jangan disebut")."""
    passive = word.startswith("di") and len(word) >= _PASSIVE_LETTERS
    return not capitalised and not passive and word not in _NO_NAMES


def take_contact(turn: Turn, conversation: Conversation, contact: Contact) -> Conversation:
    """The resident's own contact card (Bot API Contact.user_id): their number is kept."""
    return _learned(turn, conversation, replace(conversation.resident, phone=contact.phone))


def _learned(turn: Turn, conversation: Conversation, resident: Resident) -> Conversation:
    asked = conversation.asking or Asking.CONTACT
    known = replace(conversation, resident=resident, asking=Asking.NOTHING)
    say(turn, known, words.SAVED[asked], clear_keyboard=asked is Asking.CONTACT)
    if known.case:
        _note_identity(turn, known)
        return ask_next(turn, known)
    return known


def _note_identity(turn: Turn, conversation: Conversation) -> None:
    """Tells the case's topic, masked, what the resident has given."""
    case = turn.store.cases.get(conversation.case or 0)
    if case is None:
        return
    resident = conversation.resident
    given = mask_contact(resident.email, resident.phone) or shown_name(resident.name)
    text = f"{bold(shown_name(resident.name))} {italic('memberikan keterangan')}: {escape(given)}"
    post(turn, case, SendText(to=CaseTopic(case.id), text=text))
