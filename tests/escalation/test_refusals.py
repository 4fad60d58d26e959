"""Every refusal of the state table says politely who may, who has the case, or what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from conversation.errors import Refusal
from escalation import transitions as table
from escalation.cases import Case, State
from escalation.guards import ReasonNeeded, known
from escalation.roles import FRONT_OFFICE, Desk, Officer, Role
from escalation.signing import Step
from tests.escalation.house import (
    AHMAD,
    ARIF,
    BIRTHS,
    CIVIL,
    DEDI,
    ERNA,
    FITRI,
    GONE,
    IN_STATE,
    PROPOSAL,
    RINA,
    concluded,
    later,
    proposed,
    rules,
    to_births,
    waiting,
    with_fitri,
    with_rina,
)

NOW = later(10)


def take(case: Case, who: Officer) -> Step:
    return table.take(case, who, NOW, rules())


def answer(case: Case, who: Officer) -> Step:
    return table.answer(case, who, NOW, rules(), message=1)


def hand_over(case: Case, who: Officer) -> Step:
    return table.hand_over(case, who, NOW, rules(), to=CIVIL, reason="keraguan")


def receive(case: Case, who: Officer) -> Step:
    return table.receive(case, who, NOW, rules())


def refuse(case: Case, who: Officer) -> Step:
    return table.refuse(case, who, NOW, rules(), reason="bukan-wewenang")


def withdraw(case: Case, who: Officer) -> Step:
    return table.withdraw(case, who, NOW, rules(), reason="keliru")


def propose(case: Case, who: Officer) -> Step:
    return table.propose(case, who, NOW, rules(), message=1)


def send(case: Case, who: Officer) -> Step:
    return table.send_proposal(case, who, NOW, rules(), proposal=PROPOSAL, message=1)


def conclude(case: Case, who: Officer) -> Step:
    return table.conclude(case, who, NOW, rules())


def take_over(case: Case, who: Officer) -> Step:
    return table.take_over(case, who, NOW, rules(), reason="arahan")


def confirm(case: Case, _: Officer) -> Step:
    return table.confirm(case, NOW)


def close_silent(case: Case, _: Officer) -> Step:
    return table.close_silent(case, case.silent_close_at or NOW)


def reopen(case: Case, _: Officer) -> Step:
    return table.reopen(case, NOW, rules())


#: Who may do what in which state; every other pair of act and state is refused, whoever asks.
ALLOWED: dict[Callable[[Case, Officer], Step], dict[State, Officer]] = {
    take: {State.WAITING: DEDI},
    answer: dict.fromkeys((State.WITH_FO, State.IN_TRANSIT, State.WITH_DESK, State.AWAITING_RESIDENT), RINA),
    hand_over: {State.WITH_FO: RINA, State.WITH_DESK: FITRI},
    receive: {State.IN_TRANSIT: FITRI},
    refuse: {State.IN_TRANSIT: FITRI},
    withdraw: {State.IN_TRANSIT: RINA, State.WITH_DESK: RINA},
    propose: {State.WITH_DESK: FITRI},
    send: {State.WITH_DESK: RINA},
    conclude: {State.WITH_FO: RINA},
    take_over: dict.fromkeys((State.WITH_FO, State.IN_TRANSIT, State.WITH_DESK, State.AWAITING_RESIDENT), DEDI),
    confirm: {State.AWAITING_RESIDENT: RINA},
    close_silent: {State.AWAITING_RESIDENT: RINA},
    reopen: {State.AWAITING_RESIDENT: RINA},
}
BY_RESIDENT_OR_TIMER = (confirm, close_silent, reopen)


@pytest.mark.parametrize(("act", "state"), [(act, state) for act, state in product(ALLOWED, State)])
def test_the_table_of_states_and_acts(act: Callable[[Case, Officer], Step], state: State) -> None:
    case = IN_STATE[state]()
    if state in ALLOWED[act]:
        assert act(case, ALLOWED[act][state]).events
        return
    for who in (RINA, DEDI, FITRI, ERNA):
        with pytest.raises(Refusal):
            act(case, who)


@pytest.mark.parametrize(
    ("act", "state"),
    [(act, state) for act, by in ALLOWED.items() for state in by if act not in BY_RESIDENT_OR_TIMER],
)
def test_only_those_entitled_and_never_a_former_officer(act: Callable[[Case, Officer], Step], state: State) -> None:
    for who in (ARIF, AHMAD, GONE):
        with pytest.raises(Refusal):
            act(IN_STATE[state](), who)


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (
            lambda: take(with_rina(), DEDI),
            "Maaf, PKU-2026-000001 sudah diambil oleh Rina Marlina.",
        ),
        (lambda: take(waiting(), FITRI), "Maaf, ini hanya dapat dilakukan oleh Front Office."),
        (
            lambda: take(waiting(), GONE),
            "Maaf, akun Anda tidak terdaftar sebagai petugas aktif. Silakan hubungi admin.",
        ),
        (
            lambda: known(None),
            "Maaf, akun Anda tidak terdaftar sebagai petugas aktif. Silakan hubungi admin.",
        ),
        (lambda: answer(waiting(), RINA), "Maaf, PKU-2026-000001 belum diambil. Tekan Ambil lebih dahulu."),
        (
            lambda: answer(with_rina(), DEDI),
            "Maaf, PKU-2026-000001 ditangani oleh Rina Marlina, yang berbicara dengan warga.",
        ),
        (
            lambda: hand_over(with_fitri(), RINA),
            "Maaf, kartu PKU-2026-000001 sedang dipegang oleh Fitri Handayani.",
        ),
        (
            lambda: hand_over(to_births(), RINA),
            "Maaf, permohonan PKU-2026-000001 sedang berstatus “dalam serah terima”; ini hanya dapat dilakukan saat "
            "“ditangani Front Office” atau “ditangani petugas terkait”.",
        ),
        (
            lambda: table.hand_over(with_fitri(), FITRI, NOW, rules(), to=BIRTHS, reason="kebijakan"),
            "Maaf, kartu PKU-2026-000001 sudah ada di Kepala Seksi Kelahiran.",
        ),
        (
            lambda: table.hand_over(with_rina(), RINA, NOW, rules(), to=FRONT_OFFICE, reason="kembali"),
            "Maaf, kartu PKU-2026-000001 sudah ada di Front Office.",
        ),
        (
            lambda: table.hand_over(with_rina(), RINA, NOW, rules(), to=Desk(Role.OFFICE_HEAD), reason="kebijakan"),
            "Maaf, menurut SOP kartu tidak diteruskan kepada Kepala Dinas.",
        ),
        (lambda: receive(to_births(), ARIF), "Maaf, PKU-2026-000001 ditujukan kepada Kepala Seksi Kelahiran."),
        (
            lambda: receive(with_fitri(), ARIF),
            "Maaf, PKU-2026-000001 tidak sedang diserahterimakan (ditangani petugas terkait).",
        ),
        (
            lambda: receive(
                table.hand_over(with_fitri(), FITRI, NOW, rules(), to=FRONT_OFFICE, reason="kembali").case, DEDI
            ),
            "Maaf, PKU-2026-000001 kembali kepada Rina Marlina. Ambil alih dahulu bila beliau berhalangan.",
        ),
        (
            lambda: withdraw(to_births(), DEDI),
            "Maaf, PKU-2026-000001 hanya dapat ditarik oleh Rina Marlina, yang meneruskannya.",
        ),
        (
            lambda: table.send_proposal(proposed(), RINA, NOW, rules(), proposal=499, message=1),
            "Maaf, untuk PKU-2026-000001 sudah ada usulan jawaban yang lebih baru. Kirim yang terbaru.",
        ),
        (
            lambda: send(proposed(), DEDI),
            "Maaf, PKU-2026-000001 ditangani oleh Rina Marlina, yang berbicara dengan warga.",
        ),
        (
            lambda: conclude(with_rina(), replace(RINA, posts=(BIRTHS,))),
            "Maaf, ini hanya dapat dilakukan oleh Front Office.",
        ),
        (
            lambda: propose(with_fitri(), replace(FITRI, posts=(CIVIL,))),
            "Maaf, PKU-2026-000001 ditujukan kepada Kepala Seksi Kelahiran.",
        ),
        (
            lambda: table.hand_over(with_rina(), RINA, NOW, rules(), to=Desk(Role.FO, "seksi-siak"), reason="kembali"),
            "Maaf, kartu PKU-2026-000001 sudah ada di Front Office (Seksi Sistem Informasi Administrasi Kependudukan).",
        ),
        (
            lambda: table.close_silent(concluded(), NOW),
            "Maaf, waktu warga untuk menanggapi PKU-2026-000001 belum habis.",
        ),
        (lambda: take_over(waiting(), DEDI), "Maaf, PKU-2026-000001 belum diambil siapa pun. Tekan Ambil."),
        (lambda: take_over(with_rina(), RINA), "PKU-2026-000001 memang sedang Anda tangani."),
    ],
)
def test_a_refusal_explains_itself(act: Callable[[], object], sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        act()
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("act", "offered"),
    [
        (
            lambda reason: table.take(waiting(2), RINA, NOW, rules(), ahead="PKU-2026-000001", reason=reason),
            ["mendesak", "lanjutan", "keahlian"],
        ),
        (
            lambda reason: table.hand_over(with_rina(), RINA, NOW, rules(), to=BIRTHS, reason=reason),
            ["kebijakan", "belum-terbit"],
        ),
        (
            lambda reason: table.hand_over(with_rina(), RINA, NOW, rules(), to=CIVIL, reason=reason),
            ["keraguan", "belum-terbit"],
        ),
        (
            lambda reason: table.refuse(to_births(), FITRI, NOW, rules(), reason=reason),
            ["bukan-wewenang", "belum-lengkap", "berhalangan"],
        ),
        (
            lambda reason: table.withdraw(with_fitri(), RINA, NOW, rules(), reason=reason),
            ["keliru", "terjawab", "belum-ditanggapi"],
        ),
        (
            lambda reason: table.take_over(with_rina(), DEDI, NOW, rules(), reason=reason),
            ["petugas-berhalangan", "ganti-jaga", "arahan"],
        ),
    ],
)
def test_without_a_fitting_reason_those_that_fit_are_offered(act: Callable[[str], Step], offered: list[str]) -> None:
    for reason in ("", "salah-input", "karena saya mau"):
        with pytest.raises(ReasonNeeded, match="Pilih alasan") as needed:
            act(reason)
        assert [choice.id for choice in needed.value.reasons] == offered
    for choice in offered:
        assert act(choice).events[0].reason == choice
