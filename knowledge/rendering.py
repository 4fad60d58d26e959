"""An article or route as the text a resident reads, in the small HTML subset <b>, <i> with everything else escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from conversation.language import Language
from knowledge.articles import Article, Citation, LocalFact, Route

if TYPE_CHECKING:
    from knowledge.misconceptions import Misconception
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


def render_correction(
    belief: Misconception, regulations: Mapping[str, Regulation], language: Language = Language.INDONESIAN
) -> Rendered:
    """A misconception put right, with what that rests on."""
    english = language is Language.ENGLISH
    told = f"<b>Please note:</b> {escape(belief.english, quote=False)}"
    if not english:
        told = f"<b>Perlu diketahui:</b> {escape(belief.correction, quote=False)}"
    basis = _basis(belief.citations, regulations)
    return Rendered(belief.id, f"{told} ({basis.rstrip('.')})" if basis else told, belief.citations, belief.id)


@dataclass(frozen=True, slots=True)
class _Headings:
    """The words between the words of an entry, in one language."""

    requirements: str
    procedure: str
    time: str
    cost: str
    notes: str
    unconfirmed: str
    make_sure: str
    write: str


_INDONESIAN = _Headings(
    requirements="Yang perlu dibawa",
    procedure="Caranya",
    time="Waktu",
    cost="Biaya",
    notes="Catatan",
    unconfirmed=f"Yang {UNCONFIRMED}",
    make_sure="Mohon pastikan dulu kepada petugas lewat tombol Hubungi petugas.",
    write="Mohon tuliskan (tanpa NIK, nomor KK, atau foto dokumen)",
)
_ENGLISH = _Headings(
    requirements="What to bring",
    procedure="How it works",
    time="Time",
    cost="Cost",
    notes="Please note",
    unconfirmed="Not yet confirmed by the office",
    make_sure="Please check with an officer first: press Hubungi petugas.",
    write="Please write (no NIK, KK number or photo of a document)",
)


def render(
    entry: Article | Route,
    title: str,
    regulations: Mapping[str, Regulation],
    language: Language = Language.INDONESIAN,
) -> Rendered:
    """The entry under its title, ending with the line "Dasar:" where it cites anything.

    An entry without English words is told in Indonesian, whatever the language.
    """
    words = _ENGLISH if language is Language.ENGLISH and entry.english else _INDONESIAN
    body = _article_lines(entry, words) if isinstance(entry, Article) else _route_lines(entry, words)
    basis = _basis(entry.citations, regulations)
    blocks = [f"<b>{escape(title, quote=False)}</b>", *body, *([basis] if basis else [])]
    return Rendered(entry.topic, "\n\n".join(blocks), entry.citations, f"{entry.topic}@{entry.version}")


def _article_lines(article: Article, words: _Headings) -> list[str]:
    english = article.english if words is _ENGLISH else None
    told = english or article
    facts = english.local_facts if english else tuple(map(_fact, article.local_facts))
    confirmed = [text for fact, text in zip(article.local_facts, facts, strict=False) if fact.confirmed]
    doubtful = [text for fact, text in zip(article.local_facts, facts, strict=False) if not fact.confirmed]
    sections = [
        _section(words.requirements, told.requirements),
        _section(words.procedure, told.procedure),
        _inline(words.time, told.time),
        _inline(words.cost, told.cost),
        _section(words.notes, (*told.notes, *confirmed)),
        f"{_section(words.unconfirmed, doubtful)}\n{words.make_sure}" if doubtful else "",
    ]
    return [section for section in sections if section]


def _route_lines(route: Route, words: _Headings) -> list[str]:
    text = (route.english if words is _ENGLISH else None) or route
    told = "\n".join(escape(sentence, quote=False) for sentence in text.tell)
    return [told, _section(words.write, text.ask)]


def _fact(fact: LocalFact) -> str:
    """A fact as far as it may be told: one that nobody at the office has confirmed only where the editor allows."""
    return f"{fact.label}: {fact.value}" if fact.confirmed or fact.told else fact.label


def _section(heading: str, items: Iterable[str]) -> str:
    lines = [f"• {escape(item, quote=False)}" for item in items]
    return "\n".join([f"<b>{heading}</b>", *lines]) if lines else ""


def _inline(heading: str, text: str) -> str:
    return f"<b>{heading}:</b> {escape(text, quote=False)}" if text else ""


def _basis(citations: tuple[Citation, ...], regulations: Mapping[str, Regulation]) -> str:
    by_regulation: dict[str, list[str]] = {}
    for citation in citations:
        if citation.regulation in regulations and not regulations[citation.regulation].citable:
            continue
        place = f"{citation.pasal} ayat {citation.ayat}" if citation.ayat else citation.pasal
        by_regulation.setdefault(citation.regulation, []).append(place)
    parts = []
    for identity, places in by_regulation.items():
        short = regulations[identity].short if identity in regulations else identity
        parts.append(f"{short} {', '.join(filter(None, places))}".strip())
    return escape(f"Dasar: {'; '.join(parts)}.", quote=False) if parts else ""
