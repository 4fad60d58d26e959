"""The bots that are measured, each a process of its own: python -m benchmarks.bots loket|aiogram|ptb PORT API_URL."""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message, Update
from aiohttp import web
from telegram import Update as PtbUpdate
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.app import build_app
from bot.settings import read_settings
from channels.budget import Limit, Limits
from storage.encryption import new_key

TOKEN = "700000001:benchmark-token-of-no-bot-anywhere-000"  # noqa: S105 - opens nothing
SECRET = "benchmark"  # noqa: S105
PATH = "/telegram/webhook"
STAFF = "-1002000000001"
_UNLIMITED = Limits(bot=Limit(10**9, 1.0), chat=Limit(10**9, 1.0), group=Limit(10**9, 1.0))


async def run_loket(port: int, api: str) -> None:
    """The whole program on SQLite in a fresh directory; only the sending limits are off."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(
            database_url=f"sqlite:///{Path(folder) / 'loket.db'}",
            telegram_token=TOKEN,
            telegram_api_url=api,
            staff_chat_id=STAFF,
            secret_key=new_key(),
            http_port=port,
            telegram_webhook_url=f"http://127.0.0.1:{port}{PATH}",
            telegram_webhook_secret=SECRET,
        )
        app = build_app(settings, limits=_UNLIMITED)
        await app.start()
        gc.freeze()
        gc.set_threshold(20_000, 50, 100)
        await _announce()


async def run_aiogram(port: int, api: str) -> None:
    """A bare echo that stores nothing, answering 200 when the echo is sent."""
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    async def feed(update: dict[str, Any]) -> None:
        await dispatcher.feed_update(bot, Update.model_validate(update, context={"bot": bot}))

    await _serve(port, feed)


async def run_ptb(port: int, api: str) -> None:
    """The same echo with python-telegram-bot behind the same front."""
    app = Application.builder().token(TOKEN).base_url(f"{api}/bot").updater(None).concurrent_updates(64).build()

    async def echo(update: PtbUpdate, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message:
            await update.message.reply_text(update.message.text or "")

    app.add_handler(MessageHandler(filters.TEXT, echo))
    await app.initialize()

    async def feed(update: dict[str, Any]) -> None:
        await app.process_update(PtbUpdate.de_json(update, app.bot))

    await _serve(port, feed)


async def _serve(port: int, feed: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    async def receive(request: web.Request) -> web.Response:
        await feed(await request.json())
        return web.Response()

    server = web.Application()
    server.router.add_post(PATH, receive)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await _announce()


async def _announce() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    bots = {"loket": run_loket, "aiogram": run_aiogram, "ptb": run_ptb}
    uvloop.run(bots[sys.argv[1]](int(sys.argv[2]), sys.argv[3]))
