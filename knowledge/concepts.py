"""From plain words to what they name: documents, events, persons, places, other agencies, courtesies, adverts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from knowledge.normalise import plain

if TYPE_CHECKING:
    from knowledge.decision import Agency
    from knowledge.lexicon import Lexicon
    from knowledge.normalise import Normaliser

#: Concepts that make a message a question.
QUESTIONS = frozenset({"tanya", "syarat", "cara"})
#: Concepts of courtesies begin so, those of other agencies so.
TALK, AGENCY = "talk-", "agency-"
#: Documents keep their own concept inside a longer phrase: "masuk kk" is about adding and about the KK.
DOCUMENTS = frozenset({"ktp", "kk", "kia", "akta", "nik", "ikd"})
#: Concepts of places, for which it matters whether somebody comes from there or goes there.
PLACES = frozenset({"kota-lain", "kota-ini", "luar-negeri"})


def concept_words(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """Every concept of the lexicon with its words, agencies and courtesies included."""
    found = dict(lexicon.concepts)
    found.update({f"{AGENCY}{agency.id}": words for agency, words in lexicon.agencies})
    found.update({f"{TALK}{kind}": words for kind, words in lexicon.smalltalk.items()})
    return found


def lexicon_words(lexicon: Lexicon) -> frozenset[str]:
    """Every single word of the lexicon's concepts and fillers."""
    phrases = [phrase for words in concept_words(lexicon).values() for phrase in words]
    return frozenset(word for text in (*phrases, *lexicon.fillers) for word in plain(text).split())


class ConceptBook:
    """Finds concepts in plain words, the longest phrase first; immutable after construction."""

    __slots__ = ("_adverts", "_agencies", "_directions", "_english", "_fillers", "_longest", "_phrases", "names")

    def __init__(self, lexicon: Lexicon, normaliser: Normaliser) -> None:
        words = concept_words(lexicon)
        self._fillers = frozenset(word for filler in lexicon.fillers for word in normaliser.words(plain(filler)))
        self._phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
        for concept, phrases in words.items():
            for phrase in phrases:
                key = normaliser.words(plain(phrase))
                inside = [word for word in key if word in DOCUMENTS and word != concept and "-" not in concept]
                self._phrases.setdefault(key, (concept, *inside))
        self._longest = max(map(len, self._phrases), default=1)
        self._directions: Mapping[str, str] = lexicon.directions
        self._adverts = tuple(f" {plain(advert)} " for advert in lexicon.adverts)
        self._agencies: tuple[Agency, ...] = tuple(agency for agency, _ in lexicon.agencies)
        self._english = lexicon.english
        placed = {f"{prefix}-{place}" for prefix in lexicon.directions.values() for place in PLACES}
        self.names = frozenset(words) | placed

    def concepts(self, words: tuple[str, ...]) -> frozenset[str]:
        """The concepts that the words name."""
        return frozenset(name for name, is_concept in self.content(words) if is_concept)

    def content(self, words: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
        """What the words hold, in order: concepts (marked True) and remaining words that carry matter (False)."""
        found: list[tuple[str, bool]] = []
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                meant = self._phrases.get(words[at : at + length])
                if meant is not None:
                    found.extend((concept, True) for concept in meant)
                    found.extend((concept, True) for concept in self._directed(words[max(0, at - 2) : at], meant[0]))
                    at += length
                    break
            else:
                if words[at] not in self._fillers:
                    found.append((words[at], False))
                at += 1
        return tuple(found)

    def agency(self, concepts: frozenset[str]) -> Agency | None:
        """The other agency that the concepts name, the first of the lexicon's order, or None."""
        return next((agency for agency in self._agencies if f"{AGENCY}{agency.id}" in concepts), None)

    def advertises(self, letters: str) -> bool:
        """Whether a plain text holds an advert's words; only exact ones count, never repaired ones."""
        whole = f" {letters} "
        return any(advert in whole for advert in self._adverts)

    def english(self, raw_words: Iterable[str]) -> tuple[int, int]:
        """How many of the words are English ones, and how many there are."""
        words = list(raw_words)
        return sum(word in self._english for word in words), len(words)

    def _directed(self, before: tuple[str, ...], concept: str) -> Iterable[str]:
        """The place concept with its direction, where a word such as "dari" or "dari kabupaten" stands before it."""
        prefix = next(filter(None, map(self._directions.get, reversed(before))), None)
        if prefix is not None and concept in PLACES:
            yield f"{prefix}-{concept}"
