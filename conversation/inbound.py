"""What arrives from a channel, in words that no longer depend on the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class InboundKind(StrEnum):
    """What happened on the other side; TIMER and UNDELIVERED are our own: a due time, an outbox entry that failed for
    good."""

    MESSAGE = "message"
    EDIT = "edit"
    PRESS = "press"
    REACTION = "reaction"
    MEMBERSHIP = "membership"
    MIGRATED = "migrated"
    SERVICE = "service"
    TIMER = "timer"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"


class ChatKind(StrEnum):
    """Where it happened: a chat with one person, a group, or something we take no part in."""

    PRIVATE = "private"
    GROUP = "group"
    OTHER = "other"


class FileKind(StrEnum):
    """The kinds of file that are carried between residents and officers."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    ANIMATION = "animation"
    VIDEO_NOTE = "video_note"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True)
class File:
    """A file that the channel keeps for us; `ref` is the channel's own handle."""

    kind: FileKind
    ref: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared contact card; only `own` ones (sent by the person it belongs to) are trusted as their number."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """Who did it, as the channel names them; `anonymous` is a group admin who hides their identity."""

    id: str
    name: str
    username: str = ""
    language: str = ""
    anonymous: bool = False
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """The message that was explicitly replied to (never a topic's opening service message)."""

    message_id: int
    by_this_bot: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A press on an inline button: the channel's id for answering it, and the button's data."""

    id: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One event from a channel.

    `key` is unique per channel account and update (it dedupes redelivery). `text` is the message's text or caption,
    unmasked. `thread` is the forum topic. `detail` depends on the kind: the new chat id for MIGRATED, the new
    membership
    ("member", "kicked", ...) for MEMBERSHIP, the service event's name for SERVICE, emoji for REACTION, the timer's
    kind for
    TIMER, the cause for UNDELIVERED. `subject` is the case of a TIMER and the outbox entry of an UNDELIVERED.
    """

    key: str
    channel: str
    kind: InboundKind
    chat: str
    chat_kind: ChatKind
    sender: Sender | None
    sent_at: datetime
    message_id: int = 0
    thread: int | None = None
    reply_to: ReplyTo | None = None
    text: str = ""
    file: File | None = None
    album: str = ""
    location: Location | None = None
    contact: Contact | None = None
    press: Press | None = None
    detail: str = ""
    subject: int = 0

    @property
    def command(self) -> str:
        """The bot command the text starts with, without slash and bot name: "/balas@loket_bot hai" gives "balas"."""
        word = self.text.split(maxsplit=1)[0] if self.text[:1] == "/" else ""
        return word[1:].partition("@")[0].lower()

    @property
    def addressee(self) -> str:
        """The bot that a command names, in lower case: "/balas@loket_bot hai" gives "loket_bot", "" if it names
        none."""
        word = self.text.split(maxsplit=1)[0] if self.text[:1] == "/" else ""
        return word.partition("@")[2].lower()

    @property
    def argument(self) -> str:
        """What follows the command."""
        parts = self.text.split(maxsplit=1)
        return parts[1].strip() if len(parts) > 1 else ""
