"""The program's own HTTP server: Telegram's webhook, and a health check."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.intake import Intake
from channels.telegram.client import carries_secret

log = structlog.get_logger()

PATH = "/telegram/webhook"
#: Telegram sends nothing larger.
_LARGEST = 2**20
_RETRY_AFTER = {"Retry-After": "2"}


def public_address(url: str) -> str:
    """Where Telegram is to call: the server's address, with the webhook's path unless the setting names one."""
    return url.rstrip("/") + PATH if urlsplit(url).path in ("", "/") else url


def build_web(intake: Intake, secret: str, healthy: Callable[[], bool]) -> web.Application:
    """The routes; without a secret the webhook refuses every call."""

    async def receive(request: web.Request) -> web.Response:
        if not carries_secret(request.headers, secret):
            return web.Response(status=401, text="wrong or missing secret token")
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):  # no UTF-8, no JSON, or nested without end
            update = None
        if not isinstance(update, dict):
            log.warning("webhook call refused", error="the body is no JSON object")
            return web.Response(status=400, text="the body must be a JSON object (Bot API Update)")
        try:
            # Shielded: the update is handled even if Telegram hangs up meanwhile.
            await asyncio.shield(intake.accept(update))
        except Exception as error:
            log.error("update was not accepted", error=type(error).__name__)
            return web.Response(status=503, headers=_RETRY_AFTER)
        return web.Response()

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"ok": healthy()}, status=200 if healthy() else 503)

    app = web.Application(client_max_size=_LARGEST)
    app.router.add_post(PATH, receive)
    app.router.add_get("/health", health)
    return app
