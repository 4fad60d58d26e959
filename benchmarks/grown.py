"""Many times as many phrasings, made by rule from the given ones: slips, vowels left out, slang, fillers, new names."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from knowledge import Knowledge
from knowledge.lexicon import Lexicon
from knowledge.phrasings import Phrasing, Phrasings

_SYLLABLES = ("ba", "gi", "jo", "ka", "li", "ma", "nu", "pe", "ra", "si", "tu", "wa", "yu", "ro")
_VOWELS = frozenset("aeiou")


def grown(knowledge: Knowledge, times: int) -> Phrasings:
    """The phrasings and `times` - 1 variants of each; the same phrasings give the same variants."""
    if times == 1:
        return knowledge.phrasings
    vary = _variation(knowledge.lexicon, random.Random(times))
    return {
        topic: tuple(variant for entry in entries for variant in _variants(entry, times, vary))
        for topic, entries in knowledge.phrasings.items()
    }


def _variants(entry: Phrasing, times: int, vary: Callable[[str], str]) -> Iterator[Phrasing]:
    yield entry
    for _ in range(times - 1):
        yield Phrasing(vary(entry.text), entry.also, entry.states, entry.denies)


def _variation(lexicon: Lexicon, chance: random.Random) -> Callable[[str], str]:
    """Two or three changes at a time, each by one rule."""
    slang: dict[str, list[str]] = {}
    for written, meant in lexicon.spellings.items():
        slang.setdefault(meant, []).append(written)
    fillers = sorted(lexicon.fillers)

    def slip(words: list[str]) -> None:
        at = chance.randrange(len(words))
        word, place = words[at], chance.randrange(len(words[at]))
        words[at] = chance.choice(
            (
                word[:place] + word[place + 1 :] or word,
                word[:place] + word[place] * 2 + word[place + 1 :],
                word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            )
        )

    def shorten(words: list[str]) -> None:
        at = chance.randrange(len(words))
        words[at] = words[at][0] + "".join(letter for letter in words[at][1:] if letter not in _VOWELS)

    def respell(words: list[str]) -> None:
        known = [at for at, word in enumerate(words) if word in slang]
        if known:
            at = chance.choice(known)
            words[at] = chance.choice(slang[words[at]])

    def fill(words: list[str]) -> None:
        words.insert(chance.choice((0, len(words))), chance.choice(fillers))

    def name(words: list[str]) -> None:
        made = "".join(chance.choices(_SYLLABLES, k=chance.choice((3, 4))))
        words.extend((chance.choice(("di", "pak", "atas nama")), made))

    rules = (slip, shorten, respell, fill, name)

    def vary(text: str) -> str:
        words = text.lower().split()
        for rule in chance.sample(rules, chance.choice((2, 3))):
            rule(words)
        return " ".join(words)

    return vary
