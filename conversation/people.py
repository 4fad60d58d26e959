"""Residents, the accounts they write from, and their conversations with the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conversation.inbound import File
from conversation.language import Language


class Asking(StrEnum):
    """What the bot has asked the resident for while a case waits (SOP step 2: name and contact)."""

    NOTHING = ""
    NAME = "name"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A person (SOP: pemohon). Empty strings where nothing is known."""

    id: int
    name: str
    email: str = ""
    phone: str = ""
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a resident writes from; `address` is the channel's chat id, `source` the deep-link payload of their first
    /start."""

    id: int
    resident: int
    channel: str
    address: str
    username: str = ""
    language: str = ""
    source: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One account's thread with the office.

    `topic` is the matter at hand, `misses` how often the bot could not help in a row, `case` the open case, `offered`
    the topics of the last question back, `asking` what the next message may answer, `skipped` what is not asked again,
    and `language` what the resident last wrote in.
    """

    id: int
    account: Account
    resident: Resident
    lane: str
    greeted: bool = False
    topic: str = ""
    misses: int = 0
    asking: Asking = Asking.NOTHING
    skipped: tuple[Asking, ...] = ()
    offered: tuple[str, ...] = ()
    case: int | None = None
    language: Language = Language.INDONESIAN


class Author(StrEnum):
    """Who a stored message is from."""

    RESIDENT = "resident"
    BOT = "bot"
    OFFICER = "officer"


class Audience(StrEnum):
    """Whom a stored message is for: the resident's chat, or the staff group only."""

    RESIDENT = "resident"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """One message of a conversation as kept: text unmasked (encrypted at rest), `kind` "text", "photo", "album", ...

    `basis` is, for an answer from the FAQ, the articles and citations it rested on (JSON), `files` what it carries,
    and `earlier`
    how many earlier versions are kept.
    """

    id: int
    conversation: int
    case: int | None
    author: Author
    audience: Audience
    officer: int | None
    kind: str
    text: str
    at: datetime
    external_id: int = 0
    basis: str = ""
    files: tuple[File, ...] = ()
    earlier: int = 0
