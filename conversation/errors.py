"""The one error tree: every failure that Loket itself raises, named by who has to act on it.

LoketError
├── SettingsError        the administrator: a setting, file or argument is wrong (exit code 2)
│   └── KnowledgeError   … in the articles or their data (`knowledge.errors`)
├── CheckFailed          the administrator: what was checked does not hold (exit code 1)
├── MalformedUpdate      nobody: the channel sent something unreadable; it is quarantined
├── Refusal              the officer: the action is not allowed now; the message is shown to them
├── Waiting              the lane: this message cannot be handled by itself yet
│   ├── MoreToCome       it looks like a piece of something; wait for the rest
│   └── NotYet           what it refers to is still on its way; look again shortly
└── DeliveryError        delivery: a call to the channel failed
    ├── TryLater         temporary; again after `seconds`
    ├── ChatMoved        the chat has a new id
    └── Undeliverable    permanent; becomes an event to handle
"""

from __future__ import annotations

from enum import StrEnum


class LoketError(Exception):
    """Base of all errors raised by Loket; the message says what and where."""


class SettingsError(LoketError):
    """A setting, file or command-line argument is missing or wrong."""


class CheckFailed(LoketError):
    """What a command was asked to check does not hold."""


class MalformedUpdate(LoketError):
    """A channel sent an update that cannot be read. The message never quotes its contents."""


class Refusal(LoketError):
    """An officer asked for something the SOP or the roster does not allow now; the text is Indonesian and shown to
    them."""


class Waiting(LoketError):
    """A message cannot be handled yet; the lane holds it for `seconds` of real time, then it is handled as it is."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class MoreToCome(Waiting):
    """A fragment or an album item: taken together with what follows (neither has an end marker)."""


class NotYet(Waiting):
    """A message refers to one whose delivery result has not come back yet."""


class DeliveryError(LoketError):
    """A call to the channel did not succeed."""


class TryLater(DeliveryError):
    """A temporary failure.

    `seconds` is what the channel asked to wait (0: the caller's own backoff); `throttled` tells a limit from a fault.
    """

    def __init__(self, reason: str, seconds: float = 0.0, *, throttled: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.throttled = throttled


class ChatMoved(DeliveryError):
    """A group became a supergroup; every later call must go to `chat`."""

    def __init__(self, chat: str) -> None:
        super().__init__("the group has a new id")
        self.chat = chat


class Cause(StrEnum):
    """Why a call can never succeed as it stands."""

    BLOCKED = "blocked"
    TOPIC_GONE = "topic_gone"
    TOPIC_CLOSED = "topic_closed"
    MESSAGE_GONE = "message_gone"
    NOT_MODIFIED = "not_modified"
    EXPIRED = "expired"
    NO_RIGHTS = "no_rights"
    REMOVED = "removed"
    NOT_A_FORUM = "not_a_forum"
    REJECTED = "rejected"


class Undeliverable(DeliveryError):
    """A permanent failure of one call; `cause` says what can be done about it."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause
