"""A driver error abandons the whole group: its members run again singly, nothing is lost and nothing doubled."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.intake import Intake, reader
from conversation.outbound import Private, SendText
from handlers import words
from handlers.turn import Turn
from storage.inbox import Receiving
from storage.ledger import lock_head
from storage.unit_of_work import UnitOfWork
from tests.contract.conftest import Open
from tests.contract.residents import answer, message, telegram_message
from tests.contract.workshop import Workshop
from tests.servers.postgres import PostgresServer

ALL = ["a", "b", "c"]


def store(turn: Turn) -> UnitOfWork:
    """The unit of work behind the port."""
    assert isinstance(turn.store, UnitOfWork)
    return turn.store


class Once:
    """Handles well, but the first time that `text` comes does something else as well."""

    def __init__(self, text: str, otherwise: Callable[[Turn], None]) -> None:
        self.text, self.otherwise = text, otherwise
        self.seen: Counter[str] = Counter()

    def __call__(self, turn: Turn) -> None:
        answer(turn)
        self.seen[turn.inbound.text] += 1
        if turn.inbound.text == self.text and self.seen[self.text] == 1:
            self.otherwise(turn)


async def _all_once(shop: Workshop) -> None:
    """Every message was kept once, answered once, and its answer sent once."""
    await shop.settled(*ALL)
    assert sorted(shop.kept()) == ALL
    expected = sorted(f"re {text}" for text in ALL)
    assert sorted(shop.put_out()) == expected
    await shop.until(lambda: len(shop.post.texts) >= len(ALL))
    await shop.do(lambda _uow: None)
    assert sorted(shop.post.texts) == expected


async def _run(shop: Workshop) -> None:
    futures = [shop.submit(message(chat, text)) for chat, text in enumerate(ALL, 1)]
    shop.start()
    await shop.deliver()
    shop.wake()
    await shop.until(lambda: all(future.done() for future in futures))
    for future in futures:
        future.result()


async def test_an_injected_error_in_the_middle(workshops: Open) -> None:
    def fail(_turn: Turn) -> None:
        raise OperationalError("SELECT", {}, Exception("injected"))

    shop = workshops(handle=Once("b", fail))
    await _run(shop)
    await _all_once(shop)
    assert shop.handle.seen["a"] == 2  # type: ignore[attr-defined]


def _break(turn: Turn) -> None:
    store(turn).connection.execute(text("INSERT INTO no_such_table VALUES (1)"))


async def test_a_real_error_in_the_middle(workshops: Open) -> None:
    shop = workshops(handle=Once("b", _break))
    await _run(shop)
    await _all_once(shop)


@pytest.mark.parametrize("then", ["goes on", "raises its own"])
async def test_an_error_that_a_handler_swallows(workshops: Open, then: str) -> None:
    def swallow(turn: Turn) -> None:
        try:
            _break(turn)
        except DBAPIError:
            if then == "raises its own":
                raise ValueError from None

    shop = workshops(handle=Once("b", swallow))
    await _run(shop)
    await _all_once(shop)
    assert shop.doubts >= 1


async def test_an_error_that_is_swallowed_every_time_ends_in_quarantine(workshops: Open) -> None:
    def swallow(turn: Turn) -> None:
        answer(turn)
        if turn.inbound.text == "b":
            try:
                _break(turn)
            except DBAPIError:
                return

    shop = workshops(handle=swallow)
    await _run(shop)
    await shop.until(lambda: shop.states()["b"] == Receiving.QUARANTINED)
    await shop.settled("a", "c")
    assert sorted(shop.kept()) == ["a", "c"]
    assert words.APOLOGY in shop.put_out()


async def test_a_statement_the_database_refuses_every_time_ends_in_quarantine(workshops: Open) -> None:
    def poison(turn: Turn) -> None:
        answer(turn)
        if turn.inbound.text == "b":
            _break(turn)

    shop = workshops(handle=poison)
    await _run(shop)
    await shop.until(lambda: shop.states()["b"] == Receiving.QUARANTINED)
    await shop.settled("a", "c")
    assert sorted(shop.kept()) == ["a", "c"]


async def test_any_character_is_kept(workshops: Open) -> None:
    shop = workshops().start()
    await shop.accept(message(1, "NUL \x00 inside", key="post:odd"), message(2, "b"))
    assert shop.kept() == ["NUL \x00 inside", "b"]


async def test_half_a_surrogate_pair_is_taken_as_a_question_mark(workshops: Open) -> None:
    shop = workshops(read=reader(1)).start()
    update = {"update_id": 1, "message": telegram_message(5, "half \ud83d NUL \x00 whole 😀")}
    await Intake(shop.writer, 1).accept(update)
    assert shop.kept() == ["half ? NUL \x00 whole 😀"]


async def test_a_character_the_database_cannot_take_is_poison_for_its_own_lane_only(postgres_workshops: Open) -> None:
    def plain(turn: Turn) -> None:
        answer(turn)
        store(turn).connection.execute(text("SELECT CAST(:given AS TEXT)"), {"given": turn.inbound.text})

    shop = postgres_workshops(handle=plain)
    poison = shop.submit(message(9, "NUL \x00", key="post:nul"))
    await _run(shop)
    await shop.until(lambda: shop.states()["nul"] == Receiving.QUARANTINED)
    poison.result()
    await shop.settled(*ALL)
    assert sorted(shop.kept()) == ALL


@pytest.mark.parametrize("committed", [False, True], ids=["not committed", "committed"])
async def test_a_commit_whose_outcome_is_unknown(
    workshops: Open, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    shop = workshops()
    _fail_next_commit(shop.engine, monkeypatch, committed)
    await _run(shop)
    await _all_once(shop)
    assert shop.doubts == 1


async def test_a_lane_keeps_its_order_when_the_database_is_away_for_a_moment(
    workshops: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = workshops()
    _fail_next_commit(shop.engine, monkeypatch, committed=False, times=2)
    futures = [shop.submit(message(1, text)) for text in ALL]
    shop.start()
    for future in futures:
        assert isinstance(future.exception(10), OperationalError)
    await shop.accept(*(message(1, text) for text in ALL))
    await shop.settled(*ALL)
    assert shop.kept() == ALL


def _fail_next_commit(engine: Engine, monkeypatch: pytest.MonkeyPatch, committed: bool, times: int = 1) -> None:
    commit, left = engine.dialect.do_commit, [True] * times

    def do_commit(connection: Any) -> None:
        failing = bool(left) and left.pop()
        if committed or not failing:
            commit(connection)
        if failing:
            assert engine.dialect.dbapi
            raise engine.dialect.dbapi.OperationalError("the connection was lost while committing")

    monkeypatch.setattr(engine.dialect, "do_commit", do_commit)


async def test_a_claim_whose_commit_is_in_doubt_is_sent_all_the_same(
    workshops: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = workshops().start()

    def put(uow: UnitOfWork) -> None:
        for number in range(2):
            uow.outbox.put(
                SendText(to=Private("5"), text=f"edit {number}"), coalesce="card:5", spacing=0.1, queue="card:5"
            )

    await shop.deliver()
    await shop.do(put)
    await shop.until(lambda: shop.post.texts == ["edit 0"])
    await shop.do(lambda _uow: None)
    _fail_next_commit(shop.engine, monkeypatch, committed=True)
    await shop.until(lambda: shop.post.texts == ["edit 0", "edit 1"])


async def test_a_server_that_cuts_every_connection(
    postgres_workshops: Open, postgres: PostgresServer, postgres_url: str
) -> None:
    shop = postgres_workshops(handle=Once("b", lambda _turn: postgres.kill_backend(postgres_url)))  # type: ignore[arg-type]
    await _run(shop)
    await _all_once(shop)


async def test_a_server_that_cuts_connections_between_messages(
    postgres_workshops: Open, postgres: PostgresServer, postgres_url: str
) -> None:
    shop = postgres_workshops()
    await _run(shop)
    await _all_once(shop)
    postgres.kill_backend(postgres_url)
    await shop.accept(message(1, "d"))
    await shop.settled("d")
    await shop.until(lambda: "re d" in shop.post.texts)


async def test_writers_that_lock_in_conflicting_order(postgres_workshops: Open) -> None:
    meeting = threading.Barrier(2, timeout=5)

    def counter_first(turn: Turn) -> None:
        store(turn).cases.next_count(2026)
        meeting.wait()
        lock_head(store(turn).connection)

    def head_first(turn: Turn) -> None:
        lock_head(store(turn).connection)
        meeting.wait()
        store(turn).cases.next_count(2026)

    one, other = postgres_workshops(handle=Once("a", counter_first)), postgres_workshops(handle=Once("b", head_first))
    with one.engine.connect() as connection, connection.begin():
        lock_head(connection)
        connection.execute(text("INSERT INTO counters (name, value) VALUES ('case-2026', 0)"))
    futures = [one.submit(message(1, "a")), other.submit(message(2, "b"))]
    one.start()
    other.start()
    one.wake()
    await one.until(lambda: all(future.done() for future in futures))
    await one.settled("a", "b")
    assert sorted(one.kept()) == ["a", "b"]
    assert one.doubts + other.doubts == 1
    assert sorted(entry.id for entry in one.entries()) == sorted(entry.id for entry in one.handed + other.handed)


async def test_a_serialisation_failure(postgres_workshops: Open) -> None:
    def fail(turn: Turn) -> None:
        store(turn).connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    shop = postgres_workshops(handle=Once("b", fail))
    await _run(shop)
    await _all_once(shop)
