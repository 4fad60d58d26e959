"""What officers do with a case by its buttons: each act checked against group, topic, roster and the state table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zlib import crc32

from conversation.errors import Refusal
from conversation.outbound import CaseTopic, SendText
from conversation.people import Conversation
from escalation import guards, transitions
from escalation.cases import Case, State
from escalation.guards import ReasonNeeded
from escalation.roles import Officer, Role
from escalation.rules import Rules
from escalation.signing import Step
from escalation.sop import Act
from handlers import cards, opening, words
from handlers.buttons import CASE, Pressed, button, pack, read_press
from handlers.notes import send_proposal
from handlers.place import check_place, officer_of
from handlers.replying import answer_press, post
from handlers.turn import Turn

_TARGETS = (
    (Role.SECTION_HEAD, "Kepala Seksi"),
    (Role.DIVISION_HEAD, "Kepala Bidang"),
    (Role.EDITOR, "Operator Editor"),
    (Role.PICKUP, "Pengambilan Dokumen"),
    (Role.FO, "Front Office"),
)
_EVERY_UNIT = "-"


class _Reasoned(Protocol):
    """A transition that may need a reason."""

    def __call__(self, case: Case, officer: Officer, at: datetime, rules: Rules, *, reason: str = "") -> Step: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A press by a known officer on a known case: what the acts below work on."""

    turn: Turn
    case: Case
    conversation: Conversation
    officer: Officer
    pressed: Pressed

    @property
    def choice(self) -> str:
        return self.pressed.choices[0] if self.pressed.choices else ""

    def done(self, step: Step) -> None:
        opening.advance(self.turn, step, self.conversation)


def handle_press(turn: Turn) -> None:
    """A press in the staff group; whoever may not do it reads why in an alert, and nothing changes."""
    press = turn.inbound.press
    pressed = read_press(press.data) if press else None
    try:
        officer = officer_of(turn)
        case = turn.store.cases.get(pressed.about) if pressed and pressed.whose == CASE else None
        if case is None or pressed is None:
            raise Refusal(words.PRESS_OLD)
        check_place(turn, case)
        conversation = turn.store.conversations.get(case.conversation)
        action = Action(turn=turn, case=case, conversation=conversation, officer=officer, pressed=pressed)
        note = _ACTS.get(pressed.act, _unknown)(action)
    except Refusal as refusal:
        answer_press(turn, str(refusal), alert=True)
    else:
        answer_press(turn, note)


def _take(action: Action) -> str:
    """**Ambil**: in order of arrival; another one than the oldest needs a reason."""
    try:
        opening.take(action.turn, action.case, action.officer, action.choice)
    except ReasonNeeded as needed:
        return _ask_reason(action, needed, "take")
    return f"{action.case.number} kini Anda tangani."


def _forward(action: Action) -> str:
    """**Teruskan**: to whom, then unit and reason where there is a choice."""
    turn, case = action.turn, action.case
    guards.is_holder(case, action.officer, turn.rules)
    if not action.pressed.choices:
        rows = tuple(
            (button(label, CASE, "forward", case.id, role),) for role, label in _TARGETS if role is not case.desk.role
        )
        cards.offer(turn, case, action.conversation, rows)
        return "Diteruskan kepada siapa?"
    role, *rest = action.pressed.choices
    if role not in set(Role):
        raise Refusal(words.PRESS_OLD)
    target = Role(role)
    units = _units(action, target)
    if not rest and len(units) > 1:
        rows = tuple((cards.choice(turn.office.title(unit), "forward", case, role, _code(unit)),) for unit in units)
        cards.offer(turn, case, action.conversation, rows)
        return "Pilih unit."
    code, *reason = rest or [_code(units[0]) if units else _EVERY_UNIT]
    unit = next((unit for unit in units if _code(unit) == code), "")
    if units and not unit:
        raise Refusal(words.PRESS_OLD)
    desk = turn.office.desk(target, unit)
    offered = turn.rules.sop.reasons_for(Act.HAND_OVER, target)
    chosen = reason[0] if reason else offered[0].id if len(offered) == 1 else ""
    try:
        step = transitions.hand_over(case, action.officer, turn.now, turn.rules, to=desk, reason=chosen)
    except ReasonNeeded as needed:
        return _ask_reason(action, needed, "forward", role, code)
    action.done(step)
    return f"Diteruskan kepada {turn.office.desk_title(desk)}."


def _code(unit: str) -> str:
    """A unit's id in the few bytes that a button's data has room for."""
    return pack(crc32(unit.encode()))


def _units(action: Action, role: Role) -> list[str]:
    """The units that a head may be chosen from, the one the matter belongs to first."""
    office, case = action.turn.office, action.case
    if role is Role.SECTION_HEAD:
        choice = [unit.id for unit in office.sections()]
        return sorted(choice, key=lambda unit: unit != case.unit)
    if role is Role.DIVISION_HEAD:
        return sorted((unit.id for unit in office.divisions()), key=lambda unit: unit != office.division_of(case.unit))
    return []


def _receive(action: Action) -> str:
    """**Terima**: the second signature of a handover."""
    step = transitions.receive(action.case, action.officer, action.turn.now, action.turn.rules)
    action.done(step)
    if step.case.state is State.WITH_FO:
        return f"{action.case.number} kembali pada Anda."
    return f"{action.case.number} Anda terima. Tulis jawaban Anda di topik ini."


def _refuse(action: Action) -> str:
    """**Tolak**: the card goes back, with a reason."""
    return _with_reason(action, transitions.refuse, "refuse", f"{action.case.number} dikembalikan.")


def _withdraw(action: Action) -> str:
    """**Tarik**: who handed the card over takes it back."""
    return _with_reason(action, transitions.withdraw, "withdraw", f"{action.case.number} ditarik kembali.")


def _take_over(action: Action) -> str:
    """Another FO becomes the voice, with a reason."""
    return _with_reason(action, transitions.take_over, "over", f"{action.case.number} kini Anda tangani.")


def _with_reason(action: Action, transition: _Reasoned, act: str, note: str) -> str:
    """An act whose reason the officer chooses under the card, where the SOP wants one."""
    try:
        step = transition(action.case, action.officer, action.turn.now, action.turn.rules, reason=action.choice)
    except ReasonNeeded as needed:
        return _ask_reason(action, needed, act)
    action.done(step)
    return note


def _send(action: Action) -> str:
    """**Kirim ke warga**: the desk's proposal goes out."""
    step = send_proposal(action.turn, action.case, action.conversation, action.officer, action.choice)
    action.done(step)
    return "Jawaban dikirim kepada warga."


def _conclude(action: Action) -> str:
    """**Selesai**: the resident is asked whether it is settled."""
    action.done(transitions.conclude(action.case, action.officer, action.turn.now, action.turn.rules))
    opening.ask_if_settled(action.turn, action.conversation, action.case)
    return "Warga ditanya apakah sudah selesai."


def _card(action: Action) -> str:
    card = SendText(to=CaseTopic(action.case.id), text=cards.control_card(action.turn, action.case))
    post(action.turn, action.case, card)
    return ""


def _cancel(action: Action) -> str:
    cards.restore(action.turn, action.case, action.conversation)
    return ""


def _unknown(_action: Action) -> str:
    raise Refusal(words.PRESS_OLD)


_ACTS: dict[str, Callable[[Action], str]] = {
    "take": _take,
    "forward": _forward,
    "receive": _receive,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "over": _take_over,
    "send": _send,
    "conclude": _conclude,
    "card": _card,
    "cancel": _cancel,
}


def _ask_reason(action: Action, needed: ReasonNeeded, act: str, *choices: str) -> str:
    """Offers the reasons under the card; the officer reads why one is needed."""
    cards.offer(action.turn, action.case, action.conversation, cards.reasons(action.case, needed, act, *choices))
    return str(needed)
