"""From a resident's text to topics with probabilities: plain words, concepts, features, and what the index says."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from conversation.language import Language
from knowledge.concepts import ConceptBook, lexicon_words
from knowledge.features import features
from knowledge.normalise import Normaliser, plain

if TYPE_CHECKING:
    from knowledge.decision import Agency
    from knowledge.index import Index
    from knowledge.lexicon import Lexicon

#: A message is in English when it has so many English words, and they are such a share of it.
ENGLISH_WORDS, ENGLISH_SHARE = 2, 0.5
#: Nobody states a belief in fewer words.
STATEMENT_WORDS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What was recognised in a text.

    `words`: plain; `matter`: words beyond concepts and fillers; `concepts` in order of mention; `candidates`: topics
    with their probabilities, best first, adding up to 1; `advert`: it holds an advert's exact words;
    `beliefs`: misconceptions it states.
    """

    words: tuple[str, ...]
    matter: tuple[str, ...]
    concepts: tuple[str, ...]
    candidates: tuple[tuple[str, float], ...]
    language: Language
    advert: bool
    beliefs: tuple[str, ...]

    def probability(self, topic: str) -> float:
        return next((share for name, share in self.candidates if name == topic), 0.0)


class Understanding:
    """Reads texts; immutable after construction, so safe to share."""

    def __init__(self, lexicon: Lexicon, index: Index) -> None:
        self.lexicon = lexicon
        self._index = index
        self._normaliser = Normaliser(lexicon.spellings, lexicon_words(lexicon), index.words)
        self._book = ConceptBook(lexicon, self._normaliser)

    @property
    def concepts(self) -> frozenset[str]:
        """Every concept a text can yield, other agencies and courtesies included."""
        return self._book.names

    def agency(self, concepts: frozenset[str]) -> Agency | None:
        """The other agency that the concepts name, the first of the lexicon's order, or None."""
        return self._book.agency(concepts)

    def accepted(self, reading: Reading, topic: str) -> float:
        """How probable it is that the answer of a topic would satisfy, whatever the message is mainly about."""
        return self._index.accepted(dict(reading.candidates), topic)

    def understand(self, text: str) -> Reading:
        """The reading of a text."""
        letters = plain(text)
        words = self._normaliser.words(letters)
        content = self._book.content(words)
        concepts = tuple(dict.fromkeys(name for name, is_concept in content if is_concept))
        shares, beliefs = self._index.read(features(letters, words, concepts))
        believed = beliefs if len(words) >= STATEMENT_WORDS else ()
        candidates = sorted(zip(self._index.topics, shares.tolist(), strict=True), key=itemgetter(1), reverse=True)
        matter = tuple(name for name, is_concept in content if not is_concept)
        return Reading(
            words,
            matter,
            concepts,
            tuple(candidates),
            self._language(letters),
            self._book.advertises(letters),
            believed,
        )

    def _language(self, letters: str) -> Language:
        english, all_words = self._book.english(letters.split())
        is_english = english >= ENGLISH_WORDS and english >= ENGLISH_SHARE * all_words
        return Language.ENGLISH if is_english else Language.INDONESIAN
