"""Reads the plain values of `office.yaml`, `sop.yaml` and rosters, with one-line errors that name file and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import cast

import yaml

from conversation.errors import SettingsError


def packaged(name: str) -> str:
    """The text of a data file that comes with this package."""
    return files("escalation").joinpath(name).read_text(encoding="utf-8")


class Entry:
    """One mapping of a data file, and the place it has there ("office.yaml: hours")."""

    __slots__ = ("_values", "place")

    def __init__(self, values: object, place: str) -> None:
        if not isinstance(values, Mapping):
            raise SettingsError(f"{place}: expected keys with values, found {_shown(values)}")
        self._values = cast("Mapping[object, object]", values)
        self.place = place

    @classmethod
    def parse(cls, text: str, file: str) -> Entry:
        """The top of a YAML document."""
        try:
            return cls(yaml.safe_load(text), file)
        except yaml.YAMLError as error:
            raise SettingsError(f"{file}: not readable as YAML: {' '.join(str(error).split())}") from None

    def only(self, *allowed: str) -> Entry:
        """Refuses keys that nothing would read: a misspelt key must not silently lose its value."""
        unknown = sorted(str(key) for key in self._values if key not in allowed)
        if unknown:
            raise SettingsError(f"{self.place}: unknown key {', '.join(unknown)} (known: {', '.join(allowed)})")
        return self

    def wrong(self, key: str, what: str) -> SettingsError:
        return SettingsError(f"{self.place}: {key}: {what}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(key, f"must be text, found {_shown(value)}")
        return value.strip()

    def whole(self, key: str, *, least: int = 0) -> int:
        value = self._values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.wrong(key, f"must be a whole number from {least}, found {_shown(value)}")
        return value

    def flag(self, key: str) -> bool:
        value = self._values.get(key)
        if not isinstance(value, bool):
            raise self.wrong(key, f"must be true or false, found {_shown(value)}")
        return value

    def day(self, key: str) -> date:
        """A date, as YAML reads 2026-08-17 or as that text."""
        value = self._values.get(key)
        try:
            return date.fromisoformat(value.isoformat() if isinstance(value, date) else str(value))
        except ValueError:
            raise self.wrong(key, f"must be a date such as 2026-08-17, found {_shown(value)}") from None

    def items(self, key: str) -> tuple[object, ...]:
        value = self._values.get(key)
        if not isinstance(value, list):
            raise self.wrong(key, f"must be a list, found {_shown(value)}")
        return tuple(value)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.items(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.wrong(key, "must be a list of texts")
        return tuple(str(value).strip() for value in values)

    def entry(self, key: str) -> Entry:
        return Entry(self._values.get(key), f"{self.place}: {key}")

    def entries(self, key: str) -> tuple[Entry, ...]:
        return tuple(Entry(value, f"{self.place}: {key} {at}") for at, value in enumerate(self.items(key), 1))

    def names(self) -> Iterator[str]:
        for key in self._values:
            if not isinstance(key, str):
                raise SettingsError(f"{self.place}: key {key!r} must be text, put it in quotes")
            yield key

    def pairs(self, key: str) -> dict[str, str]:
        """A mapping of text to text."""
        inner = self.entry(key)
        return {name: inner.text(name) for name in inner.names()}


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)
