"""Shows a case to the staff: the card with what is known, who has it and since when, and its buttons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from conversation.markup import TEXT_LIMIT, bold, escape, italic, shorten, width
from conversation.masking import mask, mask_contact, shown_name
from conversation.outbound import Button, Buttons, CaseTopic, EditText, SendText, SentBy
from conversation.people import Audience, Author, Conversation, StoredMessage
from escalation.cases import Case, State
from escalation.control_card import ControlCard, render_text
from escalation.guards import ReasonNeeded
from escalation.office_time import stamp
from handlers.buttons import CASE, button
from handlers.replying import post
from handlers.turn import Turn

#: Edits of one card leave this many seconds between them, so that a burst of changes costs one call.
SPACING = 3.0
_QUOTE = 300
#: Button captions have room for about this many characters on a phone.
_CAPTION = 40
_CHANNELS = {"telegram": "Telegram", "web": "Halaman konsultasi"}


def subject(turn: Turn, case: Case) -> str:
    """What a case is about, in a few words that name nobody."""
    return turn.knowledge.title(case.topic if case.topic in turn.knowledge.topics else case.route)


def render(turn: Turn, case: Case, conversation: Conversation) -> str:
    """The card's text in the HTML subset, at most 4096 UTF-16 units: of a long conversation the oldest messages give
    way."""
    head = "\n".join(_head(turn, case, conversation))
    # What follows the opening is in the topic itself; commands are no words.
    before = [
        message
        for message in turn.store.messages.of_case(case.id)
        if message.at <= case.opened_at and message.audience is Audience.RESIDENT and not message.text.startswith("/")
    ]
    said = [line for message in before if (line := _quote(turn, message))]
    suggestions = _suggestions(turn, before)
    while True:
        blocks = [head, f"{bold('Percakapan')}\n" + "\n".join(said) if said else "", suggestions]
        text = "\n\n".join(block for block in blocks if block)
        if width(text) <= TEXT_LIMIT or not said:
            return text
        said = said[1:]


def buttons_for(case: Case) -> Buttons:
    """The buttons of a card in its state (section words of the SOP: Ambil, Teruskan, Terima, …)."""
    card = button("Kartu kendali", CASE, "card", case.id)
    match case.state:
        case State.WAITING:
            return ((button("Ambil", CASE, "take", case.id),), (card,))
        case State.WITH_FO:
            return (
                (button("Teruskan", CASE, "forward", case.id), button("Selesai", CASE, "conclude", case.id)),
                (card,),
            )
        case State.IN_TRANSIT:
            receive = (button("Terima", CASE, "receive", case.id), button("Tolak", CASE, "refuse", case.id))
            return (receive, (button("Tarik", CASE, "withdraw", case.id), card))
        case State.WITH_DESK:
            return ((button("Teruskan", CASE, "forward", case.id), button("Tarik", CASE, "withdraw", case.id)), (card,))
        case _:
            return ((card,),)


def choice(label: str, act: str, case: Case, *choices: str) -> Button:
    """A button of a choice, its caption cut to what a phone shows."""
    return button(shorten(label, _CAPTION), CASE, act, case.id, *choices)


def reasons(case: Case, needed: ReasonNeeded, act: str, *choices: str) -> Buttons:
    """The reasons that an act may be given, one a row."""
    return tuple((choice(reason.title, act, case, *choices, reason.id),) for reason in needed.reasons)


def control_card(turn: Turn, case: Case) -> str:
    """The case's control card (kartu kendali) as text."""
    card = ControlCard(case, subject(turn, case), turn.store.cases.handovers(case.id))
    return render_text(card, turn.office, turn.rules.sop, turn.officer)


def present(turn: Turn, case: Case, conversation: Conversation) -> None:
    """A (new) card into the case's topic."""
    text, buttons = render(turn, case, conversation), buttons_for(case)
    card_call = post(turn, case, SendText(to=CaseTopic(case.id), text=text, buttons=buttons))
    turn.store.cases.put(case.id, card_call=card_call, card_shown=_fingerprint(text, buttons))


def refresh(turn: Turn, case: Case, conversation: Conversation) -> None:
    """Brings the card up to date after a change of state; changes in quick succession cost one call."""
    _edit(turn, case, conversation, buttons_for(case), SPACING)


def offer(turn: Turn, case: Case, conversation: Conversation, choices: Buttons) -> None:
    """Puts a choice under the card at once, in place of its buttons."""
    _edit(turn, case, conversation, (*choices, (button("Batal", CASE, "cancel", case.id),)), 0.0)


def restore(turn: Turn, case: Case, conversation: Conversation) -> None:
    """Takes a choice away again."""
    _edit(turn, case, conversation, buttons_for(case), 0.0)


def _edit(turn: Turn, case: Case, conversation: Conversation, buttons: Buttons, spacing: float) -> None:
    place = turn.store.cases.place(case.id)
    text = render(turn, case, conversation)
    if place is None or place.card_call is None or place.card_shown == _fingerprint(text, buttons):
        return
    edit = EditText(to=CaseTopic(case.id), target=SentBy(place.card_call), text=text, buttons=buttons)
    key = f"card:{case.id}"
    turn.store.outbox.put(
        edit,
        lane=conversation.lane,
        conversation=conversation.id,
        case=case.id,
        queue=key,
        coalesce=key,
        spacing=spacing,
    )
    turn.store.cases.put(case.id, card_shown=_fingerprint(text, buttons))


def _fingerprint(text: str, buttons: Buttons) -> str:
    """What a card shows, in short: a change of state that does not show costs no call."""
    return sha256(repr((text, buttons)).encode()).hexdigest()[:16]


def _head(turn: Turn, case: Case, conversation: Conversation) -> Sequence[str]:
    hours, rules, resident = turn.office.hours, turn.rules, conversation.resident
    contact = mask_contact(resident.email, resident.phone) or "belum ada"
    channel = _CHANNELS.get(conversation.account.channel, conversation.account.channel)
    route = turn.knowledge.route(case.route)
    step = f" (SOP {route.sop_step})" if route and route.sop_step else ""
    lines = [
        f"{bold(case.number)} · {escape(case.kind)} · {escape(case.state.label)}",
        f"{bold('Warga')}: {escape(shown_name(resident.name))} ({channel})",
        f"{bold('Kontak')}: {escape(contact)}",
        f"{bold('Perihal')}: {escape(subject(turn, case))}",
        f"{bold('Jalur')}: {escape(turn.knowledge.title(case.route))}{escape(step)}",
    ]
    if case.unit:
        lines.append(f"{bold('Seksi')}: {escape(turn.office.title(case.unit))}")
    lines.append(f"{bold('Masuk')}: {stamp(hours, case.opened_at)}")
    if case.voice:
        lines.append(f"{bold('Juru bicara')}: {escape(turn.officer_name(case.voice))}")
    if case.transit:
        lines.append(
            f"{bold('Menuju')}: {escape(turn.office.desk_title(case.transit.to))} – "
            f"{escape(rules.sop.reason_title(case.transit.reason))}"
        )
    elif case.holder:
        lines.append(
            f"{bold('Pemegang')}: {escape(turn.officer_name(case.holder))} – "
            f"{escape(turn.office.desk_title(case.desk))}"
        )
    if case.clock:
        lines.append(f"{bold('Langkah')} {case.clock.step}, batas {stamp(hours, case.clock.due)}")
    return lines


def _quote(turn: Turn, message: StoredMessage) -> str:
    """One line of the conversation before the case, masked."""
    if message.author is Author.RESIDENT:
        text = message.text if message.kind == "text" else f"[{message.kind}] {message.text}"
        return f"• {escape(shorten(mask(text), _QUOTE))}"
    if message.basis:
        topics = [item["topic"] for item in json.loads(message.basis)["articles"]]
        titles = ", ".join(turn.knowledge.title(topic) for topic in topics if topic in turn.knowledge.topics)
        return f"  ↳ {italic(f'bot menjawab: {titles}')}"
    return ""


def _suggestions(turn: Turn, before: Sequence[StoredMessage]) -> str:
    """The likeliest articles for what the resident wrote last, for the officer who answers."""
    texts = [message.text for message in before if message.author is Author.RESIDENT]
    found = turn.knowledge.suggest("\n".join(texts[-3:])) if texts else []
    titles = [escape(turn.knowledge.title(topic)) for topic in found if turn.knowledge.article(topic)]
    return f"{bold('Artikel terkait')}: {', '.join(titles)}" if titles else ""
