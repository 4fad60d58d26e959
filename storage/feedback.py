"""Keeps what residents said of an answer: helpful or not, the latest press counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.buffer import upsert
from storage.tables import feedback

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Feedback:
    """One judgement per answer."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def add(self, conversation: int, message: int, *, helpful: bool, at: datetime) -> bool:
        """Notes a judgement; True unless the same one was there already."""
        connection = self._uow.connection
        known = connection.execute(select(feedback.c.helpful).where(feedback.c.message == message)).scalar_one_or_none()
        row = {"message": message, "conversation": conversation, "helpful": helpful, "at": at}
        insert = upsert(connection, feedback).values(**row)
        connection.execute(insert.on_conflict_do_update(index_elements=["message"], set_=row))
        return known is not helpful
