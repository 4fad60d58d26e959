"""What every article and route text must keep, whoever edits it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from knowledge import Article, Knowledge, Route, TopicKind, check
from knowledge.checking import EDITORS_WORDS

UNITS = {
    "seksi-identitas-penduduk", "seksi-pindah-datang", "seksi-pendataan", "seksi-kelahiran",
    "seksi-perkawinan-perceraian", "seksi-perubahan-status-kematian", "seksi-siak", "seksi-inovasi-pelayanan",
}  # fmt: skip
ROLES = {"fo", "kepala-seksi", "kepala-bidang", "editor", "pengambilan"}
REVIEWED = date(2026, 11, 22)


def entries(knowledge: Knowledge) -> list[Article | Route]:
    return [*knowledge.articles.values(), *knowledge.routes.values()]


def test_everything_shipped_checks_clean(knowledge: Knowledge) -> None:
    assert check(knowledge, REVIEWED + timedelta(days=1)) == []


def test_every_question_topic_has_an_article_in_service_and_every_route_a_text(knowledge: Knowledge) -> None:
    faq = {topic.id for topic in knowledge.topics.values() if topic.kind is TopicKind.FAQ}
    routes = {topic.id for topic in knowledge.topics.values() if topic.kind is TopicKind.ROUTE}
    assert (len(faq), len(routes)) == (72, 6)
    assert faq == knowledge.in_service
    assert routes == set(knowledge.routes)


def test_units_and_desks_exist(knowledge: Knowledge) -> None:
    assert {article.owner for article in knowledge.articles.values()} <= UNITS
    assert {topic.unit for topic in knowledge.topics.values() if topic.kind is TopicKind.FAQ} <= UNITS
    assert {route.desk for route in knowledge.routes.values()} <= ROLES


def test_every_citation_is_of_a_citable_regulation(knowledge: Knowledge) -> None:
    for entry in entries(knowledge):
        for citation in entry.citations:
            assert knowledge.regulations[citation.regulation].citable, (entry.topic, citation)


def test_residents_never_read_editors_notes(knowledge: Knowledge) -> None:
    for entry in entries(knowledge):
        text = knowledge.render(entry.topic).text.lower()
        assert not [words for words in EDITORS_WORDS if words.lower() in text], entry.topic


def test_texts_fit_a_phone(knowledge: Knowledge) -> None:
    for topic in (*knowledge.articles, *knowledge.routes):
        assert 250 <= len(re.sub(r"<[^>]+>", "", knowledge.render(topic).text)) <= 1300, topic


def test_routes_promise_nothing_and_ask_for_no_secret(knowledge: Knowledge) -> None:
    for route in knowledge.routes.values():
        asked = " ".join(route.ask).lower()
        assert "nik" not in re.findall(r"\w+", asked)
        assert "pin" not in re.findall(r"\w+", asked)
        assert not re.search(r"pasti (selesai|jadi)|akan selesai|kami jamin", " ".join(route.tell).lower())


def test_unverified_pasal_are_not_cited(knowledge: Knowledge) -> None:
    cited = {(one.regulation, one.pasal) for entry in knowledge.articles.values() for one in entry.citations}
    assert not cited & {("perpres-96-2018", f"Pasal {number}") for number in (33, 34, 42)}
    assert not any(pasal for regulation, pasal in cited if regulation == "permendagri-6-2026")


def test_unconfirmed_values_that_must_not_be_told_are_not(knowledge: Knowledge) -> None:
    for article in knowledge.articles.values():
        text = knowledge.render(article.topic).text
        for fact in article.local_facts:
            assert fact.told or fact.value not in text
            assert fact.confirmed or "belum dikonfirmasi kantor" in text
