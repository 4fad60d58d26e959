"""Keeps how each message was understood, what the resident chose, and what an admin made of it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from conversation.people import Author
from storage.tables import decisions, feedback, messages

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

#: What `taught` holds for a message that an admin has looked at and set aside.
SET_ASIDE = "-"


@dataclass(frozen=True, slots=True)
class Understood:
    """One message of a resident and the first reaction to it.

    `text` is unmasked; `chosen` is the topic pressed or typed after a question back; `taught` the topic an admin
    assigned, SET_ASIDE, or "" while nobody has looked; `unanswered` tells that **Belum terjawab** was pressed.
    """

    message: int
    text: str
    kind: str
    topics: tuple[str, ...]
    score: float
    chosen: str
    taught: str
    unanswered: bool
    at: datetime


class Decisions:
    """One row a message that was reacted to."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def add(
        self, conversation: int, message: int, kind: str, topics: tuple[str, ...], score: float, at: datetime
    ) -> None:
        """Keeps the reaction to a message."""
        row = {"message": message, "conversation": conversation, "kind": kind, "topics": list(topics)}
        self._uow.buffer.replace(decisions, row | {"score": score, "chosen": "", "taught": "", "at": at})

    def choose(self, conversation: int, topic: str) -> None:
        """Keeps which topic was chosen after the conversation's last question back."""
        self._uow.buffer.flush(decisions)
        last = select(func.max(decisions.c.message)).where(
            decisions.c.conversation == conversation, decisions.c.kind == "ask"
        )
        self._uow.connection.execute(
            update(decisions).where(decisions.c.message == last.scalar_subquery()).values(chosen=topic)
        )

    def teach(self, message: int, topic: str) -> bool:
        """Keeps what an admin says a message meant; False if no such message was ever reacted to."""
        done = self._uow.connection.execute(
            update(decisions).where(decisions.c.message == message).values(taught=topic)
        )
        return bool(done.rowcount)

    def taught(self) -> Sequence[tuple[str, str]]:
        """Every message that an admin gave a topic: topic and text, unmasked, oldest first."""
        chosen = select(decisions.c.message, decisions.c.taught).where(decisions.c.taught.not_in(("", SET_ASIDE)))
        rows = self._uow.connection.execute(chosen.order_by(decisions.c.message)).all()
        return [(row.taught, stored.text) for row in rows if (stored := self._uow.messages.get(row.message))]

    def since(self, at: datetime) -> Sequence[Understood]:
        """Every message reacted to from then on, oldest first, with its text."""
        self._uow.buffer.flush(messages, decisions)
        later = decisions.alias()
        about_another = (
            select(later.c.message)
            .where(
                later.c.conversation == decisions.c.conversation,
                later.c.message > decisions.c.message,
                later.c.message < messages.c.id,
            )
            .correlate(decisions, messages)
            .exists()
        )
        answer = (
            select(func.min(messages.c.id))
            .where(
                messages.c.conversation == decisions.c.conversation,
                messages.c.id > decisions.c.message,
                messages.c.author == Author.BOT,
                messages.c.basis != "",
                ~about_another,
            )
            .correlate(decisions)
            .scalar_subquery()
        )
        unhelpful = (
            select(feedback.c.message).where(feedback.c.message == answer, feedback.c.helpful.is_(False)).exists()
        )
        chosen = select(decisions, unhelpful.label("unanswered")).where(decisions.c.at >= at)
        found = []
        for row in self._uow.connection.execute(chosen.order_by(decisions.c.message)).all():
            stored = self._uow.messages.get(row.message)
            if stored is not None:
                found.append(
                    Understood(
                        message=row.message,
                        text=stored.text,
                        kind=row.kind,
                        topics=tuple(row.topics),
                        score=row.score,
                        chosen=row.chosen,
                        taught=row.taught,
                        unanswered=bool(row.unanswered),
                        at=row.at,
                    )
                )
        return found
