"""The outbox across restarts: what was not sent is still there, is sent in order, and nothing is sent twice."""

from __future__ import annotations

import asyncio

from bot.delivery import Delivery
from conversation.errors import TryLater
from storage.outbox import Sending
from storage.tables import outbox
from tests.contract.conftest import Open
from tests.contract.workshop import put, text


async def test_what_was_being_sent_when_a_process_died_is_sent_again_in_order(workshops: Open) -> None:
    shop = workshops().start()
    shop.post.hold = asyncio.Event()
    await shop.deliver()
    for number in range(5):
        await shop.do(put(text(1, f"n {number}")))
    await shop.until(lambda: shop.post.tried == ["n 0"])
    await shop.close(0.0)
    assert len(shop.entries(Sending.SENDING)) == 5
    later = await workshops().start().deliver()
    await later.sent("n 4")
    assert later.post.texts == [f"n {number}" for number in range(5)]


async def test_an_edit_that_waits_survives_a_restart(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    for number in range(3):
        await shop.do(put(text(1, f"card {number}"), queue="card:1", coalesce="card:1", spacing=0.5))
    await shop.until(lambda: shop.post.texts == ["card 0"])
    await shop.close()
    assert len(shop.entries(Sending.DUE)) == 1
    later = await workshops().start().deliver()
    await later.sent("card 2")
    assert later.post.texts == ["card 2"]


async def test_stopping_keeps_what_is_not_sent_for_the_next_start(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    shop.post.faults["n 0"] = [TryLater("Too Many Requests", 3600.0, throttled=True)]
    for number in range(3):
        await shop.do(put(text(1, f"n {number}")))
    await shop.until(lambda: shop.post.tried == ["n 0"])
    await shop.close(0.05)
    assert shop.post.texts == []
    later = await workshops().start().deliver()
    await later.sent("n 2")
    assert later.post.texts == ["n 0", "n 1", "n 2"]


async def test_stopping_sends_what_it_can(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    for number in range(50):
        await shop.do(put(text(number % 3, f"n {number}")))
    await shop.close(5.0)
    assert shop.entries(Sending.DUE, Sending.SENDING) == []
    assert len(shop.post.texts) == 50


async def test_a_table_that_is_looked_at_again_doubles_nothing(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    delivery = shop.delivery
    assert isinstance(delivery, Delivery)
    for number in range(40):
        await shop.do(put(text(number % 4, f"n {number}")))
        await delivery.reload()
    await shop.sent("n 39")
    await delivery.reload()
    await shop.do(lambda _uow: None)
    assert len(shop.post.texts) == 40


async def test_an_entry_that_cannot_be_read_stops_nothing(workshops: Open) -> None:
    shop = workshops().start()
    await shop.do(put(text(1, "broken")))
    await shop.do(lambda uow: uow.connection.execute(outbox.update().values(sealed=b"x" * 40)))
    await shop.do(put(text(1, "fine")))
    await shop.deliver()
    await shop.until(lambda: shop.post.texts == ["fine"])
