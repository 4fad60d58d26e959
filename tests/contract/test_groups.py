"""Messages that share a commit: each in a savepoint of its own, each update once, a failing one fails alone."""

from __future__ import annotations

import time

import pytest

from bot import lanes, writer
from bot.lanes import HOLD_LIMIT
from bot.versions import Version
from bot.writer import GIVE_UP_AFTER, Item
from conversation.errors import MoreToCome
from conversation.inbound import Inbound
from escalation.events import Event, EventKind
from handlers import words
from handlers.turn import Turn
from storage.inbox import Receiving
from storage.tables import conversations, inbox
from storage.unit_of_work import UnitOfWork
from tests.contract.conftest import Open
from tests.contract.residents import answer, by_chat, message


class Fragile:
    """Handles well, but fails for some texts, after everything has been written; `times` each, 0 for ever."""

    def __init__(self, *texts: str, times: int = 0) -> None:
        self.texts, self.times = texts, times
        self.seen: list[str] = []

    def __call__(self, turn: Turn) -> None:
        text = turn.inbound.text
        self.seen.append(text)
        answer(turn)
        if text in self.texts and (not self.times or self.seen.count(text) <= self.times):
            turn.store.ledger.append(Event(kind=EventKind.OFFICE_APPLIED, at=turn.now, data={"version": text}))
            # Reading flushes what is buffered into this savepoint, neighbours' rows too.
            assert turn.store.messages.recent(1, 5) == []
            raise ValueError(text)


async def test_a_failing_message_leaves_no_trace_and_its_neighbours_stay(workshops: Open) -> None:
    shop = workshops(handle=Fragile("b"))
    waiting = [shop.submit(message(chat, text)) for chat, text in enumerate("abc", 1)]
    shop.start()
    for future in waiting:
        future.result(10)
    assert shop.kept() == ["a", "c"]
    assert shop.put_out() == ["re a", "re c"]
    assert [entry.id for entry in shop.handed] == [entry.id for entry in shop.entries()]
    assert shop.states() == {"a": Receiving.DONE, "b": Receiving.FAILED, "c": Receiving.DONE}
    assert len(shop.rows(conversations.select())) == 2
    assert await shop.do(lambda uow: [event.data for event in uow.ledger.of_case(0)]) == []


async def test_is_tried_again_and_then_kept_once(workshops: Open) -> None:
    shop = workshops(handle=Fragile("b", times=1)).start().wake()
    await shop.accept(message(1, "b"))
    await shop.settled("b")
    assert shop.kept() == ["b"]


async def test_is_given_up_with_an_apology_and_its_lane_goes_on(workshops: Open) -> None:
    handle = Fragile("b")
    shop = workshops(handle=handle)
    for arriving in (message(1, "a"), message(1, "b"), message(1, "c"), message(2, "d")):
        shop.submit(arriving)
    shop.start().wake()
    await shop.settled("a", "c", "d")
    assert shop.states()["b"] == Receiving.QUARANTINED
    assert handle.seen.count("b") == GIVE_UP_AFTER
    assert handle.seen.index("c") > len(handle.seen) - 1 - handle.seen[::-1].index("b")
    assert handle.seen.index("d") < handle.seen.index("c")
    assert shop.kept() == ["a", "d", "c"]
    texts = shop.put_out()
    assert texts.index(words.APOLOGY) < texts.index("re c")
    assert any("disisihkan" in text for text in texts)


@pytest.mark.parametrize("again", ["the same group", "the next group", "after a restart"])
async def test_an_update_counts_once(workshops: Open, again: str) -> None:
    shop = workshops()
    first = shop.submit(message(1, "a"))
    if again == "the same group":
        shop.submit(message(1, "a"))
        shop.submit(message(2, "b"))
    shop.start()
    first.result(10)
    if again != "the same group":
        other = workshops().start() if again == "after a restart" else shop
        await other.accept(message(1, "a"), message(2, "b"))
    assert sorted(shop.kept()) == ["a", "b"]
    assert sorted(shop.put_out()) == ["re a", "re b"]


async def test_an_update_counts_once_while_it_is_held_and_after_it_was_given_up(workshops: Open) -> None:
    def hold(turn: Turn) -> None:
        if turn.inbound.text == "boom":
            raise ValueError
        if not turn.final:
            raise MoreToCome("more", 0.2)
        answer(turn)

    shop = workshops(handle=hold).start().wake()
    await shop.accept(message(1, "a"), message(2, "boom"))
    await shop.accept(message(1, "a"))
    assert shop.states()["a"] == Receiving.HELD
    await shop.settled("a")
    await shop.until(lambda: shop.states()["boom"] == Receiving.QUARANTINED)
    await shop.accept(message(1, "a"), message(2, "boom"), message(3, "c"))
    await shop.settled("c")
    assert shop.kept() == ["a", "c"]


async def test_duplicates_do_not_cost_a_group_its_commit(workshops: Open) -> None:
    shop = workshops().start()
    await shop.accept(message(1, "a"))
    later = workshops()
    futures = [later.submit(message(1, "a")), later.submit(message(2, "b")), later.submit(message(3, "c"))]
    later.start()
    for future in futures:
        future.result(10)
    assert shop.kept() == ["a", "b", "c"]
    assert later.doubts == 0


async def test_careful_running_gives_every_message_all_its_attempts(workshops: Open) -> None:
    handle = Fragile("b", "c")
    shop = workshops(handle=handle)
    shop.writer.careful_until = time.time() + 60
    shop.start().wake()
    await shop.accept(*(message(1, text) for text in "abcd"))
    await shop.settled("a", "d")
    assert [handle.seen.count(text) for text in "abcd"] == [1, GIVE_UP_AFTER, GIVE_UP_AFTER, 1]
    assert shop.kept() == ["a", "d"]


async def test_lanes_that_wait_behind_failed_heads_do_not_starve_others(
    workshops: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "RETRIES", (60.0, 60.0))
    blocked = range(33)

    def handle(turn: Turn) -> None:
        if turn.inbound.text.startswith("bad"):
            raise ValueError
        if not turn.final:
            raise MoreToCome("a piece", 0.05)
        answer(turn)

    shop = workshops(handle=handle)
    for chat in blocked:
        shop.submit(message(chat, f"bad {chat}"))
        shop.submit(message(chat, f"after {chat}"))
    shop.start()
    await shop.accept(message(99, "held"))
    shop.wake()
    await shop.settled("held")
    assert {state for text, state in shop.states().items() if text.startswith("after")} == {Receiving.RECEIVED}


async def test_looking_at_a_lane_more_often_costs_no_attempt(workshops: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lanes, writer):
        monkeypatch.setattr(module, "RETRIES", (60.0, 60.0))
    shop = workshops(handle=Fragile("b"))
    shop.writer.careful_until = time.time() + 60
    shop.start()
    await shop.accept(message(1, "b"))
    lane = shop.rows(inbox.select())[0].lane
    for _ in range(5):
        shop.writer.submit(Item(lane=lane))
    await shop.until(shop.writer.idle)
    assert shop.states()["b"] == Receiving.FAILED
    assert shop.attempts("b") == 1


async def test_a_broken_job_fails_alone(workshops: Open) -> None:
    def broken(_uow: object) -> None:
        raise LookupError

    shop = workshops()
    failing, fine = shop.writer.do(broken), shop.submit(message(1, "a"))
    shop.start()
    fine.result(10)
    assert isinstance(failing.exception(10), LookupError)
    await shop.settled("a")
    assert shop.kept() == ["a"]


async def test_an_update_whose_lane_cannot_be_found_is_set_aside(workshops: Open) -> None:
    def locate(uow: UnitOfWork, version: Version, inbound: Inbound) -> str:
        if inbound.text == "lost":
            raise OverflowError
        return by_chat(uow, version, inbound)

    shop = workshops(locate=locate)
    futures = [shop.submit(message(1, "a")), shop.submit(message(2, "lost")), shop.submit(message(3, "c"))]
    shop.start()
    for future in futures:
        future.result(10)
    await shop.until(lambda: shop.states()["lost"] == Receiving.QUARANTINED)
    await shop.settled("a", "c")
    assert shop.kept() == ["a", "c"]
    assert words.APOLOGY in shop.put_out()


async def test_what_cannot_be_unsealed_is_set_aside(workshops: Open) -> None:
    shop = workshops().start()
    await shop.accept(message(1, "a"))
    await shop.do(lambda uow: uow.connection.execute(inbox.update().values(sealed=b"x" * 40, state="received")))
    await shop.accept(message(1, "b"), message(2, "c"))
    assert shop.states() == {"a": Receiving.QUARANTINED, "b": Receiving.DONE, "c": Receiving.DONE}


async def test_keys_are_forgotten_after_a_week(workshops: Open) -> None:
    shop = workshops().start()
    await shop.accept(message(1, "a"))
    assert await shop.do(lambda uow: uow.inbox.forget(time.time() - 7 * 24 * 3600.0)) == 0
    assert await shop.do(lambda uow: uow.inbox.forget(time.time() + 1)) == 1
    assert HOLD_LIMIT <= 24.0
