"""Tables carry headings and office time, and no readable number or address of a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import pytest

from escalation.office import default_office, load_office
from knowledge import load_builtin
from reports.message_rows import plain, told_basis
from reports.table import column, masked, tabulate

HOURS = load_office(default_office()).hours
AT = datetime(2026, 1, 4, 17, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    at: datetime | None = field(metadata=column("Waktu", time=True))
    text: str = field(metadata=column("Isi"))
    count: int = field(default=3, metadata=column("Jumlah"))


def test_headings_name_the_zone_and_times_are_the_offices() -> None:
    table = tabulate(Line, [Line(AT, "halo"), Line(None, "")], HOURS, AT)
    assert table.headings == ("Waktu (WIB)", "Isi", "Jumlah")
    first, second = table.rows
    assert f"{first[0]:%Y-%m-%d %H:%M}" == "2026-01-05 00:30"
    assert (first[1:], second) == (("halo", 3), (None, "", 3))


def test_rows_are_made_as_they_are_read() -> None:
    def endless() -> Iterator[Line]:
        while True:
            yield Line(AT, "x")

    assert next(tabulate(Line, endless(), HOURS, AT).rows)[1] == "x"


@pytest.mark.parametrize(
    ("text", "hidden", "kept"),
    [
        ("NIK saya 1471990101010001 ya", "147199010101", "0001 ya"),
        ("KK 1471-9901-0101-0002", "9901", "0002"),
        ("hubungi 0812-3456-7890", "3456", "7890"),
        ("WA +6281234567890", "8123", "7890"),
        ("surel novita.r@contoh.id, terima kasih", "ovita", "n•••@contoh.id, terima kasih"),
        ("081234567890@contoh.id", "81234567890", "0•••@contoh.id"),
        ("<budi@contoh.id>", "budi", "<b•••@contoh.id>"),
    ],
)
def test_numbers_and_addresses_of_people_are_masked(text: str, hidden: str, kept: str) -> None:
    assert hidden not in masked(text)
    assert kept in masked(text)


@pytest.mark.parametrize(
    "text", ["PKU-2026-000001", "ktp-hilang@2: Perpres 96/2018 Pasal 4", "@budi", "halo @ kantor", "5@x"]
)
def test_what_is_no_personal_number_is_kept(text: str) -> None:
    assert masked(text) == text


def test_long_words_are_masked_in_reasonable_time() -> None:
    text = "a" * 200_000
    assert masked(text) == text


def test_the_basis_of_every_article_can_be_read_and_is_not_taken_for_a_number() -> None:
    knowledge = load_builtin()
    articles = [knowledge.render(topic) for topic in knowledge.in_service]
    kept = {
        "knowledge": knowledge.version,
        "articles": [
            {"topic": item.topic, "version": item.version, "citations": [asdict(one) for one in item.citations]}
            for item in articles
        ],
    }
    told = told_basis(json.dumps(kept), knowledge.regulations)
    assert masked(told) == told
    for article in articles:
        assert article.version in told
        for citation in article.citations:
            assert f"{knowledge.regulations[citation.regulation].short} {citation.pasal}".strip() in told


def test_a_regulation_that_is_gone_is_told_by_its_id() -> None:
    cited = {"regulation": "perda-1-1999", "pasal": "Pasal 2", "ayat": "(1)"}
    kept = {"articles": [{"topic": "x", "version": "x@1", "citations": [cited]}, {"version": "y@3", "citations": []}]}
    assert told_basis(json.dumps(kept), {}) == "x@1: perda-1-1999 Pasal 2 ayat (1); y@3"
    assert told_basis("", {}) == ""


def test_what_the_bot_said_reads_without_markup() -> None:
    assert plain("<b>KTP &amp; KK</b>\n<tg-spoiler>1 &lt; 2</tg-spoiler>") == "KTP & KK\n1 < 2"
