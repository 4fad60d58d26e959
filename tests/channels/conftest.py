"""A recording Bot API server and a bot that talks to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from channels.telegram.client import TelegramSession, build_bot
from tests.channels.bot_api import TOKEN, FakeBotApi

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiogram import Bot


@pytest_asyncio.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    fake = FakeBotApi()
    await fake.start()
    yield fake
    if fake.server is not None:
        await fake.server.close()


@pytest_asyncio.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    assert api.server is not None
    bot = build_bot(TOKEN, str(api.server.make_url("/")))
    yield bot
    assert isinstance(bot.session, TelegramSession)
    # The client underneath: aiogram's own close() waits a quarter of a second for TLS connections; here are none.
    await (await bot.session.create_session()).close()
