"""Divides outbound text into pieces that fit Telegram's limits, without ever breaking a tag or an escaped character."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

from conversation.markup import escape, width

_TAGS: Final = "b|strong|i|em|u|ins|s|strike|del|code|pre|a|blockquote|tg-spoiler"
_TOKEN: Final = re.compile(
    rf"<(?P<close>/?)(?P<name>{_TAGS})(?P<rest>\s[^<>]*)?>|(?P<entity>&(?:lt|gt|amp|quot|#\d{{1,7}}|#x[0-9a-fA-F]{{1,6}});)"
)
_LAST_WORD: Final = re.compile(r"\s\S*\Z")
_ELLIPSIS: Final = "…"
#: A paragraph or line border is taken only when the piece stays at least this full.
_FILLED: Final = 0.4


@dataclass(frozen=True, slots=True)
class _Span:
    """A formatted stretch of the plain text; `order` counts the opening tags, so that nesting survives."""

    start: int
    end: int
    order: int
    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class _Marked:
    """Outbound text after parsing: the words, and which of them are formatted how."""

    plain: str
    spans: tuple[_Span, ...]

    def piece(self, start: int, end: int) -> str:
        """The words from `start` to `end` as markup of their own: tags cut by a border are closed and opened again."""
        events: list[tuple[int, int, int, str]] = []
        for span in self.spans:
            left, right = max(span.start, start), min(span.end, end)
            if left < right:
                events.append((left, 1, span.order, span.tag))
                events.append((right, 0, -span.order, f"</{span.name}>"))
        parts, at = [], start
        for position, _, _, tag in sorted(events):
            parts += [escape(self.plain[at:position]), tag]
            at = position
        return "".join([*parts, escape(self.plain[at:end])])


def to_plain(text: str) -> str:
    """The words of outbound text without formatting, as Telegram counts and shows them."""
    return _read(text).plain


def split(text: str, limit: int) -> tuple[str, ...]:
    """The text in pieces of at most `limit` UTF-16 units after parsing, cut at paragraphs, lines or words if possible.

    Only white space at the borders is lost. A text that fits is returned as it came, and there is always one piece.
    """
    marked = _read(text)
    if width(marked.plain) <= limit:
        return (text,)
    pieces, start = [], 0
    while start < len(marked.plain):
        end = _border(marked.plain, start, limit)
        kept = marked.plain[start:end]
        if kept.strip():
            pieces.append(marked.piece(start, start + len(kept.rstrip())))
        start = end + len(marked.plain[end:]) - len(marked.plain[end:].lstrip())
    return tuple(pieces) or ("",)


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` UTF-16 units after parsing, with an ellipsis where its end was cut off."""
    marked = _read(text)
    if width(marked.plain) <= limit:
        return text
    end = _border(marked.plain, 0, limit - 1)
    return marked.piece(0, len(marked.plain[:end].rstrip())) + _ELLIPSIS


def _read(text: str) -> _Marked:
    plain: list[str] = []
    length = at = 0
    stack: list[tuple[int, int, str, str]] = []
    spans: list[_Span] = []
    for order, token in enumerate(_TOKEN.finditer(text)):
        name = token["name"]
        if token["close"] and name not in (opened[3] for opened in stack):
            continue  # closes nothing, so it is words
        plain.append(text[at : token.start()])
        length += token.start() - at
        at = token.end()
        if token["entity"]:
            character = html.unescape(token["entity"])
            plain.append(character)
            length += len(character)
        elif token["close"]:
            _close(stack, spans, name, length)
        else:
            stack.append((length, order, token[0], name))
    plain.append(text[at:])
    length += len(text) - at
    while stack:
        _close(stack, spans, stack[-1][3], length)
    return _Marked("".join(plain), tuple(spans))


def _close(stack: list[tuple[int, int, str, str]], spans: list[_Span], name: str, end: int) -> None:
    opened = ""
    while opened != name:
        start, order, tag, opened = stack.pop()
        spans.append(_Span(start, end, order, tag, opened))


def _border(plain: str, start: int, limit: int) -> int:
    """Where the piece beginning at `start` ends: all that is left, or at the best border that fits."""
    end = min(len(plain), start + limit)
    while width(plain[start:end]) > limit:
        end -= max(1, (width(plain[start:end]) - limit) // 2)
    if end == len(plain):
        return end
    window = plain[start : end + 1]
    for border in ("\n\n", "\n"):
        found = window.rfind(border)
        if found > len(window) * _FILLED:
            return start + found
    word = _LAST_WORD.search(window)
    return start + word.start() if word and word.start() > 0 else max(end, start + 1)
