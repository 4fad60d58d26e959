"""What a person's message consists of: marked text, files with captions."""

from dataclasses import dataclass

from sandbox.entities import merge_detected
from sandbox.errors import WorldError
from sandbox.files import KINDS, FileStore, Upload, describe
from sandbox.wire import Json, utf16_length

MAX_CAPTION = 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send: `kind` is the name of its message field, `duration` in seconds."""

    kind: str
    upload: Upload
    caption: str = ""
    spoiler: bool = False
    duration: int = 1


def marked(field: str, text: str) -> Json:
    """`text` or `caption` together with the entities Telegram finds in it."""
    entities = merge_detected(text, [])
    name = "entities" if field == "text" else "caption_entities"
    return {field: text} | ({name: entities} if entities else {})


def file_content(files: FileStore, attachment: Attachment) -> Json:
    """Stores the file and gives the message fields for it."""
    if attachment.kind not in KINDS:
        raise WorldError(f"a file is sent as one of {', '.join(KINDS)}, not as {attachment.kind!r}")
    if utf16_length(attachment.caption) > MAX_CAPTION:
        raise WorldError(f"a caption has at most {MAX_CAPTION} units")
    file = files.add(attachment.kind, attachment.upload)
    content: Json = {attachment.kind: describe(files, file, {"duration": attachment.duration})}
    if attachment.kind == "animation":
        content["document"] = describe(files, file, {})
    if attachment.caption:
        content |= marked("caption", attachment.caption.strip())
    return content | {"has_media_spoiler": True} if attachment.spoiler else content
