"""One transaction's view of the store: the repositories, the buffered inserts, and a savepoint for each message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection

from storage.buffer import Buffer
from storage.cases import Cases
from storage.conversations import Conversations
from storage.decisions import Decisions
from storage.encryption import KeyRing
from storage.engine import DRIVER_ERRORS, check_sound
from storage.feedback import Feedback
from storage.ids import Ids
from storage.inbox import Inbox
from storage.ledger import Ledger
from storage.messages import Messages, Posts
from storage.officers import Officers
from storage.outbox import Outbox
from storage.state import STAFF, get_value, set_value
from storage.timers import Timers


class UnitOfWork:
    """Repositories that share one connection and one transaction; whoever began the transaction commits it.

    `now` is the office's time (UTC) for everything recorded in this transaction.
    """

    def __init__(self, connection: Connection, keys: KeyRing, ids: Ids, now: datetime) -> None:
        self.connection, self.keys, self.ids, self.now = connection, keys, ids, now
        self.buffer = Buffer(connection)
        self.inbox = Inbox(self)
        self.conversations = Conversations(self)
        self.messages = Messages(self)
        self.posts = Posts(self)
        self.cases = Cases(self)
        self.officers = Officers(self)
        self.outbox = Outbox(self)
        self.timers = Timers(self)
        self.feedback = Feedback(self)
        self.decisions = Decisions(self)
        self.ledger = Ledger(self)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Everything inside happens or, if it raises, leaves no trace, and the transaction goes on.

        Not after a driver error, not even one that was caught inside: then the transaction as a whole is given up.
        """
        rows, entries, made = self.buffer.mark(), self.ledger.mark(), len(self.outbox.made)
        self.connection.exec_driver_sql("SAVEPOINT message")
        try:
            yield
        except DRIVER_ERRORS:
            raise
        except Exception:
            check_sound(self.connection)
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT message")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT message")
            self.buffer.restore(rows)
            self.ledger.restore(entries)
            del self.outbox.made[made:]
            raise
        check_sound(self.connection)
        self.connection.exec_driver_sql("RELEASE SAVEPOINT message")

    def move_staff(self, chat: str, *, forum: bool | None = None) -> None:
        """Notes the staff group's new id (groups that migrate), or that it has topics or not."""
        kept = get_value(self.connection, STAFF) or {}
        kept["chat"] = chat
        if forum is not None:
            kept["forum"] = forum
        set_value(self.connection, STAFF, kept)

    def finish(self) -> None:
        """Writes what was buffered and chains the ledger; the last thing before the commit."""
        self.inbox.finish()
        self.buffer.flush()
        self.ledger.finish()
        check_sound(self.connection)
