"""The budget's contract, the same for one process and for several on Redis; time is made up."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from channels.budget import TELEGRAM_LIMITS, Budget, Limit, Limits, MemoryBudget
from channels.redis_budget import RedisBudget

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

ROOMY = Limits(bot=Limit(1000, 1.0), chat=Limit(3, 3.0), group=Limit(20, 60.0))


@pytest_asyncio.fixture(params=["memory", "redis"])
async def budget(request: pytest.FixtureRequest) -> AsyncIterator[Budget]:
    if request.param == "memory":
        yield MemoryBudget(TELEGRAM_LIMITS)
        return
    async with Redis.from_url(request.getfixturevalue("redis_url")) as client:
        yield RedisBudget(client, TELEGRAM_LIMITS, "telegram:1")


async def test_one_person_gets_three_at_once_then_one_a_second(budget: Budget) -> None:
    assert [await budget.reserve("5", False, 10.0 + step) for step in (0.0, 0.5, 1.0)] == [0.0] * 3
    assert await budget.reserve("5", False, 11.0) == pytest.approx(2.0, abs=0.01)
    assert await budget.reserve("6", False, 11.0) == 0.0, "another person has a budget of their own"
    assert await budget.reserve("5", False, 13.01) == 0.0
    assert await budget.reserve("5", False, 13.02) == pytest.approx(0.48, abs=0.01)


async def test_a_refusal_costs_nothing(budget: Budget) -> None:
    for _ in range(3):
        await budget.reserve("5", False, 10.0)
    waits = [await budget.reserve("5", False, 10.0) for _ in range(5)]
    assert waits == [pytest.approx(3.0, abs=0.01)] * 5
    assert await budget.reserve("5", False, 13.01) == 0.0


async def test_a_group_gets_twenty_in_any_minute(budget: Budget) -> None:
    assert [await budget.reserve("-1", True, 10.0 + step * 1.001) for step in range(20)] == [0.0] * 20
    assert await budget.reserve("-1", True, 30.0) == pytest.approx(40.0, abs=0.01)
    assert await budget.reserve("-1", True, 70.01) == 0.0
    assert await budget.reserve("-1", True, 70.02) == pytest.approx(0.98, abs=0.02)


async def test_a_group_too_gets_three_at_once_only(budget: Budget) -> None:
    assert [await budget.reserve("-1", True, 10.0) for _ in range(3)] == [0.0] * 3
    assert await budget.reserve("-1", True, 10.0) == pytest.approx(3.0, abs=0.01)


async def test_the_bot_gets_thirty_a_second_whoever_to(budget: Budget) -> None:
    assert [await budget.reserve(str(chat), False, 10.0) for chat in range(30)] == [0.0] * 30
    assert await budget.reserve("new", False, 10.4) == pytest.approx(0.6, abs=0.01)
    assert await budget.reserve(None, False, 10.4) == pytest.approx(0.6, abs=0.01)
    assert await budget.reserve("new", False, 11.01) == 0.0


async def test_answers_to_presses_count_against_no_chat(budget: Budget) -> None:
    assert [await budget.reserve(None, False, 10.0) for _ in range(10)] == [0.0] * 10
    assert await budget.reserve("5", False, 10.0) == 0.0


async def test_an_album_counts_each_of_its_files(budget: Budget) -> None:
    assert await budget.reserve("-1", True, 10.0, 15) == 0.0
    assert await budget.reserve("-1", True, 14.0, 10) == pytest.approx(56.0, abs=0.01)
    assert await budget.reserve("-1", True, 14.0, 5) == 0.0


async def test_an_album_larger_than_the_limit_goes_when_nothing_else_is_counted(budget: Budget) -> None:
    assert await budget.reserve("5", False, 10.0) == 0.0
    assert await budget.reserve("5", False, 11.0, 10) == pytest.approx(2.0, abs=0.01)
    assert await budget.reserve("5", False, 13.01, 10) == 0.0
    assert await budget.reserve("5", False, 15.0) == pytest.approx(1.01, abs=0.01)


async def test_a_chat_held_back_waits_and_others_do_not(budget: Budget) -> None:
    await budget.penalise("5", 30.0, 10.0)
    await budget.penalise("5", 2.0, 10.0)
    assert await budget.reserve("5", False, 15.0) == pytest.approx(25.0, abs=0.01)
    assert await budget.reserve("6", False, 15.0) == 0.0
    assert await budget.reserve("5", False, 40.01) == 0.0


async def test_a_bot_held_back_sends_nothing(budget: Budget) -> None:
    await budget.penalise(None, 5.0, 10.0)
    assert await budget.reserve("-1", True, 11.0) == pytest.approx(4.0, abs=0.01)
    assert await budget.reserve(None, False, 15.01) == 0.0


@settings(max_examples=100, deadline=None)
@given(steps=st.lists(st.tuples(st.floats(0.0, 9.0), st.integers(1, 4)), max_size=80))
async def test_no_stretch_holds_more_than_the_limit_and_no_wait_is_too_long(steps: list[tuple[float, int]]) -> None:
    budget, now, sent = MemoryBudget(ROOMY), 0.0, deque[float]()
    for step, messages in steps:
        now += step
        wait = await budget.reserve("-1", True, now, messages)
        if wait > 0.0:
            now += wait + 1e-6
            assert await budget.reserve("-1", True, now, messages) == 0.0, "the wait told is enough"
        assert messages > 3 or sum(now < at + 3.0 for at in sent) + messages <= 3
        sent.extend([now] * messages)
    assert all(sum(at <= other < at + 60.0 for other in sent) <= 20 for at in sent)


async def test_processes_share_one_budget_though_their_clocks_began_apart(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        one, other = RedisBudget(client, ROOMY, "t"), RedisBudget(client, ROOMY, "t")
        assert [await one.reserve("5", False, 100.0) for _ in range(2)] == [0.0] * 2
        assert await other.reserve("5", False, 777_000.0) == 0.0
        assert await other.reserve("5", False, 777_000.0) == pytest.approx(3.0, abs=0.5)
        await other.penalise("6", 30.0, 777_000.0)
        assert await one.reserve("6", False, 100.0) == pytest.approx(30.0, abs=0.5)
        assert await RedisBudget(client, ROOMY, "another bot").reserve("5", False, 0.0) == 0.0


async def test_one_round_trip_a_call(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        budget = RedisBudget(client, TELEGRAM_LIMITS, "t")
        await budget.reserve("5", False, 10.0)
        asked: list[str] = []
        execute: Callable[..., Awaitable[Any]] = client.execute_command

        async def recorded(*words: Any, **options: Any) -> Any:
            asked.append(words[0])
            return await execute(*words, **options)

        client.execute_command = recorded  # type: ignore[method-assign]
        await budget.reserve("6", False, 10.0)
    assert asked == ["EVALSHA"]


async def test_times_from_before_the_server_clock_was_set_back_are_not_believed(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        ahead = RedisBudget(client, ROOMY, "t")
        await ahead.reserve(None, False, 0.0)
        for _ in range(3):
            assert await ahead.reserve("5", False, 86_400.0) == 0.0
        assert await RedisBudget(client, ROOMY, "t").reserve("5", False, 0.0) == 0.0


async def test_without_redis_each_process_goes_on_alone(tmp_path: Path) -> None:
    async with Redis.from_url(f"unix://{tmp_path / 'nobody-listens'}") as client:
        budget = RedisBudget(client, TELEGRAM_LIMITS, "t")
        assert [await budget.reserve("5", False, 10.0) for _ in range(3)] == [0.0] * 3
        assert await budget.reserve("5", False, 10.0) == pytest.approx(3.0)
        await budget.penalise("6", 30.0, 10.0)
        assert await budget.reserve("6", False, 10.0) == pytest.approx(30.0)


async def test_redis_back_again_is_used_again_and_what_it_granted_was_counted(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client, Redis.from_url("unix:///nowhere") as dead:
        budget = RedisBudget(client, ROOMY, "t")
        for _ in range(3):
            await budget.reserve("5", False, 10.0)
        client.connection_pool, living = dead.connection_pool, client.connection_pool
        assert await budget.reserve("5", False, 10.5) == pytest.approx(2.5), "its own count knows the calls before"
        client.connection_pool = living
        await client.flushall()
        assert await budget.reserve("5", False, 11.0) > 0.0, "Redis is left alone for a while"
        assert await budget.reserve("5", False, 16.0) == 0.0
        assert await client.keys("loket:budget:*")


async def test_idle_chats_are_forgotten() -> None:
    budget = MemoryBudget(TELEGRAM_LIMITS)
    for number in range(100):
        await budget.reserve(str(number), False, float(number))
    await budget.penalise("held", 1000.0, 99.0)
    await budget.reserve("last", False, 300.0)
    assert set(budget._chats) == {"held", "last"}
