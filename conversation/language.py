"""The languages residents are answered in, and words that exist in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The values are those of ISO 639-1."""

    INDONESIAN = "id"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing the bot says, in each language."""

    indonesian: str
    english: str

    def in_(self, language: Language) -> str:
        return self.english if language is Language.ENGLISH else self.indonesian

    def format(self, **values: Phrase) -> Phrase:
        """The phrase with its placeholders filled, each in its language."""
        ours = {name: value.indonesian for name, value in values.items()}
        theirs = {name: value.english for name, value in values.items()}
        return Phrase(self.indonesian.format(**ours), self.english.format(**theirs))

    def __add__(self, more: str | Phrase) -> Phrase:
        if isinstance(more, str):
            more = Phrase(more, more)
        return Phrase(self.indonesian + more.indonesian, self.english + more.english)
