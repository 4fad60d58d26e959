"""Methods that send a new message: text, files, location, contact, albums, chat actions."""

from collections.abc import Callable

from sandbox.errors import bad_request
from sandbox.files import StoredFile, Upload, describe
from sandbox.methods.delivery import deliver, find_target
from sandbox.methods.formatting import read_caption, read_text
from sandbox.methods.side import BotSide, Handler, writable_chat
from sandbox.pictures import image_size
from sandbox.wire import Json, names, without_none

MIN_ALBUM, MAX_ALBUM = 2, 10
#: Types that may share an album only with their own kind.
_ALONE = frozenset({"document", "audio"})
_ACTIONS = names(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
_CAPTIONED = frozenset({"photo", "document", "voice", "audio", "video", "animation"})
_MAX_LATITUDE, _MAX_LONGITUDE = 90.0, 180.0


def send_message(side: BotSide, p: Json) -> Json:
    target = find_target(side, p)
    return deliver(side, target, read_text(p) | without_none(link_preview_options=p.get("link_preview_options")))


def _send_file(kind: str) -> Handler:
    """The method that sends one file of this kind."""

    def send(side: BotSide, p: Json) -> Json:
        target = find_target(side, p)
        return deliver(side, target, _file_content(side, kind, p[kind], p))

    return send


def _file_content(side: BotSide, kind: str, value: Upload | str, p: Json) -> Json:
    caption = read_caption(p) if kind in _CAPTIONED else {}
    file = _stored(side, kind, value)
    content: Json = {kind: describe(side.world.files, file, p)} | caption
    if kind == "animation":
        content["document"] = describe(side.world.files, file, {})
    return content | ({"has_media_spoiler": True} if p.get("has_spoiler") else {})


def _stored(side: BotSide, kind: str, value: Upload | str) -> StoredFile:
    if isinstance(value, str):
        return side.world.files.reuse(kind, value)
    if not value.content:
        raise bad_request("file must be non-empty")
    if kind == "photo" and image_size(value.content) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return side.world.files.add(kind, value)


def send_location(side: BotSide, p: Json) -> Json:
    target = find_target(side, p)
    if abs(p["latitude"]) > _MAX_LATITUDE or abs(p["longitude"]) > _MAX_LONGITUDE:
        raise bad_request("wrong location specified")
    fields = ("latitude", "longitude", "horizontal_accuracy", "heading", "proximity_alert_radius")
    return deliver(side, target, {"location": {name: p[name] for name in fields if name in p}})


def send_contact(side: BotSide, p: Json) -> Json:
    target = find_target(side, p)
    fields = ("phone_number", "first_name", "last_name", "vcard")
    if not p["phone_number"] or not p["first_name"]:
        raise bad_request("phone number and first name of a contact must be non-empty")
    return deliver(side, target, {"contact": {name: p[name] for name in fields if name in p}})


def send_media_group(side: BotSide, p: Json) -> list[Json]:
    target = find_target(side, p)
    items: list[Json] = p["media"]
    _check_album(items)
    contents = [_file_content(side, item["type"], item["media"], item) for item in items]
    group = str(13_800_000_000_000_000 + side.world.next_serial())
    return [deliver(side, target, {"media_group_id": group} | content) for content in contents]


def _check_album(items: list[Json]) -> None:
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    if len(items) < MIN_ALBUM:
        raise bad_request("too few messages to send as an album")
    kinds = {item["type"] for item in items}
    for kind in sorted(kinds & _ALONE):
        if len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")


def send_chat_action(side: BotSide, p: Json) -> bool:
    chat = writable_chat(side.world, p["chat_id"])
    if p["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_id = p.get("message_thread_id")
    if thread_id is not None and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    side.world.changes.publish({"event": "action", "chat_id": chat.id, "topic_id": thread_id, "action": p["action"]})
    return True


HANDLERS: dict[str, Callable[[BotSide, Json], object]] = {
    "sendMessage": send_message,
    "sendPhoto": _send_file("photo"),
    "sendDocument": _send_file("document"),
    "sendVoice": _send_file("voice"),
    "sendAudio": _send_file("audio"),
    "sendVideo": _send_file("video"),
    "sendAnimation": _send_file("animation"),
    "sendVideoNote": _send_file("video_note"),
    "sendSticker": _send_file("sticker"),
    "sendLocation": send_location,
    "sendContact": send_contact,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
}
