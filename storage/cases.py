"""Keeps cases, their numbers, their handovers, and where each stands in the staff group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, select, update

from escalation.cases import Case, State
from escalation.handovers import Handover
from storage.buffer import upsert
from storage.tables import cases, conversations, counters, handovers

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

_CASE = TypeAdapter(Case)
_HANDOVER = TypeAdapter(Handover)


_PLACE = (cases.c.thread, cases.c.thread_call, cases.c.card_call, cases.c.card_shown)


class Cases:
    """Cases by id, number, topic of the staff group, and in order of arrival.

    One that is read stays locked until the transaction ends: whoever reads it may be about to change it.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def next_count(self, year: int) -> int:
        """The next number of this year; the counter stays locked until the transaction ends."""
        connection = self._uow.connection
        insert = upsert(connection, counters).values(name=f"case-{year}", value=1)
        raised = insert.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
        return int(connection.execute(raised.returning(counters.c.value)).scalar_one())

    def add(self, case: Case) -> None:
        self._uow.connection.execute(cases.insert(), {"id": case.id, "opened_at": case.opened_at, **_columns(case)})

    def save(self, case: Case) -> None:
        self._uow.connection.execute(update(cases).where(cases.c.id == case.id).values(**_columns(case)))

    def get(self, case: int) -> Case | None:
        return self._one(cases.c.id == case)

    def by_number(self, number: str) -> Case | None:
        return self._one(cases.c.number == number.strip().upper())

    def by_thread(self, thread: int) -> Case | None:
        """The case whose topic in the staff group this is (the newest, should the channel have given the id again)."""
        chosen = (
            select(cases.c.body).where(cases.c.thread == thread).order_by(cases.c.id.desc()).limit(1).with_for_update()
        )
        body = self._uow.connection.execute(chosen).scalar_one_or_none()
        return _CASE.validate_python(body) if body else None

    def lane(self, case: int) -> str:
        """The lane of the case's conversation."""
        joined = select(conversations.c.lane).join(cases, cases.c.conversation == conversations.c.id)
        return str(self._uow.connection.execute(joined.where(cases.c.id == case)).scalar_one())

    def waiting(self) -> Sequence[Case]:
        """Cases nobody has taken, in order of arrival."""
        return self._many(cases.c.state == State.WAITING)

    def open_cases(self) -> Sequence[Case]:
        """All cases that are not closed, in order of arrival."""
        return self._many(cases.c.state != State.CLOSED)

    def latest_of(self, conversation: int) -> Case | None:
        """The conversation's newest case, open or closed."""
        chosen = select(cases.c.body).where(cases.c.conversation == conversation).order_by(cases.c.id.desc()).limit(1)
        body = self._uow.connection.execute(chosen).scalar_one_or_none()
        return _CASE.validate_python(body) if body else None

    def latest_closed_at(self, conversation: int) -> datetime | None:
        """When the conversation's newest closed case was closed."""
        chosen = select(cases.c.body).where(cases.c.conversation == conversation, cases.c.state == State.CLOSED)
        body = self._uow.connection.execute(chosen.order_by(cases.c.id.desc()).limit(1)).scalar_one_or_none()
        return _CASE.validate_python(body).closed_at if body else None

    def keep_handovers(self, case: int, lines: Sequence[Handover]) -> None:
        """Stores the projection of a case's ledger entries; `ledger verify` derives it again."""
        connection = self._uow.connection
        for line in lines:
            insert = upsert(connection, handovers).values(
                case=case, line=line.line, body=_HANDOVER.dump_python(line, mode="json")
            )
            connection.execute(
                insert.on_conflict_do_update(index_elements=["case", "line"], set_={"body": insert.excluded.body})
            )

    def handovers(self, case: int) -> Sequence[Handover]:
        """The lines of the control card, in order."""
        chosen = select(handovers.c.body).where(handovers.c.case == case).order_by(handovers.c.line)
        return [_HANDOVER.validate_python(body) for body in self._uow.connection.execute(chosen).scalars()]

    def place(self, case: int) -> Row[Any, Any, Any, Any] | None:
        """Where a case stands in the staff group: `thread`, `thread_call`, `card_call`, `card_shown`."""
        chosen = select(*_PLACE).where(cases.c.id == case)
        return self._uow.connection.execute(chosen).one_or_none()

    def put_thread(self, case: int, call: int, thread: int | None) -> None:
        """Notes the topic that a call has opened, unless another was asked for since."""
        mine = update(cases).where(cases.c.id == case, cases.c.thread_call == call)
        self._uow.connection.execute(mine.values(thread=thread))

    def put(self, case: int, **place: int | str | None) -> None:
        """Notes where a case stands; the arguments are those of `place`."""
        self._uow.connection.execute(update(cases).where(cases.c.id == case).values(**place))

    def _one(self, condition: ColumnElement[bool]) -> Case | None:
        body = self._uow.connection.execute(
            select(cases.c.body).where(condition).with_for_update()
        ).scalar_one_or_none()
        return _CASE.validate_python(body) if body else None

    def _many(self, condition: ColumnElement[bool]) -> Sequence[Case]:
        rows = self._uow.connection.execute(select(cases.c.body).where(condition).order_by(cases.c.id)).scalars()
        return [_CASE.validate_python(body) for body in rows]


def _columns(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "conversation": case.conversation,
        "state": case.state,
        "body": _CASE.dump_python(case, mode="json"),
    }
