"""The connection to Telegram: builds the bot, fetches raw updates, and sets or takes away the webhook."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any, Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientError, ClientTimeout

from channels.telegram.failures import refused, unreachable, unreadable
from conversation.errors import DeliveryError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: All that Telegram is to send; left unsaid, the previous setting would go on (Bot API: getUpdates, setWebhook).
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name, no secret

_CALL_SECONDS: Final = 20.0
_CONNECTIONS: Final = 64
#: Outlives the pauses of an office's traffic, so that a reply seldom waits for a TLS handshake.
_KEEPALIVE_SECONDS: Final = 75.0
_LONG_POLL_SECONDS: Final = 25


class TelegramSession(AiohttpSession):
    """aiogram's HTTP session against one Bot API server, with this office's timeouts and connection limit."""

    def __init__(self, api: TelegramAPIServer) -> None:
        super().__init__(api=api, timeout=_CALL_SECONDS, limit=_CONNECTIONS)
        self._connector_init["keepalive_timeout"] = _KEEPALIVE_SECONDS

    async def call(self, token: str, method: str, parameters: Mapping[str, Any], seconds: float) -> Any:
        """The raw `result` of a Bot API method; raises TryLater, ChatMoved or Undeliverable."""
        failure: DeliveryError
        try:
            client = await self.create_session()
            url = self.api.api_url(token=token, method=method)
            async with client.post(url, json=dict(parameters), timeout=ClientTimeout(total=seconds)) as response:
                status, body = response.status, await response.read()
        except (ClientError, OSError, TimeoutError):
            failure = unreachable(method)
        else:
            return _result(method, status, body)
        raise failure  # outside of `except`: the client's own error holds the URL, and that the token


def build_bot(token: str, api_url: str) -> Bot:
    """The client for one bot at `api_url` (Telegram's own, or a local Bot API server's); opens no connection yet."""
    if not api_url.startswith(("http://", "https://")):
        raise SettingsError(f"LOKET_TELEGRAM_API_URL: {api_url!r} is no http or https address")
    try:
        return Bot(token, session=TelegramSession(TelegramAPIServer.from_base(api_url)))
    except TokenValidationError:
        pass
    raise SettingsError("LOKET_TELEGRAM_TOKEN does not look like a bot token (digits, colon, letters)")


async def call_raw(
    bot: Bot, method: str, parameters: Mapping[str, Any] | None = None, *, seconds: float = _CALL_SECONDS
) -> Any:
    """The undecoded `result` of a method, for answers that aiogram's types would read too strictly."""
    if not isinstance(bot.session, TelegramSession):
        raise TypeError("the bot was not built by build_bot")
    return await bot.session.call(bot.token, method, parameters or {}, seconds)


async def fetch_updates(
    bot: Bot, offset: int | None, *, wait_seconds: int = _LONG_POLL_SECONDS, limit: int = 100
) -> list[dict[str, Any]]:
    """The updates from `offset` on, waiting up to `wait_seconds` for the first one (Bot API: getUpdates).

    Asking with an offset acknowledges everything before it. They come as plain JSON objects, so that one unreadable
    update does not cost its neighbours. Raises TryLater.
    """
    parameters: dict[str, Any] = {"timeout": wait_seconds, "limit": limit, "allowed_updates": list(ALLOWED_UPDATES)}
    if offset is not None:
        parameters["offset"] = offset
    updates = await call_raw(bot, "getUpdates", parameters, seconds=wait_seconds + _CALL_SECONDS)
    if not isinstance(updates, list):
        raise unreadable("getUpdates")
    return [update for update in updates if isinstance(update, dict)]


async def set_webhook(bot: Bot, url: str, secret: str, *, connections: int = 40) -> None:
    """Has Telegram post updates to `url` with `secret` in SECRET_HEADER; raises like `TelegramSession.call`."""
    parameters = {
        "url": url,
        "secret_token": secret,
        "max_connections": connections,
        "allowed_updates": list(ALLOWED_UPDATES),
    }
    await call_raw(bot, "setWebhook", parameters)


async def delete_webhook(bot: Bot) -> None:
    """Goes back to polling; updates still waiting at Telegram are kept."""
    await call_raw(bot, "deleteWebhook", {"drop_pending_updates": False})


def carries_secret(headers: Mapping[str, str], secret: str) -> bool:
    """Whether a webhook request comes from whoever was told the secret; never, where no secret is set."""
    given = headers.get(SECRET_HEADER, "")
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def _result(method: str, status: int, body: bytes) -> Any:
    try:
        answer = json.loads(body)
    except ValueError:  # also bytes that are no UTF-8
        answer = None
    if not isinstance(answer, dict):
        raise refused(method, status, "") if status >= 500 else unreadable(method)
    if answer.get("ok") is True:
        return answer.get("result")
    parameters = answer.get("parameters")
    hints = parameters if isinstance(parameters, dict) else {}
    raise refused(
        method,
        _number(answer.get("error_code")) or status,
        str(answer.get("description") or ""),
        retry_after=_number(hints.get("retry_after")),
        migrate_to=_number(hints.get("migrate_to_chat_id")),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
