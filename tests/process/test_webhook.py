"""The webhook: only Telegram is heard, garbage is turned away, and "taken" is said after the commit."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from channels.telegram.client import SECRET_HEADER
from sandbox.server import Sandbox
from storage.tables import inbox
from tests.process.program import WEBHOOK_SECRET, Program, Running, webhook_settings
from tests.process.records import Records

RIGHT = {SECRET_HEADER: WEBHOOK_SECRET}


@pytest.fixture
async def running(program: Program) -> Running:
    """The program, called by Telegram."""
    program.settings |= webhook_settings()
    return await program.serve()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def question(number: int, text: str = "KTP saya hilang, apa syaratnya?", **changed: Any) -> dict[str, Any]:
    """An update with a resident's message."""
    person = {"id": 71, "is_bot": False, "first_name": "Siti"}
    message = {"message_id": number, "date": 1_790_000_000, "chat": {"id": 71, "type": "private"}, "from": person}
    return {"update_id": number, "message": {**message, "text": text, **changed}}


async def post(
    client: aiohttp.ClientSession, program: Program, body: object, headers: Mapping[str, str] = RIGHT
) -> int:
    """Posts to the webhook; returns the status."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = program.settings["telegram_webhook_url"]
    async with client.post(
        url, data=BytesIO(data), headers={"Content-Type": "application/json", **headers}
    ) as response:
        return response.status


STRANGERS: list[dict[str, str]] = [
    {},
    {SECRET_HEADER: ""},
    {SECRET_HEADER: "salah"},
    {SECRET_HEADER: WEBHOOK_SECRET + "x"},
    {SECRET_HEADER: "rahasiä"},
]
GARBAGE = [b"", b"bukan json", b"[]", b'"teks"', b"\xff\xfe\x00", b"[" * 100_000, b'{"update_id": 1' + b"0" * 5_000]


async def test_strangers_and_garbage_are_turned_away(
    running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    assert [await post(client, program, question(1), headers) for headers in STRANGERS] == [401] * len(STRANGERS)
    for body in GARBAGE:
        logged = _lines(running)
        assert await post(client, program, body) == 400
        assert _lines(running) == logged + 1, body[:20]
    assert await post(client, program, question(1, "x" * 1_048_600)) == 413
    assert records.count(inbox) == 0
    assert await post(client, program, question(1)) == 200
    assert records.count(inbox) == 1


def _lines(running: Running) -> int:
    return len(running.err.read_text().splitlines())


MALFORMED = [
    {"update_id": 11, "message": {"message_id": "satu"}},
    {"update_id": 12, "message": None},
    {"update_id": 13, "callback_query": {"id": 5}},
    {"update_id": 14, "message": question(14)["message"] | {"message_id": 2**70}},
    {"update_id": "lima belas", "message": question(15)["message"]},
    {"update_id": 10**60, "message": question(16)["message"]},
    {},
]


async def test_malformed_updates_are_set_aside(
    running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    answers = await asyncio.gather(*(post(client, program, update) for update in [*MALFORMED, question(20)]))
    assert set(answers) == {200}
    await running.until(records.idle, "everything was handled")
    states = records.updates()
    assert sorted(states.values()) == ["done", *["quarantined"] * len(MALFORMED)]
    assert records.messages_of_residents() == 1
    assert [await post(client, program, update) for update in MALFORMED] == [200] * len(MALFORMED)
    assert records.updates() == states
    answers = await asyncio.gather(*(post(client, program, question(30)) for _ in range(10)))
    assert set(answers) == {200}
    assert records.messages_of_residents() == 2


async def test_says_taken_only_after_the_commit(
    running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    writer = sqlite3.connect(program.settings["database_url"].removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    async with client.get(f"{await running.ready()}/health") as response:
        assert await response.json() == {"ok": True}
    posting = asyncio.create_task(post(client, program, question(40)))
    done, _ = await asyncio.wait({posting}, timeout=1.0)
    assert not done
    writer.execute("COMMIT")
    writer.close()
    assert await posting == 200
    await running.kill()
    assert records.count(inbox) == 1


async def test_without_a_secret_nobody_is_heard(
    sandbox: Sandbox, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    polling = await program.serve()
    program.settings["telegram_webhook_url"] = f"{await polling.ready()}/telegram/webhook"
    assert await post(client, program, question(1), {}) == 401
    assert await post(client, program, question(1), {SECRET_HEADER: ""}) == 401
    assert records.count(inbox) == 0
