"""`loket run` in an empty directory: one address, a local Telegram that answers, and all kept for the next time."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.versions import configure_staff
from storage import schema
from storage.engine import open_engine
from tests.process.program import Program, Running

BUDI = 5001


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    """The program without any settings, but for a port that nobody else uses."""
    program = Program(tmp_path, {"http_port": "0"})
    yield program
    await program.close()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def _address(running: Running) -> str:
    await running.until(lambda: running.out.read_text().endswith("\n"), "the address")
    return running.out.read_text().removeprefix("Loket: ").strip()


async def _get(client: aiohttp.ClientSession, url: str) -> Any:
    async with client.get(url) as response:
        assert response.status == 200
        return json.loads(await response.read()) if "json" in response.content_type else await response.text()


async def _texts(client: aiohttp.ClientSession, address: str) -> list[str]:
    messages = await _get(client, f"{address}/sandbox/chats/{BUDI}/messages?as={BUDI}")
    return [message.get("text", "") for message in messages]


async def _asks(client: aiohttp.ClientSession, address: str, text: str, expected: str) -> None:
    """Budi writes in the page, and reads the answer."""
    async with client.post(f"{address}/sandbox/do/send_text", json={"user": BUDI, "text": text}) as response:
        assert response.status == 200
    deadline = time.monotonic() + 10.0
    while not any(expected in shown for shown in await _texts(client, address)):
        assert time.monotonic() < deadline, (await _texts(client, address))[-2:]


@pytest.mark.slow
async def test_starts_from_nothing_and_goes_on(program: Program, client: aiohttp.ClientSession) -> None:
    begun = time.monotonic()
    running = await program.start("run")
    address = await _address(running)
    took = time.monotonic() - begun
    assert running.out.read_text() == f"Loket: {address}\n"
    assert "<html" in await _get(client, address)
    token = (await _get(client, f"{address}/sandbox/world"))["bot"]["id"]
    assert isinstance(token, int)
    await _asks(client, address, "KTP saya hilang, apa syaratnya?", "Dasar:")
    assert await running.stop(signal.SIGINT) == 0
    assert running.err.read_text() == ""
    assert sorted(path.name for path in program.home.iterdir()) == [".loket"]
    assert (program.home / ".loket" / "secret.key").stat().st_mode & 0o077 == 0
    assert took < 20.0  # five seconds on an idle machine; the tests may have to share theirs

    running = await program.start("run")
    address = await _address(running)
    assert any("Dasar:" in text for text in await _texts(client, address))
    await _asks(client, address, "Apa syarat akta kematian?", "F-2.01A")
    assert sum("Selamat datang" in text for text in await _texts(client, address)) == 1
    assert await running.stop(signal.SIGTERM) == 0


@pytest.mark.slow
async def test_is_killed_and_goes_on(program: Program, client: aiohttp.ClientSession) -> None:
    running = await program.start("run")
    await _asks(client, await _address(running), "KTP saya hilang, apa syaratnya?", "Dasar:")
    await running.kill()
    running = await program.start("run")
    await _asks(client, await _address(running), "Apa syarat akta kematian?", "F-2.01A")


@pytest.mark.slow
async def test_runs_with_a_moved_clock(program: Program, client: aiohttp.ClientSession) -> None:
    running = await program.start("run", changed={"clock_start": "2026-11-23T09:00:00+07:00"})
    await _asks(client, await _address(running), "/petugas", "Kantor sedang buka")


@pytest.mark.slow
async def test_says_what_is_in_the_way(program: Program) -> None:
    (program.home / ".loket").write_text("")
    refused = await program.run("run")
    assert (refused.code, refused.out) == (2, "")
    assert ".loket" in refused.complaint
    (program.home / ".loket").unlink()
    (program.home / ".loket").mkdir()
    (program.home / ".loket" / "telegram.json").write_text('{"format": 1')
    assert "telegram.json" in (await program.run("run")).complaint


@pytest.mark.slow
async def test_leaves_the_database_of_an_office_alone(program: Program, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kantor.db'}"
    engine = open_engine(url)
    schema.upgrade(engine)
    with engine.connect() as connection, connection.begin():
        configure_staff(connection, "-1001234567890")
    engine.dispose()
    refused = await program.run("run", database_url=url)
    assert refused.code == 2
    assert "LOKET_DATABASE_URL" in refused.complaint
