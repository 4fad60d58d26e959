"""Turns what an outbox entry names by logical id (a case's topic, a message sent earlier) into the channel's ids."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress

from sqlalchemy import Engine, select

from bot.versions import read_staff
from conversation.errors import Cause, Undeliverable
from conversation.outbound import (
    Address,
    AnswerPress,
    Call,
    CaseTopic,
    EditText,
    MessageRef,
    OpenTopic,
    Posted,
    Private,
    Receipt,
)
from storage.engine import reading
from storage.outbox import Entry, Sending
from storage.tables import cases, outbox

_REMEMBERED = 20_000
#: How often a result that another process may have written is looked for (seconds).
_LOOK_AGAIN = 2.0
_OVER = (Sending.FAILED, Sending.EXPIRED)


class Addressing:
    """Resolves entries just before they are sent; remembers the results of earlier calls, and asks the database for
    others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._staff = ""
        self._results: OrderedDict[int, Receipt | None] = OrderedDict()
        self._awaited: dict[int, asyncio.Event] = {}

    async def resolve(self, entry: Entry) -> Call:
        """The call with everything named by its id; waits for earlier calls it depends on. Raises Undeliverable."""
        outbound = entry.outbound
        address = await self.address(entry)
        target = reply_to = None
        if isinstance(outbound, EditText):
            target = await self._message(outbound.target, entry)
            if target is None:
                raise Undeliverable(Cause.MESSAGE_GONE, "the message to edit was never sent")
        elif not isinstance(outbound, OpenTopic | AnswerPress) and outbound.reply_to:
            reply_to = await self._message(outbound.reply_to, entry)
        elif isinstance(outbound.to, CaseTopic) and address.thread is None:
            reply_to = await self._card(outbound.to.case, entry)
        return Call(outbound=outbound, address=address, target=target, reply_to=reply_to)

    async def address(self, entry: Entry) -> Address:
        """Where the entry goes, as things are now."""
        to = entry.outbound.to
        if isinstance(to, Private):
            return Address(to.chat)
        if not self._staff:
            self._staff = await asyncio.to_thread(self._read_staff)
        return Address(self._staff, await self._thread(to.case, entry) if isinstance(to, CaseTopic) else None)

    def learn(self, entry: Entry, receipt: Receipt | None) -> None:
        """Remembers what a call gave (None: it failed), for those that depend on it."""
        self._results[entry.id] = receipt
        if len(self._results) > _REMEMBERED:
            self._results.popitem(last=False)
        if event := self._awaited.pop(entry.id, None):
            event.set()

    def forget_staff(self) -> None:
        """The staff group has a new id; it is read again."""
        self._staff = ""

    async def _thread(self, case: int, entry: Entry) -> int | None:
        thread, thread_call, _ = await asyncio.to_thread(self._place, case)
        if thread is not None or thread_call is None:
            return thread
        if thread_call > entry.id:
            raise Undeliverable(Cause.TOPIC_GONE, "the case is getting a new topic, behind this entry")
        opened = await self._result(thread_call)
        return opened.topic if opened else None

    async def _card(self, case: int, entry: Entry) -> int | None:
        _, _, card_call = await asyncio.to_thread(self._place, case)
        if card_call is None or card_call >= entry.id:
            return None
        card = await self._result(card_call)
        return card.message_ids[0] if card and card.message_ids else None

    async def _message(self, ref: MessageRef, entry: Entry) -> int | None:
        if isinstance(ref, Posted):
            return ref.message_id
        sent = await self._result(ref.outbox) if ref.outbox < entry.id else None
        return sent.message_ids[0] if sent and sent.message_ids else None

    async def _result(self, call: int) -> Receipt | None:
        """What an earlier call gave, waiting for it; None if it failed."""
        while call not in self._results:
            over, receipt = await asyncio.to_thread(self._read_result, call)
            if over:
                return receipt
            event = self._awaited.setdefault(call, asyncio.Event())
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), _LOOK_AGAIN)
        return self._results[call]

    def _read_result(self, call: int) -> tuple[bool, Receipt | None]:
        with reading(self._engine) as connection:
            row = connection.execute(select(outbox.c.state, outbox.c.result).where(outbox.c.id == call)).one_or_none()
        if row is None or row.state in _OVER:
            return True, None
        return bool(row.result), Receipt(tuple(row.result["message_ids"]), row.result["topic"]) if row.result else None

    def _place(self, case: int) -> tuple[int | None, int | None, int | None]:
        chosen = select(cases.c.thread, cases.c.thread_call, cases.c.card_call).where(cases.c.id == case)
        with reading(self._engine) as connection:
            row = connection.execute(chosen).one_or_none()
        return (row.thread, row.thread_call, row.card_call) if row else (None, None, None)

    def _read_staff(self) -> str:
        with reading(self._engine) as connection:
            return read_staff(connection).chat
