"""The control card reads like the office's form, and always fits one message."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from conversation.markup import TEXT_LIMIT, width
from escalation import transitions as table
from escalation.cases import Case
from escalation.control_card import ControlCard, render_text
from escalation.events import Event
from escalation.handovers import Outcome, project
from escalation.roles import Officer
from escalation.signing import Step
from tests.escalation.house import BIRTHS, BY_ID, DEDI, FITRI, MONDAY, PROPOSAL, RINA, later, rules, waiting

OPENED = table.open_case(
    id=1, number="PKU-2026-000001", conversation=41, kind=waiting().kind, route="kebijakan", topic="akta-lahir",
    unit="seksi-kelahiran", at=MONDAY, rules=rules(),
)  # fmt: skip


class Story:
    """A case with everything that has happened to it."""

    def __init__(self) -> None:
        self.step = OPENED
        self.events = list(OPENED.events)

    def then(self, step: Step) -> None:
        self.step = step
        self.events += step.events

    @property
    def case(self) -> Case:
        return self.step.case


def card_text(story: Story, title: str = "Pertanyaan kebijakan") -> str:
    card = ControlCard(story.case, title, project(story.events))
    return render_text(card, rules().office, rules().sop, lambda identity: BY_ID[identity])


def told() -> Story:
    story = Story()
    story.then(table.take(story.case, RINA, later(1), rules()))
    story.then(table.hand_over(story.case, RINA, later(2), rules(), to=BIRTHS, reason="kebijakan"))
    story.then(table.refuse(story.case, FITRI, later(3), rules(), reason="belum-lengkap"))
    story.then(table.hand_over(story.case, RINA, later(4), rules(), to=BIRTHS, reason="kebijakan"))
    story.then(table.receive(story.case, FITRI, later(5), rules()))
    story.then(table.propose(story.case, FITRI, later(6), rules(), message=PROPOSAL))
    story.then(
        table.send_proposal(story.case, DEDI, later(7), rules(), proposal=PROPOSAL, message=9, voice_absent=True)
    )
    return story


def test_a_card_from_receipt_to_closing() -> None:
    story = told()
    story.then(table.conclude(story.case, RINA, later(8), rules()))
    story.then(table.confirm(story.case, later(9)))
    assert card_text(story, "Kebijakan & aturan") == "\n".join(
        [
            "<b>KARTU KENDALI PELAYANAN</b>",
            "Dinas Kependudukan dan Pencatatan Sipil Kota Pekanbaru",
            "Nomor: <b>PKU-2026-000001</b>",
            "Jenis: Permohonan – Kebijakan &amp; aturan",
            "Masuk: 05-01-2026 10.00",
            "Status: selesai",
            "",
            "<b>1. Warga → Front Office</b>",
            "Diserahkan: Warga, 05-01-2026 10.00",
            "Diterima: <b>RM</b> (Rina Marlina), 05-01-2026 10.01",
            "",
            "<b>2. Front Office → Kepala Seksi Kelahiran</b>",
            "Diserahkan: <b>RM</b> (Rina Marlina), 05-01-2026 10.02",
            "Alasan: Pertanyaan kebijakan pelayanan",
            "Ditolak: <b>FH</b> (Fitri Handayani), 05-01-2026 10.03",
            "Keterangan: Keterangan belum lengkap",
            "",
            "<b>3. Front Office → Kepala Seksi Kelahiran</b>",
            "Diserahkan: <b>RM</b> (Rina Marlina), 05-01-2026 10.04",
            "Alasan: Pertanyaan kebijakan pelayanan",
            "Diterima: <b>FH</b> (Fitri Handayani), 05-01-2026 10.05",
            "",
            "<b>4. Kepala Seksi Kelahiran → Front Office</b>",
            "Diserahkan: <b>FH</b> (Fitri Handayani), 05-01-2026 10.07",
            "Diterima: <b>DS</b> (Dedi Saputra) a.n. <b>RM</b> (Rina Marlina), 05-01-2026 10.07",
            "",
            "Selesai: 05-01-2026 10.09",
        ]
    )


def test_what_is_still_on_its_way_is_shown_with_its_limit() -> None:
    story = Story()
    assert card_text(story).endswith("<i>Menunggu Front Office</i>")
    story.then(table.take(story.case, RINA, later(1), rules()))
    assert card_text(story).endswith("Dipegang: <b>RM</b> (Rina Marlina) (Front Office)")
    story.then(table.hand_over(story.case, RINA, later(2), rules(), to=BIRTHS, reason="kebijakan"))
    text = card_text(story)
    assert "<i>Belum diterima (batas 05-01-2026 10.07)</i>" in text
    assert text.endswith("<i>Dalam perjalanan ke Kepala Seksi Kelahiran</i>")


def test_fetching_and_taking_over_are_signed_by_the_receiver_alone() -> None:
    story = told()
    story.then(table.hand_over(story.case, RINA, later(8), rules(), to=BIRTHS, reason="belum-terbit"))
    story.then(table.receive(story.case, FITRI, later(9), rules()))
    story.then(table.withdraw(story.case, RINA, later(30), rules(), reason="belum-ditanggapi"))
    story.then(table.take_over(story.case, DEDI, later(31), rules(), reason="ganti-jaga"))
    *_, fetched, taken = project(story.events)
    assert (fetched.from_officer, fetched.to_officer, fetched.fetched) == (FITRI.id, RINA.id, True)
    assert (taken.from_officer, taken.to_officer, taken.outcome) == (RINA.id, DEDI.id, Outcome.RECEIVED)
    text = card_text(story)
    assert "Ditarik dari meja: <b>RM</b> (Rina Marlina), 05-01-2026 10.30\nAlasan: Belum ditanggapi" in text
    assert "Diambil alih: <b>DS</b> (Dedi Saputra), 05-01-2026 10.31\nAlasan: Pergantian jam tugas" in text


def test_the_card_is_the_same_from_stored_entries() -> None:
    events = told().events
    assert project(Event.from_entry(event.to_entry()) for event in events) == project(events)


def test_lines_once_written_are_only_ever_completed() -> None:
    events = told().events
    for shorter, longer in pairwise([project(events[:count]) for count in range(1, len(events) + 1)]):
        assert longer[: len(shorter) - 1] == shorter[:-1]


@pytest.mark.parametrize("title", ["Kebijakan", "𝕂" * 5000])
def test_a_long_card_keeps_its_head_and_its_latest_lines(title: str) -> None:
    story = Story()
    story.then(table.take(story.case, RINA, later(1), rules()))
    at = later(2)
    for _ in range(40):
        story.then(table.hand_over(story.case, RINA, at, rules(), to=BIRTHS, reason="kebijakan"))
        story.then(table.withdraw(story.case, RINA, at + timedelta(minutes=1), rules()))
        at += timedelta(minutes=2)
    text = card_text(story, title)
    assert 3000 < width(text) <= TEXT_LIMIT
    assert "<b>41. " in text
    assert "<b>1. " not in text
    assert "serah terima sebelumnya tidak ditampilkan" in text


def test_names_cannot_smuggle_markup_into_the_card() -> None:
    story = told()
    evil = Officer(id=1, external_id="1", name="<b>x</b> & co", initials="<i>", posts=())
    card = ControlCard(story.case, "x", project(story.events))
    text = render_text(card, rules().office, rules().sop, lambda _: evil)
    assert "<b>&lt;i&gt;</b> (&lt;b&gt;x&lt;/b&gt; &amp; co)" in text
