"""Messages as residents write them, by topic: what the index is learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from knowledge.errors import KnowledgeError
from knowledge.fields import Fields


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One message; `also` are topics beside its own whose answer would satisfy the resident as well.

    `states` is the misconception that the resident holds, `denies` one that the message only sounds like; mostly "".
    """

    text: str
    also: tuple[str, ...] = ()
    states: str = ""
    denies: str = ""


Phrasings = Mapping[str, tuple[Phrasing, ...]]


def read_phrasings(document: object) -> Phrasings:
    """The phrasings by topic: each a text, or a mapping of text, also, states, denies. Raises KnowledgeError."""
    if not isinstance(document, Mapping):
        raise KnowledgeError(f"phrasings: expected a mapping, found {type(document).__name__}")
    found: dict[str, tuple[Phrasing, ...]] = {}
    for topic, entries in cast("Mapping[str, object]", document).items():
        if not isinstance(entries, list):
            raise KnowledgeError(f"phrasings/{topic}: expected a list, found {type(entries).__name__}")
        found[topic] = tuple(_read(entry, f"phrasings/{topic}, {at}") for at, entry in enumerate(entries, 1))
    for topic, phrasings in found.items():
        for phrasing in phrasings:
            for other in phrasing.also:
                if other not in found:
                    raise KnowledgeError(f"phrasings/{topic}: {phrasing.text!r} names unknown topic {other}")
    return found


def _read(entry: object, place: str) -> Phrasing:
    if isinstance(entry, str) and entry.strip():
        return Phrasing(entry.strip())
    fields = Fields(entry, place).only("text", "also", "states", "denies")
    return Phrasing(
        text=fields.text("text"),
        also=fields.texts("also"),
        states=fields.text("states", ""),
        denies=fields.text("denies", ""),
    )
