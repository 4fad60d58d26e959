"""Builds the small HTML subset that outbound text is written in, and shortens text without cutting tags."""

from __future__ import annotations

import html

#: Telegram's limit for a text message and for a caption, in UTF-16 units after parsing (Bot API sendMessage,
#: sendPhoto).
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


def escape(text: str) -> str:
    """Plain text, safe inside the subset."""
    return html.escape(text, quote=False)


def bold(text: str) -> str:
    return f"<b>{escape(text)}</b>"


def italic(text: str) -> str:
    return f"<i>{escape(text)}</i>"


def width(text: str) -> int:
    """Length in UTF-16 units, the unit of Telegram's limits."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def shorten(text: str, limit: int) -> str:
    """Plain text cut to `limit` UTF-16 units, with an ellipsis where something was cut."""
    if width(text) <= limit:
        return text
    kept = text[: limit - 1]
    while width(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
