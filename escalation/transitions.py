"""The state table of a case (SOP steps 2 to 8): one function per row, in the order of a case's life.

state                   event, by                                             next
-                       open_case, resident's message                         waiting
waiting                 take (Ambil), FO; not the oldest: with a reason       with FO
with FO / transit/desk  answer (explicit reply, /balas), voice                unchanged
awaiting resident       answer, voice                                         with FO
with FO / with desk     hand_over (Teruskan), holder                          in transit
in transit              receive (Terima), an officer of that desk             with desk (front office: with FO)
in transit              refuse (Tolak), an officer of that desk               back
in transit              withdraw (Tarik), who handed over, or voice           back
with desk               withdraw (Tarik) with a reason, voice                 with FO
with desk               propose (message in the topic), holder                with desk
with desk               send_proposal (Kirim ke warga), voice; absent: any FO with FO
with FO                 conclude (Selesai), voice                             awaiting resident
awaiting resident       confirm (yes), resident; close_silent, timer          closed
awaiting resident       reopen (no, or writes on), resident                   with FO, same voice
with FO                 resident_wrote                                        with FO
any with a voice        take_over with a reason, FO                           unchanged, new voice

Every function is pure: it takes the case, who acts, when (UTC) and the rules, and returns the case as it is next with
the events for the ledger, or raises Refusal (ReasonNeeded) with a sentence for the officer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversation.errors import Refusal
from escalation import guards
from escalation.cases import Case, CaseKind, Position, State, Transit
from escalation.events import EventKind
from escalation.roles import FRONT_OFFICE, Desk, Officer, Role
from escalation.rules import Rules
from escalation.signing import Step, moved, signed
from escalation.sop import Act

#: The steps (SOP) whose clocks are started here; the others are started by the reason of a handover.
TAKING, ANSWERING, SENDING = 2, 3, 8


def open_case(
    *,
    id: int,
    number: str,
    conversation: int,
    kind: CaseKind,
    route: str,
    topic: str,
    unit: str,
    at: datetime,
    rules: Rules,
) -> Step:
    """A resident's message needs a person: the case waits for the front office (step 2)."""
    case = Case(
        id=id,
        number=number,
        conversation=conversation,
        state=State.WAITING,
        kind=kind,
        route=route,
        topic=topic,
        unit=unit,
        opened_at=at,
        desk=FRONT_OFFICE,
        clock=rules.start(TAKING, at),
    )
    return Step(case, (signed(EventKind.OPENED, case, at, None, desk_to=FRONT_OFFICE),))


def take(case: Case, officer: Officer, at: datetime, rules: Rules, *, ahead: str = "", reason: str = "") -> Step:
    """Ambil: the officer becomes the voice. `ahead` is the number of the oldest waiting case if that is another one."""
    guards.has_role(officer, Role.FO)
    if case.state is not State.WAITING and case.voice is not None and case.open:
        raise Refusal(f"Maaf, {case.number} sudah diambil oleh {rules.name_of(case.voice)}.")
    guards.in_state(case, State.WAITING)
    if ahead:
        why = f"{ahead} sudah menunggu lebih lama. Pilih alasan bila {case.number} perlu didahulukan."
        reason = guards.reasoned(Act.TAKE, reason, why, rules).id
    taken = replace(case, state=State.WITH_FO, voice=officer.id, holder=officer.id, clock=rules.start(ANSWERING, at))
    received = signed(EventKind.RECEIVED, taken, at, officer, desk_to=FRONT_OFFICE)
    if ahead:
        received = replace(received, reason=reason, data={"ahead": ahead})
    return Step(taken, (received,))


def answer(case: Case, officer: Officer, at: datetime, rules: Rules, *, message: int) -> Step:
    """The voice writes to the resident, at any time while the case is open; with FO that stops the clock.

    While a desk has the card its clock runs on. An answer after the conclusion takes the conclusion back.
    """
    guards.is_voice(case, officer, rules)
    guards.in_state(case, State.WITH_FO, State.IN_TRANSIT, State.WITH_DESK, State.AWAITING_RESIDENT)
    answered = signed(EventKind.ANSWERED, case, at, officer, message=message)
    if case.state is State.AWAITING_RESIDENT:
        return Step(_unconcluded(case), (signed(EventKind.REOPENED, case, at, officer), answered))
    return Step(replace(case, clock=None) if case.state is State.WITH_FO else case, (answered,))


def hand_over(case: Case, officer: Officer, at: datetime, rules: Rules, *, to: Desk, reason: str = "") -> Step:
    """Teruskan: the holder sends the card to a desk (`Office.desk`) for an SOP reason, which starts a step's clock."""
    guards.in_state(case, State.WITH_FO, State.WITH_DESK)
    guards.is_holder(case, officer, rules)
    if to == case.desk or to.role is case.desk.role is Role.FO:
        raise Refusal(f"Maaf, kartu {case.number} sudah ada di {rules.office.desk_title(to)}.")
    why = f"Pilih alasan meneruskan {case.number} kepada {rules.office.desk_title(to)}."
    chosen = guards.reasoned(Act.HAND_OVER, reason, why, rules, to=to.role)
    back = Position(case.state, case.desk, officer.id, case.clock, case.proposal)
    sent = replace(
        case,
        state=State.IN_TRANSIT,
        desk=to,
        holder=None,
        transit=Transit(to, chosen.id, officer.id, at, back),
        clock=rules.start(chosen.step, at),
        proposal=None,
    )
    handed = signed(EventKind.HANDED_OVER, sent, at, officer, desk_from=case.desk, desk_to=to, reason=chosen.id)
    return Step(sent, (handed,))


def receive(case: Case, officer: Officer, at: datetime, rules: Rules) -> Step:
    """Terima: an officer of the desk signs; the clock has been running since the handover."""
    transit = guards.on_the_way(case)
    guards.serves(case, officer, transit.to, rules)
    state = State.WITH_FO if transit.to.role is Role.FO else State.WITH_DESK
    section = transit.to.unit if transit.to.role is Role.SECTION_HEAD else ""
    received = replace(case, state=state, holder=officer.id, transit=None, unit=section or case.unit)
    return Step(received, (signed(EventKind.RECEIVED, received, at, officer, desk_to=transit.to),))


def refuse(case: Case, officer: Officer, at: datetime, rules: Rules, *, reason: str = "") -> Step:
    """Tolak: the desk does not take the card; it is back where it came from, whose clock goes on."""
    transit = guards.on_the_way(case)
    guards.serves(case, officer, transit.to, rules)
    chosen = guards.reasoned(Act.REFUSE, reason, f"Pilih alasan menolak {case.number}.", rules)
    return _put_back(case, transit, EventKind.REFUSED, officer, at, rules, chosen.id)


def withdraw(case: Case, officer: Officer, at: datetime, rules: Rules, *, reason: str = "") -> Step:
    """Tarik: a card on its way goes back to who handed it over; the voice may also fetch it from a desk, with a reason.

    Fetching is not in the SOP's course, but without it a case stands still when the officer who holds it falls away.
    """
    if case.state is State.WITH_DESK:
        guards.is_voice(case, officer, rules)
        chosen = guards.reasoned(Act.WITHDRAW, reason, f"Pilih alasan menarik kembali {case.number}.", rules)
        fetched = replace(_with_voice(case), clock=rules.start(ANSWERING, at))
        return Step(fetched, (moved(EventKind.WITHDRAWN, case, fetched, at, officer, chosen.id),))
    transit = guards.on_the_way(case)
    if guards.known(officer).id not in (transit.by, case.voice):
        raise Refusal(f"Maaf, {case.number} hanya dapat ditarik oleh {rules.name_of(transit.by)}, yang meneruskannya.")
    if reason:
        reason = guards.reasoned(Act.WITHDRAW, reason, f"Pilih alasan menarik kembali {case.number}.", rules).id
    return _put_back(case, transit, EventKind.WITHDRAWN, officer, at, rules, reason)


def propose(case: Case, officer: Officer, at: datetime, rules: Rules, *, message: int) -> Step:
    """The holder at a desk writes what the resident should be told; step 8 runs from the first unsent proposal."""
    guards.in_state(case, State.WITH_DESK)
    guards.is_holder(case, officer, rules)
    clock = rules.start(SENDING, at) if case.proposal is None else case.clock
    proposed = replace(case, proposal=message, clock=clock)
    return Step(proposed, (signed(EventKind.PROPOSED, proposed, at, officer, desk_from=case.desk, message=message),))


def send_proposal(
    case: Case, officer: Officer, at: datetime, rules: Rules, *, proposal: int, message: int, voice_absent: bool = False
) -> Step:
    """Kirim ke warga: the desk's answer goes out as `message`, and the card is back with the voice.

    If the voice is absent any FO may send; they sign for (atas nama) the voice, who keeps the case.
    """
    guards.in_state(case, State.WITH_DESK)
    guards.has_role(officer, Role.FO)
    if not voice_absent:
        guards.is_voice(case, officer, rules)
    if case.proposal != proposal:
        raise Refusal(f"Maaf, untuk {case.number} sudah ada usulan jawaban yang lebih baru. Kirim yang terbaru.")
    sent = _with_voice(case)
    handed = replace(
        signed(EventKind.HANDED_BACK, case, at, None, desk_from=case.desk, desk_to=FRONT_OFFICE, message=proposal),
        officer=case.holder,
    )
    received = moved(EventKind.RECEIVED, case, sent, at, officer)
    return Step(sent, (handed, received, signed(EventKind.ANSWERED, sent, at, officer, message=message)))


def conclude(case: Case, officer: Officer, at: datetime, rules: Rules) -> Step:
    """Selesai: the resident is asked whether it is settled; silence counts as yes after the office's silent_close."""
    guards.is_voice(case, officer, rules)
    guards.in_state(case, State.WITH_FO)
    until = rules.silent_close_at(at)
    concluded = replace(case, state=State.AWAITING_RESIDENT, clock=None, concluded_at=at, silent_close_at=until)
    return Step(concluded, (replace(signed(EventKind.CONCLUDED, concluded, at, officer), due=until),))


def confirm(case: Case, at: datetime) -> Step:
    """The resident says that it is settled."""
    guards.in_state(case, State.AWAITING_RESIDENT)
    return _closed(case, at, "resident")


def close_silent(case: Case, at: datetime) -> Step:
    """The timer closes what the resident has not answered in time."""
    guards.in_state(case, State.AWAITING_RESIDENT)
    if case.silent_close_at is None or at < case.silent_close_at:
        raise Refusal(f"Maaf, waktu warga untuk menanggapi {case.number} belum habis.")
    return _closed(case, at, "silence")


def reopen(case: Case, at: datetime, rules: Rules) -> Step:
    """The resident says that it is not settled, or writes on: the same voice answers (step 3)."""
    guards.in_state(case, State.AWAITING_RESIDENT)
    reopened = replace(_unconcluded(case), clock=rules.start(ANSWERING, at))
    return Step(reopened, (signed(EventKind.REOPENED, reopened, at, None),))


def resident_wrote(case: Case, at: datetime, rules: Rules) -> Step:
    """A resident's message in an open case: reopens a concluded one, restarts step 3 if FO had answered already."""
    if case.state is State.AWAITING_RESIDENT:
        return reopen(case, at, rules)
    if case.state is State.WITH_FO and case.clock is None:
        return Step(replace(case, clock=rules.start(ANSWERING, at)))
    return Step(case)


def take_over(case: Case, officer: Officer, at: datetime, rules: Rules, *, reason: str = "") -> Step:
    """Another FO becomes the voice, in any state after Ambil; clocks run on.

    With the front office (also while the resident's yes or no is awaited) the card changes hands too. A card that is on
    its way or at a desk stays there: only the voice changes, and if it comes back, it comes back to the new one.
    """
    guards.has_role(officer, Role.FO)
    if case.state is State.WAITING:
        raise Refusal(f"Maaf, {case.number} belum diambil siapa pun. Tekan Ambil.")
    guards.in_state(case, State.WITH_FO, State.IN_TRANSIT, State.WITH_DESK, State.AWAITING_RESIDENT)
    if officer.id == case.voice:
        raise Refusal(f"{case.number} memang sedang Anda tangani.")
    chosen = guards.reasoned(Act.TAKE_OVER, reason, f"Pilih alasan mengambil alih {case.number}.", rules)
    taken = replace(case, voice=officer.id)
    if case.transit is not None and case.transit.back.desk.role is Role.FO:
        back = replace(case.transit.back, holder=officer.id)
        taken = replace(taken, transit=replace(case.transit, back=back))
    if case.state in (State.IN_TRANSIT, State.WITH_DESK):
        return Step(taken, (signed(EventKind.TAKEN_OVER, taken, at, officer, reason=chosen.id),))
    taken = replace(taken, holder=officer.id)
    return Step(taken, (moved(EventKind.TAKEN_OVER, case, taken, at, officer, chosen.id),))


def _put_back(
    case: Case, transit: Transit, kind: EventKind, officer: Officer, at: datetime, rules: Rules, reason: str
) -> Step:
    back = transit.back
    restored = replace(
        case,
        state=back.state,
        desk=back.desk,
        holder=back.holder,
        transit=None,
        clock=rules.resume(back.clock, transit.at, at),
        proposal=back.proposal,
    )
    return Step(restored, (moved(kind, case, restored, at, officer, reason),))


def _with_voice(case: Case) -> Case:
    return replace(case, state=State.WITH_FO, desk=FRONT_OFFICE, holder=case.voice, clock=None, proposal=None)


def _unconcluded(case: Case) -> Case:
    return replace(case, state=State.WITH_FO, concluded_at=None, silent_close_at=None)


def _closed(case: Case, at: datetime, by: str) -> Step:
    closed = replace(case, state=State.CLOSED, holder=None, silent_close_at=None, closed_at=at)
    return Step(closed, (replace(signed(EventKind.CLOSED, closed, at, None), data={"by": by}),))
