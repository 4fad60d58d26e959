"""Topics of the staff forum."""

from __future__ import annotations

import pytest

from sandbox.errors import WorldError
from sandbox.person import Person, Place
from sandbox.server import Sandbox
from sandbox.settings import SandboxSettings
from sandbox.state import Member
from tests.sandbox.clients import Client, Refused
from tests.sandbox.conftest import GROUP, RawClient


async def test_messages_in_a_topic_answer_its_first_message(client: Client, sandbox: Sandbox, rina: Person) -> None:
    topic = await client.call("createForumTopic", chat_id=GROUP, name="PKU-2026-000001", icon_color=0x8EEE98)
    thread = topic["message_thread_id"]
    assert topic["icon_color"] == 0x8EEE98
    assert not sandbox.updates.pending, "the bot does not hear of its own acts"

    card = await client.call("sendMessage", chat_id=GROUP, message_thread_id=thread, text="kartu")
    assert card["is_topic_message"] is True
    assert card["reply_to_message"]["forum_topic_created"]["name"] == "PKU-2026-000001"

    rina.send_text("saya lihat", Place(chat=GROUP, topic=thread))
    rina.send_text("ini jawabannya", Place(chat=GROUP, reply_to=card["message_id"]))
    plain, reply = (update["message"] for update in await client.call("getUpdates", timeout=0))
    assert plain["message_thread_id"] == reply["message_thread_id"] == thread
    assert plain["reply_to_message"]["message_id"] == thread
    assert reply["reply_to_message"]["message_id"] == card["message_id"]
    assert "reply_to_message" not in reply["reply_to_message"]
    assert [m.get("text") for m in rina.messages(chat=GROUP, topic=thread)][1:] == [
        "kartu",
        "saya lihat",
        "ini jawabannya",
    ]


async def test_outside_topics_a_reply_carries_a_thread_that_is_no_topic(
    client: Client, sandbox: Sandbox, rina: Person
) -> None:
    said = await client.call("sendMessage", chat_id=GROUP, text="pengumuman")
    rina.send_text("siap", Place(chat=GROUP, reply_to=said["message_id"]))
    message = (await client.call("getUpdates", timeout=0))[0]["message"]
    assert message["message_thread_id"] == said["message_id"]
    assert not message.get("is_topic_message")
    with pytest.raises(Refused, match="message thread not found"):
        await client.call(
            "sendMessage", chat_id=GROUP, message_thread_id=message["message_thread_id"], text="ke topik tak ada"
        )


async def test_closed_topics(client: Client, rina: Person) -> None:
    thread = (await client.call("createForumTopic", chat_id=GROUP, name="Kasus"))["message_thread_id"]
    here = {"chat_id": GROUP, "message_thread_id": thread}
    assert await client.call("closeForumTopic", **here) is True
    with pytest.raises(Refused, match="topic_closed"):
        await client.call("sendMessage", **here, text="x")
    with pytest.raises(Refused, match="topic_not_modified"):
        await client.call("closeForumTopic", **here)
    rina.send_text("admin boleh", Place(chat=GROUP, topic=thread))
    assert await client.call("reopenForumTopic", **here) is True
    await client.call("sendMessage", **here, text="x")


async def test_closed_topics_as_lenient_as_the_apps() -> None:
    lenient = Sandbox(SandboxSettings(closed_topics_refuse_admins=False))
    member = lenient.add_user("Andi")
    lenient.join(GROUP, member.id)
    created = await lenient.api.call("createForumTopic", {"chat_id": GROUP, "name": "Kasus"})
    thread = created.result["message_thread_id"]
    await lenient.api.call("closeForumTopic", {"chat_id": GROUP, "message_thread_id": thread})
    await lenient.api.call("sendMessage", {"chat_id": GROUP, "message_thread_id": thread, "text": "boleh"})
    with pytest.raises(WorldError, match="is closed"):
        member.send_text("tidak boleh", Place(chat=GROUP, topic=thread))


async def test_deleted_topics(client: Client, sandbox: Sandbox, rina: Person) -> None:
    thread = (await client.call("createForumTopic", chat_id=GROUP, name="Kasus"))["message_thread_id"]
    here = {"chat_id": GROUP, "message_thread_id": thread}
    card = await client.call("sendMessage", **here, text="kartu")
    rina.delete_topic(GROUP, thread)
    assert not sandbox.updates.pending, "nobody tells the bot"
    with pytest.raises(Refused, match="message thread not found"):
        await client.call("sendMessage", **here, text="x")
    with pytest.raises(Refused, match="message to edit not found"):
        await client.call("editMessageText", chat_id=GROUP, message_id=card["message_id"], text="x")
    with pytest.raises(Refused, match="topic_deleted"):
        await client.call("closeForumTopic", **here)
    with pytest.raises(Refused, match="topic_id_invalid"):
        await client.call("closeForumTopic", chat_id=GROUP, message_thread_id=9999)


async def test_renaming(client: Client, sandbox: Sandbox, rina: Person) -> None:
    thread = (await client.call("createForumTopic", chat_id=GROUP, name="Kasus"))["message_thread_id"]
    here = {"chat_id": GROUP, "message_thread_id": thread}
    await client.call("editForumTopic", **here, name="Kasus selesai")
    assert sandbox.world.chat(GROUP).topics[thread].name == "Kasus selesai"
    with pytest.raises(Refused, match="topic_not_modified"):
        await client.call("editForumTopic", **here, name="Kasus selesai")
    assert rina.messages(chat=GROUP, topic=thread)[-1]["forum_topic_edited"] == {"name": "Kasus selesai"}


@pytest.mark.parametrize("name", ["", "  ", "x" * 129])
async def test_topic_names(raw: RawClient, name: str) -> None:
    assert "BAD REQUEST: TOPIC" in (await raw.refusal("createForumTopic", chat_id=GROUP, name=name)).upper()


async def test_rights_and_kinds_of_chat(raw: RawClient, sandbox: Sandbox, budi: Person) -> None:
    plain = sandbox.add_group("Tanpa topik", kind="supergroup")
    assert "the chat is not a forum" in await raw.refusal("createForumTopic", chat_id=plain.id, name="x")
    assert "the chat is not a forum" in await raw.refusal("createForumTopic", chat_id=budi.id, name="x")
    sandbox.set_standing(GROUP, sandbox.world.bot.id, Member("administrator", frozenset({"can_manage_chat"})))
    said = await raw.refusal("createForumTopic", chat_id=GROUP, name="x")
    assert said == "Bad Request: not enough rights to create a topic"
    said = await raw.refusal("createForumTopic", chat_id=GROUP, name="x", icon_color=1)
    assert said == "Bad Request: not enough rights to create a topic"


async def test_people_open_topics_too(client: Client, sandbox: Sandbox, rina: Person) -> None:
    topic = rina.create_topic(GROUP, "Rapat")
    rina.close_topic(GROUP, topic.id)
    kinds = [sorted(update["message"]) for update in await client.call("getUpdates", timeout=0)]
    assert "forum_topic_created" in kinds[0]
    assert "forum_topic_closed" in kinds[1]
    outsider = sandbox.add_user("Orang luar")
    with pytest.raises(WorldError, match="belongs to"):
        outsider.close_topic(GROUP, topic.id)
    with pytest.raises(WorldError, match="is not in chat"):
        outsider.messages(chat=GROUP)
