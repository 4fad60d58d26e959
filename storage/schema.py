"""Brings the database to the schema this version needs, by Alembic's migrations."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from conversation.errors import SettingsError
from storage.engine import DatabaseUnavailable, explain, reading


class Schema(Enum):
    """How the database's schema stands to this version."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    NEWER = "newer"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def look(engine: Engine) -> Schema:
    """How the schema stands; raises DatabaseUnavailable if the database cannot be opened."""
    scripts = ScriptDirectory.from_config(_config())
    try:
        with reading(engine) as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            empty = not inspect(connection).get_table_names()
    except DBAPIError as error:
        raise DatabaseUnavailable(f"LOKET_DATABASE_URL: the database cannot be opened ({explain(error)})") from None
    if revision is None:
        return Schema.EMPTY if empty else Schema.OLD
    if revision == scripts.get_current_head():
        return Schema.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Schema.OLD if revision in known else Schema.NEWER


def upgrade(engine: Engine) -> None:
    """Applies the missing migrations; what is stored stays."""
    config = _config()
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(engine: Engine) -> None:
    """Makes the tables of an empty database; raises SettingsError, one line, unless the schema is this version's."""
    match look(engine):
        case Schema.EMPTY:
            upgrade(engine)
        case Schema.OLD:
            raise SettingsError("the database has an old schema; run: loket db upgrade")
        case Schema.NEWER:
            raise SettingsError("the database has a newer schema than this version of Loket knows; upgrade Loket")
