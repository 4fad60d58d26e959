"""The commands of officers: the queue, taking a case, looking at one, its control card, and /balas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from conversation.errors import Refusal
from conversation.inbound import ChatKind
from conversation.markup import bold, escape
from escalation import queue, transitions
from escalation.cases import Case
from escalation.guards import ReasonNeeded
from escalation.hours import Schedule
from escalation.roles import Officer
from handlers import cards, notes, opening, words
from handlers.place import case_at, tell_here
from handlers.turn import Turn

HELP = (
    f"{bold('Perintah petugas')}\n"
    "/antrean – permohonan yang menunggu, menurut urutan masuk\n"
    "/ambil [nomor] [alasan] – mengambil permohonan, atau mengambil alih dengan alasan\n"
    "/kasus [nomor] – keterangan kasus ini, atau kasus yang sedang Anda pegang\n"
    "/kartu [nomor] – kartu kendali\n"
    "/balas [nomor] pesan – mengirim pesan kepada warga\n"
    "/bantuan – daftar ini\n\n"
    f"{bold('Yang sampai kepada warga')} hanya: balasan (reply) atas pesan warga oleh petugas yang mengambil kasus, "
    "/balas, dan tombol Kirim ke warga. Tulisan lain di topik tetap di antara petugas."
)
_NO_CASE = (
    "Maaf, sebutkan nomor kasusnya (misalnya /{command} PKU-2026-000123) atau tulis perintah ini di topik kasusnya."
)


def handle_staff(turn: Turn, officer: Officer) -> None:
    """A command in the staff group. Raises Refusal with what is wrong; unknown commands are left to other bots."""
    command = _STAFF.get(turn.inbound.command)
    if command:
        command(turn, officer)


def handle_private(turn: Turn) -> bool:
    """A staff command in an officer's own chat, where only looking is possible; False for everything else."""
    command = _PRIVATE.get(turn.inbound.command)
    sender = turn.inbound.sender
    officer = turn.store.officers.by_external(sender.id) if command and sender else None
    if command is None or officer is None:
        return False
    try:
        command(turn, officer)
    except Refusal as refusal:
        tell_here(turn, escape(str(refusal)))
    return True


def _queue(turn: Turn, _officer: Officer) -> None:
    waiting = queue.in_order(turn.store.cases.waiting())
    lines = [
        f"{place}. {bold(case.number)} – {escape(cards.subject(turn, case))} – menunggu "
        f"{_waited(turn.office.hours, case.opened_at, turn.now)}"
        for place, case in enumerate(waiting, 1)
    ]
    tell_here(turn, "\n".join([bold(f"Antrean: {len(waiting)} menunggu"), *lines]))


def _take(turn: Turn, officer: Officer) -> None:
    """/ambil: like the button, outside a topic the oldest; of a case that another officer has it is a take-over."""
    case, rest = _to_take(turn)
    reason = _reason(turn, rest)
    try:
        if case.voice:
            opening.advance(turn, transitions.take_over(case, officer, turn.now, turn.rules, reason=reason))
        else:
            opening.take(turn, case, officer, reason)
    except ReasonNeeded as needed:
        tell_here(turn, escape(str(needed)), cards.reasons(case, needed, "over" if case.voice else "take"))


def _to_take(turn: Turn) -> tuple[Case, str]:
    number, rest = words.split_number(turn.inbound.argument)
    if number or case_at(turn):
        return _case_and_rest(turn)
    oldest = queue.oldest(turn.store.cases.waiting())
    if oldest is None:
        raise Refusal("Antrean kosong: tidak ada permohonan yang menunggu.")
    return oldest, rest


def _reason(turn: Turn, text: str) -> str:
    """The id of the reason that an officer wrote out, as far as it is one of the SOP's."""
    wanted = text.strip().casefold()
    for reason in turn.rules.sop.reasons:
        if wanted and (wanted == reason.id or wanted == reason.title.casefold()):
            return reason.id
    return wanted


def _case(turn: Turn, officer: Officer) -> None:
    """/kasus: the card of this case, or the list of those the officer speaks for or holds."""
    if words.case_number_in(turn.inbound.argument) or case_at(turn):
        case, _ = _case_and_rest(turn)
        tell_here(turn, cards.render(turn, case, turn.store.conversations.get(case.conversation)))
        return
    own = [case for case in turn.store.cases.open_cases() if officer.id in (case.voice, case.holder)]
    lines = [f"{bold(case.number)} – {escape(cards.subject(turn, case))} – {escape(case.state.label)}" for case in own]
    tell_here(turn, "\n".join([bold(f"Kasus Anda: {len(own)}"), *lines]))


def _control(turn: Turn, _officer: Officer) -> None:
    case, _ = _case_and_rest(turn)
    tell_here(turn, cards.control_card(turn, case))


def _reply(turn: Turn, officer: Officer) -> None:
    """/balas: the voice speaks to the resident, also in groups without topics."""
    case, text = _case_and_rest(turn)
    notes.reply(turn, case, officer, text)


def _help(turn: Turn, _officer: Officer) -> None:
    tell_here(turn, HELP)


_PRIVATE: dict[str, Callable[[Turn, Officer], None]] = {"antrean": _queue, "kasus": _case, "kartu": _control}
_STAFF = {**_PRIVATE, "ambil": _take, "balas": _reply, "bantuan": _help}


def _case_and_rest(turn: Turn) -> tuple[Case, str]:
    """The case a command is about, by number or by where it stands, and the rest of the command's text."""
    number, rest = words.split_number(turn.inbound.argument)
    if number:
        case = turn.store.cases.by_number(number)
        if case is None:
            raise Refusal(f"Maaf, kasus {number} tidak ada.")
        return case, rest
    here = case_at(turn) if turn.inbound.chat_kind is not ChatKind.PRIVATE else None
    if here is None:
        raise Refusal(_NO_CASE.format(command=turn.inbound.command))
    return here, rest


def _waited(hours: Schedule, since: datetime, now: datetime) -> str:
    """Waiting time in office hours, in words."""
    minutes = int(hours.between(since, now).total_seconds() // 60)
    return f"{minutes // 60} jam {minutes % 60} menit" if minutes >= 60 else f"{minutes} menit"
