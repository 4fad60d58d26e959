"""How messages were understood is kept, chosen, taught and read again alike on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conversation.inbound import Sender
from conversation.people import Author, Conversation
from storage.decisions import SET_ASIDE, Understood
from storage.unit_of_work import UnitOfWork
from tests.contract.conftest import Open
from tests.contract.residents import POST
from tests.contract.workshop import Workshop

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BASIS = '{"articles": []}'


class Desk:
    """One resident's conversation, written to as the handlers do; each step is a transaction of its own."""

    def __init__(self, shop: Workshop, chat: str = "1") -> None:
        self._shop, self._chat = shop, chat

    async def _do(self, job: Callable[[UnitOfWork, Conversation], Any]) -> Any:
        def with_conversation(uow: UnitOfWork) -> Any:
            known = uow.conversations.by_lane(uow.conversations.lane(POST, self._chat))
            sender = Sender(id=self._chat, name="Warga")
            return job(uow, known or uow.conversations.register(POST, self._chat, sender, "", AT))

        return await self._shop.do(with_conversation)

    async def writes(
        self, text: str, kind: str = "answer", topics: tuple[str, ...] = ("ktp-hilang",), at: datetime = AT
    ) -> int:
        """A message and the reaction to it; returns the message's id."""

        def write(uow: UnitOfWork, conversation: Conversation) -> int:
            stored = uow.messages.add(conversation, Author.RESIDENT, text, at)
            uow.decisions.add(conversation.id, stored.id, kind, topics, 0.5, at)
            return stored.id

        return int(await self._do(write))

    async def reads(self, *, basis: str = BASIS, helpful: bool | None = None) -> None:
        """An answer of the bot, and what the resident made of it."""

        def answer(uow: UnitOfWork, conversation: Conversation) -> None:
            stored = uow.messages.add(conversation, Author.BOT, "Jawaban", AT, basis=basis)
            if helpful is not None:
                uow.feedback.add(conversation.id, stored.id, helpful=helpful, at=AT)

        await self._do(answer)

    async def chooses(self, topic: str) -> None:
        await self._do(lambda uow, conversation: uow.decisions.choose(conversation.id, topic))

    async def since(self, at: datetime = AT) -> list[Understood]:
        return list(await self._shop.do(lambda uow: uow.decisions.since(at)))

    async def teach(self, message: int, topic: str) -> bool:
        return bool(await self._shop.do(lambda uow: uow.decisions.teach(message, topic)))

    async def taught(self) -> list[tuple[str, str]]:
        return list(await self._shop.do(lambda uow: uow.decisions.taught()))


@pytest.fixture
def shop(workshops: Open) -> Workshop:
    return workshops().start()


async def test_what_was_understood_is_read_again(shop: Workshop) -> None:
    desk = Desk(shop)
    first = await desk.writes("KTP hilang 👍", "ask", ("ktp-hilang", "kk-hilang"))
    second = await desk.writes("halo", "smalltalk", ())
    assert await desk.since() == [
        Understood(first, "KTP hilang 👍", "ask", ("ktp-hilang", "kk-hilang"), 0.5, "", "", False, AT),
        Understood(second, "halo", "smalltalk", (), 0.5, "", "", False, AT),
    ]


async def test_only_what_came_from_then_on_is_read(shop: Workshop) -> None:
    desk = Desk(shop)
    await desk.writes("kemarin", at=AT - timedelta(seconds=1))
    await desk.writes("hari ini")
    assert [item.text for item in await desk.since()] == ["hari ini"]
    assert [item.text for item in await desk.since(AT - timedelta(days=1))] == ["kemarin", "hari ini"]


async def test_what_was_written_in_the_same_transaction_is_read_and_chosen(shop: Workshop) -> None:
    def all_at_once(uow: UnitOfWork) -> list[Understood]:
        conversation = uow.conversations.register(POST, "1", Sender(id="1", name="Warga"), "", AT)
        stored = uow.messages.add(conversation, Author.RESIDENT, "kartu", AT)
        uow.decisions.add(conversation.id, stored.id, "ask", ("a", "b"), 0.5, AT)
        uow.decisions.choose(conversation.id, "b")
        return list(uow.decisions.since(AT))

    assert [item.chosen for item in await shop.do(all_at_once)] == ["b"]


async def test_a_choice_belongs_to_the_last_question_back_of_its_conversation(shop: Workshop) -> None:
    budi, siti = Desk(shop, "1"), Desk(shop, "2")
    await budi.writes("kartu hilang", "ask", ("a", "b"))
    await budi.writes("kartu rusak", "ask", ("a", "b"))
    await budi.writes("halo", "smalltalk", ())
    await siti.writes("surat hilang", "ask", ("a", "b"))
    await budi.chooses("b")
    assert {item.text: item.chosen for item in await budi.since()} == {
        "kartu hilang": "",
        "kartu rusak": "b",
        "halo": "",
        "surat hilang": "",
    }


async def test_a_choice_without_a_question_back_changes_nothing(shop: Workshop) -> None:
    desk = Desk(shop)
    await desk.writes("ktp hilang")
    await desk.chooses("b")
    assert [item.chosen for item in await desk.since()] == [""]


async def test_what_was_taught_or_set_aside_is_told_oldest_first(shop: Workshop) -> None:
    desk = Desk(shop)
    first, second, third, _ = [await desk.writes(text) for text in ("satu", "dua", "tiga", "empat")]
    assert await desk.teach(third, "kk-hilang")
    assert await desk.teach(first, "ktp-hilang")
    assert await desk.teach(second, SET_ASIDE)
    assert await desk.taught() == [("ktp-hilang", "satu"), (SET_ASIDE, "dua"), ("kk-hilang", "tiga")]
    assert [item.taught for item in await desk.since()] == ["ktp-hilang", SET_ASIDE, "kk-hilang", ""]
    assert await desk.teach(first, "kk-rusak")
    assert await desk.taught() == [("kk-rusak", "satu"), (SET_ASIDE, "dua"), ("kk-hilang", "tiga")]


async def test_a_message_that_nobody_reacted_to_cannot_be_taught(shop: Workshop) -> None:
    assert not await Desk(shop).teach(12345, "ktp-hilang")


async def test_an_answer_that_did_not_help_marks_the_question_it_was_given_to(shop: Workshop) -> None:
    budi, siti = Desk(shop, "1"), Desk(shop, "2")
    await budi.writes("halo", "smalltalk", ())
    await budi.reads(basis="")
    await budi.writes("ktp hilang")
    await budi.reads(helpful=False)
    await budi.writes("kk hilang")
    await budi.reads(helpful=True)
    await siti.writes("akta hilang")
    await siti.reads()
    assert {item.text: item.unanswered for item in await budi.since()} == {
        "halo": False,
        "ktp hilang": True,
        "kk hilang": False,
        "akta hilang": False,
    }


async def test_an_answer_chosen_after_a_question_back_is_that_questions(shop: Workshop) -> None:
    desk = Desk(shop)
    await desk.writes("kartu hilang", "ask", ("ktp-hilang", "kk-hilang"))
    await desk.reads(basis="")
    await desk.chooses("ktp-hilang")
    await desk.reads(helpful=False)
    assert [item.unanswered for item in await desk.since()] == [True]


async def test_only_some_reactions_are_read_where_only_those_are_wanted(shop: Workshop) -> None:
    desk = Desk(shop)
    await desk.writes("halo", "smalltalk", ())
    await desk.writes("kartu", "ask", ("a", "b"))
    await desk.writes("kk hilang")
    await desk.reads(helpful=False)
    await desk.writes("ktp hilang")
    await desk.reads(helpful=True)
    wanted = await shop.do(lambda uow: uow.decisions.since(AT, {"ask"}))
    assert [(item.text, item.unanswered) for item in wanted] == [("kartu", False), ("kk hilang", True)]


async def test_pieces_read_as_one_are_told_as_one(shop: Workshop) -> None:
    def in_pieces(uow: UnitOfWork) -> None:
        conversation = uow.conversations.register(POST, "1", Sender(id="1", name="Warga"), "", AT)
        uow.messages.add(conversation, Author.RESIDENT, "jauh sebelumnya", AT)
        uow.messages.add(conversation, Author.BOT, "Jawaban", AT)
        pieces = [
            uow.messages.add(conversation, Author.RESIDENT, piece, AT) for piece in ("ktp saya", "hilang", "gimana")
        ]
        uow.decisions.add(conversation.id, pieces[-1].id, "ask", ("a", "b"), 0.5, AT, pieces=3)
        uow.decisions.teach(pieces[-1].id, "ktp-hilang")

    await shop.do(in_pieces)
    desk = Desk(shop)
    assert [item.text for item in await desk.since()] == ["ktp saya\nhilang\ngimana"]
    assert await desk.taught() == [("ktp-hilang", "ktp saya\nhilang\ngimana")]
