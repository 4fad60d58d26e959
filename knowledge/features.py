"""The features of a message that the index weighs: words, their neighbours, concepts and their pairs, letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

#: Letters beyond these tell nothing new, and concepts beyond these are a story, not a combination.
LETTERS_LIMIT, CONCEPTS_LIMIT = 700, 12
#: Length of the runs of letters, which see through typing slips and endings.
RUN = 4


def features(text: str, words: Sequence[str], concepts: Iterable[str]) -> set[str]:
    """The features of one message: `text` as plain letters, `words` evened out, and the `concepts` found.

    Each kind but the runs of letters has a mark of its own in front, so that none is taken for another.
    """
    found = {f"={word}" for word in words}
    padded = ("^", *words, "$")
    found.update(f">{one} {two}" for one, two in pairwise(padded))
    named = sorted(set(concepts))
    found.update(f"#{concept}" for concept in named)
    found.update(f"&{one} {two}" for one, two in combinations(named[:CONCEPTS_LIMIT], 2))
    letters = f" {text[:LETTERS_LIMIT]} "
    found.update(letters[at : at + RUN] for at in range(len(letters) - RUN + 1))
    return found
