"""What the program has written down, read past it with the office's key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Table, func, select

from storage.encryption import KeyRing
from storage.engine import open_engine, reading
from storage.tables import cases, conversations, inbox, messages, outbox
from tests.dialogs.stage import SECRET_KEY

_WAITING_IN = ("received", "held", "failed")
_WAITING_OUT = ("due", "sending")


@dataclass(frozen=True, slots=True)
class Records:
    """Looks into one database."""

    url: str

    def rows(self, chosen: Select[Any]) -> list[Row[Any]]:
        engine = open_engine(self.url)
        try:
            with reading(engine) as connection:
                return list(connection.execute(chosen).all())
        finally:
            engine.dispose()

    def count(self, table: Table, *conditions: Any) -> int:
        return int(self.rows(select(func.count()).select_from(table).where(*conditions))[0][0])

    def updates(self) -> Mapping[str, str]:
        """The state of every update that came from Telegram, by its key."""
        return {row.key: row.state for row in self.rows(select(inbox).where(inbox.c.source == "telegram"))}

    def sent_by_queue(self) -> Counter[str]:
        """How many messages and topics are known to have been sent, by chat; edits and notes do not count."""
        sent: Counter[str] = Counter()
        known = outbox.c.queue.startswith("r:") | (outbox.c.queue == "staff")
        for row in self.rows(select(outbox.c.queue, outbox.c.result).where(outbox.c.state == "sent", known)):
            sent[row.queue] += max(len(row.result["message_ids"]), 1)
        return sent

    def unsent(self) -> int:
        return self.count(outbox, outbox.c.state.in_(_WAITING_OUT))

    def idle(self) -> bool:
        """Whether nothing waits to be handled or sent."""
        return not self.unsent() and not self.count(inbox, inbox.c.state.in_(_WAITING_IN))

    def messages_of_residents(self) -> int:
        return self.count(messages, messages.c.author == "resident")

    def cases_by_conversation(self) -> Counter[str]:
        """How many cases each conversation has, by its lane."""
        joined = select(conversations.c.lane).join(cases, cases.c.conversation == conversations.c.id)
        return Counter(row.lane for row in self.rows(joined))


def lane_of(person: int) -> str:
    """The lane, and outbox queue, of a resident's private chat."""
    return "r:" + KeyRing.from_setting(SECRET_KEY).index("account", f"telegram:{person}")
