"""What residents read: escaped, sectioned, with the basis at the end."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.articles import LocalFact
from knowledge.rendering import render

if TYPE_CHECKING:
    from knowledge import Knowledge


def test_an_answer_has_its_sections_and_ends_with_the_basis(knowledge: Knowledge) -> None:
    rendered = knowledge.render("ktp-rusak")
    lines = rendered.text.splitlines()
    assert lines[0] == "<b>KTP-el rusak atau pudar</b>"
    for heading in ("<b>Yang perlu dibawa</b>", "<b>Caranya</b>", "<b>Waktu:</b>", "<b>Biaya:</b>", "<b>Catatan</b>"):
        assert heading in rendered.text
    assert lines[-1].startswith("Dasar: UU 24/2013 Pasal 64 ayat (8), (9)")
    assert rendered.version == "ktp-rusak@1"
    assert rendered.citations == knowledge.articles["ktp-rusak"].citations


def test_only_bold_and_italic_reach_the_channel(knowledge: Knowledge) -> None:
    for topic in (*knowledge.articles, *knowledge.routes):
        text = knowledge.render(topic).text
        assert set(re.findall(r"<[^>]*>", text)) <= {"<b>", "</b>", "<i>", "</i>"}


def test_text_is_escaped(knowledge: Knowledge) -> None:
    article = replace(knowledge.articles["ktp-rusak"], notes=("umur < 17 & <script>",))
    text = render(article, "A & B", knowledge.regulations).text
    assert "<b>A &amp; B</b>" in text
    assert "umur &lt; 17 &amp; &lt;script&gt;" in text


def test_local_facts_are_told_by_their_standing(knowledge: Knowledge) -> None:
    known = LocalFact("Jam", "pagi sampai sore", confirmed=True, told=True, source="kantor", as_of="2026")
    rumour = replace(known, label="Loket", value="lantai dua", confirmed=False)
    secret = replace(rumour, label="Telepon", value="12345", told=False)
    article = replace(knowledge.articles["ktp-rusak"], local_facts=(known, rumour, secret))
    text = render(article, "Judul", knowledge.regulations).text
    before, after = text.split("belum dikonfirmasi kantor")
    assert "Jam: pagi sampai sore" in before
    assert "Loket: lantai dua" in after
    assert "Telepon" in after
    assert "12345" not in text
    assert "Hubungi petugas" in after


def test_a_route_tells_and_asks(knowledge: Knowledge) -> None:
    text = knowledge.render("belum-terbit").text
    assert "diteruskan ke kepala seksi" in text
    assert all(f"• {question}" in text for question in knowledge.routes["belum-terbit"].ask)
