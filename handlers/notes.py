"""What officers write in a case's topic: what goes to the resident, what is proposed, and what stays among staff."""

from __future__ import annotations

from conversation.errors import Refusal
from conversation.inbound import Inbound
from conversation.markup import bold, escape
from conversation.outbound import CaseTopic, EditText, Posted, Private, SendText, SentBy
from conversation.people import Audience, Author, Conversation, StoredMessage
from escalation import transitions
from escalation.cases import Case
from escalation.events import Event, EventKind
from escalation.roles import Officer
from escalation.signing import Step
from handlers import opening, replying, words
from handlers.buttons import CASE, button, pack, unpack
from handlers.relaying import kind_of
from handlers.turn import Turn


def reply(turn: Turn, case: Case, officer: Officer, text: str | None = None) -> None:
    """The voice's explicit reply, or /balas with its `text`: goes to the resident and is kept with its author."""
    said = _said(turn) if text is None else text
    files = tuple(item.file for item in turn.burst if item.file)
    if turn.inbound.contact:
        raise Refusal("Maaf, kartu kontak tidak dapat diteruskan. Tuliskan nomornya dengan /balas.")
    if not said.strip() and not files:
        raise Refusal("Maaf, pesan tanpa isi tidak dapat dikirim kepada warga.")
    message = turn.store.ids()
    step = transitions.answer(case, officer, turn.now, turn.rules, message=message)
    conversation = turn.store.conversations.get(case.conversation)
    replying.speak(
        turn,
        conversation,
        case.id,
        officer.id,
        said,
        files,
        kind=kind_of(turn.burst),
        external=_here(turn),
        html=escape(said),
        message=message,
    )
    opening.advance(turn, step, conversation)


def propose(turn: Turn, case: Case, officer: Officer) -> None:
    """The desk's answer, still among staff: a button under it lets the voice send it."""
    stored = _store(turn, case, officer)
    step = transitions.propose(case, officer, turn.now, turn.rules, message=stored.id)
    conversation = turn.store.conversations.get(case.conversation)
    opening.advance(turn, step, conversation)
    offer = SendText(
        to=CaseTopic(case.id),
        reply_to=Posted(turn.inbound.message_id),
        text=f"{bold('Usulan jawaban')} dari {escape(officer.name)}. Periksa, lalu tekan Kirim ke warga.",
        buttons=((button("Kirim ke warga", CASE, "send", case.id, pack(stored.id)),),),
    )
    turn.store.outbox.put(offer, lane=conversation.lane, conversation=conversation.id, case=case.id)


def send_proposal(turn: Turn, case: Case, conversation: Conversation, officer: Officer, proposal: str) -> Step:
    """**Kirim ke warga**: the proposal's present text goes out as the office's answer."""
    number = unpack(proposal)
    proposed = turn.store.messages.get(number) if number else None
    if proposed is None or proposed.case != case.id or proposed.author is not Author.OFFICER:
        raise Refusal("Maaf, usulan jawaban ini tidak ditemukan lagi.")
    voice = turn.store.officers.get(case.voice) if case.voice else None
    message = turn.store.ids()
    step = transitions.send_proposal(
        case,
        officer,
        turn.now,
        turn.rules,
        proposal=proposed.id,
        message=message,
        voice_absent=voice is None or not voice.active,
    )
    replying.speak(
        turn,
        conversation,
        case.id,
        officer.id,
        proposed.text,
        proposed.files,
        kind=proposed.kind,
        html=escape(proposed.text),
        message=message,
    )
    return step


def keep(turn: Turn, case: Case, officer: Officer) -> None:
    """Staff talk: kept with the case, never sent."""
    _store(turn, case, officer)


def handle_edit(turn: Turn) -> None:
    """An officer changed a message: what was sent changes at the resident's too; earlier text is kept."""
    inbound = turn.inbound
    stored = turn.store.messages.at(turn.staff.chat, inbound.message_id) if inbound.chat == turn.staff.chat else None
    if stored is None or stored.author is not Author.OFFICER or not inbound.sender:
        return
    officer = turn.store.officers.by_external(inbound.sender.id)
    text = words.split_number(inbound.argument)[1] if inbound.command else inbound.text
    if officer is None or officer.id != stored.officer or text == stored.text or not text.strip():
        return
    turn.store.messages.edit(stored, text, turn.now)
    if stored.audience is Audience.RESIDENT:
        _edit_at_resident(turn, stored, officer, text)


def _edit_at_resident(turn: Turn, stored: StoredMessage, officer: Officer, text: str) -> None:
    conversation = turn.store.conversations.get(stored.conversation)
    carried = turn.store.outbox.carrying(stored.id, conversation.lane)
    case = turn.store.cases.get(stored.case) if stored.case else None
    if carried is None or case is None:
        return
    to = Private(conversation.account.address, conversation.account.channel)
    edit = EditText(to=to, target=SentBy(carried), text=escape(text), caption=bool(stored.files))
    replying.send(turn, conversation, edit)
    corrected = Event(
        kind=EventKind.ANSWERED, at=turn.now, case=case.id, officer=officer.id, message=stored.id, data={"edit": True}
    )
    turn.store.ledger.append(corrected)


def _store(turn: Turn, case: Case, officer: Officer) -> StoredMessage:
    conversation = turn.store.conversations.get(case.conversation)
    return turn.store.messages.add(
        conversation,
        Author.OFFICER,
        _said(turn),
        turn.now,
        case=case.id,
        audience=Audience.STAFF,
        officer=officer.id,
        kind=kind_of(turn.burst),
        files=tuple(item.file for item in turn.burst if item.file),
        external=_here(turn),
    )


def _said(turn: Turn) -> str:
    first: Inbound = turn.burst[0]
    where = f"{first.location.latitude}, {first.location.longitude}" if first.location else ""
    return "\n".join(filter(None, [where, *(item.text for item in turn.burst)]))


def _here(turn: Turn) -> tuple[str, int]:
    return turn.inbound.chat, turn.burst[0].message_id
