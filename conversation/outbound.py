"""What is to go out, in words that do not depend on the channel; the outbox stores these until a channel has taken
them.

Text is a small HTML subset (<b>, <i>, <code>, <tg-spoiler> and escaped text, see `markup`): the channels turn it into
theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from conversation.inbound import File


@dataclass(frozen=True, slots=True)
class Private:
    """One person's chat, by the channel's own chat id."""

    chat: str
    channel: str = "telegram"
    kind: Literal["private"] = "private"


@dataclass(frozen=True, slots=True)
class CaseTopic:
    """The topic of a case in the staff group (in a group without topics: the group, as a reply to the case's card)."""

    case: int
    kind: Literal["case"] = "case"


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """The staff group itself, outside any case."""

    kind: Literal["staff"] = "staff"


Destination = Private | CaseTopic | StaffGroup


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that exists already, by the channel's id in the destination's chat."""

    message_id: int
    kind: Literal["posted"] = "posted"


@dataclass(frozen=True, slots=True)
class SentBy:
    """The message that an earlier outbox entry has produced or will produce (its first, if several)."""

    outbox: int
    kind: Literal["sent_by"] = "sent_by"


MessageRef = Posted | SentBy


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button; `data` comes back in the press (1-64 bytes, Bot API InlineKeyboardButton)."""

    label: str
    data: str


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText:
    """A message. `ask_contact` offers the channel's own "share my number" button under this label; `clear_keyboard`
    takes it away."""

    to: Destination
    text: str
    buttons: Buttons = ()
    reply_to: MessageRef | None = None
    ask_contact: str = ""
    clear_keyboard: bool = False
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFiles:
    """One file, or an album of two to ten that stays an album; `spoiler` hides pictures until tapped."""

    to: Destination
    files: tuple[File, ...]
    caption: str = ""
    spoiler: bool = False
    reply_to: MessageRef | None = None
    kind: Literal["files"] = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLocation:
    """A point on the map, in degrees."""

    to: Destination
    latitude: float
    longitude: float
    reply_to: MessageRef | None = None
    kind: Literal["location"] = "location"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditText:
    """New text and buttons for a message of ours; `caption` when it carries a file."""

    to: Destination
    target: MessageRef
    text: str
    buttons: Buttons = ()
    caption: bool = False
    kind: Literal["edit"] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTopic:
    """A new topic for a case; its result is the topic's id."""

    case: int
    name: str
    kind: Literal["open_topic"] = "open_topic"

    @property
    def to(self) -> Destination:
        return StaffGroup()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPress:
    """The answer to a button press: a short note, as an alert if it must be read."""

    press: str
    text: str = ""
    alert: bool = False
    kind: Literal["answer_press"] = "answer_press"

    @property
    def to(self) -> Destination:
        return StaffGroup()


Outbound = SendText | SendFiles | SendLocation | EditText | OpenTopic | AnswerPress


@dataclass(frozen=True, slots=True)
class Address:
    """A destination after resolving: the channel's chat id, and the topic in it."""

    chat: str
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An outbound with everything symbolic resolved, ready for the channel.

    `target` is the message to edit, `reply_to` the message to reply to, both by the channel's id.
    """

    outbound: Outbound
    address: Address
    target: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel made of a call: ids of the messages sent, and the topic opened."""

    message_ids: tuple[int, ...] = ()
    topic: int | None = None
