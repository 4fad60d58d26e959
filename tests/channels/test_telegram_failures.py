"""Every way the Bot API says no, over HTTP, and what delivery is told."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest

from channels.telegram.outbound import TelegramSender
from conversation.errors import Cause, ChatMoved, DeliveryError, TryLater, Undeliverable
from conversation.outbound import Address, Call, Private, SendText

if TYPE_CHECKING:
    from aiogram import Bot

    from tests.channels.bot_api import FakeBotApi

SECRET = "NIK saya 1471990101010001"
CALL = Call(outbound=SendText(to=Private("5"), text=SECRET), address=Address("5"))


async def failure(bot: Bot) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await TelegramSender(bot).send(CALL)
    shown = "".join(traceback.format_exception(caught.value))
    assert SECRET not in shown
    assert "test-token" not in shown
    return caught.value


@pytest.mark.parametrize(
    ("status", "description", "cause"),
    [
        (403, "Forbidden: bot was blocked by the user", Cause.BLOCKED),
        (403, "Forbidden: user is deactivated", Cause.BLOCKED),
        (403, "Forbidden: bot can't initiate conversation with a user", Cause.BLOCKED),
        (403, "Forbidden: bot was kicked from the supergroup chat", Cause.REMOVED),
        (403, "Forbidden: bot is not a member of the supergroup chat", Cause.REMOVED),
        (403, "Forbidden: the group chat was deleted", Cause.REMOVED),
        (400, "Bad Request: message thread not found", Cause.TOPIC_GONE),
        (400, "Bad Request: TOPIC_DELETED", Cause.TOPIC_GONE),
        (400, "Bad Request: TOPIC_ID_INVALID", Cause.TOPIC_GONE),
        (400, "Bad Request: TOPIC_CLOSED", Cause.TOPIC_CLOSED),
        (
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
            Cause.NOT_MODIFIED,
        ),
        (400, "Bad Request: message to edit not found", Cause.MESSAGE_GONE),
        (400, "Bad Request: message can't be edited", Cause.MESSAGE_GONE),
        (400, "Bad Request: message to be replied not found", Cause.MESSAGE_GONE),
        (
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            Cause.EXPIRED,
        ),
        (400, "Bad Request: not enough rights to create a topic", Cause.NO_RIGHTS),
        (400, "Bad Request: not enough rights to send text messages to the chat", Cause.NO_RIGHTS),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", Cause.NO_RIGHTS),
        (400, "Bad Request: the chat is not a forum", Cause.NOT_A_FORUM),
        (400, "Bad Request: chat not found", Cause.REJECTED),
        (400, "Bad Request: BUTTON_DATA_INVALID", Cause.REJECTED),
        (403, "Forbidden: bot can't send messages to bots", Cause.REJECTED),
        (404, "Not Found: method not found", Cause.REJECTED),
        (413, "Request Entity Too Large", Cause.REJECTED),
        (400, "", Cause.REJECTED),
    ],
)
async def test_permanent(api: FakeBotApi, bot: Bot, status: int, description: str, cause: Cause) -> None:
    api.refuse("sendMessage", status, description)
    error = await failure(bot)
    assert isinstance(error, Undeliverable)
    assert error.cause is cause


@pytest.mark.parametrize(
    ("status", "body", "seconds", "words"),
    [
        (429, {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 7"}, 7, "slow down"),
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, 300, "LOKET_TELEGRAM_TOKEN"),
        (404, {"ok": False, "error_code": 404, "description": "Not Found"}, 300, "LOKET_TELEGRAM_TOKEN"),
        (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}, 0, "internal fault"),
        (502, {"ok": False, "error_code": 502}, 0, ""),
        (502, b"<html>Bad Gateway</html>", 0, "cannot be read"),
        (200, b"\xff\xfe", 0, "cannot be read"),
        (200, [1], 0, "cannot be read"),
    ],
)
async def test_temporary(
    api: FakeBotApi, bot: Bot, status: int, body: dict[str, object] | bytes | list[int], seconds: float, words: str
) -> None:
    api.tell("sendMessage", status, body)
    error = await failure(bot)
    assert isinstance(error, TryLater)
    assert (error.seconds, error.throttled) == (seconds, status == 429)
    assert words in str(error)


async def test_connection_lost(api: FakeBotApi, bot: Bot) -> None:
    api.hang_up("sendMessage")
    error = await failure(bot)
    assert isinstance(error, TryLater)
    assert str(error) == "Telegram cannot be reached (SendMessage)"


async def test_group_moved(api: FakeBotApi, bot: Bot) -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    api.refuse("sendMessage", 400, text, migrate_to_chat_id=-1009)
    error = await failure(bot)
    assert isinstance(error, ChatMoved)
    assert error.chat == "-1009"


@pytest.mark.parametrize(
    ("description", "shown"),
    [
        (f"Bad Request: can't parse link '{SECRET}'", "can't parse link"),
        (f"Bad Request: wrong thing: {SECRET}", "wrong thing"),
        (f'Bad Request: tag "{SECRET}" is odd', "tag"),
        (SECRET, "NIK saya"),
        ("Bad Request: BUTTON_DATA_INVALID", "BUTTON_DATA_INVALID"),
    ],
)
async def test_reasons_stop_where_a_description_may_quote(
    api: FakeBotApi, bot: Bot, description: str, shown: str
) -> None:
    for _ in range(2):  # refused formatting is tried once more without any
        api.refuse("sendMessage", 400, description)
    assert str(await failure(bot)) == f"Telegram refuses SendMessage: {shown}"
