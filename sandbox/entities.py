"""Finds what Telegram marks by itself in plain text (commands, mentions, links) and tidies entity lists."""

import re

from sandbox.wire import Json, utf16_length

_DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)
#: Inside these nothing is detected.
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})


def detect_entities(text: str) -> list[Json]:
    """The entities Telegram adds on its own; offsets and lengths in UTF-16 units."""
    if not any(sign in text for sign in "/@#"):
        return []
    return [
        {
            "type": match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in _DETECTED.finditer(text)
    ]


def merge_detected(text: str, written: list[Json]) -> list[Json]:
    """Entities the writer set, plus detected ones that do not touch code or links, in Telegram's order."""
    opaque = [(e["offset"], e["offset"] + e["length"]) for e in written if e["type"] in _OPAQUE]
    found = [
        entity
        for entity in detect_entities(text)
        if not any(start < entity["offset"] + entity["length"] and entity["offset"] < end for start, end in opaque)
    ]
    return sorted([*written, *found], key=lambda e: (e["offset"], -e["length"]))


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cuts white space at both ends as Telegram does and moves the entities along."""
    left = len(text) - len(text.lstrip())
    trimmed = text.strip()
    if trimmed == text:
        return text, entities
    shift, end = utf16_length(text[:left]), utf16_length(trimmed)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        stop = min(end, entity["offset"] + entity["length"] - shift)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return trimmed, kept
