"""Common misconceptions, and the words by which the bot puts one right where a resident states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.articles import Citation, read_citations
from knowledge.fields import Fields


@dataclass(frozen=True, slots=True)
class Misconception:
    """One wrong belief about `topics`; `correction` and `english` go on after "Perlu diketahui:".

    Which messages state it is learned from the phrasings.
    """

    id: str
    topics: tuple[str, ...]
    correction: str
    english: str
    citations: tuple[Citation, ...]


def read_misconceptions(document: object) -> Mapping[str, Misconception]:
    """The misconceptions by id. Raises KnowledgeError on a malformed entry."""
    entries = Fields({"misconceptions": document}, "misconceptions").under("misconceptions")
    return {identity: _read(identity, entry) for identity, entry in entries.items()}


def _read(identity: str, entry: Fields) -> Misconception:
    entry.only("topics", "correction", "english", "citations")
    return Misconception(
        id=identity,
        topics=entry.texts("topics"),
        correction=entry.text("correction"),
        english=entry.text("english"),
        citations=read_citations(entry),
    )
