"""The refusals of the state table: each check says in Indonesian who may, who has the case, or what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from conversation.errors import Refusal
from escalation.cases import Case, State, Transit
from escalation.roles import Desk, Officer, Role
from escalation.rules import Rules
from escalation.sop import Act, Reason


class ReasonNeeded(Refusal):
    """The act needs a reason; `reasons` are those to offer."""

    def __init__(self, message: str, reasons: Sequence[Reason]) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


def known(officer: Officer | None) -> Officer:
    """The officer that a staff account belongs to; refuses strangers and former officers."""
    if officer is None or not officer.active:
        raise Refusal("Maaf, akun Anda tidak terdaftar sebagai petugas aktif. Silakan hubungi admin.")
    return officer


def has_role(officer: Officer, role: Role) -> None:
    if not known(officer).holds(role):
        raise Refusal(f"Maaf, ini hanya dapat dilakukan oleh {role.label}.")


def in_state(case: Case, *allowed: State) -> None:
    if case.state not in allowed:
        needed = " atau ".join(f"“{state.label}”" for state in allowed)
        now = f"{case.kind} {case.number} sedang berstatus “{case.state.label}”"
        raise Refusal(f"Maaf, {now}; ini hanya dapat dilakukan saat {needed}.")


def is_voice(case: Case, officer: Officer, rules: Rules) -> None:
    if case.voice is None:
        raise Refusal(f"Maaf, {case.number} belum diambil. Tekan Ambil lebih dahulu.")
    if known(officer).id != case.voice:
        raise Refusal(f"Maaf, {case.number} ditangani oleh {rules.name_of(case.voice)}, yang berbicara dengan warga.")
    has_role(officer, Role.FO)


def is_holder(case: Case, officer: Officer, rules: Rules) -> None:
    if case.holder is None:
        raise Refusal(f"Maaf, kartu {case.number} sedang tidak dipegang siapa pun ({case.state.label}).")
    if known(officer).id != case.holder:
        raise Refusal(f"Maaf, kartu {case.number} sedang dipegang oleh {rules.name_of(case.holder)}.")
    serves(case, officer, case.desk, rules)


def on_the_way(case: Case) -> Transit:
    """The running handover; refuses if there is none."""
    if case.transit is None:
        raise Refusal(f"Maaf, {case.number} tidak sedang diserahterimakan ({case.state.label}).")
    return case.transit


def serves(case: Case, officer: Officer, desk: Desk, rules: Rules) -> None:
    """The officer may sign for the desk; a card coming back to the front office is the voice's alone."""
    if not known(officer).serves(desk):
        raise Refusal(f"Maaf, {case.number} ditujukan kepada {rules.office.desk_title(desk)}.")
    if desk.role is Role.FO and case.voice is not None and officer.id != case.voice:
        voice = rules.name_of(case.voice)
        raise Refusal(f"Maaf, {case.number} kembali kepada {voice}. Ambil alih dahulu bila beliau berhalangan.")


def reasoned(act: Act, reason: str, why: str, rules: Rules, *, to: Role | None = None) -> Reason:
    """The reason with this id, if it fits the act (and the role handed to); else refuses with those that do."""
    offered = rules.sop.reasons_for(act, to)
    for known_reason in offered:
        if known_reason.id == reason:
            return known_reason
    if not offered and to is not None:
        raise Refusal(f"Maaf, menurut SOP kartu tidak diteruskan kepada {to.label}.")
    raise ReasonNeeded(why, offered)
