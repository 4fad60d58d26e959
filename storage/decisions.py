"""Keeps how each message was understood, what the resident chose, and what an admin made of it afterwards."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, func, select, update

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


_UNHELPFUL = select(feedback.c.message, feedback.c.conversation).where(
    feedback.c.helpful.is_(False), feedback.c.at >= bindparam("at")
)


class Decisions:
    """One row a message that was reacted to."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def add(
        self,
        conversation: int,
        message: int,
        kind: str,
        topics: tuple[str, ...],
        score: float,
        at: datetime,
        *,
        pieces: int = 1,
    ) -> None:
        """Keeps the reaction to a message, which is the last of so many pieces that were read as one."""
        row = {"message": message, "conversation": conversation, "pieces": pieces, "kind": kind, "topics": list(topics)}
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
        self._uow.buffer.flush(decisions)
        done = self._uow.connection.execute(
            update(decisions).where(decisions.c.message == message).values(taught=topic)
        )
        return bool(done.rowcount)

    def taught(self) -> Sequence[tuple[str, str]]:
        """Every message that an admin gave a topic or set aside: topic and text, unmasked, oldest first."""
        self._uow.buffer.flush(messages, decisions)
        chosen = select(decisions).where(decisions.c.taught != "").order_by(decisions.c.message)
        return [(row.taught, self._text(row)) for row in self._uow.connection.execute(chosen).all()]

    def since(self, at: datetime, kinds: Collection[str] | None = None) -> Sequence[Understood]:
        """Messages reacted to from then on, oldest first, with their text.

        With `kinds` only those with such a reaction, and those whose answer did not help.
        """
        self._uow.buffer.flush(messages, decisions)
        chosen = select(decisions).where(decisions.c.at >= at).order_by(decisions.c.message)
        rows = self._uow.connection.execute(chosen).all()
        unanswered = self._unanswered(rows, at)
        return [
            Understood(
                message=row.message,
                text=self._text(row),
                kind=row.kind,
                topics=tuple(row.topics),
                score=row.score,
                chosen=row.chosen,
                taught=row.taught,
                unanswered=row.message in unanswered,
                at=row.at,
            )
            for row in rows
            if kinds is None or row.kind in kinds or row.message in unanswered
        ]

    def _unanswered(self, rows: Sequence[Row[Any]], at: datetime) -> set[int]:
        """The messages whose answer did not help: the last one of the conversation before that answer."""
        by_conversation: dict[int, list[int]] = {}
        for row in rows:
            by_conversation.setdefault(row.conversation, []).append(row.message)
        found = set()
        for press in self._uow.connection.execute(_UNHELPFUL, {"at": at}).all():
            asked = by_conversation.get(press.conversation, [])
            if place := bisect_left(asked, press.message):
                found.add(asked[place - 1])
        return found

    def _text(self, row: Row[Any]) -> str:
        """What was reacted to: the message, with the pieces before it that were read along."""
        pieces = (
            select(messages.c.id)
            .where(
                messages.c.conversation == row.conversation,
                messages.c.author == Author.RESIDENT,
                messages.c.id <= row.message,
            )
            .order_by(messages.c.id.desc())
            .limit(row.pieces)
        )
        ids = [row.message] if row.pieces == 1 else sorted(self._uow.connection.execute(pieces).scalars())
        found = [self._uow.messages.get(message) for message in ids]
        return "\n".join(message.text for message in found if message and message.text)
