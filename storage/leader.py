"""Lets one of the processes on a database lead: the one that holds a lock which vanishes with its process.

PostgreSQL: an advisory lock on a connection of its own. SQLite: a lock on a file beside the database.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

#: The name of the lock among a database's advisory locks.
_LOCK = int.from_bytes(b"loket", "big")
#: Has the server notice within seconds that the leader's machine is gone (not used on a Unix socket).
_KEEPALIVE = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 3")


class Leader(Protocol):
    """Leadership of one database, for one process."""

    def acquire(self) -> bool:
        """Takes the lead if nobody has it, without waiting; whether it is held now. Ask again to see whether it still
        is."""
        ...

    def release(self) -> None:
        """Lets another process lead."""
        ...


def leader_of(engine: Engine) -> Leader:
    """The leadership of this engine's database, not yet taken."""
    return PostgresLeader(engine) if engine.dialect.name == "postgresql" else FileLeader(engine)


class PostgresLeader:
    """Leads as long as its connection lives."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def acquire(self) -> bool:
        try:
            if self._connection is None:
                return self._take()
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
        return self._connection is not None

    def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.invalidate()  # closed, not returned to the pool with the lock on it
            connection.close()

    def _take(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection = connection
        for setting in _KEEPALIVE:
            connection.exec_driver_sql(f"SET {setting}")
        if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar_one():
            self.release()
        return self._connection is not None


class FileLeader:
    """Leads as long as it keeps the file locked."""

    def __init__(self, engine: Engine) -> None:
        self._path = Path(f"{engine.url.database}.leader")
        self._file: int | None = None

    def acquire(self) -> bool:
        if self._file is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
            else:
                self._file = file
        return self._file is not None

    def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)
