"""Keeps the few named values that processes share: the staff group's current id, the clock's anchor, the run marker."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, select

from storage.buffer import upsert
from storage.tables import state

#: The staff group: {"configured": id, "chat": current id, "forum": whether it has topics}.
STAFF = "staff"


def get_value(connection: Connection, name: str) -> Any:
    """The JSON value kept under this name, or None."""
    text = connection.execute(select(state.c.value).where(state.c.name == name)).scalar_one_or_none()
    return json.loads(text) if text is not None else None


def set_value(connection: Connection, name: str, value: Any) -> None:
    insert = upsert(connection, state).values(name=name, value=json.dumps(value))
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value}))


def drop_value(connection: Connection, name: str) -> None:
    connection.execute(delete(state).where(state.c.name == name))
