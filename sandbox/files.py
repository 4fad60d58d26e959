"""Files sent in either direction: ids, descriptions and bytes (Bot API: "Sending files", getFile)."""

import base64
import hashlib
import mimetypes
from dataclasses import dataclass, replace

from sandbox.errors import bad_request
from sandbox.pictures import image_size
from sandbox.wire import Json, without_none

#: Message field -> folder in file_path and how Telegram names the type in errors.
KINDS = {
    "photo": ("photos", "Photo"),
    "document": ("documents", "Document"),
    "voice": ("voice", "VoiceNote"),
    "audio": ("music", "Audio"),
    "video": ("videos", "Video"),
    "animation": ("animations", "Animation"),
    "video_note": ("video_notes", "VideoNote"),
    "sticker": ("stickers", "Sticker"),
}
MAX_DOWNLOAD = 20 * 1024 * 1024
_THUMBNAIL_SIDE = 90
_UNKNOWN_PICTURE = (1280, 960)
_DEFAULT_MIME = {"voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4", "animation": "video/mp4"}
_NAMED_KINDS = frozenset({"document", "audio", "video", "animation"})


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes handed over in a request, with the name and type the sender gave them."""

    content: bytes
    file_name: str | None = None
    mime_type: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as the Bot API knows it: `file_id` opens it, `unique_id` tells equal contents apart from others."""

    file_id: str
    unique_id: str
    kind: str
    content: bytes
    path: str
    file_name: str | None = None
    mime_type: str | None = None

    def wire(self) -> Json:
        """A File object."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
            "file_path": self.path,
        }


class FileStore:
    """All files of the sandbox, found by file id or by download path."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Stores an upload under a new file id."""
        number = len(self.by_id) + 1
        folder, _ = KINDS[kind]
        mime = upload.mime_type or mimetypes.guess_type(upload.file_name or "")[0] or _DEFAULT_MIME.get(kind)
        suffix = mimetypes.guess_extension(mime or "") or (".jpg" if kind == "photo" else ".bin")
        digest = hashlib.sha256(upload.content).digest()
        file = StoredFile(
            file_id=_readable(b"%s:%d:%s" % (kind.encode(), number, digest[:24])),
            unique_id=_readable(kind.encode()[:3] + digest[:9]),
            kind=kind,
            content=upload.content,
            path=f"{folder}/file_{number}{suffix}",
            file_name=upload.file_name,
            mime_type=mime,
        )
        self.restore(file)
        return file

    def restore(self, file: StoredFile) -> None:
        """Puts back a file that was stored before."""
        self.by_id[file.file_id] = file
        self._by_path[file.path] = file

    def reuse(self, kind: str, file_id: str) -> StoredFile:
        """The file behind an id the bot sends again; raises ApiError 400 for unknown ids and other types."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"can't use file of type {KINDS[file.kind][1]} as {KINDS[kind][1]}")
        return file

    def open(self, file_id: str) -> StoredFile:
        """The file getFile asks for; raises ApiError 400 for an unknown id or more than 20 MB."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.content) > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return file

    def at_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def thumbnail(self, photo: StoredFile) -> StoredFile:
        """The small size of a photo: an id of its own on the same bytes."""
        small_id = _readable(b"small:" + photo.file_id.encode())
        small = self.by_id.get(small_id)
        if small is None:
            unique = _readable(b"small:" + photo.unique_id.encode())
            small = replace(photo, file_id=small_id, unique_id=unique, path=f"photos/small_{photo.path[7:]}")
            self.restore(small)
        return small


def _readable(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def photo_sizes(files: FileStore, photo: StoredFile) -> list[Json]:
    """PhotoSize objects, smallest first."""
    width, height = image_size(photo.content) or _UNKNOWN_PICTURE
    shrink = min(1.0, _THUMBNAIL_SIDE / max(width, height, 1))
    sizes = [(files.thumbnail(photo), max(1, int(width * shrink)), max(1, int(height * shrink)))]
    sizes.append((photo, width, height))
    return [
        {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "width": w,
            "height": h,
            "file_size": len(file.content),
        }
        for file, w, h in sizes
    ]


def describe(files: FileStore, file: StoredFile, given: Json) -> Json | list[Json]:
    """The message field for a file (Document, Voice, …); `given` holds what the sender said of it."""
    if file.kind == "photo":
        return photo_sizes(files, file)
    described: Json = {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
    }
    if file.kind in _NAMED_KINDS:
        described |= without_none(file_name=file.file_name)
    if file.kind in _NAMED_KINDS or file.kind == "voice":
        described |= without_none(mime_type=file.mime_type)
    if file.kind in {"voice", "audio", "video", "animation", "video_note"}:
        described["duration"] = given.get("duration", 1)
    if file.kind in {"video", "animation"}:
        described |= {"width": given.get("width", 640), "height": given.get("height", 360)}
    if file.kind == "audio":
        described |= without_none(performer=given.get("performer"), title=given.get("title"))
    if file.kind == "video_note":
        described["length"] = given.get("length", 240)
    if file.kind == "sticker":
        described |= {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        described |= without_none(emoji=given.get("emoji"))
    return described
