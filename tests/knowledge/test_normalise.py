"""Plain words from what people write: spelling, dialect, endings, slips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.normalise import WORD_LIMIT, plain

if TYPE_CHECKING:
    from knowledge import Knowledge


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KTP-el", "ktp el"),
        ("RT/RW", "rt rw"),
        ("Café 🙏🙏", "cafe"),
        ("form F-2.01A ya", "form formulir ya"),
        ("nik 1471-9901 0190 0001 tidak aktif", "nik tidak aktif"),
        ("anak2 main2nya", "anak anak main main"),
        ("", ""),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ktp ambo ilang", ("ktp", "ambo", "hilang")),
        ("kartu keluarga rusaaak", ("kk", "rusak")),
        ("e-KTP hilangnya", ("ktp", "hilang")),
        ("akte klhran", ("akta", "kelahiran")),
        ("indak ado surek", ("tidak", "ada", "surat")),
        ("prsyaratan", ("syarat",)),
        ("prosedur", ("cara",)),
        ("gmn syrtnya, ktp hlng", ("bagaimana", "syarat", "ktp", "hilang")),
    ],
)
def test_words_are_evened_out(knowledge: Knowledge, text: str, expected: tuple[str, ...]) -> None:
    assert knowledge.understanding.understand(text).words == expected


def test_only_the_beginning_of_a_flood_is_read(knowledge: Knowledge) -> None:
    assert len(knowledge.understanding.understand("ktp " * 5000).words) <= WORD_LIMIT
