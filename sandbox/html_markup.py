"""Reads Telegram's HTML subset into text and entities (Bot API: "HTML style")."""

import re
from dataclasses import dataclass, field

from sandbox.errors import ApiError, bad_request
from sandbox.wire import Json, utf16_length

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "span": "spoiler",
    "blockquote": "blockquote",
}
_OTHER = frozenset({"a", "tg-emoji"})
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PIECE = re.compile(r"<|&(?:(?P<named>lt|gt|amp|quot)|#(?P<dec>\d{1,7})|#x(?P<hex>[0-9A-Fa-f]{1,6}));?")
_TAG_NAME = re.compile(r"[^\s>/]*")
_ATTRIBUTE = re.compile(r"""\s*(?P<name>[^\s=>/]+)(?:\s*=\s*(?:"(?P<dq>[^"]*)"|'(?P<sq>[^']*)'|(?P<bare>[\w.-]+)))?""")
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


@dataclass(slots=True)
class _Reader:
    source: str
    position: int = 0
    out: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.offset += utf16_length(text)

    def refuse(self, reason: str, position: int) -> ApiError:
        at = len(self.source[:position].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {reason.replace('%', str(at))}")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text without markup, and its entities; raises ApiError 400 "can't parse entities: …"."""
    reader = _Reader(source)
    while match := _PIECE.search(source, reader.position):
        reader.emit(source[reader.position : match.start()])
        if match.group() == "<":
            _read_tag(reader, match.start())
        else:
            reader.emit(_decode(match))
            reader.position = match.end()
    reader.emit(source[reader.position :])
    if reader.stack:
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{reader.stack[-1].tag}\""
        )
    return "".join(reader.out), sorted(reader.entities, key=lambda e: (e["offset"], -e["length"]))


def _decode(match: re.Match[str]) -> str:
    if named := match["named"]:
        return _NAMED[named]
    code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
    return match.group() if code == 0 or code > _LAST_CHARACTER or code in _SURROGATES else chr(code)


def _read_tag(reader: _Reader, start: int) -> None:
    source = reader.source
    closing = source.startswith("/", start + 1)
    name_match = _TAG_NAME.match(source, start + (2 if closing else 1))
    name = name_match.group().lower() if name_match else ""
    position = name_match.end() if name_match else start + 1
    if closing:
        end = source.find(">", position)
        if end < 0 or source[position:end].strip():
            raise reader.refuse("Unclosed end tag at byte offset %", start)
        _close(reader, name, start)
        reader.position = end + 1
        return
    if name not in _SIMPLE and name not in _OTHER:
        raise reader.refuse(f'Unsupported start tag "{name}" at byte offset %', start)
    attributes, reader.position = _read_attributes(reader, position, start, name)
    _check_attributes(reader, name, attributes, start)
    reader.stack.append(_Open(name, attributes, reader.offset))


def _read_attributes(reader: _Reader, position: int, start: int, name: str) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    while True:
        while position < len(reader.source) and reader.source[position].isspace():
            position += 1
        if reader.source.startswith(">", position):
            return attributes, position + 1
        match = _ATTRIBUTE.match(reader.source, position)
        if match is None or not match.group():
            raise reader.refuse(f'Unclosed start tag "{name}" at byte offset %', start)
        value = next((match[kind] for kind in ("dq", "sq", "bare") if match[kind] is not None), "")
        attributes[match["name"].lower()] = _PIECE.sub(lambda m: m.group() if m.group() == "<" else _decode(m), value)
        position = match.end()


def _check_attributes(reader: _Reader, name: str, attributes: dict[str, str], start: int) -> None:
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise reader.refuse('Tag "span" must have class "tg-spoiler" at byte offset %', start)
    if name == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
        raise reader.refuse("Invalid custom emoji identifier specified at byte offset %", start)


def _close(reader: _Reader, name: str, start: int) -> None:
    if not reader.stack:
        raise reader.refuse("Unexpected end tag at byte offset %", start)
    opened = reader.stack.pop()
    if name and name != opened.tag:
        raise reader.refuse(f'Unmatched end tag at byte offset %, expected "</{opened.tag}>", found "</{name}>"', start)
    length = reader.offset - opened.offset
    entity = _entity(reader, opened) if length else None
    if entity is not None:
        reader.entities.append({**entity, "offset": opened.offset, "length": length})


def _entity(reader: _Reader, opened: _Open) -> Json | None:
    """The entity a closed tag stands for; a link without a usable address is plain text."""
    attributes = opened.attributes
    if opened.tag == "code" and reader.stack and reader.stack[-1].tag == "pre":
        _name_language(reader.stack[-1], attributes.get("class", ""))
        return None
    if opened.tag == "a":
        return _link(attributes.get("href", ""))
    if opened.tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
    if opened.tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    language = {"language": attributes["language"]} if opened.tag == "pre" and "language" in attributes else {}
    return {"type": _SIMPLE[opened.tag]} | language


def _name_language(pre: _Open, code_class: str) -> None:
    """`<pre><code class="language-x">` is one entity that knows its language."""
    if code_class.startswith("language-"):
        pre.attributes["language"] = code_class.removeprefix("language-")


def _link(href: str) -> Json | None:
    person = re.fullmatch(r"tg://user\?id=(\d+)", href)
    if person:
        user_id = int(person[1])
        return {"type": "text_mention", "user": {"id": user_id, "is_bot": False, "first_name": str(user_id)}}
    return {"type": "text_link", "url": href} if "://" in href else None
