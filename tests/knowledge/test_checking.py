"""The check names what an editor broke."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge import Knowledge, check, load_pack, pack_builtin

TODAY = date(2026, 12, 1)
Spoil = Callable[[dict[str, Any]], None]


def problems_after(spoil: Spoil, today: date = TODAY) -> list[str]:
    pack = json.loads(pack_builtin())
    spoil(pack)
    return [str(problem) for problem in check(load_pack(json.dumps(pack)), today)]


def article(pack: dict[str, Any], **changes: object) -> None:
    pack["articles"]["ktp-hilang"].update(changes)


def english(pack: dict[str, Any], **changes: object) -> None:
    pack["articles"]["ktp-hilang"]["english"].update(changes)


def belief(pack: dict[str, Any], **changes: object) -> None:
    pack["misconceptions"]["berbayar"].update(changes)


def same_words(pack: dict[str, Any], **accepts: list[str]) -> None:
    """The same message under two topics, once in another spelling."""
    pack["phrasings"]["ktp-rusak"].append({"text": "punya saya robek, gantinya?", **accepts})
    pack["phrasings"]["kk-rusak"].append("Punya saya robek; gantinya")


def regulation(pack: dict[str, Any], identity: str, **changes: object) -> None:
    next(entry for entry in pack["regulations"]["regulations"] if entry["id"] == identity).update(changes)


def fact(confirmed: bool) -> list[dict[str, object]]:
    return [
        {"label": "Jam", "value": "lantai dua", "confirmed": confirmed, "told": True, "source": "s", "as_of": "2020"}
    ]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda p: regulation(p, "uu-24-2013", status="dicabut"), "cites repealed regulation uu-24-2013"),
        (lambda p: article(p, citations=[{"regulation": "pp-37-2007"}]), "replaced by pp-40-2019"),
        (lambda p: article(p, citations=[{"regulation": "uu-99-2099"}]), "cites unknown regulation uu-99-2099"),
        (lambda p: article(p, citations=[{"regulation": "perda-pekanbaru-7-2016"}]), "nobody has verified"),
        (lambda p: article(p, citations=[]), "rests on no verified regulation"),
        (lambda p: article(p, citations=[{"regulation": "permenpan-rb-15-2014"}]), "rests on no verified regulation"),
        (lambda p: article(p, citations=[{"regulation": "uu-24-2013", "ayat": "(1)"}]), "without its pasal"),
        (lambda p: article(p, review_by="2026-11-30"), "review was due on 2026-11-30"),
        (lambda p: article(p, owner=""), "no unit keeps it"),
        (lambda p: article(p, catatan=["Pasalnya tidak terverifikasi."]), "an editor's note"),
        (lambda p: article(p, catatan=["Kantor buka 08.30."]), "tells '08.30' as fact"),
        (
            lambda p: article(p, catatan=["Loket di lantai dua."], local_facts=fact(False)),
            "unconfirmed local fact 'Jam'",
        ),
        (lambda p: p["articles"]["pengaduan"].update(ask=[]), "ask is empty"),
        (lambda p: p["articles"].pop("pengaduan"), "route pengaduan has no text"),
        (lambda p: p["articles"].pop("ktp-hilang"), "topic ktp-hilang has no article"),
        (lambda p: p["phrasings"].update({"kk-rusak": []}), "kk-rusak has no sample phrasing"),
        (same_words, "contradicts phrasings/ktp-rusak.yaml"),
        (lambda p: p["articles"]["ktp-hilang"].pop("english"), "english is missing"),
        (lambda p: english(p, syarat=["One thing only"]), "English text has"),
        (lambda p: english(p, biaya="Rp 50.000."), "figures differ"),
        (lambda p: english(p, local_facts=["One", "Two", "Three"]), "must tell each local fact once"),
        (lambda p: belief(p, topics=["byaya"]), "berbayar names unknown topic byaya"),
        (lambda p: belief(p, citations=[{"regulation": "pp-37-2007"}]), "berbayar rests on pp-37-2007"),
        (lambda p: p["misconceptions"].pop("berbayar"), "phrasings name unknown misconception berbayar"),
        (lambda p: p["misconceptions"].update(baru=p["misconceptions"]["berbayar"]), "no phrasing states baru"),
        (lambda p: p["topics"]["faq"]["biaya"].update(event="byaya"), "biaya names unknown concept byaya"),
        (lambda p: p["topics"]["faq"]["biaya"].pop("unit"), "biaya has no unit"),
    ],
)
def test_each_fault_is_named_with_its_place(spoil: Spoil, message: str) -> None:
    found = problems_after(spoil)
    assert any(message in problem for problem in found), found
    assert all(problem.split(":")[0].endswith(".yaml") and "\n" not in problem for problem in found)


def test_service_information_needs_no_regulation() -> None:
    def spoil(pack: dict[str, Any]) -> None:
        article(pack, citations=[], service_information=True)

    assert problems_after(spoil) == []


def test_a_confirmed_local_fact_may_be_told() -> None:
    def spoil(pack: dict[str, Any]) -> None:
        article(pack, catatan=["Loket di lantai dua."], local_facts=fact(True))
        english(pack, catatan=["Counter on the second floor."], local_facts=["Hours: second floor"])

    assert problems_after(spoil) == []


def test_the_same_words_under_two_topics_are_fine_where_one_accepts_the_other() -> None:
    assert problems_after(lambda pack: same_words(pack, also=["kk-rusak"])) == []


def test_the_day_of_review_is_still_in_time(knowledge: Knowledge) -> None:
    days = [article.review_by for article in knowledge.articles.values()]
    due = min(days + [route.review_by for route in knowledge.routes.values()])
    assert check(knowledge, due) == []
    late = check(knowledge, due + timedelta(days=1))
    assert late
    assert all("review was due" in problem.what and not problem.closes for problem in late)


def test_an_article_on_repealed_law_goes_out_of_service() -> None:
    pack = json.loads(pack_builtin())
    regulation(pack, "permendagri-2-2016", status="dicabut")
    knowledge = load_pack(json.dumps(pack))
    assert knowledge.article("kia-baru") is None
    assert knowledge.article("ktp-hilang") is not None
    problems = check(knowledge, TODAY)
    assert problems
    assert all(problem.closes for problem in problems)
    assert all("repealed" in problem.what for problem in problems if problem.place.startswith("articles/"))
    assert {problem.place for problem in problems} - {"misconceptions.yaml"} == {
        f"articles/{topic}.yaml" for topic in knowledge.articles if topic not in knowledge.in_service
    }
