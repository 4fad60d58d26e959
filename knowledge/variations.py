"""Variations of the phrasings by rule: courtesies around them, slang, dropped vowels and slips of the thumb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.lexicon import Lexicon

#: How often a word is written in another spelling of the lexicon, loses its vowels, or has two letters swapped.
SLANG, SHORT, SLIP = 0.3, 0.08, 0.06
#: How often a variation begins with a greeting and how often it ends in thanks.
GREETED, THANKED = 0.4, 0.3
#: Words shorter than this stay as they are.
LONG = 5
_VOWELS = "aeiou"


class Variations:
    """Varies texts; the same texts in the same order are varied in the same way."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._random = Random(0)  # noqa: S311 - no secret, only variety
        self._slang = _other_spellings(lexicon.spellings)
        self._greetings: Sequence[str] = lexicon.smalltalk.get("greeting", ())
        self._thanks: Sequence[str] = lexicon.smalltalk.get("thanks", ())

    def vary(self, text: str) -> str:
        """Another way to write the same."""
        words = " ".join(self._word(word) for word in text.lower().split())
        if self._greetings and self._random.random() < GREETED:
            words = f"{self._random.choice(self._greetings)} {words}"
        if self._thanks and self._random.random() < THANKED:
            words = f"{words} {self._random.choice(self._thanks)}"
        return words

    def _word(self, word: str) -> str:
        chance = self._random.random()
        known = self._slang.get(word.strip(".,?!"))
        if known and chance < SLANG:
            return self._random.choice(known)
        if len(word) < LONG or not word.isalpha():
            return word
        if chance < SHORT:
            return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)
        if chance < SHORT + SLIP:
            at = self._random.randrange(1, len(word) - 1)
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word


def _other_spellings(spellings: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """For a plain word the single words that the lexicon brings to it."""
    found: dict[str, list[str]] = {}
    for written, meant in _single(spellings.items()):
        found.setdefault(meant, []).append(written)
    return {meant: tuple(written) for meant, written in found.items()}


def _single(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((written, meant) for written, meant in pairs if " " not in written and " " not in meant)
