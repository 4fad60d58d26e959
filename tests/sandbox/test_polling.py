"""getUpdates: confirmation, waiting, kinds and conflicts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from sandbox.person import Person, Place
from tests.sandbox.clients import Client, Refused
from tests.sandbox.conftest import GROUP, RawClient

if TYPE_CHECKING:
    from sandbox.server import Sandbox


async def test_updates_come_again_until_the_offset_passes_them(client: Client, budi: Person) -> None:
    for text in ("satu", "dua", "tiga"):
        budi.send_text(text)
    first = await client.call("getUpdates", timeout=0)
    again = await client.call("getUpdates", timeout=0, limit=2)
    assert [update["message"]["text"] for update in first] == ["satu", "dua", "tiga"]
    assert [update["update_id"] for update in again] == [update["update_id"] for update in first[:2]]

    rest = await client.call("getUpdates", offset=first[1]["update_id"] + 1, timeout=0)
    assert [update["message"]["text"] for update in rest] == ["tiga"]
    assert [u["message"]["text"] for u in await client.call("getUpdates", timeout=0)] == ["tiga"]


async def test_ids_rise_from_the_given_start(client: Client, sandbox: Sandbox, budi: Person) -> None:
    start = sandbox.updates.next_id
    budi.send_text("a")
    budi.send_text("b")
    assert [u["update_id"] for u in await client.call("getUpdates", timeout=0)] == [start, start + 1]


async def test_negative_offset_forgets_all_but_the_last(client: Client, sandbox: Sandbox, budi: Person) -> None:
    for text in ("satu", "dua", "tiga"):
        budi.send_text(text)
    last = await client.call("getUpdates", offset=-1, timeout=0)
    assert [u["message"]["text"] for u in last] == ["tiga"]
    assert len(sandbox.updates.pending) == 1


async def test_a_waiting_poll_returns_when_somebody_writes(client: Client, sandbox: Sandbox, budi: Person) -> None:
    poll = asyncio.create_task(client.call("getUpdates", timeout=30))
    await sandbox.wait_for(lambda: sandbox.transcript.of("getUpdates"))
    budi.send_text("halo")
    updates = await asyncio.wait_for(poll, 2)
    assert updates[0]["message"]["from"] == budi.user.wire()


async def test_the_earlier_of_two_polls_ends_with_conflict(client: Client, sandbox: Sandbox, budi: Person) -> None:
    earlier = asyncio.create_task(client.call("getUpdates", timeout=30))
    await sandbox.wait_for(lambda: sandbox.transcript.of("getUpdates"))
    later = asyncio.create_task(client.call("getUpdates", timeout=30))
    with pytest.raises(Refused) as refused:
        await earlier
    assert refused.value.kind == "conflict"
    assert "terminated by other getupdates request" in str(refused.value)
    budi.send_text("halo")
    assert len(await later) == 1


async def test_kinds_are_remembered_and_leave_waiting_updates_alone(
    client: Client, sandbox: Sandbox, budi: Person
) -> None:
    budi.send_text("sebelum")
    await client.call("getUpdates", timeout=0, allowed_updates=["callback_query", "message_reaction"])
    budi.send_text("tidak diminta")
    budi.react(1, "👍")
    kinds = [sorted(set(u) - {"update_id"}) for u in await client.call("getUpdates", timeout=0)]
    assert kinds == [["message"], ["message_reaction"]]
    assert sandbox.updates.allowed == {"callback_query", "message_reaction"}


async def test_reactions_and_members_come_only_on_request(raw: RawClient, sandbox: Sandbox, rina: Person) -> None:
    message = rina.send_text("x", Place(chat=GROUP))
    sandbox.updates.drop_all()
    rina.react(message["message_id"], "👍", chat=GROUP)
    newcomer = sandbox.add_user("Andi")
    sandbox.join(GROUP, newcomer.id)
    pending = [set(update.body) for update in sandbox.updates.pending.values()]
    assert pending == [{"update_id", "message"}], "only the notice of joining"

    await raw.result("getUpdates", offset=-1, allowed_updates=["message_reaction", "chat_member"])
    sandbox.updates.drop_all()
    rina.react(message["message_id"], None, chat=GROUP)
    sandbox.join(GROUP, sandbox.add_user("Dewi").id)
    pending = [set(update.body) - {"update_id"} for update in sandbox.updates.pending.values()]
    assert pending == [{"message_reaction"}, {"chat_member"}]


async def test_polling_conflicts_with_a_webhook(client: Client, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(client.call("getUpdates", timeout=30))
    await sandbox.wait_for(lambda: sandbox.transcript.of("getUpdates"))
    await client.call("setWebhook", url="http://127.0.0.1:9/hook")
    with pytest.raises(Refused, match="setwebhook"):
        await poll
    with pytest.raises(Refused, match="webhook is active"):
        await client.call("getUpdates", timeout=0)
    await client.call("deleteWebhook")
    assert await client.call("getUpdates", timeout=0) == []


async def test_updates_are_passed_on_word_for_word(raw: RawClient, sandbox: Sandbox) -> None:
    body: dict[str, object] = {"update_id": 7, "message": {"no": ["sense", None]}}
    sandbox.inject_update(body)
    _, answer = await raw.call("getUpdates")
    assert answer["result"] == [body]
