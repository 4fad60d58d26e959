"""The topics that the helpdesk tells apart: questions for an article, routes to a person, and what is neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.errors import KnowledgeError
from knowledge.fields import Fields

#: Longest title that fits one button on a small phone.
TITLE_LIMIT = 40


class TopicKind(StrEnum):
    """`faq`: an article answers; `route`: a person answers by the SOP; `oos`: neither."""

    FAQ = "faq"
    ROUTE = "route"
    OOS = "oos"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; `title` (Indonesian) and `english` (each at most 40 characters) are what buttons show.

    `document` and `event` are concept ids of the lexicon by which a short follow-up ("kalau yang rusak?") is
    completed; `unit` is the section that handles cases about the topic. Each is empty where there is none.
    """

    id: str
    kind: TopicKind
    title: str
    english: str
    document: str
    event: str
    unit: str


def read_topics(document: object) -> Mapping[str, Topic]:
    """The topics by id. Raises KnowledgeError on a malformed or double id or a title too long for a button."""
    fields = Fields(document, "topics").only("faq", "route", "oos")
    found: dict[str, Topic] = {}
    for kind in TopicKind:
        for identity, entry in fields.under(kind).items():
            if identity in found:
                raise KnowledgeError(f"topics: {identity} appears twice")
            found[identity] = _read(identity, kind, entry)
    return found


def _read(identity: str, kind: TopicKind, entry: Fields) -> Topic:
    entry.only("title", "english", "document", "event", "unit")
    title = entry.text("title")
    english = entry.text("english", title)
    for text in (title, english):
        if len(text) > TITLE_LIMIT:
            raise KnowledgeError(f"topics: title of {identity} has {len(text)} characters, at most {TITLE_LIMIT} fit")
    return Topic(
        id=identity,
        kind=kind,
        title=title,
        english=english,
        document=entry.text("document", ""),
        event=entry.text("event", ""),
        unit=entry.text("unit", ""),
    )
