"""From a resident's raw text to plain words: spelling, slang, dialect, endings and typing slips evened out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

#: A message is understood by its beginning; nobody puts the question after this many words.
WORD_LIMIT = 160
#: Fuzzy look-ups are the dearest step, so a text may use only this many.
REPAIR_LIMIT = 14

_FORM_CODE = re.compile(r"\bf ?-? ?[12][.,]\d\d ?[a-f]?\b")
_LONG_NUMBER = re.compile(r"\d[\d .-]{8,}\d")
_PAST_YEAR = re.compile(r"\b(?:19\d\d|20[01]\d)\b")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"([a-z])\1")
_REPEATED = re.compile(r"\b([a-z]{3,})2(?:nya|an|ku)?\b")
_VOWELS = re.compile(r"[aeiou]")
_SUFFIXES = ("nyo", "nya", "kah", "lah", "pun", "ku", "mu", "kan", "an", "i")
_PREFIXES = ("meng", "mem", "men", "meny", "di", "ber", "ter", "pe", "me", "ma", "ba", "ta", "ng", "ny")


def plain(text: str) -> str:
    """Lower-case letters, digits and single spaces; accents folded, emoji and punctuation gone."""
    letters = text.lower()
    if not letters.isascii():
        folded = unicodedata.normalize("NFKD", letters)
        letters = "".join(character for character in folded if not unicodedata.combining(character))
    letters = _FORM_CODE.sub(" formulir ", letters)
    letters = _PAST_YEAR.sub(" tahunlampau ", _LONG_NUMBER.sub(" ", letters))
    return _REPEATED.sub(r"\1 \1", _NOT_WORD.sub(" ", letters)).strip()


class Normaliser:
    """Plain words of the vocabulary for what people write; immutable after construction, so safe to share."""

    __slots__ = ("_by_initial", "_by_skeleton", "_known", "_longest", "_spellings", "_usual")

    def __init__(self, spellings: Mapping[str, str], vocabulary: Iterable[str], usual: Iterable[str] = ()) -> None:
        """Words are brought to those of `vocabulary`; `usual` words stay as they are."""
        self._spellings = {tuple(plain(word).split()): tuple(plain(to).split()) for word, to in spellings.items()}
        self._longest = max((len(words) for words in self._spellings), default=1)
        single = {words[0] for words in self._spellings if len(words) == 1}
        self._known = frozenset(vocabulary) | single
        self._by_skeleton = self._skeletons(self._known - single)
        long_words = sorted(word for word in self._known if len(word) >= 4 and word.isalpha())
        self._usual = frozenset(usual)
        self._by_initial: dict[str, list[str]] = {}
        for word in long_words:
            self._by_initial.setdefault(word[0], []).append(word)

    def words(self, letters: str) -> tuple[str, ...]:
        """The words of a plain text, at most WORD_LIMIT, each brought to a known spelling where that is clear."""
        repairs = REPAIR_LIMIT
        found: list[str] = []
        for raw in letters.split()[:WORD_LIMIT]:
            word = raw if raw in self._usual else self._reduce(raw)
            if word is None and repairs and raw.isalpha() and 3 <= len(raw) <= 20:
                repairs -= 1
                word = self._repair(raw)
            found.append(word or raw)
        return tuple(self._respell(found))

    def knows(self, word: str) -> bool:
        """Whether a word is one of the vocabulary, or leads to one by its endings or by the vowels left out."""
        return self._reduce(word) is not None or self._unabbreviated(word) is not None

    def _reduce(self, word: str) -> str | None:
        """A known form of the word by evening out stretching and endings, or None."""
        if word in self._known:
            return word
        word = _STRETCHED.sub(r"\1", word)
        for form in (word, _DOUBLED.sub(r"\1", word)):
            if form in self._known:
                return form
            for stem in self._stems(form):
                if stem in self._known:
                    return stem
        return None

    @staticmethod
    def _stems(word: str) -> Iterable[str]:
        """The word without one or two endings, then also without a prefix."""
        once = _cut_suffixes(word)
        bases = [*once, *(shorter for base in once for shorter in _cut_suffixes(base))]
        yield from bases
        for base in (word, *bases):
            for prefix in _PREFIXES:
                if base.startswith(prefix) and len(base) - len(prefix) >= 4:
                    yield base[len(prefix) :]

    def _repair(self, word: str) -> str | None:
        """The known word that was probably meant: same consonants, or one or two slips away; None if unclear."""
        whole = self._unabbreviated(word)
        if whole is not None:
            return whole
        if len(word) < 5:
            return None
        alike = self._by_initial.get(word[0], ())
        best = process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=84 if len(word) < 8 else 82)
        return best[0] if best is not None else None

    def _unabbreviated(self, word: str) -> str | None:
        """The one known word that is this one with its vowels, as "hilang" for "hlng"."""
        for form in (word, *_cut_suffixes(word)):
            same = self._by_skeleton.get(_skeleton(form))
            if same is not None and _dropped_vowels(form, same):
                return same
        return None

    @staticmethod
    def _skeletons(vocabulary: Iterable[str]) -> dict[str, str]:
        found: dict[str, str | None] = {}
        for word in vocabulary:
            bones = _skeleton(word)
            if len(bones) >= 3 and len(word) >= 4 and word.isalpha():
                found[bones] = None if bones in found else word
        return {bones: word for bones, word in found.items() if word is not None}

    def _respell(self, words: list[str]) -> Iterable[str]:
        """Longest known spelling first, so that "indak bisa" wins over "indak"."""
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                replaced = self._spellings.get(tuple(words[at : at + length]))
                if replaced is not None:
                    yield from replaced
                    at += length
                    break
            else:
                yield words[at]
                at += 1


def _cut_suffixes(word: str) -> list[str]:
    return [word[: -len(suffix)] for suffix in _SUFFIXES if word.endswith(suffix) and len(word) - len(suffix) >= 3]


def _dropped_vowels(short: str, word: str) -> bool:
    """Whether `short` is `word` with letters left out, as in "hlang"; "ketus" is another word than "kitas"."""
    letters = iter(word)
    return len(short) < len(word) and all(letter in letters for letter in short)


def _skeleton(word: str) -> str:
    return word[0] + _VOWELS.sub("", word[1:])
