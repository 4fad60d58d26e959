"""The webhook: only Telegram is heard, garbage is turned away, and "taken" is said after the commit."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
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
    async with client.post(url, data=data, headers={"Content-Type": "application/json", **headers}) as response:
        return response.status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: "salah"},
        {SECRET_HEADER: WEBHOOK_SECRET + "x"},
        {SECRET_HEADER: "rahasiä"},
    ],
    ids=["missing", "empty", "wrong", "longer", "not-ascii"],
)
async def test_strangers_are_refused_and_leave_nothing(
    headers: dict[str, str], running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    assert await post(client, program, question(1), headers) == 401
    assert records.count(inbox) == 0


async def test_garbage_costs_one_log_line_each(
    running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    garbage = [b"", b"bukan json", b"[]", b'"teks"', b"\xff\xfe\x00", b"[" * 100_000, b'{"update_id": 1' + b"0" * 5_000]
    for number, body in enumerate(garbage, 1):
        logged = len(running.err.read_text().splitlines())
        assert await post(client, program, body) == 400
        await running.until(lambda before=logged: len(running.err.read_text().splitlines()) > before, "a log line")
        assert len(running.err.read_text().splitlines()) == logged + 1, number
    assert records.count(inbox) == 0
    assert await post(client, program, question(1)) == 200


async def test_what_telegram_would_never_send_is_too_large(
    running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    assert await post(client, program, question(1, "x" * 2_000_000)) == 413
    assert records.count(inbox) == 0


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


async def test_said_again_is_stored_once(
    running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    answers = await asyncio.gather(*(post(client, program, question(30)) for _ in range(10)))
    assert set(answers) == {200}
    assert records.count(inbox) == 1
    assert records.messages_of_residents() == 1


async def test_says_taken_only_after_the_commit(
    running: Running, program: Program, records: Records, client: aiohttp.ClientSession
) -> None:
    writer = sqlite3.connect(program.settings["database_url"].removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
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


async def test_tells_its_health(running: Running, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{await running.ready()}/health") as response:
        assert response.status == 200
        assert await response.json() == {"ok": True}
