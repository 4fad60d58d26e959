"""Webhook delivery: secret, order, retries, replies, pending updates."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from tests.sandbox.clients import Client, Json, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.person import Person
    from sandbox.server import Sandbox
    from tests.sandbox.conftest import RawClient


@dataclass
class Hook:
    """A bot's webhook; answers with `answers` in turn, then with 200."""

    url: str = ""
    secrets: list[str | None] = field(default_factory=list)
    bodies: list[Json] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    gates: dict[int, asyncio.Event] = field(default_factory=dict)
    busy: int = 0
    busiest: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        body: Json = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.bodies.append(body)
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        gate = self.gates.get(body["message"]["chat"]["id"])
        if gate is not None:
            await gate.wait()
        self.busy -= 1
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.bodies]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    target = Hook()
    app = web.Application()
    app.router.add_post("/hook", target.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    target.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield target
    for gate in target.gates.values():
        gate.set()
    await runner.cleanup()


def nothing_pending(sandbox: Sandbox) -> bool:
    return not sandbox.updates.pending


async def test_what_waited_is_delivered_first_and_with_the_secret(
    client: Client, sandbox: Sandbox, budi: Person, hook: Hook
) -> None:
    budi.send_text("menunggu")
    await client.call("setWebhook", url=hook.url, secret_token="Rahasia_1-2")
    budi.send_text("baru")
    await sandbox.wait_for(lambda: nothing_pending(sandbox))
    assert hook.texts() == ["menunggu", "baru"]
    assert hook.secrets == ["Rahasia_1-2"] * 2
    info = await client.call("getWebhookInfo")
    assert info["url"] == hook.url
    assert info["pending_update_count"] == 0
    assert "last_error_message" not in info


async def test_a_refused_update_is_repeated_and_holds_back_only_its_own_chat(
    raw: RawClient, sandbox: Sandbox, budi: Person, hook: Hook
) -> None:
    siti = sandbox.add_user("Siti")
    hook.answers = [web.Response(status=500), web.Response(status=503)]
    await raw.result("setWebhook", url=hook.url)
    budi.send_text("budi 1")
    await sandbox.wait_for(lambda: sandbox.webhook.last_error)
    info = await raw.result("getWebhookInfo")
    assert info["pending_update_count"] == 1
    assert info["last_error_message"].startswith("Wrong response from the webhook: 50")
    budi.send_text("budi 2")
    siti.send_text("siti")
    await sandbox.wait_for(lambda: nothing_pending(sandbox))
    texts = hook.texts()
    assert texts.count("budi 1") + texts.count("siti") == 4, "two answers were refusals"
    assert texts.index("budi 2") > max(i for i, text in enumerate(texts) if text == "budi 1")


async def test_one_stuck_chat_does_not_stop_another(raw: RawClient, sandbox: Sandbox, budi: Person, hook: Hook) -> None:
    siti = sandbox.add_user("Siti")
    hook.gates[budi.id] = asyncio.Event()
    await raw.result("setWebhook", url=hook.url)
    budi.send_text("macet")
    budi.send_text("di belakangnya")
    siti.send_text("lancar")
    await sandbox.wait_for(lambda: len(sandbox.updates.pending) == 2)
    assert sorted(hook.texts()) == ["lancar", "macet"]
    hook.gates[budi.id].set()
    await sandbox.wait_for(lambda: nothing_pending(sandbox))
    assert hook.texts()[-1] == "di belakangnya"


async def test_never_more_connections_than_allowed(raw: RawClient, sandbox: Sandbox, hook: Hook) -> None:
    people = [sandbox.add_user(f"Warga {number}") for number in range(6)]
    gate = asyncio.Event()
    hook.gates = {person.id: gate for person in people}
    await raw.result("setWebhook", url=hook.url, max_connections=2)
    for person in people:
        person.send_text("halo")
    waiting = asyncio.create_task(sandbox.wait_for(lambda: nothing_pending(sandbox)))
    gate.set()
    await waiting
    assert hook.busiest <= 2


async def test_retry_after_is_honoured(raw: RawClient, sandbox: Sandbox, budi: Person, hook: Hook) -> None:
    hook.answers = [web.Response(status=503, headers={"Retry-After": "0.3"})]
    await raw.result("setWebhook", url=hook.url)
    loop = asyncio.get_running_loop()
    began = loop.time()
    budi.send_text("halo")
    await sandbox.wait_for(lambda: nothing_pending(sandbox))
    assert loop.time() - began >= 0.3


def multipart(**fields: str) -> aiohttp.MultipartWriter:
    """A form in parts, the way aiogram answers a webhook."""
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in fields.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    return writer


async def test_a_reply_that_names_a_method_is_carried_out(
    raw: RawClient, sandbox: Sandbox, budi: Person, hook: Hook
) -> None:
    form = f"method=sendMessage&chat_id={budi.id}&text=lewat+formulir"
    hook.answers = [
        web.json_response({"method": "sendMessage", "chat_id": budi.id, "text": "lewat JSON"}),
        web.Response(text=form, content_type="application/x-www-form-urlencoded"),
        web.Response(body=multipart(method="sendMessage", chat_id=str(budi.id), text="lewat bagian")),
        web.json_response({"method": "sendMessage", "chat_id": 404, "text": "gagal"}),
    ]
    await raw.result("setWebhook", url=hook.url)
    for _ in range(4):
        budi.send_text("halo")
    await sandbox.wait_for(lambda: len(sandbox.transcript.of("sendMessage")) == 4)
    assert [text for text in budi.texts() if text.startswith("lewat")] == [
        "lewat JSON",
        "lewat formulir",
        "lewat bagian",
    ]
    assert sandbox.transcript.of("sendMessage", ok=False)[0].parameters["text"] == "gagal"


async def test_an_unreachable_webhook_keeps_updates(raw: RawClient, sandbox: Sandbox, budi: Person) -> None:
    await raw.result("setWebhook", url="http://127.0.0.1:9/hook")
    budi.send_text("halo")
    await sandbox.wait_for(lambda: sandbox.webhook.last_error)
    assert (await raw.result("getWebhookInfo"))["last_error_message"] == "Connection refused"
    await raw.result("deleteWebhook")
    _, answer = await raw.call("getUpdates")
    assert [update["message"]["text"] for update in answer["result"]] == ["halo"]


async def test_pending_updates_can_be_dropped(client: Client, sandbox: Sandbox, budi: Person, hook: Hook) -> None:
    budi.send_text("lama")
    await client.call("setWebhook", url=hook.url, drop_pending_updates=True)
    budi.send_text("baru")
    await sandbox.wait_for(lambda: nothing_pending(sandbox))
    assert hook.texts() == ["baru"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"url": "ftp://x"}, "bad webhook"),
        ({"url": "https://x.id", "secret_token": "tidak boleh spasi"}, "unallowed characters"),
    ],
)
async def test_unusable_webhooks_are_refused(client: Client, given: Json, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        await client.call("setWebhook", **given)
