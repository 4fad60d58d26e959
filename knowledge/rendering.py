"""An article or route as the text a resident reads, in the small HTML subset <b>, <i> with everything else escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from knowledge.articles import Article, Citation, LocalFact, Route

if TYPE_CHECKING:
    from knowledge.regulations import Regulation

#: How a fact that the office has not confirmed is marked for residents.
UNCONFIRMED = "belum dikonfirmasi kantor"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The exact text to send, what it rests on and the version it was made with; stored with the message."""

    topic: str
    text: str
    citations: tuple[Citation, ...]
    version: str


def render(entry: Article | Route, title: str, regulations: Mapping[str, Regulation]) -> Rendered:
    """The entry under its title, ending with the line "Dasar:" where it cites anything."""
    body = _article_lines(entry) if isinstance(entry, Article) else _route_lines(entry)
    basis = _basis(entry.citations, regulations)
    blocks = [f"<b>{escape(title, quote=False)}</b>", *body, *([basis] if basis else [])]
    return Rendered(entry.topic, "\n\n".join(blocks), entry.citations, f"{entry.topic}@{entry.version}")


def _article_lines(article: Article) -> list[str]:
    sections = [
        _section("Yang perlu dibawa", article.requirements),
        _section("Caranya", article.procedure),
        _inline("Waktu", article.time),
        _inline("Biaya", article.cost),
        _section("Catatan", (*article.notes, *(_fact(fact) for fact in article.local_facts if fact.confirmed))),
        _unconfirmed([fact for fact in article.local_facts if not fact.confirmed]),
    ]
    return [section for section in sections if section]


def _route_lines(route: Route) -> list[str]:
    told = "\n".join(escape(sentence, quote=False) for sentence in route.tell)
    return [told, _section("Mohon tuliskan (tanpa NIK, nomor KK, atau foto dokumen)", route.ask)]


def _unconfirmed(facts: list[LocalFact]) -> str:
    """Facts nobody at the office has confirmed: named, told only where the editor allows, and how to ask."""
    items = [_fact(fact) if fact.told else fact.label for fact in facts]
    section = _section(f"Yang {UNCONFIRMED}", items)
    return f"{section}\nMohon pastikan dulu kepada petugas lewat tombol Hubungi petugas." if section else ""


def _fact(fact: LocalFact) -> str:
    return f"{fact.label}: {fact.value}"


def _section(heading: str, items: Iterable[str]) -> str:
    lines = [f"• {escape(item, quote=False)}" for item in items]
    return "\n".join([f"<b>{heading}</b>", *lines]) if lines else ""


def _inline(heading: str, text: str) -> str:
    return f"<b>{heading}:</b> {escape(text, quote=False)}" if text else ""


def _basis(citations: tuple[Citation, ...], regulations: Mapping[str, Regulation]) -> str:
    by_regulation: dict[str, list[str]] = {}
    for citation in citations:
        place = f"{citation.pasal} ayat {citation.ayat}" if citation.ayat else citation.pasal
        by_regulation.setdefault(citation.regulation, []).append(place)
    parts = []
    for identity, places in by_regulation.items():
        short = regulations[identity].short if identity in regulations else identity
        parts.append(f"{short} {', '.join(filter(None, places))}".strip())
    return escape(f"Dasar: {'; '.join(parts)}.", quote=False) if parts else ""
