"""The way out: carries out one Call through the Bot API and reports what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiogram.exceptions import AiogramError, ClientDecodeError
from aiogram.methods import SendMediaGroup, TelegramMethod

from channels.telegram.failures import from_aiogram, is_unformattable
from channels.telegram.methods import methods_for
from channels.telegram.splitting import to_plain
from conversation.errors import TryLater
from conversation.outbound import Call, EditText, Receipt

if TYPE_CHECKING:
    from aiogram import Bot

#: Beyond this many half-sent calls the oldest is forgotten; it would start over.
_REMEMBERED: Final = 256


class TelegramSender:
    """Sends calls for one bot.

    A call may take several messages. When a later one has to wait, what went out already is remembered, so that the
    same call, sent again, goes on from there instead of repeating itself.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._begun: dict[Call, list[object]] = {}

    async def send(self, call: Call) -> Receipt:
        """Carries out the call; raises TryLater, ChatMoved or Undeliverable (`conversation.errors`)."""
        results = self._begun.pop(call, [])
        for method in methods_for(call)[len(results) :]:
            try:
                results.append(await self._do(method))
            except TryLater:
                if results:
                    self._remember(call, results)
                raise
        return _receipt(call, results)

    async def _do(self, method: TelegramMethod[Any]) -> object:
        failure: Exception
        try:
            return await self._bot(method)
        except (AiogramError, OSError, TypeError, ValueError) as error:
            failure = error
        if isinstance(failure, ClientDecodeError) and isinstance(failure.data, dict) and failure.data.get("ok"):
            # Telegram did it and describes it in a shape this aiogram does not know: sending it again would double it.
            return failure.data.get("result")
        plain = _without_formatting(method) if is_unformattable(failure) else None
        if plain is not None:
            return await self._do(plain)
        # Raised outside of `except`, so that no traceback drags along aiogram's error, which holds the text sent.
        raise from_aiogram(failure, type(method).__name__)

    def _remember(self, call: Call, results: list[object]) -> None:
        self._begun[call] = results
        if len(self._begun) > _REMEMBERED:
            del self._begun[next(iter(self._begun))]


def _receipt(call: Call, results: list[object]) -> Receipt:
    if isinstance(call.outbound, EditText):
        return Receipt((call.target,)) if call.target is not None else Receipt()
    ids: list[int] = []
    topic: int | None = None
    for result in results:
        for item in result if isinstance(result, list) else [result]:
            if (message := _number(item, "message_id")) is not None:
                ids.append(message)
            elif (thread := _number(item, "message_thread_id")) is not None:
                topic = thread
    return Receipt(tuple(ids), topic)


def _number(result: object, name: str) -> int | None:
    found = result.get(name) if isinstance(result, dict) else getattr(result, name, None)
    return found if isinstance(found, int) else None


def _without_formatting(method: TelegramMethod[Any]) -> TelegramMethod[Any] | None:
    """The same call in plain words; None when it has no formatting to take away."""
    if isinstance(method, SendMediaGroup):
        media = [_plain_fields(item) for item in method.media]
        return method.model_copy(update={"media": media}) if media != list(method.media) else None
    plain = _plain_fields(method)
    return plain if plain is not method else None


def _plain_fields(item: Any) -> Any:
    if getattr(item, "parse_mode", None) != "HTML":
        return item
    texts = {name: to_plain(text) for name in ("text", "caption") if isinstance(text := getattr(item, name, None), str)}
    return item.model_copy(update={**texts, "parse_mode": None})
