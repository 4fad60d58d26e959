"""The registers tell what happened, in office time, for the period asked for, without holding it all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from conversation.errors import SettingsError
from conversation.people import Audience, Author
from escalation import transitions
from escalation.roles import Role
from reports.case_rows import case_rows
from reports.exports import Export, table_of
from reports.handover_rows import handover_rows
from reports.message_rows import message_rows
from reports.period import Period
from reports.resident_rows import resident_rows
from reports.streaming import BATCH
from storage.encryption import KeyRing
from tests.reports.registry import BIRTHS, MONDAY, Registry, later

ALL = Period()
TUESDAY = Period(date(2026, 1, 6), date(2026, 1, 6))
#: In the zone of Pekanbaru, UTC+7.
MIDNIGHT = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
#: Last before, first and last in, and first after Tuesday.
EDGES = (MIDNIGHT - INSTANT, MIDNIGHT, MIDNIGHT + timedelta(days=1) - INSTANT, MIDNIGHT + timedelta(days=1))


def test_a_case_is_registered_with_its_whole_course(registry: Registry) -> None:
    case = registry.whole_course(registry.resident("Budi Santoso", "budi_s"))
    with registry.source() as source:
        (row,) = case_rows(source, ALL)
    title = registry.version.knowledge.title
    assert (row.number, row.kind) == (case.number, "permohonan")
    assert (row.route, row.matter) == (title("kebijakan"), title("akta-lahir"))
    assert (row.channel, row.account_name, row.resident) == ("Telegram", "budi_s", "Budi Santoso")
    assert (row.opened_at, row.taken_at, row.answered_at) == (MONDAY, later(2), later(13))
    assert (row.concluded_at, row.closed_at, row.state) == (later(14), later(20), "selesai")
    assert (row.voice, row.desk, row.holder) == ("Rina Marlina (RM)", "", "")
    assert (row.handovers, row.closed_by) == (3, "warga")
    assert row.section == registry.version.office.title("seksi-kelahiran")


def test_a_new_case_has_no_course_yet_and_a_nameless_account_the_residents_name(registry: Registry) -> None:
    registry.open(registry.resident("Siti"), topic="")
    with registry.source() as source:
        (row,) = case_rows(source, ALL)
    assert (row.account_name, row.matter, row.state) == ("Siti", "", "menunggu petugas")
    assert (row.taken_at, row.answered_at, row.concluded_at, row.closed_at) == (None,) * 4
    assert (row.voice, row.desk, row.holder, row.handovers, row.closed_by) == ("", "Front Office", "", 1, "")


def test_silence_closes_a_case_too(registry: Registry) -> None:
    case = registry.taken(registry.open(registry.resident()), 1)
    case = registry.act(transitions.conclude(case, registry.staff.rina, later(2), registry.rules))
    assert case.silent_close_at
    registry.act(transitions.close_silent(case, case.silent_close_at))
    with registry.source() as source:
        (row,) = case_rows(source, ALL)
    assert row.closed_by == "tidak ada tanggapan"


def test_every_line_of_a_card_has_both_signatures(registry: Registry) -> None:
    registry.whole_course(registry.resident())
    with registry.source() as source:
        opened, consulted, back = handover_rows(source, ALL)
    section = registry.version.office.desk_title(BIRTHS)
    assert (opened.line, opened.from_desk, opened.to_desk, opened.handed_by) == (1, "Warga", "Front Office", "Warga")
    assert (opened.settled_at, opened.settled_by, opened.outcome) == (later(2), "Rina Marlina (RM)", "diterima")
    assert (consulted.from_desk, consulted.to_desk) == ("Front Office", section)
    assert (consulted.handed_at, consulted.handed_by) == (later(4), "Rina Marlina (RM)")
    assert (consulted.settled_at, consulted.settled_by) == (later(6), "Fitri Handayani (FH)")
    assert consulted.reason == "Pertanyaan kebijakan pelayanan"
    assert (back.from_desk, back.handed_by, back.settled_by) == (section, "Fitri Handayani (FH)", "Rina Marlina (RM)")


def test_a_desk_is_late_by_its_answer_not_by_its_signature(registry: Registry) -> None:
    registry.whole_course(registry.resident())
    with registry.source() as source:
        opened, consulted, back = handover_rows(source, ALL)
    assert (opened.due, opened.followed_up_at, opened.late) == (later(3), later(2), False)
    assert (consulted.due, consulted.followed_up_at, consulted.late) == (later(9), later(12), True)
    assert (back.due, back.followed_up_at, back.late) == (later(14), later(13), False)


@pytest.mark.parametrize(("minutes", "late"), [(3, False), (3.01, True)])
def test_what_nobody_has_taken_is_late_once_its_time_is_over(registry: Registry, minutes: float, late: bool) -> None:
    registry.open(registry.resident())
    with registry.source(now=later(minutes)) as source:
        (row,) = handover_rows(source, ALL)
    assert (row.outcome, row.settled_at, row.followed_up_at, row.late) == ("belum diterima", None, None, late)


@pytest.mark.parametrize(("ends", "late"), [(7, False), (9.5, True)])
@pytest.mark.parametrize("how", ["refuse", "withdraw", "fetch", "forward"])
def test_turning_a_card_back_or_passing_it_on_ends_its_time(
    registry: Registry, how: str, ends: float, late: bool
) -> None:
    rina, fitri, rules = registry.staff.rina, registry.staff.fitri, registry.rules
    case = registry.taken(registry.open(registry.resident()), 1)
    case = registry.act(transitions.hand_over(case, rina, later(4), rules, to=BIRTHS, reason="kebijakan"))
    if how in ("fetch", "forward"):
        case = registry.act(transitions.receive(case, fitri, later(5), rules))
    at = later(ends)
    division = registry.version.office.desk(Role.DIVISION_HEAD, "seksi-kelahiran")
    registry.act(
        {
            "refuse": lambda: transitions.refuse(case, fitri, at, rules, reason="berhalangan"),
            "withdraw": lambda: transitions.withdraw(case, rina, at, rules),
            "fetch": lambda: transitions.withdraw(case, rina, at, rules, reason="belum-ditanggapi"),
            "forward": lambda: transitions.hand_over(case, fitri, at, rules, to=division, reason="keraguan"),
        }[how]()
    )
    with registry.source(now=later(600)) as source:
        consulted = list(handover_rows(source, ALL))[1]
    assert (consulted.followed_up_at, consulted.late) == (at, late)


def test_messages_tell_author_audience_text_and_basis(registry: Registry) -> None:
    conversation = registry.resident()
    case = registry.taken(registry.open(conversation), 1)
    basis = {"articles": [{"topic": "ktp-hilang", "version": "ktp-hilang@2", "citations": []}]}
    with registry.work() as uow:
        uow.messages.add(conversation, Author.RESIDENT, "NIK 1471990101010001 <b>", later(0))
        uow.messages.add(conversation, Author.BOT, "<b>Syarat</b> &amp; biaya", later(1), basis=json.dumps(basis))
        talk = uow.messages.add(
            conversation, Author.OFFICER, "cek dulu", later(2), case=case.id, audience=Audience.STAFF,
            officer=registry.staff.fitri.id, kind="photo",
        )  # fmt: skip
        uow.messages.edit(talk, "cek dulu ya", later(3))
    with registry.source() as source:
        resident, bot, officer = message_rows(source, ALL)
        shown, *_ = table_of(Export.MESSAGES, source, ALL).rows
    assert (resident.author, resident.audience, resident.number, resident.at) == ("warga", "warga", "", MONDAY)
    assert "NIK ••••••••••••0001 <b>" in shown
    assert (bot.author, bot.text, bot.basis) == ("bot", "Syarat & biaya", "ktp-hilang@2")
    assert (officer.author, officer.initials, officer.audience) == ("petugas", "FH", "petugas saja")
    assert (officer.number, officer.kind, officer.text, officer.edits) == (case.number, "foto", "cek dulu ya", 1)


def test_residents_are_exported_with_masked_contacts(registry: Registry) -> None:
    conversation = registry.resident("Novita Rahma")
    known = replace(conversation.resident, email="novita.r@contoh.id", phone="+6281234567890")
    with registry.work() as uow:
        uow.conversations.save(conversation, replace(conversation, resident=known))
    with registry.source() as source:
        (cells,) = table_of(Export.RESIDENTS, source, ALL).rows
    assert cells[1:] == ("Novita Rahma", "n•••@contoh.id", "•••••••••7890", "Telegram", "Novita Rahma", "spanduk")


def test_a_period_is_made_of_office_days(registry: Registry) -> None:
    for at in EDGES:
        conversation = registry.resident(at=at)
        registry.open(conversation, at)
        with registry.work() as uow:
            uow.messages.add(conversation, Author.RESIDENT, "x", at)
    with registry.source() as source:
        inside = list(EDGES[1:3])
        assert [row.opened_at for row in case_rows(source, TUESDAY)] == inside
        assert [row.handed_at for row in handover_rows(source, TUESDAY)] == inside
        assert [row.at for row in message_rows(source, TUESDAY)] == inside
        assert [row.registered_at for row in resident_rows(source, TUESDAY)] == inside
        assert [row.opened_at for row in case_rows(source, Period(first=TUESDAY.first))] == list(EDGES[1:])
        assert [row.handed_at for row in handover_rows(source, Period(last=TUESDAY.last))] == list(EDGES[:3])


def test_a_day_begins_at_the_offices_midnight_and_ends_before_the_next() -> None:
    zone = ZoneInfo("Asia/Jakarta")
    assert [TUESDAY.covers(at, zone) for at in EDGES] == [False, True, True, False]
    assert all(ALL.covers(at, zone) for at in EDGES)


def test_a_handover_counts_to_its_own_day_not_to_its_cases(registry: Registry) -> None:
    case = registry.taken(registry.open(registry.resident()), 1)
    to_births = transitions.hand_over(
        case, registry.staff.rina, EDGES[1], registry.rules, to=BIRTHS, reason="kebijakan"
    )
    registry.act(to_births)
    with registry.source() as source:
        assert [row.line for row in handover_rows(source, TUESDAY)] == [2]


def test_a_period_must_not_end_before_it_begins() -> None:
    with pytest.raises(SettingsError, match="before"):
        Period(date(2026, 1, 2), date(2026, 1, 1))
    assert str(Period(date(2026, 1, 1))) == "2026-01-01/.."


def test_a_long_register_is_read_piece_by_piece(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = registry.resident()
    with registry.work() as uow:
        for _ in range(3 * BATCH):
            uow.messages.add(conversation, Author.RESIDENT, "x", MONDAY)
    opened: list[str] = []
    unseal = KeyRing.open

    def counting(keys: KeyRing, table: str, row: int | str, sealed: bytes) -> bytes:
        opened.append(table)
        return unseal(keys, table, row, sealed)

    monkeypatch.setattr(KeyRing, "open", counting)
    with registry.source() as source:
        rows = message_rows(source, ALL)
        assert opened.count("messages") == 0
        assert len(list(islice(rows, BATCH + 1))) == BATCH + 1
        assert opened.count("messages") == BATCH + 1
        if registry.engine.dialect.name == "postgresql":
            assert source.connection.execute(text("SELECT count(*) FROM pg_cursors")).scalar() == 1
        assert len(list(rows)) == 2 * BATCH - 1


def test_cases_of_several_batches_keep_their_own_events(registry: Registry) -> None:
    cases = registry.open_many(registry.resident(), BATCH + 2)
    with registry.source() as source:
        rows = list(case_rows(source, ALL))
        lines = list(handover_rows(source, ALL))
    numbers = [case.number for case in cases]
    assert [row.number for row in rows] == [line.number for line in lines] == numbers
    assert {row.handovers for row in rows} == {1}
