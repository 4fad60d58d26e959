"""Personal numbers are masked however they are written; dates, case numbers and prices are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.masking import mask, mask_contact, mask_number


@pytest.mark.parametrize(
    "text",
    [
        "1471990101010001",
        "NIK:1471990101010001.",
        "1471 9901 0101 0001",
        "14.71.99.01.01.01.0001",
        "1471-9901-0101-0001",
        "147199010101000",  # one digit forgotten
        "081234567890",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "62812 3456 7890",
        "(0812) 3456 7890",
        "14719901010100011471990101010002",
    ],
)
def test_masks(text: str) -> None:
    masked = mask(text)
    assert "•" in masked
    assert sum(char.isdigit() for char in masked) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "PKU-2026-000123",
        "lahir 08-11-2026 pukul 10.30",
        "tanggal 1/2/1990",
        "bayar Rp 1.500.000",
        "no resi 0912/AKL",
        "Pasal 64 ayat (8), (9)",
        "umur 17 tahun, anak ke-2",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=30), st.from_regex(r"14719901010[0-9]{5}", fullmatch=True), st.text(max_size=30))
def test_no_nik_survives_whatever_stands_around_it(before: str, nik: str, after: str) -> None:
    assert nik not in mask(f"{before}{nik}{after}") or before[-1:].isdigit() or after[:1].isdigit()


def test_contacts_show_just_enough_to_recognise_them() -> None:
    assert mask_contact("novita.r@contoh.id", "+628110000003") == "n•••@contoh.id · ••••••••0003"
    assert mask_contact("", "") == ""
    assert mask_number("1471990101010001") == "••••••••••••0001"
