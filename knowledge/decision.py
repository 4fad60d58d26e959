"""What the bot makes of one message: the words of the decision that handlers act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conversation.language import Language


class DecisionKind(StrEnum):
    """The six first reactions of the desk; the values are those of the evaluation files."""

    ANSWER = "answer"
    ASK = "ask"
    HANDOFF = "handoff"
    SMALLTALK = "smalltalk"
    NOT_OURS = "not_ours"
    IGNORE = "ignore"


class SmallTalk(StrEnum):
    """What kind of courtesy a message without a question is."""

    GREETING = "greeting"
    THANKS = "thanks"
    BYE = "bye"
    PING = "ping"


@dataclass(frozen=True, slots=True)
class Agency:
    """Another agency: `name` as residents know it, and one sentence on where to turn, in Indonesian and in English."""

    id: str
    name: str
    hint: str
    english: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation adds to a message.

    `previous_topic`: topic last answered or handed over, for follow-ups such as "biayanya?"; `misses`: messages in a
    row that found no answer before this one; `messages`: messages of the resident so far.
    """

    previous_topic: str | None = None
    misses: int = 0
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The first reaction to one message.

    `topics`: answered in order (at most 3), offered (ask; 2-4, or none where nothing was recognised), or the one route;
    empty otherwise. `score` is the confidence between 0 and 1. `about` is the matter recognised beside a route or a
    general question; `about` or else the first topic is the next message's `Context.previous_topic`. `fragment` says
    that the text looks unfinished, so that the caller may wait for the rest; a message held so is no miss. `language`
    is that of the message. `gave_up`: handed to a person because the bot did not understand or help, not because that
    was wanted or the SOP says so. `beliefs`: misconceptions that the resident states.
    """

    kind: DecisionKind
    topics: tuple[str, ...] = ()
    score: float = 0.0
    about: str | None = None
    smalltalk: SmallTalk | None = None
    agency: Agency | None = None
    fragment: bool = False
    wants_person: bool = False
    anger: bool = False
    language: Language = Language.INDONESIAN
    gave_up: bool = False
    beliefs: tuple[str, ...] = ()
