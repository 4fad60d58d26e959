"""Texts and captions with their markup, checked for length (Bot API: "Formatting options")."""

from sandbox.entities import merge_detected, trim
from sandbox.errors import bad_request, not_offered
from sandbox.html_markup import parse_html
from sandbox.wire import Json, utf16_length

MAX_TEXT = 4096
MAX_CAPTION = 1024


def read_text(parameters: Json) -> Json:
    """`text` and `entities` of a message; 1 to 4096 UTF-16 units after parsing, else ApiError 400."""
    text, entities = _formatted(parameters["text"], parameters.get("parse_mode"), parameters.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def read_caption(parameters: Json) -> Json:
    """`caption` and `caption_entities`, if a caption is given; at most 1024 UTF-16 units, else ApiError 400."""
    caption, entities = _formatted(
        parameters.get("caption", ""), parameters.get("parse_mode"), parameters.get("caption_entities")
    )
    if utf16_length(caption) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    if not caption:
        return {}
    content: Json = {"caption": caption} | ({"caption_entities": entities} if entities else {})
    return content | ({"show_caption_above_media": True} if parameters.get("show_caption_above_media") else {})


def _formatted(source: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    mode = (parse_mode or "").lower()
    if mode in {"markdown", "markdownv2"}:
        raise not_offered(f"parse mode {parse_mode}; use HTML or entities")
    if mode == "html":
        text, written = parse_html(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, written = source, _checked(source, entities or [])
    text, written = trim(text, written)
    return text, merge_detected(text, written)


def _checked(text: str, entities: list[Json]) -> list[Json]:
    end = utf16_length(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > end:
            raise bad_request("ENTITY_BOUNDS_INVALID")
    return entities
