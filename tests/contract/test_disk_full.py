"""A full disk: what is not stored is not acknowledged, and when there is room again, work goes on by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot import polling
from bot.intake import Intake, reader
from bot.webhook import PATH, build_web
from channels.telegram.client import SECRET_HEADER, build_bot
from storage.tables import inbox
from tests.contract.residents import message, telegram_message
from tests.contract.workshop import Workshop
from tests.dialogs.stage import local_telegram

SECRET = "secret"


class Disk:
    """Room for a number of pages; 0 is as many as there are now."""

    def __init__(self, shop: Workshop) -> None:
        self.pages = 0x7FFFFFFF
        event.listen(shop.engine, "checkout", self._limit)

    def _limit(self, connection: sqlite3.Connection, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={self.pages or 1}")

    def fill(self) -> None:
        self.pages = 0

    def clear(self) -> None:
        self.pages = 0x7FFFFFFF


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Workshop]:
    opened = Workshop(f"sqlite:///{tmp_path / 'loket.db'}").build()
    yield opened
    await opened.close(0.0)


async def test_nothing_is_acknowledged_that_is_not_stored(shop: Workshop) -> None:
    disk = Disk(shop)
    shop.start()
    await shop.accept(message(1, "a" * 5000, key="post:a"))
    disk.fill()
    refused = [shop.submit(message(chat, "x" * 9000, key=f"post:{chat}")) for chat in (2, 3)]
    for future in refused:
        assert isinstance(future.exception(10), OperationalError)
    assert list(shop.states()) == ["a"]
    disk.clear()
    await shop.accept(*(message(chat, "x" * 9000, key=f"post:{chat}") for chat in (2, 3)))
    await shop.settled("2", "3")
    assert len(shop.kept()) == 3


async def test_the_webhook_asks_for_it_again(shop: Workshop) -> None:
    disk = Disk(shop)
    shop.start()
    runner = web.AppRunner(build_web(Intake(shop.writer, 1), SECRET, lambda: True))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    update = {"update_id": 1, "message": telegram_message(5, "x" * 4000)}
    try:
        async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as client:
            disk.fill()
            async with client.post(address, json=update) as refused:
                assert refused.status == 503
                assert refused.headers["Retry-After"]
            assert shop.states() == {}
            disk.clear()
            async with client.post(address, json=update) as taken:
                assert taken.status == 200
    finally:
        await runner.cleanup()
    assert len(shop.rows(inbox.select())) == 1


async def test_polling_asks_for_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_PAUSE", 0.05)
    sandbox = local_telegram()
    bot = build_bot(sandbox.settings.token, await sandbox.start())
    shop = Workshop(f"sqlite:///{tmp_path / 'loket.db'}", read=reader(bot.id)).build()
    disk = Disk(shop)
    budi = sandbox.add_user("Budi")
    loop = polling.Polling(bot, Intake(shop.start().writer, bot.id))
    try:
        disk.fill()
        said = [f"{number} " + "x" * 4000 for number in range(3)]
        for text in said:
            budi.send_text(text)
        running = asyncio.create_task(loop.run())
        asked = sandbox.transcript.calls
        await sandbox.wait_for(lambda: sum(call.method == "getUpdates" for call in asked) > 2 or None, 5.0)
        assert shop.states() == {}
        assert all("offset" not in call.parameters for call in asked if call.method == "getUpdates")
        disk.clear()
        await shop.until(lambda: len(shop.kept()) == len(said))
        assert shop.kept() == said
        loop.stop()
        await running
    finally:
        await shop.close()
        await bot.session.close()
        await sandbox.stop()
