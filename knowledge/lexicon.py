"""The office's vocabulary: plain words for slang and dialect, concepts, other agencies, courtesies, adverts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.decision import Agency
from knowledge.fields import Fields


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lexicon as editors wrote it, typed.

    `spellings`: word or phrase -> plain word or phrase; `fillers`: words that carry no matter; `concepts`: concept id
    -> words and phrases; `agencies`: other agencies with their words; `smalltalk`: kind -> words; `adverts`: what only
    advertisers write; `directions`: word -> prefix that turns a place after it into a concept of its own ("dari
    padang" -> dari-kota-lain); `english`: words by which a message in English is known.
    """

    spellings: Mapping[str, str]
    fillers: frozenset[str]
    concepts: Mapping[str, tuple[str, ...]]
    agencies: tuple[tuple[Agency, tuple[str, ...]], ...]
    smalltalk: Mapping[str, tuple[str, ...]]
    adverts: tuple[str, ...]
    directions: Mapping[str, str]
    english: frozenset[str]


def read_lexicon(document: object) -> Lexicon:
    """The lexicon of one data file. Raises KnowledgeError on a malformed entry."""
    fields = Fields(document, "lexicon").only(
        "spellings",
        "fillers",
        "concepts",
        "agencies",
        "smalltalk",
        "adverts",
        "directions",
        "english",
    )
    return Lexicon(
        spellings=fields.pairs("spellings"),
        fillers=frozenset(fields.texts("fillers")),
        concepts=fields.lists("concepts"),
        agencies=tuple(_agency(identity, entry) for identity, entry in fields.under("agencies").items()),
        smalltalk=fields.lists("smalltalk"),
        adverts=fields.texts("adverts"),
        directions=fields.pairs("directions"),
        english=frozenset(fields.texts("english")),
    )


def _agency(identity: str, entry: Fields) -> tuple[Agency, tuple[str, ...]]:
    entry.only("name", "hint", "english", "words")
    return Agency(identity, entry.text("name"), entry.text("hint"), entry.text("english")), entry.texts("words")
