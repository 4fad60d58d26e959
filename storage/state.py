"""Keeps the few named values that processes share: the staff group's current id, the clock's anchor, the run marker."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, select

from conversation.errors import SettingsError
from storage.buffer import upsert
from storage.encryption import KeyRing, SealBroken
from storage.tables import state

_KEY = "key"
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


def require_key(connection: Connection, keys: KeyRing) -> None:
    """Raises SettingsError unless these are the keys this database was made with; a new database remembers them.

    With a wrong key nobody would be recognised, and nothing stored could be read.
    """
    kept = get_value(connection, _KEY)
    if kept is None:
        set_value(connection, _KEY, keys.seal("state", _KEY, _KEY.encode()).hex())
        return
    try:
        keys.open("state", _KEY, bytes.fromhex(kept))
    except SealBroken:
        raise SettingsError("LOKET_SECRET_KEY is not the key that this database was made with") from None
