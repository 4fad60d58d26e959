"""Fragments and albums: held for what follows, taken together, released in time and in order, whatever happens."""

from __future__ import annotations

import time

import pytest

from bot import lanes
from conversation.errors import MoreToCome, NotYet
from conversation.inbound import ReplyTo
from handlers.turn import Turn
from storage.inbox import Arrival, Receiving
from storage.tables import inbox
from storage.unit_of_work import UnitOfWork
from tests.contract.conftest import Open
from tests.contract.residents import POST, answer, message, pack
from tests.contract.workshop import Workshop

WAIT = 0.3


def gather(turn: Turn) -> None:
    """Texts that end in "?" are clear; the others, and albums, wait for more; a reply to 77 waits for its result."""
    inbound = turn.inbound
    if inbound.reply_to and not turn.final:
        raise NotYet("the result is on its way", WAIT)
    if not turn.final and (inbound.album or not inbound.text.endswith("?")):
        raise MoreToCome("a piece", WAIT)
    answer(turn)


async def _take(shop: Workshop, *texts: str) -> None:
    for text in texts:
        await shop.accept(message(1, text))


async def test_a_clear_question_is_answered_at_once(workshops: Open) -> None:
    shop = workshops(handle=gather).start()
    await _take(shop, "ktp?")
    assert shop.kept() == ["ktp?"]


async def test_pieces_are_taken_together_as_soon_as_they_are_clear(workshops: Open) -> None:
    shop = workshops(handle=gather).start()
    await _take(shop, "saya", "mau tanya")
    assert set(shop.states().values()) == {Receiving.HELD}
    await _take(shop, "ktp hilang?")
    assert shop.kept() == ["saya+mau tanya+ktp hilang?"]
    assert set(shop.states().values()) == {Receiving.DONE}


async def test_pieces_in_one_group_are_taken_together(workshops: Open) -> None:
    shop = workshops(handle=gather)
    futures = [shop.submit(message(1, text)) for text in ("saya", "ktp?", "kk?")]
    shop.start()
    for future in futures:
        future.result(10)
    assert shop.kept() == ["saya+ktp?", "kk?"]


async def test_the_pump_releases_what_nothing_followed(workshops: Open) -> None:
    shop = workshops(handle=gather).start().wake()
    before = time.monotonic()
    await _take(shop, "saya")
    await shop.settled("saya")
    assert shop.kept() == ["saya"]
    assert time.monotonic() - before >= WAIT


async def test_nothing_is_held_longer_than_the_limit_however_much_follows(
    workshops: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "HOLD_LIMIT", 0.5)
    shop = workshops(handle=gather).start()
    await _take(shop, "a")
    since = shop.rows(inbox.select())[0].since
    for text in ("b", "c", "d"):
        await _take(shop, text)
        for row in shop.rows(inbox.select()):
            assert row.until <= since + 0.5
    shop.wake()
    await shop.settled("a", "b", "c", "d")
    assert shop.kept() == ["a+b+c+d"]


async def test_what_is_held_survives_a_restart(workshops: Open) -> None:
    shop = workshops(handle=gather).start()
    await _take(shop, "saya")
    await shop.close()
    later = workshops(handle=gather).start().wake()
    await later.accept(message(1, "punya"))
    await later.settled("saya", "punya")
    assert later.kept() == ["saya+punya"]


async def test_what_does_not_join_releases_what_is_held_first(workshops: Open) -> None:
    shop = workshops(handle=gather).start().wake()
    await shop.accept(message(1, "saya"))
    await shop.accept(message(1, "/status?"))
    assert shop.kept() == ["saya", "/status?"]
    await shop.accept(message(1, "1", album="x"))
    await shop.accept(message(1, "2", album="x"))
    await shop.accept(message(1, "3", album="y"))
    assert shop.kept()[2:] == ["1+2"]
    await shop.settled("3")
    assert shop.kept()[3:] == ["3"]


async def test_others_are_not_held(workshops: Open) -> None:
    shop = workshops(handle=gather).start()
    await shop.accept(message(1, "saya"), message(2, "kk?"))
    assert shop.kept() == ["kk?"]


async def test_a_reply_waits_for_the_result_it_refers_to_but_not_for_ever(workshops: Open) -> None:
    shop = workshops(handle=gather).start().wake()
    before = time.monotonic()
    await shop.accept(message(1, "reply?", reply_to=ReplyTo(77)))
    await shop.accept(message(1, "next?"))
    assert shop.kept() == []
    await shop.settled("reply?", "next?")
    assert shop.kept() == ["reply?", "next?"]
    assert WAIT <= time.monotonic() - before < lanes.HOLD_LIMIT


async def test_a_burst_that_fails_is_tried_again_as_a_whole(workshops: Open) -> None:
    failed: list[int] = []

    def fail_once(turn: Turn) -> None:
        gather(turn)
        if not failed:
            failed.append(len(turn.burst))
            raise ValueError

    shop = workshops(handle=fail_once).start().wake()
    await _take(shop, "saya", "ktp?")
    await shop.settled("saya", "ktp?")
    assert failed == [2]
    assert shop.kept() == ["saya+ktp?"]


async def test_careful_running_holds_and_joins_all_the_same(workshops: Open) -> None:
    shop = workshops(handle=gather)
    shop.writer.careful_until = time.time() + 60
    shop.start().wake()
    await _take(shop, "saya", "mau", "ktp?", "lagi")
    await shop.settled("saya", "mau", "ktp?", "lagi")
    assert shop.kept() == ["saya+mau+ktp?", "lagi"]


async def test_a_crash_between_storing_and_handling_leaves_no_lane_stuck(workshops: Open) -> None:
    shop = workshops(handle=gather).start()
    await _take(shop, "saya")

    def store_only(uow: UnitOfWork) -> None:
        later = message(1, "punya?")
        lane = uow.conversations.lane(POST, "1")
        arrival = Arrival(key=later.key, lane=lane, source=POST, raw=pack(later), received_at=uow.now)
        uow.inbox.store([arrival], time.time(), attempts=1)

    await shop.do(store_only)
    shop.wake()
    await shop.settled("saya", "punya?")
    assert shop.kept() == ["saya+punya?"]
