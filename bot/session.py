"""A unit of work for the command line, beside a server that may be running on the same database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.clock import keep_clock
from bot.seeds import seed
from bot.settings import Settings
from bot.versions import Version, Versions
from storage import schema
from storage.encryption import KeyRing
from storage.engine import open_engine
from storage.ids import Ids
from storage.state import require_key
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction of the command line."""

    uow: UnitOfWork
    version: Version


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """A transaction that commits at the end; on an empty database the tables and first versions are made."""
    settings.require("secret_key")
    keys, ids, engine = KeyRing.from_setting(settings.secret_key), Ids(), open_engine(settings.database_url)
    schema.require_current(engine)
    try:
        with engine.connect() as connection, connection.begin():
            require_key(connection, keys)
            clock = keep_clock(connection, settings)
            seed(connection, ids, settings.office, clock.now())
            uow = UnitOfWork(connection, keys, ids, clock.now())
            yield Session(uow, Versions().of(connection))
            uow.finish()
    finally:
        engine.dispose()
