"""Several processes on one database: one conversation at a time and in order, and one of them leads."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, defaultdict
from random import Random

import pytest
from sqlalchemy import select

from bot import leading
from bot.leading import Leading
from escalation.events import Event, EventKind
from escalation.ledger import GENESIS, link
from handlers.turn import Turn
from sandbox.server import Sandbox
from storage.engine import open_engine, reading
from storage.leader import leader_of
from storage.outbox import Sending
from storage.tables import ledger
from tests.contract.conftest import Open
from tests.contract.residents import answer, message
from tests.contract.workshop import KEYS
from tests.dialogs.stage import local_telegram
from tests.process.program import UNTHROTTLED, Program, settings_of
from tests.servers.postgres import PostgresServer

CONVERSATIONS = 3
EACH = 12


class Witness:
    """Handles well, sometimes slowly, sometimes only the second time; sees whether two are ever at one conversation."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.inside: Counter[str] = Counter()
        self.overlaps = 0
        self.failed: set[str] = set()
        self.found: dict[str, list[int]] = defaultdict(list)
        self.lock = threading.Lock()

    def __call__(self, turn: Turn) -> None:
        chat, text = turn.inbound.chat, turn.inbound.text
        with self.lock:
            self.inside[chat] += 1
            self.overlaps += self.inside[chat] > 1
            pause = self.random.choice((0.0, 0.0, 0.002))
            fails = text not in self.failed and self.random.random() < 0.1
        try:
            lane = turn.store.conversations.lane(turn.inbound.channel, chat)
            known = turn.store.conversations.by_lane(lane)
            before = len(turn.store.messages.recent(known.id, 100)) if known else 0
            time.sleep(pause)
            answer(turn)
            number = turn.store.cases.next_count(2026)
            turn.store.ledger.append(Event(kind=EventKind.OFFICE_APPLIED, at=turn.now, data={"version": str(number)}))
            if fails:
                self.failed.add(text)
                raise ValueError
            self.found[chat].append(before)
        finally:
            with self.lock:
                self.inside[chat] -= 1


@pytest.mark.parametrize("seed", range(3))
async def test_a_conversation_is_handled_in_order_and_one_at_a_time(postgres_workshops: Open, seed: int) -> None:
    witness, random = Witness(seed), Random(seed)
    shops = [postgres_workshops(handle=witness), postgres_workshops(handle=witness)]
    for shop in shops:
        shop.start().wake()
    leads = await shops[0].deliver()

    async def talk(chat: int) -> None:
        """Writes one after the other, some twice, to whichever process comes first."""
        for number in range(EACH):
            arriving = message(chat, f"{chat}/{number}")
            chosen = random.choice(shops)
            await chosen.accept(arriving)
            if random.random() < 0.2:
                await random.choice(shops).accept(arriving)

    await asyncio.gather(*(talk(chat) for chat in range(CONVERSATIONS)))
    texts = {chat: [f"{chat}/{number}" for number in range(EACH)] for chat in range(CONVERSATIONS)}
    await leads.settled(*(text for of_chat in texts.values() for text in of_chat))
    await leads.until(lambda: not leads.entries(Sending.DUE, Sending.SENDING))
    assert witness.overlaps == 0
    kept = leads.kept()
    for chat, expected in texts.items():
        assert [text for text in kept if text.startswith(f"{chat}/")] == expected
        assert leads.post.texts_to(chat) == [f"re {text}" for text in expected]
        assert witness.found[str(chat)][-1] == EACH - 1
    with reading(leads.engine) as connection:
        chosen = select(ledger.c.seq, ledger.c.entry, ledger.c.digest).order_by(ledger.c.seq)
        chain = [(row.seq, row.entry, row.digest) for row in connection.execute(chosen)]
    assert [seq for seq, _, _ in chain] == list(range(1, CONVERSATIONS * EACH + 1))
    assert len({entry for _, entry, _ in chain}) == len(chain)
    digest = GENESIS
    for seq, entry, linked in chain:
        digest = link(KEYS.ledger_key, digest, seq, entry)
        assert linked == digest


async def test_the_one_that_delivers_sends_what_others_wrote_and_in_order(workshops: Open) -> None:
    leads, writes = workshops().start(), workshops().start()
    await leads.deliver()
    for number in range(30):
        shop = (leads, writes)[number % 2] if "postgresql" in leads.url else writes
        await shop.accept(message(1, f"{number}"))
    await leads.until(lambda: len(leads.post.texts) == 30)
    assert leads.post.texts == [f"re {number}" for number in range(30)]
    assert writes.post.texts == []


async def test_ids_follow_the_order_of_a_conversation_even_if_clocks_differ(postgres_workshops: Open) -> None:
    ahead, behind = postgres_workshops().start(), postgres_workshops().start()
    ahead.ids._last = ahead.ids() + (3_600_000 << 22)
    await ahead.accept(message(1, "a"))
    await behind.accept(message(1, "b"))
    await ahead.accept(message(1, "c"))
    assert ahead.put_out() == ["re a", "re b", "re c"]


def test_one_process_leads(database_url: str) -> None:
    engines = [open_engine(database_url) for _ in range(2)]
    one, other = (leader_of(engine) for engine in engines)
    assert one.acquire()
    assert one.acquire()
    assert not other.acquire()
    one.release()
    one.release()
    assert other.acquire()
    assert not one.acquire()
    other.release()
    for engine in engines:
        engine.dispose()


def test_a_leader_whose_connection_is_cut_knows_it(postgres: PostgresServer, postgres_url: str) -> None:
    engines = [open_engine(postgres_url) for _ in range(2)]
    one, other = (leader_of(engine) for engine in engines)
    assert one.acquire()
    postgres.kill_backend(postgres_url)
    assert other.acquire()
    assert not one.acquire()
    other.release()
    assert one.acquire()
    one.release()
    for engine in engines:
        engine.dispose()


async def test_takes_over_and_steps_down(
    postgres: PostgresServer, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leading, "TRY_EVERY", 0.02)
    monkeypatch.setattr(leading, "CHECK_EVERY", 0.02)
    monkeypatch.setattr(leading, "GRACE", 0.1)
    active: set[int] = set()
    seen: list[set[int]] = []

    def member(number: int) -> Leading:
        async def begin() -> None:
            active.add(number)
            seen.append(set(active))

        async def end() -> None:
            active.discard(number)

        return Leading(leader_of(engines[number]), begin, end)

    engines = [open_engine(postgres_url) for _ in range(2)]
    members = [member(number) for number in range(2)]
    for one in members:
        await one.start()
    assert active == {0}
    for _ in range(3):
        before = len(seen)
        postgres.kill_backend(postgres_url)
        async with asyncio.timeout(5):
            while len(seen) == before:  # noqa: ASYNC110 - it comes about by time alone
                await asyncio.sleep(0.01)
    assert all(len(leads) == 1 for leads in seen)
    for one in members:
        await one.stop()
        one.release()
    for engine in engines:
        engine.dispose()


@pytest.mark.slow
async def test_another_server_takes_over_when_the_leader_is_killed(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sandbox: Sandbox = local_telegram()
    await sandbox.start()
    directory = tmp_path_factory.mktemp("servers")
    program = Program(directory, {**settings_of(sandbox, directory), "database_url": postgres_url})
    try:
        first = await program.serve(UNTHROTTLED)
        second = await program.serve(UNTHROTTLED)
        budi = sandbox.add_user("Budi")
        budi.send_text("KTP saya hilang, apa syaratnya?")
        await sandbox.wait_for(lambda: "Dasar:" in "".join(budi.texts()), 10.0)
        before = len(budi.texts())
        await first.kill()
        killed = time.monotonic()
        budi.send_text("Biaya KTP berapa?")
        await sandbox.wait_for(lambda: len(budi.texts()) > before + 1, 10.0)
        assert time.monotonic() - killed < 5.0
        assert await second.stop() == 0
    finally:
        await program.close()
        await sandbox.stop()
