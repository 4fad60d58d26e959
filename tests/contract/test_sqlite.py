"""SQLite's own lines: who writes at once waits, savepoints hold, commits are safe, and an old schema is refused."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import build_app
from bot.session import session
from bot.settings import read_settings
from conversation.errors import SettingsError
from escalation.roles import Desk, Role
from storage import schema
from storage.engine import open_engine, reading
from tests.contract.residents import message
from tests.contract.workshop import Workshop
from tests.dialogs.stage import GROUP, SECRET_KEY


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'loket.db'}"


async def test_the_command_line_writes_while_the_server_does(url: str) -> None:
    settings = read_settings(database_url=url, secret_key=SECRET_KEY)
    schema.require_current(open_engine(url))
    shop = Workshop(url).start()
    failures: list[Exception] = []

    def add_officers() -> None:
        try:
            for number in range(10):
                with session(settings) as opened:
                    opened.uow.officers.add(str(number), f"Petugas {number}", f"P{number}", Desk(Role.FO, ""))
        except Exception as error:
            failures.append(error)

    clerk = threading.Thread(target=add_officers)
    clerk.start()
    for number in range(100):
        await shop.accept(message(number % 7, f"{number}"))
    clerk.join()
    assert failures == []
    assert shop.doubts == 0
    assert sorted(shop.kept(), key=int) == [f"{number}" for number in range(100)]
    with session(settings) as opened:
        assert len(opened.uow.officers.all()) == 10
    await shop.close()


def test_a_reader_sees_one_state_and_holds_nobody_up(url: str) -> None:
    shop = Workshop(url).build()
    with reading(shop.engine) as connection:
        before = connection.execute(text("SELECT count(*) FROM state")).scalar_one()
        with shop.engine.connect() as writing, writing.begin():
            writing.execute(text("INSERT INTO state (name, value) VALUES ('x', '1')"))
        assert connection.execute(text("SELECT count(*) FROM state")).scalar_one() == before
    shop.engine.dispose()


def test_what_is_committed_is_on_the_disk(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
    engine.dispose()


async def test_an_old_schema_is_refused_in_one_line(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection, connection.begin():
        connection.execute(text("CREATE TABLE something (id INTEGER)"))
    engine.dispose()
    app = build_app(
        read_settings(
            database_url=url, secret_key=SECRET_KEY, telegram_token="1:x", staff_chat_id=str(GROUP), http_port=0
        )
    )
    with pytest.raises(SettingsError) as refusal:
        await app.start()
    await app.stop()
    assert str(refusal.value) == "the database has an old schema; run: loket db upgrade"
