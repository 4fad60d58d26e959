"""The bot's connection: raw updates, the webhook, and settings that are wrong."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession

from channels.telegram.client import (
    ALLOWED_UPDATES,
    SECRET_HEADER,
    build_bot,
    call_raw,
    carries_secret,
    delete_webhook,
    fetch_updates,
    set_webhook,
)
from conversation.errors import SettingsError, TryLater
from tests.channels.bot_api import TOKEN, FakeBotApi


async def test_updates_come_as_they_are_one_spoilt_one_among_them(api: FakeBotApi, bot: Bot) -> None:
    updates = [{"update_id": 1, "message": "spoilt"}, {"update_id": 2, "unheard_of": {}}, "no update at all"]
    api.tell("getUpdates", 200, {"ok": True, "result": updates})
    assert await fetch_updates(bot, 1, wait_seconds=0) == updates[:2]
    asked = {"timeout": 0, "limit": 100, "allowed_updates": list(ALLOWED_UPDATES), "offset": 1}
    assert api.sent("getUpdates") == [asked]
    assert asked["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "message_reaction",
    ]


async def test_the_first_fetch_names_no_offset(api: FakeBotApi, bot: Bot) -> None:
    api.tell("getUpdates", 200, {"ok": True, "result": []})
    assert await fetch_updates(bot, None) == []
    assert "offset" not in api.sent("getUpdates")[0]


@pytest.mark.parametrize(
    ("status", "body", "seconds", "words"),
    [
        (
            409,
            {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"},
            5,
            "another",
        ),
        (
            429,
            {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 9}},
            9,
            "9 s",
        ),
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, 300, "LOKET_TELEGRAM_TOKEN"),
        (502, b"<html>", 0, "internal fault"),
        (200, {"ok": True, "result": "odd"}, 0, "cannot be read"),
        (200, b"[]", 0, "cannot be read"),
    ],
)
async def test_a_fetch_that_fails_is_for_later(
    api: FakeBotApi, bot: Bot, status: int, body: dict[str, object] | bytes, seconds: float, words: str
) -> None:
    api.tell("getUpdates", status, body)
    with pytest.raises(TryLater, match=words) as caught:
        await fetch_updates(bot, None, wait_seconds=0)
    assert caught.value.seconds == seconds


async def test_a_lost_connection_does_not_tell_the_token(api: FakeBotApi, bot: Bot) -> None:
    api.hang_up("getUpdates")
    with pytest.raises(TryLater, match="cannot be reached") as caught:
        await fetch_updates(bot, None, wait_seconds=0)
    assert caught.value.__context__ is None


async def test_a_server_too_slow_is_for_later(api: FakeBotApi, bot: Bot) -> None:
    with pytest.raises(TryLater, match="cannot be reached"):
        await call_raw(bot, "getMe", seconds=1e-6)


async def test_webhook_is_set_with_its_secret_and_taken_away_keeping_updates(api: FakeBotApi, bot: Bot) -> None:
    await set_webhook(bot, "https://loket.example/telegram/webhook", "s3cret")
    await delete_webhook(bot)
    assert api.sent("setWebhook") == [
        {
            "url": "https://loket.example/telegram/webhook",
            "secret_token": "s3cret",
            "max_connections": 40,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
    ]
    assert api.sent("deleteWebhook") == [{"drop_pending_updates": False}]


@pytest.mark.parametrize(
    ("given", "secret", "genuine"),
    [
        ("s3cret", "s3cret", True),
        ("S3cret", "s3cret", False),
        ("", "s3cret", False),
        ("", "", False),
        ("é\ud800", "s", False),
    ],
)
def test_only_whoever_knows_the_secret_is_telegram(given: str, secret: str, genuine: bool) -> None:
    assert carries_secret({SECRET_HEADER: given}, secret) is genuine


@pytest.mark.parametrize(
    ("token", "url", "setting"),
    [
        ("no token", "https://api.telegram.org", "LOKET_TELEGRAM_TOKEN"),
        (TOKEN, "api.telegram.org", "LOKET_TELEGRAM_API_URL"),
    ],
)
def test_wrong_settings_are_named_without_the_token(token: str, url: str, setting: str) -> None:
    with pytest.raises(SettingsError, match=setting) as caught:
        build_bot(token, url)
    assert "no token" not in str(caught.value)


async def test_another_session_has_no_raw_calls() -> None:
    with pytest.raises(TypeError, match="build_bot"):
        await call_raw(Bot(TOKEN, session=AiohttpSession()), "getMe")
