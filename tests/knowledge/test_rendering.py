"""What residents read: escaped, sectioned, with the basis at the end."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conversation.language import Language
from knowledge.articles import EnglishArticle, LocalFact
from knowledge.rendering import render, render_correction

if TYPE_CHECKING:
    from knowledge import Knowledge

_INDONESIAN_HEADINGS = ("Yang perlu dibawa", "Caranya", "Waktu:", "Biaya:", "Catatan", "belum dikonfirmasi kantor")


def test_an_answer_has_its_sections_and_ends_with_the_basis(knowledge: Knowledge) -> None:
    rendered = knowledge.render("ktp-rusak")
    lines = rendered.text.splitlines()
    assert lines[0] == "<b>KTP-el rusak atau pudar</b>"
    for heading in ("<b>Yang perlu dibawa</b>", "<b>Caranya</b>", "<b>Waktu:</b>", "<b>Biaya:</b>", "<b>Catatan</b>"):
        assert heading in rendered.text
    assert lines[-1].startswith("Dasar: UU 24/2013 Pasal 64 ayat (8), (9)")
    assert rendered.version == f"ktp-rusak@{knowledge.articles['ktp-rusak'].version}"
    assert rendered.citations == knowledge.articles["ktp-rusak"].citations


def test_only_bold_and_italic_reach_the_channel(knowledge: Knowledge) -> None:
    for topic in (*knowledge.articles, *knowledge.routes):
        for language in Language:
            text = knowledge.render(topic, language).text
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


def test_an_answer_in_english_has_english_sections_and_the_same_basis(knowledge: Knowledge) -> None:
    ours, theirs = knowledge.render("ktp-rusak"), knowledge.render("ktp-rusak", Language.ENGLISH)
    assert theirs.text.splitlines()[0] == f"<b>{knowledge.topics['ktp-rusak'].english}</b>"
    for heading in (
        "<b>What to bring</b>",
        "<b>How it works</b>",
        "<b>Time:</b>",
        "<b>Cost:</b>",
        "<b>Please note</b>",
    ):
        assert heading in theirs.text
    assert theirs.text.splitlines()[-1] == ours.text.splitlines()[-1]
    assert (theirs.version, theirs.citations) == (ours.version, ours.citations)


def test_every_entry_is_told_in_english_without_an_indonesian_heading(knowledge: Knowledge) -> None:
    for topic in (*knowledge.articles, *knowledge.routes):
        entry = knowledge.article(topic) or knowledge.routes[topic]
        text = knowledge.render(topic, Language.ENGLISH).text
        assert entry.english
        assert all(
            re.sub(r"[<>&]", "", sentence) in re.sub(r"&\w+;", "", text) for sentence in entry.english.sentences()
        )
        assert not [heading for heading in _INDONESIAN_HEADINGS if f"<b>{heading}" in text], topic


def test_english_tells_local_facts_by_their_standing(knowledge: Knowledge) -> None:
    known = LocalFact("Jam", "pagi", confirmed=True, told=True, source="kantor", as_of="2026")
    rumour = replace(known, label="Loket", confirmed=False)
    english = EnglishArticle((), (), "", "", ("Note",), ("Hours: morning", "Counter: second floor"))
    article = replace(knowledge.articles["ktp-rusak"], local_facts=(known, rumour), english=english)
    before, after = render(article, "Title", knowledge.regulations, Language.ENGLISH).text.split("Not yet confirmed")
    assert "Hours: morning" in before
    assert "Counter: second floor" in after
    assert "Hubungi petugas" in after


def test_without_english_words_the_indonesian_ones_are_told(knowledge: Knowledge) -> None:
    article = replace(knowledge.articles["ktp-rusak"], english=None)
    told = [render(article, "Judul", knowledge.regulations, language) for language in Language]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("language", "start"),
    [
        (Language.INDONESIAN, "<b>Perlu diketahui:</b> umur &lt; 17"),
        (Language.ENGLISH, "<b>Please note:</b> age &lt; 17"),
    ],
)
def test_a_correction_has_its_words_and_its_basis(knowledge: Knowledge, language: Language, start: str) -> None:
    belief = replace(
        knowledge.misconceptions["ktp-kedaluwarsa"], correction="umur < 17 & belum menikah", english="age < 17"
    )
    rendered = render_correction(belief, knowledge.regulations, language)
    assert rendered.text.startswith(start)
    assert "(Dasar: UU 24/2013" in rendered.text
    assert rendered.text.endswith(")")
    without = replace(belief, citations=())
    assert "Dasar" not in render_correction(without, knowledge.regulations, language).text
