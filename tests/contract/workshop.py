"""The writing and sending halves of the program on one database, with a handler and a channel of the test's own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, select

from bot.delivery import Delivery
from bot.lanes import Handle, Lanes, Read
from bot.pump import Pump
from bot.versions import Version, Versions, configure_staff, read_staff
from bot.writer import Item, Locate, Writer
from channels.budget import Budget, Limit, Limits, MemoryBudget
from conversation.clock import RealClock
from conversation.inbound import Inbound
from conversation.outbound import Call, Outbound, Private, Receipt, SendText
from escalation.office import Office, default_office, load_office
from knowledge import Knowledge, load_pack, pack_builtin
from storage.encryption import KeyRing
from storage.engine import open_engine, reading
from storage.ids import Ids
from storage.inbox import Receiving
from storage.outbox import Entry, Sending, load
from storage.tables import inbox, messages, metadata, outbox
from storage.unit_of_work import UnitOfWork
from tests.contract.residents import POST, answer, by_chat, pack, read

#: The staff group's id.
GROUP = -1002000000001
KEYS = KeyRing([b"a key of 32 bytes for some tests"])
#: No throttling in tests that are not about it.
UNLIMITED = Limits(bot=Limit(100_000, 1.0), chat=Limit(100_000, 1.0), group=Limit(100_000, 1.0))
PATIENCE_S = 10.0


def text(chat: int, words: str) -> SendText:
    """A message to a resident."""
    return SendText(to=Private(str(chat)), text=words)


def put(outbound: Outbound, **details: Any) -> Callable[[UnitOfWork], int]:
    """A job that puts a call into the outbox."""
    return lambda uow: uow.outbox.put(outbound, **details)


@cache
def _standing() -> tuple[Office, Knowledge]:
    return load_office(default_office()), load_pack(pack_builtin())


class OneVersion(Versions):
    """The office and articles that come with Loket, without snapshots in the database."""

    def of(self, connection: Connection) -> Version:
        office, knowledge = _standing()
        return Version(office, knowledge, read_staff(connection), {})


def _words(outbound: Outbound) -> str:
    return getattr(outbound, "text", "")


@dataclass(slots=True)
class Post:
    """A channel that takes everything, in order, unless told otherwise: `faults` are raised, first to last, for calls
    with that text; `hold` keeps calls from coming back until it is set."""

    faults: dict[str, list[Exception]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    #: When each text was tried last, by the monotonic clock.
    at: dict[str, float] = field(default_factory=dict)
    hold: asyncio.Event | None = None

    async def send(self, call: Call) -> Receipt:
        text = _words(call.outbound)
        self.tried.append(text)
        self.at[text] = time.monotonic()
        if waiting := self.faults.get(text):
            raise waiting.pop(0)
        if self.hold:
            await self.hold.wait()
        self.calls.append(call)
        return Receipt((len(self.calls),), 7000 + len(self.calls) if call.outbound.kind == "open_topic" else None)

    @property
    def texts(self) -> list[str]:
        return [_words(call.outbound) for call in self.calls]

    def texts_to(self, chat: int) -> list[str]:
        return [_words(call.outbound) for call in self.calls if call.address.chat == str(chat)]


@dataclass(slots=True)
class Workshop:
    """One process's share in a database."""

    url: str
    handle: Handle = answer
    read: Read = read
    locate: Locate = by_chat
    post: Post = field(default_factory=Post)
    limits: Limits = UNLIMITED
    handed: list[Entry] = field(default_factory=list)
    doubts: int = 0
    delivery: Delivery | None = None
    pump: Pump | None = None
    engine: Engine = field(init=False)
    ids: Ids = field(init=False)
    writer: Writer = field(init=False)
    _pumping: asyncio.Task[None] | None = None
    _started: bool = False

    def __post_init__(self) -> None:
        self.engine = open_engine(self.url)
        self.ids = Ids()
        self.writer = Writer(
            self.engine,
            KEYS,
            self.ids,
            RealClock(),
            OneVersion(),
            Lanes(self.read, self.handle),
            self.locate,
            committed=self._committed,
            doubted=self._doubted,
        )

    def build(self) -> Workshop:
        """Makes the tables; for the first process on a database."""
        metadata.create_all(self.engine, checkfirst=False)
        with self.engine.connect() as connection, connection.begin():
            configure_staff(connection, str(GROUP), forum=True)
        return self

    def start(self) -> Workshop:
        """Starts writing; what was submitted before is one group."""
        self._started = True
        self.writer.start()
        return self

    async def deliver(self, budget: Budget | None = None) -> Workshop:
        """Starts delivering."""
        self.delivery = Delivery(
            self.engine, KEYS, self.writer, self.post, budget or MemoryBudget(self.limits), lambda _call: 1
        )
        await self.delivery.start()
        return self

    def wake(self) -> Workshop:
        """Starts waking what is due."""
        self.pump = Pump(self.engine, self.writer, RealClock())
        self._pumping = asyncio.get_running_loop().create_task(self.pump.run())
        return self

    async def close(self, seconds: float = 1.0) -> None:
        if self.pump and self._pumping:
            self.pump.stop()
            await self._pumping
        if self.delivery:
            await self.delivery.stop(seconds)
        if self._started:
            await asyncio.to_thread(self.writer.close)
        self.engine.dispose()

    def submit(self, inbound: Inbound) -> Future[Any]:
        """Hands an update in; the future resolves when it may be acknowledged."""
        return self.writer.submit(Item(raw=pack(inbound), source=POST, key=inbound.key, inbound=inbound))

    async def accept(self, *arriving: Inbound) -> None:
        """Hands updates in and waits until all may be acknowledged."""
        taken = asyncio.gather(*(asyncio.wrap_future(self.submit(one)) for one in arriving))
        await asyncio.wait_for(taken, PATIENCE_S)

    async def do(self, job: Callable[[UnitOfWork], Any]) -> Any:
        return await asyncio.wait_for(asyncio.wrap_future(self.writer.do(job)), PATIENCE_S)

    def rows(self, chosen: Select[Any]) -> Sequence[Row[Any]]:
        with reading(self.engine) as connection:
            return connection.execute(chosen).all()

    def kept(self) -> list[str]:
        """The texts of all stored messages, in the order they were stored."""
        rows = self.rows(select(messages.c.id, messages.c.sealed).order_by(messages.c.id))
        return [json.loads(KEYS.open("messages", row.id, row.sealed))["text"] for row in rows]

    def states(self) -> Mapping[str, str]:
        """The state of every update of these tests, by the end of its key."""
        rows = self.rows(select(inbox.c.key, inbox.c.state).where(inbox.c.source == POST))
        return {row.key.removeprefix(f"{POST}:"): row.state for row in rows}

    def attempts(self, key: str) -> int:
        return int(self.rows(select(inbox.c.attempts).where(inbox.c.key == f"{POST}:{key}"))[0].attempts)

    def entries(self, *states: Sending) -> list[Entry]:
        """The outbox in order."""
        chosen = select(outbox).order_by(outbox.c.id)
        rows = self.rows(chosen.where(outbox.c.state.in_(states)) if states else chosen)
        return [load(row, KEYS) for row in rows]

    def put_out(self) -> list[str]:
        """The texts of all outbox entries, in order."""
        return [_words(entry.outbound) for entry in self.entries()]

    async def until(self, look: Callable[[], Any], what: str = "what was waited for") -> None:
        """Waits for something to come true."""
        async with asyncio.timeout(PATIENCE_S):
            while not await asyncio.to_thread(look):  # noqa: ASYNC110 - it happens in threads and other processes
                await asyncio.sleep(0.01)

    async def settled(self, *texts: str) -> None:
        """Waits until these updates are done."""
        await self.until(lambda: all(self.states().get(text) == Receiving.DONE for text in texts), f"{texts} done")

    async def sent(self, *texts: str) -> None:
        """Waits until these have been sent, and nothing waits any more."""
        await self.until(lambda: set(texts) <= set(self.post.texts), str(texts))
        await self.until(lambda: not self.entries(Sending.DUE, Sending.SENDING))

    def _committed(self, entries: Sequence[Entry]) -> None:
        self.handed += entries
        if self.delivery:
            self.delivery.hand_over(entries)

    def _doubted(self) -> None:
        self.doubts += 1
        if self.delivery:
            self.delivery.doubt()
