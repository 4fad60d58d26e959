"""SIGTERM and SIGINT: what was accepted is finished, the program ends soon, and the next run sends the rest."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from random import Random

import pytest

from sandbox.faults import Fault
from sandbox.server import Sandbox
from tests.dialogs.stage import GROUP
from tests.process.crowd import gather
from tests.process.program import COMMAND, UNTHROTTLED, Program, webhook_settings
from tests.process.records import Records, lane_of

SENDS = ("sendMessage", "createForumTopic")


@pytest.mark.slow
@pytest.mark.parametrize("intake", ["polling", "webhook"])
async def test_stops_under_load_and_goes_on(intake: str, sandbox: Sandbox, program: Program, records: Records) -> None:
    if intake == "webhook":
        program.settings |= webhook_settings()
    crowd = gather(sandbox, program.settings, Random(7), residents=24, every=2)
    running = await program.serve()  # with Telegram's limits: 12 cases are more than the group takes in a minute
    while crowd.to_say > 40:
        crowd.speak()
        await asyncio.sleep(0.002)
    await running.until(
        lambda: "received" in records.updates().values() or bool(records.updates()), "something arrived"
    )
    assert await running.stop() == 0

    states = records.updates()
    assert states
    assert set(states.values()) == {"done"}
    accepted = {f"telegram:{sandbox.settings.bot.id}:{number}" for number in _taken(sandbox)}
    assert accepted <= states.keys()
    assert records.unsent()

    running = await program.serve(UNTHROTTLED)
    assert not any(line["event"].startswith("the last run did not end") for line in running.logs())
    while crowd.to_say:
        crowd.speak()
    async with asyncio.timeout(30.0):
        await running.until(lambda: not sandbox.updates.pending and records.idle(), "everything was sent")
    assert await running.stop() == 0
    assert records.messages_of_residents() == crowd.spoken
    assert [person.user.first_name for person in crowd.residents if not crowd.heard_last(person)] == []
    assert _reached(sandbox) == records.sent_by_queue()


def _taken(sandbox: Sandbox) -> list[int]:
    """The updates that Telegram was told are taken."""
    first, following = sandbox.settings.first_update_id, sandbox.updates.next_id
    return [number for number in range(first, following) if number not in sandbox.updates.pending]


def _reached(sandbox: Sandbox) -> Counter[str]:
    """How many messages and topics reached each chat."""
    arrived = [call for method in SENDS for call in sandbox.transcript.of(method, ok=True)]
    chats = Counter(int(call.parameters["chat_id"]) for call in arrived)
    return Counter({"staff" if chat == GROUP else lane_of(chat): sent for chat, sent in chats.items()})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_stops_idle(number: signal.Signals, program: Program) -> None:
    running = await program.serve()
    started = time.monotonic()
    assert await running.stop(number) == 0
    assert time.monotonic() - started < 5.0
    assert "Traceback" not in running.err.read_text()


async def test_stops_while_telegram_does_not_answer(sandbox: Sandbox, program: Program, records: Records) -> None:
    running = await program.serve()
    sandbox.faults.add(Fault(count=None, delay_s=60.0))
    resident = sandbox.add_user("Budi")
    resident.send_text("KTP saya hilang, apa syaratnya?")
    await running.until(lambda: records.messages_of_residents() == 1, "the question was stored")
    assert await running.stop() == 0

    sandbox.faults.clear()
    running = await program.serve(UNTHROTTLED)
    await running.until(lambda: any("Dasar:" in text for text in resident.texts()), "the question was answered")


async def test_stops_while_starting(sandbox: Sandbox, program: Program) -> None:
    sandbox.faults.add(Fault(method="getMe", count=None, delay_s=60.0))
    running = await program.start("serve", command=COMMAND)
    await running.until(lambda: sandbox.transcript.counts["getMe"] > 0, "getMe was asked")
    assert await running.stop(within_s=5.0) == 0
    assert running.err.read_text() == ""


async def test_stops_while_telegram_refuses_the_token(sandbox: Sandbox, program: Program) -> None:
    running = await program.serve()
    sandbox.faults.add(Fault(method="getUpdates", count=None, status=401))
    sandbox.updates.release_poll()
    await running.logged("updates cannot be fetched")
    assert await running.stop(within_s=5.0) == 0


async def test_a_refused_start_is_no_crash(sandbox: Sandbox, program: Program) -> None:
    sandbox.faults.add(Fault(method="getMe", status=500))
    refused = await program.run("serve")
    assert refused.code == 2
    running = await program.serve()
    assert not any(line["event"].startswith("the last run did not end") for line in running.logs())
