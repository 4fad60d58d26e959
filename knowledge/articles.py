"""Articles that answer one topic each, and route texts that say how a matter goes to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.fields import Fields


@dataclass(frozen=True, slots=True)
class Citation:
    """What a statement rests on: regulation id, `pasal` ("Pasal 64"), `ayat` ("(8), (9)"); empty where not verified."""

    regulation: str
    pasal: str = ""
    ayat: str = ""


@dataclass(frozen=True, slots=True)
class LocalFact:
    """A fact of this office alone. Unconfirmed ones never reach a resident as fact.

    `value` is told (marked as unconfirmed) only where `told`; otherwise the resident reads `label` and how to ask.
    """

    label: str
    value: str
    confirmed: bool
    told: bool
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class EnglishArticle:
    """The same answer for who writes in English, with the Indonesian terms; item for item what the article says.

    `local_facts` holds for each local fact what is told of it: its label, with the value where that is told.
    """

    requirements: tuple[str, ...]
    procedure: tuple[str, ...]
    time: str
    cost: str
    notes: tuple[str, ...]
    local_facts: tuple[str, ...]

    def sentences(self) -> tuple[str, ...]:
        """Every sentence, without the local facts."""
        return tuple(filter(None, (*self.requirements, *self.procedure, self.time, self.cost, *self.notes)))


@dataclass(frozen=True, slots=True)
class EnglishRoute:
    """What a route tells and asks, in English."""

    tell: tuple[str, ...]
    ask: tuple[str, ...]

    def sentences(self) -> tuple[str, ...]:
        """Every sentence the resident reads."""
        return (*self.tell, *self.ask)


@dataclass(frozen=True, slots=True)
class Article:
    """One topic's answer for residents; `owner` is the section that keeps it, dates are calendar days of the office."""

    topic: str
    owner: str
    version: int
    reviewed: date
    review_by: date
    requirements: tuple[str, ...]
    procedure: tuple[str, ...]
    time: str
    cost: str
    notes: tuple[str, ...]
    citations: tuple[Citation, ...]
    local_facts: tuple[LocalFact, ...]
    service_information: bool
    confidence: str
    sources: tuple[str, ...]
    english: EnglishArticle | None

    def sentences(self) -> tuple[str, ...]:
        """Every sentence the office wrote for residents, without the local facts."""
        return tuple(filter(None, (*self.requirements, *self.procedure, self.time, self.cost, *self.notes)))


@dataclass(frozen=True, slots=True)
class Route:
    """How a matter goes to a person: SOP step, the desk's role, what the resident is told and asked for.

    `for_officers` are reminders that only staff read.
    """

    topic: str
    sop_step: str
    desk: str
    owner: str
    version: int
    reviewed: date
    review_by: date
    tell: tuple[str, ...]
    ask: tuple[str, ...]
    for_officers: tuple[str, ...]
    citations: tuple[Citation, ...]
    confidence: str
    english: EnglishRoute | None

    def sentences(self) -> tuple[str, ...]:
        """Every sentence the resident reads."""
        return (*self.tell, *self.ask)


def read_article(document: object, name: str) -> Article | Route:
    """The article or route text of one file; a file with `sop_step` is a route. Raises KnowledgeError."""
    fields = Fields(document, f"articles/{name}")
    return _read_route(fields) if fields.text("sop_step", "") else _read_article(fields)


def _read_article(fields: Fields) -> Article:
    fields.only(
        "topic", "owner", "version", "reviewed", "review_by", "syarat", "cara", "waktu", "biaya", "catatan",
        "citations", "local_facts", "service_information", "confidence", "sources", "english",
    )  # fmt: skip
    return Article(
        topic=fields.text("topic"),
        owner=fields.text("owner", ""),
        version=fields.whole("version"),
        reviewed=fields.day("reviewed"),
        review_by=fields.day("review_by"),
        requirements=fields.texts("syarat"),
        procedure=fields.texts("cara"),
        time=fields.text("waktu", ""),
        cost=fields.text("biaya", ""),
        notes=fields.texts("catatan"),
        citations=read_citations(fields),
        local_facts=tuple(_local_fact(entry) for entry in fields.mappings("local_facts")),
        service_information=fields.flag("service_information"),
        confidence=fields.text("confidence", ""),
        sources=fields.texts("sources"),
        english=_english_article(fields.inner("english")),
    )


def _read_route(fields: Fields) -> Route:
    fields.only(
        "topic", "sop_step", "desk", "owner", "version", "reviewed", "review_by", "tell", "ask", "citations",
        "confidence", "for_officers", "english",
    )  # fmt: skip
    return Route(
        topic=fields.text("topic"),
        sop_step=fields.text("sop_step"),
        desk=fields.text("desk"),
        owner=fields.text("owner", ""),
        version=fields.whole("version"),
        reviewed=fields.day("reviewed"),
        review_by=fields.day("review_by"),
        tell=fields.texts("tell"),
        ask=fields.texts("ask"),
        for_officers=fields.texts("for_officers"),
        citations=read_citations(fields),
        confidence=fields.text("confidence", ""),
        english=_english_route(fields.inner("english")),
    )


def _english_article(fields: Fields | None) -> EnglishArticle | None:
    if fields is None:
        return None
    fields.only("syarat", "cara", "waktu", "biaya", "catatan", "local_facts")
    return EnglishArticle(
        requirements=fields.texts("syarat"),
        procedure=fields.texts("cara"),
        time=fields.text("waktu", ""),
        cost=fields.text("biaya", ""),
        notes=fields.texts("catatan"),
        local_facts=fields.texts("local_facts"),
    )


def _english_route(fields: Fields | None) -> EnglishRoute | None:
    if fields is None:
        return None
    fields.only("tell", "ask")
    return EnglishRoute(tell=fields.texts("tell"), ask=fields.texts("ask"))


def read_citations(fields: Fields) -> tuple[Citation, ...]:
    """The citations of an entry: regulation, and pasal and ayat where verified."""
    entries = [entry.only("regulation", "pasal", "ayat") for entry in fields.mappings("citations")]
    return tuple(
        Citation(entry.text("regulation"), entry.text("pasal", ""), entry.text("ayat", "")) for entry in entries
    )


def _local_fact(entry: Fields) -> LocalFact:
    entry.only("label", "value", "confirmed", "told", "source", "as_of")
    return LocalFact(
        label=entry.text("label"),
        value=entry.text("value"),
        confirmed=entry.flag("confirmed"),
        told=entry.flag("told"),
        source=entry.text("source"),
        as_of=entry.text("as_of"),
    )
