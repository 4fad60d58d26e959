"""The default office is complete; a wrong office file or roster is refused in one line that names the place."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import pytest
import yaml

from conversation.errors import SettingsError
from escalation.office import default_office, load_office
from escalation.roles import Desk, Role
from escalation.roster import read_roster, sandbox_roster
from tests.escalation.house import ARIF, ERNA, FITRI, GONE, RINA, WATI

OFFICE = load_office(default_office())


def test_the_default_office() -> None:
    assert (OFFICE.short, OFFICE.case_prefix, str(OFFICE.hours.zone)) == (
        "Disdukcapil Kota Pekanbaru",
        "PKU",
        "Asia/Jakarta",
    )
    assert (len(OFFICE.divisions()), len(OFFICE.sections())) == (4, 8)
    assert OFFICE.silent_close == timedelta(hours=16)
    assert not OFFICE.hours_confirmed


def test_every_topic_has_a_section_and_every_routed_topic_exists() -> None:
    topics = yaml.safe_load(files("knowledge").joinpath("topics.yaml").read_text(encoding="utf-8"))["faq"]
    assert len(topics) == 72
    assert {topic: OFFICE.section(topic) for topic in topics} == {
        topic: OFFICE.section(topic) for topic in OFFICE.routing
    }
    assert all(OFFICE.section(topic) for topic in topics)
    assert OFFICE.section("salah-input") == ""


def test_units_desks_and_their_titles() -> None:
    assert OFFICE.division_of("seksi-kelahiran") == "bidang-pencatatan-sipil"
    assert OFFICE.division_of("bidang-piak") == "bidang-piak"
    assert OFFICE.division_of("seksi-lama") == ""
    assert OFFICE.title("seksi-siak") == "Seksi Sistem Informasi Administrasi Kependudukan"
    titles = {
        OFFICE.desk(Role.SECTION_HEAD, "seksi-kelahiran"): "Kepala Seksi Kelahiran",
        OFFICE.desk(Role.DIVISION_HEAD, "seksi-kelahiran"): "Kepala Bidang Pencatatan Sipil",
        OFFICE.desk(Role.SECTION_HEAD): "Kepala Seksi",
        OFFICE.desk(Role.EDITOR, "seksi-kelahiran"): "Operator Editor",
        Desk(Role.FO, "seksi-siak"): "Front Office (Seksi Sistem Informasi Administrasi Kependudukan)",
    }
    assert {desk: OFFICE.desk_title(desk) for desk in titles} == titles
    assert all(Desk.parse(str(desk)) == desk for desk in titles)


def test_who_serves_which_desk() -> None:
    births = OFFICE.desk(Role.SECTION_HEAD, "seksi-kelahiran")
    assert [one.serves(births) for one in (FITRI, WATI, ARIF, ERNA, RINA, GONE)] == [True, True, *[False] * 4]
    assert ERNA.serves(OFFICE.desk(Role.DIVISION_HEAD, "seksi-kelahiran"))
    assert not ERNA.serves(OFFICE.desk(Role.DIVISION_HEAD, "seksi-siak"))
    assert ARIF.serves(Desk(Role.SECTION_HEAD)), "a case without a section may be received by any head"
    assert RINA.holds(Role.FO)
    assert not GONE.holds(Role.FO)


def test_the_sandbox_roster_fills_every_desk() -> None:
    recruits = read_roster(sandbox_roster(), OFFICE)
    posts = {recruit.post for recruit in recruits}
    assert recruits[0].external_id == "7000001"
    assert {Desk(Role.SECTION_HEAD, unit.id) for unit in OFFICE.sections()} <= posts
    assert {Desk(Role.DIVISION_HEAD, unit.id) for unit in OFFICE.divisions()} <= posts
    assert {post.role for post in posts} == set(Role)


def test_closures_and_midnight() -> None:
    text = default_office().replace("closures: []", "closures: [{date: 2026-08-17, label: Hari Kemerdekaan}]")
    office = load_office(text.replace('friday: ["08:30-15:00"]', 'friday: ["08:30-11:30", "20:00-24:00"]'))
    assert office.hours.closures == {date(2026, 8, 17): "Hari Kemerdekaan"}
    assert len(office.hours.week[4]) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: Dinas", "nama: Dinas", "office.yaml: unknown key nama (known: name, short"),
        ("name: Dinas Kependudukan dan Pencatatan Sipil Kota Pekanbaru", "name: 3", "office.yaml: name: must be text"),
        ("city: Kota Pekanbaru\n", "", "office.yaml: city: must be text, found nothing"),
        ("case_prefix: PKU", "case_prefix: pk-u", "office.yaml: case_prefix: must be 2 to 6 capital letters"),
        ("Asia/Jakarta", "Asia/Pekanbaru", "office.yaml: timezone: no such time zone: 'Asia/Pekanbaru'"),
        ("Asia/Jakarta", "../etc/passwd", "office.yaml: timezone: no such time zone"),
        ("  confirmed: false\n  monday", "  confirmed: nanti\n  monday", "office.yaml: hours: confirmed: must be true"),
        ('monday: ["08:30-15:00"]', 'monday: ["8.30"]', "office.yaml: hours: monday: must be spans such as"),
        ('monday: ["08:30-15:00"]', "monday: 8-15", "office.yaml: hours: monday: must be a list, found '8-15'"),
        ('monday: ["08:30-15:00"]', 'monday: ["15:00-08:30"]', "office.yaml: hours: opening and closing times"),
        ("closures: []", "closures: [{date: besok, label: x}]", "office.yaml: closures 1: date: must be a date"),
        ("silent_close_hours: 16", "silent_close_hours: 0", "office.yaml: silent_close_hours: must be a whole number"),
        ("      seksi-siak:", "      seksi-kelahiran:", "seksi-kelahiran: a unit's id must be unique"),
        ("seksi-pendataan: [rentan", "seksi-lain: [rentan", "office.yaml: routing: seksi-lain: no section has this id"),
        ("[rentan, ", "[rentan, agama, ", "topic agama is routed to seksi-identitas-penduduk already"),
        ("name: Dinas", "name: [", "office.yaml: not readable as YAML"),
    ],
)
def test_a_wrong_office_is_refused_in_one_line(old: str, new: str, message: str) -> None:
    text = default_office()
    assert old in text
    with pytest.raises(SettingsError) as refused:
        load_office(text.replace(old, new, 1))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "- a", "12"])
def test_what_is_no_office_at_all_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"office\.yaml: expected keys with values"):
        load_office(text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("role: editor", "role: bos", "roster: officers 16: role: must be one of fo, kepala-seksi"),
        ("unit: seksi-siak", "unit: seksi-x", "unit seksi-x: Disdukcapil Kota Pekanbaru has no such unit"),
        ("unit: seksi-siak", "unit: bidang-piak", "unit bidang-piak: a kepala-seksi heads a seksi"),
        ("unit: bidang-piak", "unit: seksi-siak", "unit seksi-siak: a kepala-bidang heads a bidang"),
        ('"7000002"', '"7000001"', "roster: officers 2: telegram_id: 7000001 is used twice"),
        ("initials: DS", "initials: RM", "roster: officers 2: initials: RM is used twice"),
    ],
)
def test_a_wrong_roster_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message.replace(".", r"\.")):
        read_roster(sandbox_roster().replace(old, new, 1), OFFICE)
