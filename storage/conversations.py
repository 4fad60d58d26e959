"""Keeps residents, their accounts and their conversations."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select, update

from conversation.inbound import Sender
from conversation.language import Language
from conversation.people import Account, Asking, Conversation, Resident
from storage.tables import accounts, conversations, residents

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

_JOINED = (
    select(
        conversations,
        accounts.c.resident,
        accounts.c.channel,
        accounts.c.blocked,
        accounts.c.sealed.label("account_sealed"),
        residents.c.sealed.label("resident_sealed"),
        residents.c.registered_at,
    )
    .join(accounts, accounts.c.id == conversations.c.account)
    .join(residents, residents.c.id == accounts.c.resident)
)
# Built once: on the path of every message, building a statement costs more than running it.
_BY_LANE = _JOINED.where(conversations.c.lane == bindparam("lane"))


class Conversations:
    """Conversations with their account and resident, found by lane."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def lane(self, channel: str, address: str) -> str:
        """The lane of an account: a keyed hash, so that nothing in the database tells who writes."""
        return "r:" + self._uow.keys.index("account", f"{channel}:{address}")

    def by_lane(self, lane: str) -> Conversation | None:
        row = self._uow.connection.execute(_BY_LANE, {"lane": lane}).one_or_none()
        return self._load(row) if row else None

    def get(self, conversation: int) -> Conversation:
        """The conversation with this id; it must exist."""
        return self._load(self._uow.connection.execute(_JOINED.where(conversations.c.id == conversation)).one())

    def register(self, channel: str, address: str, sender: Sender, source: str, at: datetime) -> Conversation:
        """Registers who writes for the first time (SOP step 2): resident, account and conversation."""
        ids, connection = self._uow.ids, self._uow.connection
        resident = Resident(id=ids(), name=sender.name, registered_at=at)
        account = Account(
            id=ids(),
            resident=resident.id,
            channel=channel,
            address=address,
            username=sender.username,
            language=sender.language,
            source=source,
        )
        conversation = Conversation(id=ids(), account=account, resident=resident, lane=self.lane(channel, address))
        connection.execute(
            residents.insert(), {"id": resident.id, "sealed": self._seal_resident(resident), "registered_at": at}
        )
        connection.execute(
            accounts.insert(),
            {
                "id": account.id,
                "resident": resident.id,
                "channel": channel,
                "sealed": self._seal_account(account),
                "blocked": False,
            },
        )
        connection.execute(
            conversations.insert(),
            {"id": conversation.id, "account": account.id, "lane": conversation.lane, **_columns(conversation)},
        )
        return conversation

    def save(self, before: Conversation, after: Conversation) -> None:
        """Writes what changed between two versions of a conversation, its account and its resident."""
        if before.resident != after.resident:
            self._uow.connection.execute(
                update(residents)
                .where(residents.c.id == after.resident.id)
                .values(sealed=self._seal_resident(after.resident))
            )
        if before.account != after.account:
            self._uow.connection.execute(
                update(accounts)
                .where(accounts.c.id == after.account.id)
                .values(sealed=self._seal_account(after.account), blocked=after.account.blocked)
            )
        if _columns(before) != _columns(after):
            self._uow.connection.execute(
                update(conversations).where(conversations.c.id == after.id).values(**_columns(after))
            )

    def _load(self, row: Row[Any]) -> Conversation:
        keys = self._uow.keys
        person = json.loads(keys.open("residents", row.resident, row.resident_sealed))
        known_as = json.loads(keys.open("accounts", row.account, row.account_sealed))
        resident = Resident(id=row.resident, registered_at=row.registered_at, **person)
        account = Account(id=row.account, resident=row.resident, channel=row.channel, blocked=row.blocked, **known_as)
        return Conversation(
            id=row.id,
            account=account,
            resident=resident,
            lane=row.lane,
            greeted=row.greeted,
            topic=row.topic,
            misses=row.misses,
            asking=Asking(row.asking),
            skipped=tuple(Asking(item) for item in row.skipped),
            offered=tuple(row.offered),
            case=row.case,
            language=Language(row.language),
        )

    def _seal_resident(self, resident: Resident) -> bytes:
        person = {"name": resident.name, "email": resident.email, "phone": resident.phone}
        return self._uow.keys.seal("residents", resident.id, json.dumps(person).encode())

    def _seal_account(self, account: Account) -> bytes:
        known_as = {name: getattr(account, name) for name in ("address", "username", "language", "source")}
        return self._uow.keys.seal("accounts", account.id, json.dumps(known_as).encode())


def _columns(conversation: Conversation) -> dict[str, Any]:
    return {
        "greeted": conversation.greeted,
        "topic": conversation.topic,
        "misses": conversation.misses,
        "asking": conversation.asking,
        "skipped": list(conversation.skipped),
        "language": conversation.language,
        "offered": list(conversation.offered),
        "case": conversation.case,
    }
