"""JSON as it travels between bot and sandbox, and how Telegram measures text."""

from typing import Any

#: One object of the Bot API. Once published (stored, queued or returned) it is never changed in place.
Json = dict[str, Any]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of entity offsets and of text limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def without_none(**fields: Any) -> Json:
    """The fields that have a value; Telegram leaves absent fields out."""
    return {name: value for name, value in fields.items() if value is not None}


def names(line: str) -> frozenset[str]:
    """A set of names written as one line of words."""
    return frozenset(line.split())
