"""copyMessage and forwardMessage."""

from sandbox.errors import bad_request
from sandbox.methods.delivery import deliver, find_target
from sandbox.methods.formatting import read_caption
from sandbox.methods.side import BotSide, Handler, find_message, writable_chat
from sandbox.state import Message
from sandbox.wire import Json, names
from sandbox.world import SERVICE_FIELDS

_CONTENT = names(
    "text entities link_preview_options photo document voice audio video animation video_note sticker location "
    "contact caption caption_entities show_caption_above_media has_media_spoiler"
)
_CAPTION = frozenset({"caption", "caption_entities", "show_caption_above_media"})


def copy_message(side: BotSide, p: Json) -> Json:
    """Sends the content again without saying whose it was."""
    target = find_target(side, p)
    source = _source(side, p, "copy", "copied")
    content = _content(source)
    if "caption" in p:
        content = {k: v for k, v in content.items() if k not in _CAPTION} | read_caption(p)
    return {"message_id": deliver(side, target, content)["message_id"]}


def forward_message(side: BotSide, p: Json) -> Json:
    """Sends the content again under its writer's name."""
    target = find_target(side, p)
    source = _source(side, p, "forward", "forwarded")
    origin: Json = {"date": source.wire["date"]}
    if "sender_chat" in source.wire:
        origin = {"type": "chat", "sender_chat": source.wire["sender_chat"]} | origin
    else:
        origin = {"type": "user", "sender_user": source.wire["from"]} | origin
    return deliver(side, target, {"forward_origin": origin} | _content(source))


def _source(side: BotSide, p: Json, verb: str, done: str) -> Message:
    chat = writable_chat(side.world, p["from_chat_id"])
    message = find_message(chat, p["message_id"], verb)
    if message.wire.get("has_protected_content") or any(field in SERVICE_FIELDS for field in message.wire):
        raise bad_request(f"message can't be {done}")
    return message


def _content(source: Message) -> Json:
    return {k: v for k, v in source.wire.items() if k in _CONTENT}


HANDLERS: dict[str, Handler] = {"copyMessage": copy_message, "forwardMessage": forward_message}
