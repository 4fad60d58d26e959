"""The SOP as data agrees with the document: its steps, times and routes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversation.errors import SettingsError
from escalation.data_file import packaged
from escalation.roles import FRONT_OFFICE, Role
from escalation.sop import Act, load_sop, read_sop
from tests.escalation.house import (
    BIRTHS,
    MONDAY,
    closed,
    later,
    proposed,
    rules,
    to_births,
    waiting,
    with_fitri,
    with_rina,
)


def test_standard_times_of_the_eight_steps() -> None:
    minutes = [step.standard // timedelta(minutes=1) for step in load_sop().steps]
    assert minutes == [5, 3, 5, 5, 5, 5, 3, 2]
    assert [step.clock_of for step in load_sop().steps if step.clock_of == "fo"] == ["fo"] * 3
    with pytest.raises(KeyError):
        load_sop().step(9)


def test_reasons_for_handing_over_lead_where_the_sop_says() -> None:
    routes = {reason.id: (reason.step, reason.to) for reason in load_sop().reasons_for(Act.HAND_OVER)}
    assert routes == {
        "kebijakan": (3, (Role.SECTION_HEAD,)),
        "keraguan": (4, (Role.DIVISION_HEAD,)),
        "salah-input": (5, (Role.EDITOR,)),
        "belum-terbit": (6, (Role.SECTION_HEAD, Role.DIVISION_HEAD)),
        "pengambilan": (7, (Role.PICKUP,)),
        "kembali": (3, (Role.FO,)),
    }
    for number, roles in routes.values():
        assert number == 3 or set(roles) <= set(load_sop().step(number).actors)


def test_due_times_count_office_hours_only() -> None:
    sop, hours = load_sop(), rules().office.hours
    assert sop.due_at(2, MONDAY, hours) == later(3)
    assert sop.due_at(2, later(299), hours) == later(24 * 60 - 90 + 2), (
        "a minute before closing: two are left for Tuesday"
    )


def test_whose_clock_runs() -> None:
    desks = [rules().clock_desk(case) for case in (waiting(), with_rina(), to_births(), with_fitri(), proposed())]
    assert desks == [FRONT_OFFICE, FRONT_OFFICE, BIRTHS, BIRTHS, FRONT_OFFICE]
    assert rules().clock_desk(closed()) is None


def test_reasons_are_read_by_title() -> None:
    assert load_sop().reason_title("kebijakan") == "Pertanyaan kebijakan pelayanan"
    assert load_sop().reason_title("sudah-dihapus") == "sudah-dihapus"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minutes: 5", "minutes: 0", "sop.yaml: steps 1: minutes: must be a whole number from 1, found 0"),
        ("actors: [fo]", "actors: [satpam]", "sop.yaml: steps 1: actors: 'satpam' is not a valid Role; roles are fo"),
        ("start: [asked]", "start: [bertanya]", "sop.yaml: steps 1: start: no such event: bertanya"),
        ("clock_of: fo", "clock_of: warga", "sop.yaml: steps 1: clock_of: must be fo or desk, found 'warga'"),
        ("number: 2", "number: 9", "sop.yaml: steps: must be numbered 1, 2, 3"),
        ("step: 7", "step: 17", "sop.yaml: reasons: hand_over 5: step: there is no step 17"),
        ("id: keliru", "id: kembali", "sop.yaml: reasons: an id appears twice"),
        ("  take_over:", "  rebut:", "sop.yaml: reasons: unknown key rebut"),
    ],
)
def test_a_wrong_sop_is_refused(old: str, new: str, message: str) -> None:
    text = packaged("sop.yaml")
    assert old in text
    with pytest.raises(SettingsError) as refused:
        read_sop(text.replace(old, new, 1))
    assert message in str(refused.value)
