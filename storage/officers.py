"""Keeps the roster: officers, their paraf, and the posts they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select, update

from escalation.roles import Desk, Officer, Role
from storage.tables import officers

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Officers:
    """Officers by id and by their account in the staff channel; names are sealed."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def add(self, external_id: str, name: str, initials: str, post: Desk) -> Officer:
        """Adds an officer, or one more post (and the current name and initials) to a known one."""
        known = self.by_external(external_id, active_only=False)
        posts = known.posts if known and known.active else ()
        officer = Officer(
            id=known.id if known else self._uow.ids(),
            external_id=external_id,
            name=name,
            initials=initials,
            posts=posts if post in posts else (*posts, post),
            active=True,
        )
        row = {"posts": [str(held) for held in officer.posts], "active": True, "sealed": self._seal(officer)}
        if known:
            self._uow.connection.execute(update(officers).where(officers.c.id == officer.id).values(**row))
        else:
            self._uow.connection.execute(
                officers.insert(), {"id": officer.id, "external_index": self._index(external_id), **row}
            )
        return officer

    def remove(self, officer: Officer) -> None:
        """Takes the posts away; the name stays readable on the cards this officer signed."""
        self._uow.connection.execute(update(officers).where(officers.c.id == officer.id).values(active=False, posts=[]))

    def by_external(self, external_id: str, *, active_only: bool = True) -> Officer | None:
        chosen = select(officers).where(officers.c.external_index == self._index(external_id))
        row = self._uow.connection.execute(chosen).one_or_none()
        return self._load(row) if row and (row.active or not active_only) else None

    def get(self, officer: int) -> Officer | None:
        row = self._uow.connection.execute(select(officers).where(officers.c.id == officer)).one_or_none()
        return self._load(row) if row else None

    def all(self, *, active_only: bool = True) -> Sequence[Officer]:
        rows = self._uow.connection.execute(select(officers).order_by(officers.c.id))
        return [self._load(row) for row in rows if row.active or not active_only]

    def with_role(self, role: Role) -> Sequence[Officer]:
        return [officer for officer in self.all() if officer.holds(role)]

    def _index(self, external_id: str) -> str:
        return self._uow.keys.index("officer", external_id)

    def _seal(self, officer: Officer) -> bytes:
        known_as = {"external_id": officer.external_id, "name": officer.name, "initials": officer.initials}
        return self._uow.keys.seal("officers", officer.id, json.dumps(known_as).encode())

    def _load(self, row: Row[Any]) -> Officer:
        known_as = json.loads(self._uow.keys.open("officers", row.id, row.sealed))
        return Officer(id=row.id, posts=tuple(Desk.parse(post) for post in row.posts), active=row.active, **known_as)
