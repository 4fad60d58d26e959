"""Blocking, kicking, migrating, privacy, anonymous administrators, chat information."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.errors import WorldError
from sandbox.person import Person, Place
from sandbox.state import Member
from tests.sandbox.clients import Client, Refused
from tests.sandbox.conftest import GROUP, RawClient

if TYPE_CHECKING:
    from sandbox.server import Sandbox


async def test_nobody_is_written_to_before_they_wrote(client: Client, sandbox: Sandbox) -> None:
    siti = sandbox.add_user("Siti")
    with pytest.raises(Refused, match="bot can't initiate conversation with a user") as refused:
        await client.call("sendMessage", chat_id=siti.id, text="x")
    assert refused.value.kind == "forbidden"
    siti.start("faq")
    assert (await client.call("sendMessage", chat_id=siti.id, text="x"))["chat"]["first_name"] == "Siti"
    with pytest.raises(Refused, match="chat not found"):
        await client.call("sendMessage", chat_id=404, text="x")


async def test_blocking_and_unblocking(client: Client, budi: Person) -> None:
    budi.block_bot()
    with pytest.raises(Refused, match="bot was blocked by the user") as refused:
        await client.call("sendMessage", chat_id=budi.id, text="x")
    assert refused.value.kind == "forbidden"
    with pytest.raises(WorldError, match="unblock it"):
        budi.send_text("halo")
    budi.unblock_bot()
    await client.call("sendMessage", chat_id=budi.id, text="x")
    statuses = [
        (u["my_chat_member"]["old_chat_member"]["status"], u["my_chat_member"]["new_chat_member"]["status"])
        for u in await client.call("getUpdates", timeout=0)
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_kicked_and_back(client: Client, sandbox: Sandbox, rina: Person) -> None:
    sandbox.kick_bot(GROUP)
    with pytest.raises(Refused, match="bot was kicked from the supergroup chat") as refused:
        await client.call("sendMessage", chat_id=GROUP, text="x")
    assert refused.value.kind == "forbidden"
    rina.send_text("bot tidak mendengar", Place(chat=GROUP))
    sandbox.add_bot(GROUP)
    updates = await client.call("getUpdates", timeout=0)
    assert [u["my_chat_member"]["new_chat_member"]["status"] for u in updates[:2]] == ["kicked", "administrator"]
    assert updates[2]["message"]["new_chat_members"][0]["id"] == sandbox.world.bot.id
    assert len(updates) == 3


async def test_leaving(client: Client, sandbox: Sandbox, rina: Person) -> None:
    assert await client.call("leaveChat", chat_id=GROUP) is True
    with pytest.raises(Refused, match="bot is not a member of the supergroup chat"):
        await client.call("sendMessage", chat_id=GROUP, text="x")


async def test_migration(client: Client, sandbox: Sandbox, rina: Person) -> None:
    group = sandbox.add_group("Petugas lama", kind="group", owner=rina.id, bot=Member("member"))
    new = sandbox.migrate_group(group.id)
    with pytest.raises(Refused) as refused:
        await client.call("sendMessage", chat_id=group.id, text="x")
    assert refused.value.kind == "migrated"
    assert refused.value.parameters == {"migrate_to_chat_id": new.id}
    first, second = (update["message"] for update in await client.call("getUpdates", timeout=0))
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (group.id, new.id)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new.id, group.id)
    await client.call("sendMessage", chat_id=new.id, text="x")


async def test_without_admin_rights_the_bot_hears_little(client: Client, sandbox: Sandbox, rina: Person) -> None:
    sandbox.set_standing(GROUP, sandbox.world.bot.id, Member("member"))
    sandbox.updates.drop_all()
    own = await client.call("sendMessage", chat_id=GROUP, text="dari bot")
    place = Place(chat=GROUP)
    for text in ("obrolan", "/antrean", "/antrean@loket_uji_bot", "/antrean@bot_lain", "halo @loket_uji_bot"):
        rina.send_text(text, place)
    rina.send_text("jawaban", Place(chat=GROUP, reply_to=own["message_id"]))
    rina.create_topic(GROUP, "Topik")
    heard = [u["message"].get("text", "notice") for u in await client.call("getUpdates", timeout=0)]
    assert heard == ["/antrean", "/antrean@loket_uji_bot", "jawaban", "notice"]


async def test_a_plain_message_in_the_bots_topic_is_no_reply_to_it(
    raw: RawClient, sandbox: Sandbox, rina: Person
) -> None:
    thread = (await raw.result("createForumTopic", chat_id=GROUP, name="Kasus"))["message_thread_id"]
    sandbox.set_standing(GROUP, sandbox.world.bot.id, Member("member"))
    sandbox.updates.drop_all()
    rina.send_text("obrolan", Place(chat=GROUP, topic=thread))
    assert not sandbox.updates.pending


async def test_anonymous_administrators(client: Client, sandbox: Sandbox, rina: Person) -> None:
    rina.send_text("tanpa nama", Place(chat=GROUP, anonymous=True))
    message = (await client.call("getUpdates", timeout=0))[0]["message"]
    assert message["from"]["id"] == 1087968824
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == GROUP
    member = sandbox.add_user("Andi")
    sandbox.join(GROUP, member.id)
    with pytest.raises(WorldError, match="only administrators"):
        member.send_text("x", Place(chat=GROUP, anonymous=True))


async def test_what_the_bot_can_learn_of_a_group(client: Client, sandbox: Sandbox, rina: Person) -> None:
    chat = await client.call("getChat", chat_id=GROUP)
    assert (chat["title"], chat["is_forum"]) == ("Petugas Loket", True)
    me = await client.call("getMe")
    own = await client.call("getChatMember", chat_id=GROUP, user_id=me["id"])
    assert own["status"] == "administrator"
    assert own["can_manage_topics"] is True
    assert own["can_promote_members"] is False
    admins = await client.call("getChatAdministrators", chat_id=GROUP)
    assert {admin["user"]["id"] for admin in admins} == {me["id"], rina.id}
    stranger = sandbox.add_user("Orang luar")
    assert (await client.call("getChatMember", chat_id=GROUP, user_id=stranger.id))["status"] == "left"
    with pytest.raises(Refused, match="participant_id_invalid"):
        await client.call("getChatMember", chat_id=GROUP, user_id=404)


async def test_command_menus(client: Client, rina: Person) -> None:
    menu = [("antrean", "Lihat antrean")]
    scope = {"type": "chat_member", "chat_id": GROUP, "user_id": rina.id}
    commands = [{"command": name, "description": text} for name, text in menu]
    given = commands if type(client).__name__ == "AiogramClient" else menu
    assert await client.call("setMyCommands", commands=given, scope=scope) is True
    assert await client.call("getMyCommands", scope=scope) == commands
    assert await client.call("getMyCommands") == []
    assert await client.call("deleteMyCommands", scope=scope) is True
    assert await client.call("getMyCommands", scope=scope) == []


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"command": "Antrean", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "a b", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "a", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "a", "description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_unusable_commands(raw: RawClient, command: dict[str, str], reason: str) -> None:
    assert await raw.refusal("setMyCommands", commands=[command]) == f"Bad Request: {reason}"
