"""The servers the tests stand on: they start, keep databases apart, and never outlive the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.servers.postgres import PostgresServer
from tests.servers.postgres import installations as postgres_installations
from tests.servers.process import ServerNotReady, ServerProcess, private_directory
from tests.servers.redis import RedisServer
from tests.servers.redis import installations as redis_installations

_ROOT = Path(__file__).parents[2]
_GONE_WITHIN_S = 20.0
_HELD_REDIS = """
from tests.servers.redis import RedisServer
server = RedisServer()
server.start()
print(server.url, flush=True)
input()
"""


@pytest.mark.parametrize("programs", postgres_installations(), ids=lambda path: path.parts[-3])
def test_every_postgres_on_this_machine_starts_and_leaves_nothing(programs: Path) -> None:
    server = PostgresServer(programs)
    server.start()
    url = server.database()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
    engine.dispose()
    directory = Path(str(engine.url.query["host"]))
    assert directory.exists()
    server.stop()
    assert not directory.exists()


@pytest.mark.parametrize("program", redis_installations(), ids=lambda path: path.name)
def test_every_redis_on_this_machine_starts_and_leaves_nothing(program: Path) -> None:
    server = RedisServer(program)
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert client.set("key", "value")
    server.clear()
    with redis.Redis.from_url(server.url) as client:
        assert client.get("key") is None
    server.stop()
    with redis.Redis.from_url(server.url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_databases_are_apart_unless_copied(postgres: PostgresServer) -> None:
    original = postgres.database()
    engine = create_engine(original)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (id integer)"))
    engine.dispose()
    copy, empty = postgres.database(template=original), postgres.database()
    tables = {}
    for url in (copy, empty):
        engine = create_engine(url)
        with engine.connect() as connection:
            tables[url] = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE tablename = 'seen'"))
        engine.dispose()
    assert tables == {copy: 1, empty: 0}
    for url in (copy, empty, original):
        postgres.drop(url)


def test_killing_backends_breaks_open_connections_but_not_the_server(
    postgres: PostgresServer, postgres_url: str
) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert postgres.kill_backend(postgres_url) == 1
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("SELECT 1"))
        assert isinstance(caught.value.orig, psycopg.OperationalError)
        assert caught.value.connection_invalidated
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_server_that_never_answers_is_reported_with_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.servers.process._READY_WITHIN_S", 0.3)
    directory = private_directory("mute", None)
    process = ServerProcess(["sh", "-c", "echo no room left"], directory=directory, user=None)
    with pytest.raises(ServerNotReady, match="no room left"):
        process.wait_until(lambda: False)
    assert not directory.exists()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_with_the_tests_however_they_end(end: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HELD_REDIS],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        directory = Path(holder.stdout.readline().removeprefix("unix://").partition("?")[0]).parent
        assert (directory / "socket").exists()
        os.kill(holder.pid, end)
    deadline = time.monotonic() + _GONE_WITHIN_S
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not directory.exists()
