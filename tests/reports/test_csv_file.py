"""CSV files open right in spreadsheets, and nothing that anybody wrote becomes a formula in them."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.csv_file import harmless, write_csv
from reports.table import Cell, Table

JAKARTA = ZoneInfo("Asia/Jakarta")


def written(*rows: tuple[Cell, ...]) -> bytes:
    file = io.BytesIO()
    assert write_csv(file, Table(("Satu", "Dua"), iter(rows))) == len(rows)
    return file.getvalue()


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_file_has_one_mark_commas_and_crlf() -> None:
    assert written(("a", 1), ("b", 2)) == "\ufeffSatu,Dua\r\na,1\r\nb,2\r\n".encode()


def test_separators_quotes_and_line_breaks_survive() -> None:
    text = 'kata "kutip", koma; titik koma\nbaris kedua\r\nketiga'
    assert read(written((text, "é – 漢 😀"))) == [["Satu", "Dua"], [text, "é – 漢 😀"]]


def test_numbers_times_and_answers_stay_plain() -> None:
    at = datetime(2026, 11, 22, 9, 15, 59, tzinfo=JAKARTA)
    assert read(written((-5, at), (True, False), (None, "")))[1:] == [
        ["-5", "2026-11-22 09:15"],
        ["ya", "tidak"],
        ["", ""],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+62 halo",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\thalo",
        "\rhalo",
        "\nhalo",
        "  =1",
        "\u00a0=1",
        "\u3000＝1",
        "\ufeff=1",
        "\u200b@x",
        "\x00=1",
        '"=1',
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
        "−1",
        '=HYPERLINK("http://contoh.id";"klik")',
    ],
)
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert read(written((text, "x")))[1][0].startswith("'")


@pytest.mark.parametrize(
    "text", ["", "halo", "a=b", "1-2", "budi@contoh.id", "PKU-2026-000001", "’=", "ktp; kk", "a\nb"]
)
def test_everything_else_is_left_alone(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("text", ["x;=1+1", "x;  @a;y", "x\n=1", "x\r\n-1", "x\t=1", 'x;"=1', "x;\u200b＝1"])
def test_software_with_another_separator_finds_no_formula_either(separator: str, text: str) -> None:
    content = written((text, text)).decode("utf-8-sig")
    cells = [cell for line in content.splitlines() for cell in line.split(separator)]
    assert not [cell for cell in cells if cell.lstrip(' "\u200b')[:1] in {"=", "+", "-", "@", "＝"}]


@given(st.text())
def test_no_text_starts_a_formula_or_breaks_the_file(text: str) -> None:
    (_, (first, _)) = read(written((text, "x")))
    assert not first.lstrip(' "\u00a0\u3000\u200b\ufeff').startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_half_a_character_does_not_stop_an_export() -> None:
    assert read(written(("a\ud800b", "x")))[1] == ["a?b", "x"]
