"""Faults on purpose and Telegram's sending limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.errors import ApiError
from sandbox.faults import Fault
from sandbox.files import Upload
from sandbox.server import Sandbox
from sandbox.settings import RateLimits, SandboxSettings
from tests.sandbox.clients import Client, Refused
from tests.sandbox.conftest import GROUP
from tests.sandbox.pictures import png

if TYPE_CHECKING:
    from sandbox.person import Person


async def test_a_flood_answer_names_the_wait_and_is_used_up(client: Client, sandbox: Sandbox, budi: Person) -> None:
    sandbox.faults.add(Fault("sendMessage", chat_id=budi.id, status=429, retry_after=2))
    with pytest.raises(Refused) as refused:
        await client.call("sendMessage", chat_id=budi.id, text="x")
    assert refused.value.parameters == {"retry_after": 2}
    assert sandbox.faults.waiting == 0
    await client.call("sendMessage", chat_id=budi.id, text="x")
    assert budi.texts() == ["/start", "x"]


async def test_faults_choose_method_and_chat(client: Client, sandbox: Sandbox, budi: Person) -> None:
    sandbox.faults.add(
        Fault("sendmessage", chat_id=budi.id, count=2, status=403, description="bot was blocked by the user")
    )
    await client.call("sendMessage", chat_id=GROUP, text="lain")
    await client.call("sendChatAction", chat_id=budi.id, action="typing")
    for _ in range(2):
        with pytest.raises(Refused, match="bot was blocked by the user"):
            await client.call("sendMessage", chat_id=budi.id, text="x")
    await client.call("sendMessage", chat_id=budi.id, text="x")


async def test_carried_out_but_unseen(client: Client, sandbox: Sandbox, budi: Person) -> None:
    sandbox.faults.add(Fault("sendMessage", status=500, after=True))
    with pytest.raises(Refused):
        await client.call("sendMessage", chat_id=budi.id, text="terkirim juga")
    sandbox.faults.add(Fault("sendMessage", drop=True, after=True))
    with pytest.raises(Refused) as refused:
        await client.call("sendMessage", chat_id=budi.id, text="dan ini")
    assert refused.value.kind == "network"
    assert budi.texts() == ["/start", "terkirim juga", "dan ini"]
    calls = sandbox.transcript.of("sendMessage")
    assert [call.ok for call in calls] == [False, False]
    assert calls[1].dropped


async def test_a_cut_line_does_nothing(client: Client, sandbox: Sandbox, budi: Person) -> None:
    sandbox.faults.add(Fault(drop=True))
    with pytest.raises(Refused) as refused:
        await client.call("sendMessage", chat_id=budi.id, text="x")
    assert refused.value.kind == "network"
    assert budi.texts() == ["/start"]


async def test_a_group_migrates_under_the_bot(client: Client, sandbox: Sandbox, rina: Person) -> None:
    sandbox.faults.add(Fault("sendMessage", chat_id=GROUP, migrate=True))
    with pytest.raises(Refused) as refused:
        await client.call("sendMessage", chat_id=GROUP, text="x")
    new_id = refused.value.parameters["migrate_to_chat_id"]
    await client.call("sendMessage", chat_id=new_id, text="x")
    assert rina.texts(chat=new_id)[-1] == "x"


async def test_delays_let_the_call_through(client: Client, sandbox: Sandbox, budi: Person) -> None:
    sandbox.faults.add(Fault("sendMessage", delay_s=0.05))
    await client.call("sendMessage", chat_id=budi.id, text="x")
    call = sandbox.transcript.of("sendMessage")[0]
    assert call.ended_s is not None
    assert call.ended_s - call.at_s >= 0.05


@pytest.mark.parametrize("fields", [{"after": True}, {"retry_after": 3}, {"migrate": True}])
def test_faults_that_make_no_sense(fields: dict[str, bool]) -> None:
    with pytest.raises(ValueError, match=r"fault|belongs"):
        Fault(**fields)  # type: ignore[arg-type]


class Limited:
    """A sandbox with limits and a clock in hand."""

    def __init__(self, limits: RateLimits) -> None:
        self.now_s = 1000.0
        self.sandbox = Sandbox(SandboxSettings(rate_limits=limits), monotonic=lambda: self.now_s)

    async def send(self, chat_id: int) -> int:
        """0, or the seconds to wait."""
        try:
            await self.sandbox.api.call("sendMessage", {"chat_id": chat_id, "text": "x"})
        except ApiError as error:
            return int((error.parameters or {})["retry_after"])
        return 0


async def test_one_chat_gets_a_burst_then_one_a_second() -> None:
    limited = Limited(RateLimits())
    person = limited.sandbox.add_user("Budi")
    person.start()
    assert [await limited.send(person.id) for _ in range(4)] == [0, 0, 0, 1]
    limited.now_s += 1
    assert [await limited.send(person.id) for _ in range(2)] == [0, 1]


async def test_a_group_gets_twenty_a_minute() -> None:
    limited = Limited(RateLimits(chat_per_s=100, chat_burst=100))
    assert [await limited.send(GROUP) for _ in range(20)] == [0] * 20
    assert await limited.send(GROUP) == 60
    limited.now_s += 59
    assert await limited.send(GROUP) == 1
    limited.now_s += 1
    assert await limited.send(GROUP) == 0


async def test_thirty_a_second_overall() -> None:
    limited = Limited(RateLimits())
    people = [limited.sandbox.add_user(f"Warga {number}") for number in range(31)]
    for person in people:
        person.start()
    waits = [await limited.send(person.id) for person in people]
    assert waits == [0] * 30 + [1]


async def test_an_album_counts_each_item() -> None:
    limited = Limited(RateLimits(chat_per_s=100, chat_burst=100, group_per_minute=5))
    photo = limited.sandbox.add_user("Budi").send_file("photo", Upload(png()))["photo"][-1]["file_id"]
    album = [{"type": "photo", "media": photo}] * 4
    await limited.sandbox.api.call("sendMediaGroup", {"chat_id": GROUP, "media": album})
    assert [await limited.send(GROUP) for _ in range(2)] == [0, 60]
