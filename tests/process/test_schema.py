"""The database's schema at start: `serve` makes a new one and refuses an old one; `db upgrade` and `run` mend it."""

from __future__ import annotations

import sqlite3

import pytest

from sandbox.server import Sandbox
from tests.process.program import Program
from tests.process.records import Records

REFUSED = "loket: the database has an old schema; run: loket db upgrade"


def _database(program: Program) -> sqlite3.Connection:
    return sqlite3.connect(program.settings["database_url"].removeprefix("sqlite:///"), isolation_level=None)


def _make_old(program: Program) -> None:
    """A database whose migrations have all been taken back: Alembic leaves its own table."""
    database = _database(program)
    database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    database.close()


def _make_newer(program: Program) -> None:
    """A database that a later version of Loket has upgraded."""
    database = _database(program)
    database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.close()


@pytest.mark.slow
async def test_an_old_schema_is_refused_until_upgraded(sandbox: Sandbox, program: Program, records: Records) -> None:
    _make_old(program)
    refused = await program.run("serve")
    assert (refused.code, refused.complaint) == (2, REFUSED)
    refused = await program.run("staff", "list")
    assert (refused.code, refused.complaint) == (2, REFUSED)

    upgraded = await program.run("db", "upgrade")
    assert (upgraded.code, upgraded.err) == (0, "")
    assert (await program.run("db", "upgrade")).code == 0
    running = await program.serve()
    sandbox.add_user("Budi").send_text("KTP saya hilang, apa syaratnya?")
    await running.until(lambda: records.messages_of_residents() == 1, "the question was stored")


@pytest.mark.slow
async def test_run_upgrades_by_itself(program: Program) -> None:
    _make_old(program)
    running = await program.start("run")
    await running.until(lambda: running.out.read_text().startswith("Loket: http"), "the address")
    assert await running.stop() == 0


@pytest.mark.slow
@pytest.mark.parametrize("command", [["serve"], ["run"], ["staff", "list"], ["db", "upgrade"]], ids=" ".join)
async def test_a_newer_schema_is_left_alone(program: Program, command: list[str]) -> None:
    _make_newer(program)
    refused = await program.run(*command)
    assert refused.code in (1, 2)
    assert "newer schema" in refused.complaint


@pytest.mark.slow
async def test_an_empty_database_is_made(program: Program, records: Records) -> None:
    listed = await program.run("staff", "list")
    assert (listed.code, listed.out, listed.err) == (0, "", "")
    assert records.idle()
