"""From plain words to scored topics: concepts of the lexicon, compared with patterns and sample phrasings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.normalise import Normaliser, plain
from knowledge.patterns import PatternBook
from knowledge.phrasings import PhrasingIndex

if TYPE_CHECKING:
    from knowledge.decision import Agency
    from knowledge.lexicon import Lexicon

#: Share of the pattern score in the whole; the phrasings give the rest.
PATTERN_SHARE = 0.6
#: The concept of question words; it weighs nothing but tells a question from a courtesy.
ASKING = "tanya"
#: Concepts that advertisements are known by; only exact words count, never repaired ones.
ADVERT = "iklan"
#: Documents keep their own concept inside a longer phrase: "masuk kk" is about adding and about the KK.
DOCUMENTS = frozenset({"ktp", "kk", "kia", "akta", "nik", "ikd"})
#: Concepts of places, for which it matters whether somebody comes from there or goes there.
PLACES = frozenset({"kota-lain", "kota-ini", "luar-negeri"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What was recognised: plain words, features (concepts marked "#"), concepts, and scored topics, best first."""

    words: tuple[str, ...]
    content: tuple[str, ...]
    concepts: frozenset[str]
    candidates: tuple[tuple[str, float], ...]


class Understanding:
    """Scores every topic for a text. Replaceable: the decision needs only `understand` and `lexicon`."""

    def __init__(self, lexicon: Lexicon, phrasings: Mapping[str, tuple[str, ...]]) -> None:
        self.lexicon = lexicon
        phrases = {plain(word): concept for concept, words in _concept_words(lexicon).items() for word in words}
        core = {word for text in (*phrases, *lexicon.fillers) for word in plain(text).split()}
        samples = {word for texts in phrasings.values() for text in texts for word in plain(text).split()}
        self._normaliser = Normaliser(lexicon.spellings, core, samples)
        self._fillers = frozenset(word for filler in lexicon.fillers for word in self._normaliser.words(filler))
        self._phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
        for phrase, concept in phrases.items():
            words = self._normaliser.words(phrase)
            documents = [word for word in words if word in DOCUMENTS and word != concept and "-" not in concept]
            self._phrases.setdefault(words, (f"#{concept}", *(f"#{word}" for word in documents)))
        self._adverts = tuple(f" {plain(advert)} " for advert in lexicon.adverts)
        self.silent = frozenset(concept for concept, weight in lexicon.weights.items() if weight == 0)
        self._longest = max(map(len, self._phrases), default=1)
        self._patterns = PatternBook(lexicon.patterns, lexicon.weights)
        self._index = PhrasingIndex(
            {
                topic: [sorted(self._weighty(self.features(self._normaliser.words(text)))) for text in texts]
                for topic, texts in phrasings.items()
            }
        )

    @property
    def concepts(self) -> frozenset[str]:
        """Every concept a text can yield, other agencies and courtesies included."""
        placed = {f"{prefix}-{place}" for prefix in self.lexicon.directions.values() for place in PLACES}
        return frozenset(_concept_words(self.lexicon)) | placed

    def words(self, text: str) -> tuple[str, ...]:
        """The plain words of a text."""
        return self._normaliser.words(text)

    def features(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Concept ids (marked "#") and remaining words that carry matter, in order."""
        found: list[str] = []
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                meant = self._phrases.get(words[at : at + length])
                if meant is not None:
                    found.extend(meant)
                    found.extend(self._directed(words[max(0, at - 2) : at], meant[0]))
                    at += length
                    break
            else:
                if words[at] not in self._fillers:
                    found.append(words[at])
                at += 1
        return tuple(found)

    def agency(self, concepts: frozenset[str]) -> Agency | None:
        """The other agency that the concepts name, the first of the lexicon's order, or None."""
        return next((agency for agency, _ in self.lexicon.agencies if f"agency-{agency.id}" in concepts), None)

    def strange(self, feature: str) -> bool:
        """Whether a feature occurs in no phrasing and no concept."""
        return not feature.startswith("#") and not self._index.knows(feature)

    def _advertises(self, text: str) -> bool:
        whole = f" {plain(text)} "
        return any(advert in whole for advert in self._adverts)

    def _weighty(self, features: Iterable[str]) -> frozenset[str]:
        silent = self.silent
        return frozenset(feature for feature in features if feature[1:] not in silent or not feature.startswith("#"))

    def _directed(self, before: tuple[str, ...], concept: str) -> Iterable[str]:
        """The place concept with its direction, where a word such as "dari" or "dari kabupaten" stands before it."""
        prefix = next(filter(None, map(self.lexicon.directions.get, reversed(before))), None)
        if prefix is not None and concept[1:] in PLACES:
            yield f"#{prefix}-{concept[1:]}"

    def understand(self, text: str, extra: Iterable[str] = ()) -> Reading:
        """The reading of a text; `extra` are concepts that the conversation adds."""
        words = self.words(text)
        advert = [ADVERT] if self._advertises(text) else []
        content = (*self.features(words), *(f"#{concept}" for concept in (*extra, *advert)))
        concepts = frozenset(feature[1:] for feature in content if feature.startswith("#"))
        by_pattern = self._patterns.scores(concepts)
        by_phrasing = self._index.scores(self._weighty(content))
        scores = {
            topic: PATTERN_SHARE * by_pattern.get(topic, 0.0) + (1 - PATTERN_SHARE) * by_phrasing.get(topic, 0.0)
            for topic in by_pattern.keys() | by_phrasing.keys()
        }
        candidates = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return Reading(words, content, concepts, tuple((topic, round(score, 4)) for topic, score in candidates))


def _concept_words(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    found = dict(lexicon.concepts)
    found.update({f"agency-{agency.id}": words for agency, words in lexicon.agencies})
    found.update({f"talk-{kind}": words for kind, words in lexicon.smalltalk.items()})
    return found
