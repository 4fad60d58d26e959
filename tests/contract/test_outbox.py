"""The outbox: in order per chat, once each, named by logical ids, and nothing forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from channels.budget import Limit
from conversation.errors import Cause, ChatMoved, TryLater, Undeliverable
from conversation.inbound import InboundKind
from conversation.outbound import (
    AnswerPress,
    CaseTopic,
    EditText,
    OpenTopic,
    Private,
    SendText,
    SentBy,
    StaffGroup,
)
from handlers.turn import Turn
from storage.outbox import Sending
from storage.tables import cases
from storage.unit_of_work import UnitOfWork
from tests.contract.conftest import Open
from tests.contract.residents import answer, message
from tests.contract.workshop import GROUP, UNLIMITED, put, text

BLOCKED = Undeliverable(Cause.BLOCKED, "blocked by the user")


async def test_nothing_is_sent_before_its_commit(workshops: Open) -> None:
    shop = await workshops().start().deliver()

    def fail(uow: UnitOfWork) -> None:
        uow.outbox.put(text(1, "never"))
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        await shop.do(fail)
    await shop.do(put(text(1, "now")))
    await shop.sent("now")
    assert shop.post.tried == ["now"]


async def test_an_edit_names_the_message_by_the_call_that_made_it(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    shop.post.faults["first"] = [TryLater("busy"), TryLater("busy")]
    call = await shop.do(put(text(1, "first")))
    await shop.do(put(EditText(to=Private("1"), target=SentBy(call), text="edited"), queue="card:1"))
    await shop.sent("first", "edited")
    assert shop.post.calls[1].target == 1
    await shop.close()
    again = await workshops().start().deliver()
    await again.do(put(EditText(to=Private("1"), target=SentBy(call), text="after a restart")))
    await again.sent("after a restart")
    assert again.post.calls[0].target == 1


async def test_an_edit_of_a_message_that_was_never_sent_fails_and_comes_back(workshops: Open) -> None:
    came_back: list[str] = []

    def note(turn: Turn) -> None:
        came_back.append(turn.inbound.detail)

    shop = await workshops(handle=note).start().wake().deliver()
    shop.post.faults["first"] = [BLOCKED]
    call = await shop.do(put(text(1, "first")))
    await shop.do(put(EditText(to=Private("1"), target=SentBy(call), text="edited")))
    await shop.do(put(text(1, "third")))
    await shop.sent("third")
    await shop.until(lambda: came_back == [Cause.BLOCKED, Cause.MESSAGE_GONE])
    assert shop.post.texts == ["third"]
    assert [entry.state for entry in shop.entries()] == [Sending.FAILED, Sending.FAILED, Sending.SENT]


async def test_a_reply_to_a_message_that_was_never_sent_goes_without(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    shop.post.faults["first"] = [BLOCKED]
    call = await shop.do(put(text(1, "first")))
    await shop.do(put(SendText(to=Private("1"), text="second", reply_to=SentBy(call))))
    await shop.sent("second")
    assert shop.post.calls[0].reply_to is None


async def test_edits_coalesce_and_keep_their_distance(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    for number in range(6):
        await shop.do(put(text(1, f"card {number}"), queue="card:1", coalesce="card:1", spacing=0.3))
    await shop.sent("card 5")
    assert shop.post.texts == ["card 0", "card 5"]
    assert shop.post.at["card 5"] - shop.post.at["card 0"] >= 0.25
    states = [entry.state for entry in shop.entries()]
    assert states == [Sending.SENT, *[Sending.EXPIRED] * 4, Sending.SENT]


async def test_an_answer_to_a_press_expires(workshops: Open) -> None:
    shop = workshops().start()
    await shop.do(put(AnswerPress(press="1", text="late"), queue="", lifetime=0.05))
    await shop.do(put(AnswerPress(press="2", text="in time"), queue="", lifetime=30.0))
    await asyncio.sleep(0.06)
    await shop.deliver()
    await shop.sent("in time")
    assert shop.post.texts == ["in time"]
    assert [entry.state for entry in shop.entries()] == [Sending.EXPIRED, Sending.SENT]


async def test_an_answer_to_a_press_expires_while_it_waits_for_the_channel(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    shop.post.faults["slow"] = [TryLater("429", 0.2, throttled=True)]
    await shop.do(put(AnswerPress(press="1", text="slow"), queue="", lifetime=0.1))
    await shop.until(lambda: [entry.state for entry in shop.entries()] == [Sending.EXPIRED])
    assert shop.post.texts == []


@pytest.mark.parametrize(
    "fault",
    [
        TryLater("Too Many Requests", 0.1, throttled=True),
        TryLater("Internal Server Error"),
        TryLater("connection cut"),
        OperationalError("SELECT", {}, Exception("the database is away")),
    ],
    ids=["429", "500", "dropped", "no database"],
)
async def test_order_holds_across_retries_and_others_go_on(workshops: Open, fault: Exception) -> None:
    shop = await workshops().start().deliver()
    shop.post.faults["n 1"] = [fault, fault]
    for number in range(4):
        await shop.do(put(text(1, f"n {number}")))
    await shop.do(put(text(2, "other")))
    await shop.sent("n 3", "other")
    assert shop.post.texts_to(1) == ["n 0", "n 1", "n 2", "n 3"]
    assert shop.post.texts.index("other") < shop.post.texts.index("n 1")


async def test_a_permanent_failure_frees_the_queue_and_comes_back_through_the_lane(workshops: Open) -> None:
    came_back: list[tuple[InboundKind, str, int]] = []

    def note(turn: Turn) -> None:
        if turn.inbound.kind is InboundKind.UNDELIVERED:
            came_back.append((turn.inbound.kind, turn.inbound.detail, turn.inbound.subject))
        else:
            answer(turn)

    shop = await workshops(handle=note).start().wake().deliver()
    shop.post.faults["re a"] = [BLOCKED]
    await shop.accept(message(1, "a"), message(1, "b"))
    await shop.sent("re b")
    failed = shop.entries(Sending.FAILED)[0]
    await shop.until(lambda: came_back == [(InboundKind.UNDELIVERED, Cause.BLOCKED, failed.id)])


async def test_a_fault_of_our_own_frees_the_queue_too(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    shop.post.faults["a"] = [KeyError("bug")]
    await shop.do(put(text(1, "a")))
    await shop.do(put(text(1, "b")))
    await shop.sent("b")
    assert [entry.state for entry in shop.entries()] == [Sending.FAILED, Sending.SENT]


async def test_a_migrated_group_is_followed(workshops: Open) -> None:
    shop = await workshops().start().deliver()
    shop.post.faults["to the group"] = [ChatMoved("-100999")]
    await shop.do(put(SendText(to=StaffGroup(), text="before")))
    await shop.do(put(SendText(to=StaffGroup(), text="to the group")))
    await shop.do(put(SendText(to=StaffGroup(), text="after")))
    await shop.sent("after")
    assert [call.address.chat for call in shop.post.calls] == [str(GROUP), "-100999", "-100999"]


async def test_the_groups_budget_is_never_exceeded_and_slows_nobody_else(workshops: Open) -> None:
    limit = Limit(4, 0.3)
    shop = await workshops(limits=replace(UNLIMITED, group=limit)).start().deliver()

    def flood(uow: UnitOfWork) -> None:
        for number in range(10):
            uow.outbox.put(
                SendText(to=StaffGroup(), text=f"g {number}"), queue=f"card:{number}" if number % 2 else None
            )
        for number in range(10):
            uow.outbox.put(text(number, f"r {number}"))

    await shop.do(flood)
    await shop.sent(*(f"g {number}" for number in range(10)))
    group = sorted(moment for words, moment in shop.post.at.items() if words.startswith("g"))
    for first, fourth in zip(group, group[limit.messages :], strict=False):
        assert fourth - first >= limit.seconds * 0.95
    residents = [moment for words, moment in shop.post.at.items() if words.startswith("r")]
    assert max(residents) < group[limit.messages]


@pytest.mark.parametrize("opens", [True, False], ids=["opened", "refused"])
async def test_a_topic_is_named_by_the_call_that_opens_it(workshops: Open, opens: bool) -> None:
    shop = await workshops().start().deliver()
    if not opens:
        shop.post.faults[""] = [Undeliverable(Cause.NO_RIGHTS, "not enough rights")]

    def open_case(uow: UnitOfWork) -> None:
        row = {"number": "PKU-2026-000001", "conversation": 1, "state": "waiting", "opened_at": uow.now, "body": {}}
        uow.connection.execute(cases.insert(), {"id": 1, **row})
        call = uow.outbox.put(OpenTopic(case=1, name="PKU-2026-000001"))
        card = uow.outbox.put(SendText(to=CaseTopic(1), text="card"), case=1)
        uow.cases.put(1, thread_call=call, card_call=card)
        uow.outbox.put(SendText(to=CaseTopic(1), text="relayed"), case=1)

    await shop.do(open_case)
    await shop.sent("card", "relayed")
    card, relayed = shop.post.calls[-2:]
    if opens:
        assert card.address.thread == relayed.address.thread == 7001
        assert relayed.reply_to is None
    else:
        assert card.address.thread is None
        assert relayed.reply_to == 1
