"""Opens the database: SQLite by default, PostgreSQL for more than one process, both with transactions that hold.

SQLite: the driver's own transactions are switched off and every write begins IMMEDIATE, so that savepoints work, and
the command line and the server can write at once; WAL with synchronous=FULL keeps what was committed through a power
cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    NoSuchModuleError,
    PendingRollbackError,
    ResourceClosedError,
)

from conversation.errors import LoketError, SettingsError

#: Marks a connection that only reads: it takes no write lock.
READ = "loket_read"
_BUSY_MS = 10_000
_SPOILED = "loket_spoiled"


class DatabaseUnavailable(LoketError):
    """The database cannot be opened or reached."""


class TransactionSpoiled(Exception):
    """A driver error was passed over: nobody knows what the transaction still holds, so it must not be committed."""


#: What leaves a transaction in doubt; whoever sees one gives the whole transaction up.
DRIVER_ERRORS = (DBAPIError, DisconnectionError, PendingRollbackError, ResourceClosedError, TransactionSpoiled)


def open_engine(url: str) -> Engine:
    """An engine for LOKET_DATABASE_URL (`sqlite:///file` or `postgresql://…`); raises SettingsError for others."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise SettingsError(
            "LOKET_DATABASE_URL is not a database URL (expected sqlite:///file or postgresql://…)"
        ) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(str(parsed.set(drivername="sqlite").render_as_string(hide_password=False)))
    if backend == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        try:
            patience = {"connect_timeout": 10, "tcp_user_timeout": 10_000}
            return _watched(create_engine(parsed, hide_parameters=True, connect_args=patience))
        except (NoSuchModuleError, ImportError) as error:
            raise SettingsError(f"LOKET_DATABASE_URL: the PostgreSQL driver is missing ({error})") from None
    raise SettingsError(f"LOKET_DATABASE_URL: {backend} is not supported (use sqlite or postgresql)")


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"isolation_level": None, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get(READ, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return _watched(engine)


def _watched(engine: Engine) -> Engine:
    """Has each connection remember, until its next transaction, that the driver reported an error."""

    @event.listens_for(engine, "begin")
    def forget(connection: Connection) -> None:
        connection.info.pop(_SPOILED, None)

    @event.listens_for(engine, "handle_error")
    def remember(context: ExceptionContext) -> None:
        if context.connection is not None and not context.connection.invalidated:
            context.connection.info[_SPOILED] = True

    return engine


def check_sound(connection: Connection) -> None:
    """Raises TransactionSpoiled if the driver reported an error in this transaction, whoever caught it."""
    if connection.invalidated or connection.info.get(_SPOILED):
        raise TransactionSpoiled("a driver error was passed over")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading one consistent state, without holding up writers."""
    with engine.connect().execution_options(**{READ: True}) as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def explain(error: DBAPIError) -> str:
    """One line about a driver error, without statement or values."""
    return f"{type(error.orig).__name__}: {str(error.orig).splitlines()[0] if str(error.orig) else 'no detail'}"
