"""People's side over HTTP: acts, reading, live events, faults and the page itself."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from yarl import URL

from sandbox.cast import invite_cast
from tests.sandbox.conftest import GROUP
from tests.sandbox.pictures import png

if TYPE_CHECKING:
    from sandbox.person import Person
    from sandbox.server import Sandbox
    from tests.sandbox.conftest import RawClient

PAGE = Path(__file__).parents[2] / "sandbox" / "page"


@pytest.fixture
async def web(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.api_url) as session:
        yield session


async def do(web: aiohttp.ClientSession, act: str, **given: Any) -> Any:
    """The result of an act that must succeed."""
    async with web.post(f"/sandbox/do/{act}", json=given) as response:
        answer = await response.json()
        assert response.status == 200, answer
        return answer["result"]


async def get(web: aiohttp.ClientSession, path: str) -> Any:
    async with web.get(path) as response:
        assert response.status == 200
        return await response.json()


async def test_a_conversation_from_another_process(
    web: aiohttp.ClientSession, raw: RawClient, sandbox: Sandbox
) -> None:
    siti = (await do(web, "add_user", first_name="Siti"))["id"]
    await do(web, "send_text", user=siti, text="halo")
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    sent = await raw.result("sendMessage", chat_id=siti, text="Betul?", reply_markup=keyboard)
    press = asyncio.create_task(do(web, "press", user=siti, message_id=sent["message_id"], label="Ya"))
    await sandbox.wait_for(lambda: len(sandbox.updates.pending) == 2)
    query = list(sandbox.updates.pending.values())[-1].body["callback_query"]
    await raw.result("answerCallbackQuery", callback_query_id=query["id"], text="Baik")
    assert await press == {"text": "Baik", "show_alert": False, "url": None}

    await do(web, "edit_text", user=siti, message_id=1, text="halo lagi")
    await do(web, "react", user=siti, message_id=sent["message_id"], emoji="🙏")
    shown = await get(web, f"/sandbox/chats/{siti}/messages?as={siti}")
    assert [message["text"] for message in shown] == ["halo lagi", "Betul?"]
    assert shown[1]["reactions"] == {"🙏": 1}
    recorded = await get(web, "/sandbox/transcript?after=1")
    assert recorded["counts"] == {"sendMessage": 1, "answerCallbackQuery": 1}
    assert [call["method"] for call in recorded["calls"]] == ["answerCallbackQuery"]


async def test_files_and_albums_go_as_multipart(web: aiohttp.ClientSession, sandbox: Sandbox, budi: Person) -> None:
    form = aiohttp.FormData({"user": str(budi.id), "kind": "photo", "caption": "KTP", "spoiler": "true"})
    form.add_field("file", png(), filename="ktp.png", content_type="image/png")
    async with web.post("/sandbox/do/send_file", data=form) as response:
        sent = (await response.json())["result"]
    assert sent["has_media_spoiler"] is True
    async with web.get(f"/sandbox/files/{sent['photo'][-1]['file_id']}") as response:
        assert await response.read() == png()
        assert response.content_type == "image/png"

    album = aiohttp.FormData({"user": str(budi.id), "kind": "document"})
    for number in range(3):
        album.add_field(f"file{number}", b"isi", filename=f"{number}.pdf", content_type="application/pdf")
    async with web.post("/sandbox/do/send_album", data=album) as response:
        assert len((await response.json())["result"]) == 3
    async with web.get(f"/sandbox/files/{budi.messages()[-1]['document']['file_id']}") as response:
        assert response.headers["Content-Disposition"] == "attachment"


async def test_groups_topics_and_the_bots_standing(web: aiohttp.ClientSession, sandbox: Sandbox, rina: Person) -> None:
    topic = await do(web, "change_topic", user=rina.id, chat=GROUP, change="create", name="Rapat")
    await do(web, "send_text", user=rina.id, text="mulai", chat=GROUP, topic=topic["id"], anonymous=True)
    await do(web, "change_topic", user=rina.id, chat=GROUP, change="close", topic=topic["id"])
    known = await get(web, "/sandbox/world")
    group = next(chat for chat in known["chats"] if chat["id"] == GROUP)
    assert group["topics"][0]["closed"] is True
    await do(web, "change_topic", user=rina.id, chat=GROUP, change="delete", topic=topic["id"])
    await do(web, "change_bot", chat=GROUP, change="rights", rights=[])
    assert sandbox.world.chat(GROUP).member(sandbox.world.bot.id).status == "member"
    await do(web, "change_bot", chat=GROUP, change="kick")
    await do(web, "change_bot", chat=GROUP, change="add")
    new = await do(web, "migrate_group", chat=GROUP)
    assert new["id"] != GROUP


@pytest.mark.parametrize(
    ("act", "given", "status", "text"),
    [
        ("dance", {}, 404, "no such act"),
        ("send_text", {"user": 404, "text": "x"}, 409, "no user 404"),
        ("send_text", {"text": "x"}, 400, "user"),
        ("press", {"user": 5001, "message_id": 1, "label": "Ya"}, 409, "has no button"),
        ("change_bot", {"chat": GROUP, "change": "praise"}, 400, "kick, add or rights"),
    ],
)
async def test_impossible_acts_say_why(
    web: aiohttp.ClientSession, budi: Person, act: str, given: dict[str, Any], status: int, text: str
) -> None:
    async with web.post(f"/sandbox/do/{act}", json=given) as response:
        assert response.status == status
        assert text in (await response.json())["error"]


async def test_live_events(web: aiohttp.ClientSession, sandbox: Sandbox, budi: Person) -> None:
    async with web.get("/sandbox/events") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")
        budi.send_text("halo")
        data = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 2)
        event = json.loads(data.removeprefix(b"data: "))
        assert event["event"] == "message"
        assert event["message"]["text"] == "halo"
        assert event["message"]["sender_id"] == budi.id


async def test_faults_and_raw_updates_from_another_process(
    web: aiohttp.ClientSession, raw: RawClient, sandbox: Sandbox, budi: Person
) -> None:
    async with web.post("/sandbox/faults", json={"method": "sendMessage", "status": 429, "retry_after": 5}) as response:
        assert response.status == 200
    status, answer = await raw.call("sendMessage", {"chat_id": budi.id, "text": "x"})
    assert (status, answer["parameters"]) == (429, {"retry_after": 5})
    async with web.post("/sandbox/faults", json={"metod": "x"}) as response:
        assert response.status == 400
    async with web.post("/sandbox/updates", json={"update_id": 1, "nonsense": True}) as response:
        assert response.status == 200
    assert [update.body for update in sandbox.updates.pending.values()] == [{"update_id": 1, "nonsense": True}]


async def test_the_page_is_served_whole_and_reaches_nobody_else(web: aiohttp.ClientSession) -> None:
    async with web.get("/") as response:
        html = await response.text()
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', html):
        async with web.get(path) as response:
            assert response.status == 200, path
    for source in PAGE.iterdir():
        text = source.read_text("utf-8")
        for imported in re.findall(r'from "\./([^"]+)"', text):
            assert (PAGE / imported).exists(), f"{source.name} imports {imported}"
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text), source.name
        hosts = set(re.findall(r"https?://([\w.-]+)", text))
        assert hosts <= {"www.w3.org"}, source.name


@pytest.mark.parametrize("name", ["..%2Fpage%2Fapp.js", "%2Fetc%2Fhostname.js", "nothing.js", "server.py"])
async def test_only_the_pages_own_files_are_served(web: aiohttp.ClientSession, name: str) -> None:
    async with web.get(URL(f"/page/{name}", encoded=True)) as response:
        assert response.status == 404


async def test_a_cast_to_try_with(sandbox: Sandbox) -> None:
    invite_cast(sandbox)
    people = [user for user in sandbox.world.users.values() if not user.is_bot]
    assert len(people) == 6
    invite_cast(sandbox)
    assert len(sandbox.world.users) == 7, "nobody is invited twice"
    assert sandbox.world.chat(GROUP).member(6001).is_admin
