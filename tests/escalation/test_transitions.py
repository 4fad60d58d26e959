"""Every row of the state table: what a case becomes, whose clock runs, and what the ledger remembers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from escalation import transitions as table
from escalation.cases import Case, CaseKind, State, StepClock, case_number
from escalation.events import EventKind
from escalation.roles import FRONT_OFFICE, Desk, Officer, Role
from escalation.signing import Step
from escalation.sop import Act
from tests.escalation.house import (
    BIRTHS,
    CIVIL,
    DEDI,
    ERNA,
    FITRI,
    MONDAY,
    NURUL,
    PROPOSAL,
    RINA,
    RUDI,
    WATI,
    concluded,
    later,
    proposed,
    rules,
    to_births,
    waiting,
    with_fitri,
    with_rina,
)


def kinds(step: Step) -> list[EventKind]:
    return [event.kind for event in step.events]


def test_a_new_case_waits_for_the_front_office_and_is_due_after_three_minutes() -> None:
    step = table.open_case(
        id=7,
        number=case_number("PKU", 2026, 123),
        conversation=3,
        kind=CaseKind.COMPLAINT,
        route="pengaduan",
        topic="",
        unit="",
        at=MONDAY,
        rules=rules(),
    )
    assert step.case.number == "PKU-2026-000123"
    assert (step.case.state, step.case.desk, step.case.holder, step.case.voice) == (
        State.WAITING,
        FRONT_OFFICE,
        None,
        None,
    )
    assert step.case.clock == StepClock(2, MONDAY, later(3))
    (opened,) = step.events
    assert (opened.kind, opened.case, opened.desk_to, opened.due) == (EventKind.OPENED, 7, FRONT_OFFICE, later(3))


def test_ambil_makes_the_officer_voice_and_holder() -> None:
    step = table.take(waiting(), RINA, later(1), rules())
    assert (step.case.state, step.case.voice, step.case.holder) == (State.WITH_FO, RINA.id, RINA.id)
    assert step.case.clock == StepClock(3, later(1), later(6))
    (received,) = step.events
    assert (received.kind, received.officer, received.reason) == (EventKind.RECEIVED, RINA.id, "")


def test_ambil_out_of_order_is_signed_with_a_reason() -> None:
    step = table.take(waiting(2), RINA, later(1), rules(), ahead="PKU-2026-000001", reason="mendesak")
    (received,) = step.events
    assert (received.reason, dict(received.data)) == ("mendesak", {"ahead": "PKU-2026-000001"})


@pytest.mark.parametrize(("case", "clock_stops"), [(with_rina(), True), (to_births(), False), (proposed(), False)])
def test_an_answer_leaves_the_state_and_stops_only_the_front_office_clock(case: Case, *, clock_stops: bool) -> None:
    step = table.answer(case, RINA, later(9), rules(), message=77)
    assert (step.case.state, step.case.holder, step.case.proposal) == (case.state, case.holder, case.proposal)
    assert step.case.clock == (None if clock_stops else case.clock)
    assert kinds(step) == [EventKind.ANSWERED]
    assert step.events[0].message == 77


def test_an_answer_takes_a_conclusion_back() -> None:
    step = table.answer(concluded(), RINA, later(9), rules(), message=77)
    assert kinds(step) == [EventKind.REOPENED, EventKind.ANSWERED]
    assert (step.case.state, step.case.concluded_at, step.case.silent_close_at) == (State.WITH_FO, None, None)


@pytest.mark.parametrize(
    ("to", "reason", "step_number", "minutes"),
    [
        (BIRTHS, "kebijakan", 3, 5),
        (CIVIL, "keraguan", 4, 5),
        (Desk(Role.EDITOR), "salah-input", 5, 5),
        (BIRTHS, "belum-terbit", 6, 5),
        (CIVIL, "belum-terbit", 6, 5),
        (Desk(Role.PICKUP), "pengambilan", 7, 3),
    ],
)
def test_teruskan_starts_the_clock_of_the_reason(to: Desk, reason: str, step_number: int, minutes: int) -> None:
    step = table.hand_over(with_rina(), RINA, later(2), rules(), to=to, reason=reason)
    assert (step.case.state, step.case.desk, step.case.holder) == (State.IN_TRANSIT, to, None)
    assert step.case.clock == StepClock(step_number, later(2), later(2 + minutes))
    assert step.case.transit is not None
    assert (step.case.transit.to, step.case.transit.by, step.case.transit.reason) == (to, RINA.id, reason)
    (handed,) = step.events
    assert (handed.kind, handed.desk_from, handed.desk_to) == (EventKind.HANDED_OVER, FRONT_OFFICE, to)
    assert (handed.officer, handed.reason, handed.due) == (RINA.id, reason, later(2 + minutes))


def test_a_desk_passes_on_what_it_doubts_and_its_proposal_falls() -> None:
    step = table.hand_over(proposed(), FITRI, later(5), rules(), to=CIVIL, reason="keraguan")
    assert (step.case.state, step.case.proposal, step.case.voice) == (State.IN_TRANSIT, None, RINA.id)
    received = table.receive(step.case, ERNA, later(6), rules())
    assert (received.case.holder, received.case.desk) == (ERNA.id, CIVIL)


@pytest.mark.parametrize("head", [FITRI, WATI])
def test_terima_by_the_section_s_head_or_a_head_of_all_sections(head: Officer) -> None:
    step = table.receive(to_births(), head, later(3), rules())
    assert (step.case.state, step.case.holder, step.case.transit) == (State.WITH_DESK, head.id, None)
    assert step.case.clock == to_births().clock
    assert kinds(step) == [EventKind.RECEIVED]


def test_the_case_belongs_to_another_section_only_once_that_one_has_received_it() -> None:
    siak = Desk(Role.SECTION_HEAD, "seksi-siak")
    sent = table.hand_over(with_rina(), RINA, later(2), rules(), to=siak, reason="kebijakan").case
    assert sent.unit == "seksi-kelahiran"
    assert table.receive(sent, WATI, later(3), rules()).case.unit == "seksi-siak"


def test_a_card_sent_back_to_the_front_office_is_the_voice_s_again() -> None:
    sent = table.hand_over(with_fitri(), FITRI, later(4), rules(), to=FRONT_OFFICE, reason="kembali").case
    step = table.receive(sent, RINA, later(5), rules())
    assert (step.case.state, step.case.holder, step.case.desk) == (State.WITH_FO, RINA.id, FRONT_OFFICE)
    assert step.case.clock == StepClock(3, later(4), later(9))


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda: table.refuse(to_births(), FITRI, later(4), rules(), reason="bukan-wewenang"), EventKind.REFUSED),
        (lambda: table.withdraw(to_births(), RINA, later(4), rules()), EventKind.WITHDRAWN),
        (lambda: table.withdraw(to_births(), RINA, later(4), rules(), reason="keliru"), EventKind.WITHDRAWN),
    ],
)
def test_a_card_that_is_not_received_goes_back_and_the_giver_s_clock_goes_on(
    act: Callable[[], Step], kind: EventKind
) -> None:
    step = act()
    assert (step.case.state, step.case.holder, step.case.desk) == (State.WITH_FO, RINA.id, FRONT_OFFICE)
    assert step.case.transit is None
    assert step.case.clock == StepClock(3, later(1), later(8)), "two of the five minutes were spent on the way"
    assert kinds(step) == [kind]


def test_what_was_late_when_handed_over_is_late_when_it_comes_back() -> None:
    sent = table.hand_over(with_rina(), RINA, later(20), rules(), to=BIRTHS, reason="kebijakan").case
    assert table.withdraw(sent, RINA, later(30), rules()).case.clock == with_rina().clock


def test_a_desk_that_is_refused_has_its_card_and_proposal_back() -> None:
    sent = table.hand_over(proposed(), FITRI, later(5), rules(), to=CIVIL, reason="keraguan").case
    back = table.refuse(sent, ERNA, later(6), rules(), reason="berhalangan").case
    assert (back.state, back.desk, back.holder, back.proposal) == (State.WITH_DESK, BIRTHS, FITRI.id, PROPOSAL)


def test_the_voice_fetches_a_card_from_a_desk_with_a_reason() -> None:
    step = table.withdraw(proposed(), RINA, later(9), rules(), reason="belum-ditanggapi")
    assert (step.case.state, step.case.holder, step.case.proposal) == (State.WITH_FO, RINA.id, None)
    assert step.case.clock == StepClock(3, later(9), later(14))
    assert (step.events[0].desk_from, step.events[0].desk_to) == (BIRTHS, FRONT_OFFICE)


def test_a_proposal_starts_step_eight_and_a_newer_one_does_not_start_it_again() -> None:
    first = table.propose(with_fitri(), FITRI, later(4), rules(), message=500)
    assert (first.case.proposal, first.case.clock) == (500, StepClock(8, later(4), later(6)))
    second = table.propose(first.case, FITRI, later(5), rules(), message=501)
    assert (second.case.proposal, second.case.clock) == (501, first.case.clock)
    assert (second.events[0].kind, second.events[0].message) == (EventKind.PROPOSED, 501)


def test_kirim_ke_warga_hands_back_receives_and_answers() -> None:
    step = table.send_proposal(proposed(), RINA, later(5), rules(), proposal=PROPOSAL, message=600)
    assert (step.case.state, step.case.holder, step.case.proposal) == (State.WITH_FO, RINA.id, None)
    assert step.case.clock is None
    assert [(event.kind, event.officer, event.message) for event in step.events] == [
        (EventKind.HANDED_BACK, FITRI.id, PROPOSAL),
        (EventKind.RECEIVED, RINA.id, None),
        (EventKind.ANSWERED, RINA.id, 600),
    ]


def test_another_front_officer_sends_for_an_absent_voice_who_keeps_the_case() -> None:
    step = table.send_proposal(proposed(), DEDI, later(5), rules(), proposal=PROPOSAL, message=600, voice_absent=True)
    assert (step.case.voice, step.case.holder) == (RINA.id, RINA.id)
    assert step.events[1].officer == DEDI.id
    assert step.events[1].data == {"holder": RINA.id}


def test_selesai_asks_the_resident_and_silence_counts_after_sixteen_office_hours() -> None:
    step = table.conclude(with_rina(), RINA, MONDAY, rules())
    assert (step.case.state, step.case.holder, step.case.clock) == (State.AWAITING_RESIDENT, RINA.id, None)
    # Five hours are left of Monday, six and a half are Tuesday's, the rest is Wednesday's.
    assert step.case.silent_close_at == MONDAY.replace(hour=1, minute=30) + timedelta(days=2, hours=4, minutes=30)
    assert kinds(step) == [EventKind.CONCLUDED]


def test_the_resident_s_yes_closes_the_case() -> None:
    step = table.confirm(concluded(), later(6))
    assert (step.case.state, step.case.holder, step.case.voice) == (State.CLOSED, None, RINA.id)
    assert step.case.closed_at == later(6)
    assert (kinds(step), step.events[0].officer, step.events[0].data) == (
        [EventKind.CLOSED],
        None,
        {"by": "resident"},
    )


def test_silence_closes_the_case() -> None:
    case = concluded()
    assert case.silent_close_at is not None
    step = table.close_silent(case, case.silent_close_at)
    assert (step.case.state, step.events[0].data) == (State.CLOSED, {"by": "silence"})


@pytest.mark.parametrize("reopen", [table.reopen, table.resident_wrote])
def test_no_or_writing_on_reopens_with_the_same_voice(reopen: Callable[..., Step]) -> None:
    step = reopen(concluded(), later(8), rules())
    assert (step.case.state, step.case.voice, step.case.holder) == (State.WITH_FO, RINA.id, RINA.id)
    assert step.case.clock == StepClock(3, later(8), later(13))
    assert (step.case.concluded_at, step.case.silent_close_at) == (None, None)
    assert (kinds(step), step.events[0].officer) == ([EventKind.REOPENED], None)


def test_a_further_question_after_an_answer_starts_the_clock_again() -> None:
    answered = table.answer(with_rina(), RINA, later(2), rules(), message=1).case
    asked = table.resident_wrote(answered, later(4), rules())
    assert (asked.case.clock, asked.events) == (StepClock(3, later(4), later(9)), ())
    assert table.resident_wrote(asked.case, later(5), rules()) == Step(asked.case)


@pytest.mark.parametrize("case", [waiting(), to_births(), with_fitri()])
def test_elsewhere_a_resident_s_message_changes_nothing(case: Case) -> None:
    assert table.resident_wrote(case, later(9), rules()) == Step(case)


@pytest.mark.parametrize("case", [with_rina(), concluded()])
def test_a_takeover_at_the_front_office_moves_voice_and_card(case: Case) -> None:
    step = table.take_over(case, DEDI, later(9), rules(), reason="ganti-jaga")
    assert (step.case.state, step.case.voice, step.case.holder) == (case.state, DEDI.id, DEDI.id)
    (event,) = step.events
    assert (event.kind, event.officer, event.reason) == (EventKind.TAKEN_OVER, DEDI.id, "ganti-jaga")
    assert (event.desk_from, event.desk_to) == (FRONT_OFFICE, FRONT_OFFICE)


def test_a_takeover_leaves_a_card_at_its_desk() -> None:
    step = table.take_over(with_fitri(), DEDI, later(9), rules(), reason="arahan")
    assert (step.case.state, step.case.voice, step.case.holder) == (State.WITH_DESK, DEDI.id, FITRI.id)
    assert step.events[0].desk_to is None


def test_after_a_takeover_a_card_on_its_way_comes_back_to_the_new_voice() -> None:
    taken = table.take_over(to_births(), DEDI, later(3), rules(), reason="arahan").case
    assert (taken.state, taken.voice, taken.holder) == (State.IN_TRANSIT, DEDI.id, None)
    back = table.refuse(taken, FITRI, later(4), rules(), reason="bukan-wewenang")
    assert (back.case.voice, back.case.holder) == (DEDI.id, DEDI.id)
    assert back.events[0].data == {"holder": DEDI.id}


@pytest.mark.parametrize(("desk", "keeper"), [(Desk(Role.EDITOR), RUDI), (Desk(Role.PICKUP), NURUL)])
def test_editor_and_pick_up_propose_like_any_desk(desk: Desk, keeper: Officer) -> None:
    reason = rules().sop.reasons_for(Act.HAND_OVER, desk.role)[0].id
    sent = table.hand_over(with_rina(), RINA, later(2), rules(), to=desk, reason=reason).case
    held = table.receive(sent, keeper, later(3), rules()).case
    assert table.propose(held, keeper, later(4), rules(), message=9).case.proposal == 9
