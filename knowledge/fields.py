"""Reading of plain YAML/JSON values with errors that name the entry: between editors' files and typed data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from knowledge.errors import KnowledgeError


class Fields:
    """One mapping of a data file together with the place it came from."""

    __slots__ = ("_place", "_values")

    def __init__(self, values: object, place: str) -> None:
        if not isinstance(values, Mapping):
            raise KnowledgeError(f"{place}: expected a mapping, found {type(values).__name__}")
        self._values = cast("Mapping[str, object]", values)
        self._place = place

    def only(self, *allowed: str) -> Fields:
        """Refuse keys that nothing would read: a misspelt key must not silently lose its text."""
        unknown = sorted(str(key) for key in self._values if key not in allowed)
        if unknown:
            raise KnowledgeError(f"{self._place}: unknown key(s) {', '.join(unknown)}")
        return self

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise KnowledgeError(f"{self._place}: {key} must be text, found {value!r}")
        return value.strip()

    def whole(self, key: str, default: int | None = None) -> int:
        value = self._values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise KnowledgeError(f"{self._place}: {key} must be a whole number, found {value!r}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise KnowledgeError(f"{self._place}: {key} must be true or false, found {value!r}")
        return value

    def day(self, key: str) -> date:
        text = self.text(key)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise KnowledgeError(f"{self._place}: {key} must be a date such as 2027-01-31, found {text!r}") from None

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._element_text(key, item) for item in self._sequence(key))

    def mappings(self, key: str) -> tuple[Fields, ...]:
        return tuple(Fields(item, f"{self._place}, {key} {at}") for at, item in enumerate(self._sequence(key), 1))

    def inner(self, key: str) -> Fields | None:
        """A mapping inside this one, None where the key is absent."""
        return Fields(self._values[key], f"{self._place}, {key}") if key in self._values else None

    def under(self, key: str) -> dict[str, Fields]:
        """A mapping of mappings, such as the topics by id."""
        inner = Fields(self._values.get(key, {}), f"{self._place}, {key}")
        return {str(name): Fields(value, f"{inner._place}, {name}") for name, value in inner._values.items()}

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A mapping of text lists, such as the words by concept."""
        inner = Fields(self._values.get(key, {}), f"{self._place}, {key}")
        return {str(name): inner.texts(name) for name in inner._values}

    def pairs(self, key: str) -> dict[str, str]:
        """A mapping of text to text, such as slang to plain words."""
        inner = Fields(self._values.get(key, {}), f"{self._place}, {key}")
        return {str(name): inner.text(name) for name in inner._values}

    def _sequence(self, key: str) -> Sequence[object]:
        value = self._values.get(key, [])
        if not isinstance(value, list | tuple):
            raise KnowledgeError(f"{self._place}: {key} must be a list, found {value!r}")
        return cast("Sequence[object]", value)

    def _element_text(self, key: str, item: object) -> str:
        if not isinstance(item, str) or not item.strip():
            raise KnowledgeError(f"{self._place}: {key} must hold texts, found {item!r}")
        return item.strip()
