"""kill -9 at any moment: nothing is lost, no case is opened twice, and only what was being sent may be sent twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest

from sandbox.server import Sandbox
from sandbox.transcript import Call
from tests.dialogs.stage import GROUP
from tests.process.crowd import Crowd, gather
from tests.process.program import UNTHROTTLED, Program, Running, webhook_settings
from tests.process.records import Records, lane_of

RESIDENTS = 50
KILLS = 10
SENDS = ("sendMessage", "createForumTopic")
_QUIET_WITHIN_S = 40.0


@dataclass(slots=True)
class Wire:
    """What reached Telegram, life by life, beside what the program knew to be sent when each life ended."""

    sandbox: Sandbox
    records: Records
    ends: list[int] = field(default_factory=list)
    known: list[Counter[str]] = field(default_factory=list)

    def life_ended(self) -> None:
        """Notes the end of a life; calls still on their way in the kernel belong to it too (see `lives`)."""
        self.ends.append(self.sandbox.transcript.calls[-1].order if self.sandbox.transcript.calls else 0)
        self.known.append(self.records.sent_by_queue())

    def lives(self) -> Sequence[Counter[str]]:
        """What reached Telegram in each life, by queue; a life begins with the first getMe after the last one's end."""
        calls = self.sandbox.transcript.calls
        after_all = calls[-1].order + 1
        starts = [
            next((call.order for call in calls if call.order > end and call.method == "getMe"), after_all)
            for end in self.ends[:-1]
        ]
        return [
            Counter(_queue(call) for call in calls if start <= call.order < following and _arrived(call))
            for start, following in pairwise([0, *starts, after_all])
        ]


def _arrived(call: Call) -> bool:
    return call.method in SENDS and call.ended_s is not None and call.error is None


def _queue(call: Call) -> str:
    """The outbox queue a call came from: a resident's chat, or the staff group."""
    chat = int(call.parameters["chat_id"])
    return "staff" if chat == GROUP else lane_of(chat)


@pytest.mark.slow
@pytest.mark.parametrize("intake", ["polling", "webhook"])
async def test_nothing_is_lost_when_killed(intake: str, sandbox: Sandbox, program: Program, records: Records) -> None:
    if intake == "webhook":
        program.settings |= webhook_settings()
    chance = Random(20261122)
    crowd = gather(sandbox, program.settings, chance, residents=RESIDENTS)
    assert crowd.to_say == RESIDENTS * 6
    wire = Wire(sandbox, records)
    for kills_left in range(KILLS, 0, -1):
        running = await program.start("serve", command=UNTHROTTLED)
        speaking = asyncio.create_task(_speak(crowd, crowd.to_say // (kills_left + 1)))
        await _strike(sandbox, running, chance)
        await speaking
        wire.life_ended()
    running = await program.serve(UNTHROTTLED)
    await _speak(crowd, crowd.to_say)
    crowd.take_a_case()
    async with asyncio.timeout(_QUIET_WITHIN_S):
        await running.until(lambda: not sandbox.updates.pending and records.idle(), "everything was sent")
    assert await running.stop() == 0
    wire.life_ended()

    assert crowd.spoken == RESIDENTS * 6
    assert crowd.presses
    _check_nothing_lost(sandbox, crowd, records)
    _check_cases(crowd, records)
    _check_doubles(wire)


async def _speak(crowd: Crowd, messages: int) -> None:
    for _ in range(messages):
        crowd.speak()
        await asyncio.sleep(crowd.chance.uniform(0, 0.02))


async def _strike(sandbox: Sandbox, running: Running, chance: Random) -> None:
    """Kills while starting up, some time after, or in a send: just when a message has reached Telegram."""
    manner = chance.random()
    if manner < 0.2:
        await asyncio.sleep(chance.uniform(0.5, 1.5))
    else:
        await running.ready()
        before, enough = _sends(sandbox), chance.randrange(1, 60)
        if manner < 0.5:
            await asyncio.sleep(chance.uniform(0.0, 1.0))
        else:
            await sandbox.wait_for(lambda: _sends(sandbox) >= before + enough, 10.0)
    await running.kill()


def _sends(sandbox: Sandbox) -> int:
    return sum(sandbox.transcript.counts[method] for method in SENDS)


def _check_nothing_lost(sandbox: Sandbox, crowd: Crowd, records: Records) -> None:
    bot, first = sandbox.settings.bot.id, sandbox.settings.first_update_id
    states = records.updates()
    assert states == {f"telegram:{bot}:{number}": "done" for number in range(first, sandbox.updates.next_id)}
    assert records.messages_of_residents() == crowd.spoken
    unheard = [person.user.first_name for person in crowd.residents if not crowd.heard_last(person)]
    assert unheard == []
    for person in crowd.residents:
        if person.id not in crowd.with_case:
            assert len(set(crowd.answers_to(person))) == 6, person.user.first_name


def _check_cases(crowd: Crowd, records: Records) -> None:
    assert records.cases_by_conversation() == Counter(lane_of(person) for person in crowd.with_case)


def _check_doubles(wire: Wire) -> None:
    """In each life at most one message per chat reached Telegram without being known as sent; only these came twice."""
    in_flight: Counter[str] = Counter()
    earlier: Counter[str] = Counter()
    for arrived, known in zip(wire.lives(), wire.known, strict=True):
        for queue in arrived | known:
            unknown = arrived[queue] - (known[queue] - earlier[queue])
            assert unknown in (0, 1), (queue, unknown)
            in_flight[queue] += unknown
        earlier = known
    reached = sum(wire.lives(), Counter())
    doubled = {queue: reached[queue] - wire.known[-1][queue] for queue in reached}
    assert all(0 <= extra <= in_flight[queue] for queue, extra in doubled.items()), doubled
