"""The tables, as SQLAlchemy Core; `sealed` columns hold encrypted JSON, everything else is free of personal data.

Times are UTC. `until`, `not_before`, `expires` and `next_at` are seconds of real time since 1970 (holds, budgets and
retries do not
follow the office's clock).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime in UTC on every backend (SQLite has none of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()
_Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[Any]:
    return Column("id", _Id, primary_key=True, autoincrement=False)


def _sealed(name: str = "sealed") -> Column[Any]:
    return Column(name, LargeBinary, nullable=False)


state = Table("state", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

snapshots = Table(
    "snapshots",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("applied_at", UtcTime, nullable=False),
    Index("snapshots_latest", "kind", "id"),
)

residents = Table("residents", metadata, _id(), _sealed(), Column("registered_at", UtcTime, nullable=False))

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("resident", _Id, ForeignKey("residents.id"), nullable=False),
    Column("channel", Text, nullable=False),
    _sealed(),
    Column("blocked", Boolean, nullable=False, default=False),
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    Column("account", _Id, ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("lane", Text, nullable=False, unique=True),
    Column("greeted", Boolean, nullable=False),
    Column("topic", Text, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("asking", Text, nullable=False),
    Column("skipped", JSON, nullable=False),
    Column("offered", JSON, nullable=False),
    Column("case", _Id),
    Column("language", Text, nullable=False, server_default="id"),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("conversation", _Id, ForeignKey("conversations.id"), nullable=False),
    Column("case", _Id),
    Column("author", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("officer", _Id),
    Column("kind", Text, nullable=False),
    _sealed(),
    Column("basis", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("external_id", _Id, nullable=False),
    Column("earlier", Integer, nullable=False),
    Index("messages_conversation", "conversation", "id"),
    Index("messages_case", "case", "id"),
)

message_versions = Table(
    "message_versions",
    metadata,
    _id(),
    Column("message", _Id, nullable=False, index=True),
    _sealed(),
    Column("replaced_at", UtcTime, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    _id(),
    Column("number", Text, nullable=False, unique=True),
    Column("conversation", _Id, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("body", JSON, nullable=False),
    Column("thread", _Id, index=True),
    Column("thread_call", _Id),
    Column("card_call", _Id),
    Column("card_shown", Text, nullable=False, default=""),
    Index("cases_waiting", "state", "id"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("case", _Id, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("body", JSON, nullable=False),
)

counters = Table("counters", metadata, Column("name", Text, primary_key=True), Column("value", Integer, nullable=False))

officers = Table(
    "officers",
    metadata,
    _id(),
    Column("external_index", Text, nullable=False, unique=True),
    _sealed(),
    Column("posts", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", _Id, primary_key=True, autoincrement=False),
    Column("case", _Id, index=True),
    Column("at", UtcTime, nullable=False),
    Column("entry", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", _Id, nullable=False),
    Column("digest", Text, nullable=False),
)

lanes = Table("lanes", metadata, Column("lane", Text, primary_key=True))

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("until", Double, nullable=False),
    Column("since", Double, nullable=False),
    Column("source", Text, nullable=False),
    _sealed(),
    Column("received_at", UtcTime, nullable=False),
    Column("error", Text, nullable=False),
    Index("inbox_lane", "lane", "state", "id"),
    Index("inbox_due", "state", "until"),
    Index("inbox_since", "since"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("queue", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("conversation", _Id),
    Column("case", _Id),
    Column("message", _Id),
    Column("state", Text, nullable=False),
    Column("not_before", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("coalesce", Text, nullable=False),
    _sealed(),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("result", JSON),
    Column("error", Text, nullable=False),
    Index("outbox_open", "state", "id"),
    Index("outbox_message", "message"),
    Index("outbox_coalesce", "coalesce", "state"),
)

posts = Table(
    "posts",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("external_id", _Id, primary_key=True, autoincrement=False),
    Column("outbox", _Id),
    Column("message", _Id),
    Column("case", _Id),
)

timers = Table(
    "timers",
    metadata,
    Column("case", _Id, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("lane", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False, index=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("message", _Id, primary_key=True, autoincrement=False),
    Column("conversation", _Id, nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
)

#: How each message of a resident was understood: what the learning loop (gaps, teach, publish) reads.
decisions = Table(
    "decisions",
    metadata,
    Column("message", _Id, primary_key=True, autoincrement=False),
    Column("conversation", _Id, nullable=False, index=True),
    Column("pieces", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("score", Double, nullable=False),
    Column("chosen", Text, nullable=False),
    Column("taught", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
