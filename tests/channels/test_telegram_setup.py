"""What the bot finds out and says at start-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from channels.telegram.setup import BotIdentity, inspect_staff_chat, introduce, publish_commands
from conversation.errors import ChatMoved, TryLater
from tests.channels.updates import BOT, GROUP, STAFF_CHAT

if TYPE_CHECKING:
    from aiogram import Bot

    from tests.channels.bot_api import FakeBotApi

FORUM = GROUP
PLAIN = {**GROUP, "is_forum": False}
ADMIN = {"status": "administrator", "can_manage_topics": True}


def tell(api: FakeBotApi, group: dict[str, Any], member: dict[str, Any], **me: bool) -> None:
    api.tell("getMe", 200, {"ok": True, "result": {**BOT, **me}})
    api.tell("getChat", 200, {"ok": True, "result": group})
    api.tell("getChatMember", 200, {"ok": True, "result": {"user": BOT, **member}})


async def test_who_the_bot_is(api: FakeBotApi, bot: Bot) -> None:
    api.tell("getMe", 200, {"ok": True, "result": BOT})
    assert await introduce(bot) == BotIdentity(BOT["id"], "loket_bot", sees_all=False)


async def test_a_wrong_token_is_named(api: FakeBotApi, bot: Bot) -> None:
    api.refuse("getMe", 401, "Unauthorized")
    with pytest.raises(TryLater, match="LOKET_TELEGRAM_TOKEN"):
        await introduce(bot)


@pytest.mark.parametrize(
    ("group", "member", "sees_all", "missing"),
    [
        (FORUM, ADMIN, False, []),
        (FORUM, {"status": "creator"}, False, []),
        (FORUM, {"status": "administrator", "can_manage_topics": False}, False, ["can_manage_topics"]),
        (FORUM, {"status": "member"}, False, ["not an administrator", "privacy mode"]),
        (FORUM, {"status": "member"}, True, ["not an administrator"]),
        (PLAIN, ADMIN, False, ["no topics"]),
        (PLAIN, {"status": "administrator"}, False, ["no topics"]),
        (FORUM, {"status": "kicked"}, False, ["not a member"]),
        ({"id": 5, "type": "private"}, {"status": "member"}, False, ["not a group"]),
    ],
)
async def test_what_the_staff_group_lacks(
    api: FakeBotApi, bot: Bot, group: dict[str, Any], member: dict[str, Any], sees_all: bool, missing: list[str]
) -> None:
    tell(api, group, member, can_read_all_group_messages=sees_all)
    found = await inspect_staff_chat(bot, str(STAFF_CHAT))
    assert len(found.problems) == len(missing)
    assert all(words in problem.log for words, problem in zip(missing, found.problems, strict=True))
    assert all(problem.notice.endswith(".") for problem in found.problems)
    assert (found.chat, found.is_forum) == (str(STAFF_CHAT), group.get("is_forum", False))


async def test_a_group_that_cannot_be_opened_is_a_problem_not_an_error(api: FakeBotApi, bot: Bot) -> None:
    api.tell("getMe", 200, {"ok": True, "result": BOT})
    api.refuse("getChat", 400, "Bad Request: chat not found")
    found = await inspect_staff_chat(bot, "-1")
    assert [problem.log.split(":")[0] for problem in found.problems] == ["the staff group cannot be opened"]


async def test_a_group_that_moved_tells_where(api: FakeBotApi, bot: Bot) -> None:
    api.tell("getMe", 200, {"ok": True, "result": BOT})
    api.refuse("getChat", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=STAFF_CHAT)
    with pytest.raises(ChatMoved) as caught:
        await inspect_staff_chat(bot, "-4455")
    assert caught.value.chat == str(STAFF_CHAT)


async def test_menus(api: FakeBotApi, bot: Bot) -> None:
    assert await publish_commands(bot, str(STAFF_CHAT)) == ()
    residents, staff = api.sent("setMyCommands")
    assert residents["scope"] == {"type": "all_private_chats"}
    assert [item["command"] for item in residents["commands"]] == ["start", "bantuan", "petugas", "status"]
    assert staff["scope"] == {"type": "chat", "chat_id": STAFF_CHAT}
    listed = [item["command"] for item in staff["commands"]]
    assert listed == ["antrean", "ambil", "kasus", "kartu", "balas", "bantuan"]


async def test_menus_that_fail_are_told_and_do_not_stop_the_rest(api: FakeBotApi, bot: Bot) -> None:
    api.refuse("setMyCommands", 400, "Bad Request: chat not found")
    failed = await publish_commands(bot, str(STAFF_CHAT))
    assert failed == (
        "the command menu of private chats was not published: Telegram refuses setMyCommands: chat not found",
    )
    assert len(api.sent("setMyCommands")) == 2
    assert await publish_commands(bot, None) == ()
