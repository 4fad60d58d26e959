"""What residents write in these tests, how it is stored and read again, and the handler that behaves well."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.events import SOURCE, read_event
from bot.versions import Version
from conversation.errors import MalformedUpdate
from conversation.inbound import ChatKind, Inbound, InboundKind, ReplyTo, Sender
from conversation.outbound import Private, SendText
from conversation.people import Author
from handlers.turn import Turn
from storage.unit_of_work import UnitOfWork

#: The channel's name for the updates of these tests.
POST = "post"


def answer(turn: Turn) -> None:
    """The well-behaved handler: registers who writes, keeps what was said, and answers it; a burst as one message."""
    inbound = turn.burst[0]
    if inbound.sender is None:
        return
    known = turn.store.conversations.by_lane(turn.store.conversations.lane(inbound.channel, inbound.chat))
    conversation = known or turn.store.conversations.register(
        inbound.channel, inbound.chat, inbound.sender, "", turn.now
    )
    text = "+".join(item.text for item in turn.burst)
    turn.store.messages.add(conversation, Author.RESIDENT, text, turn.now)
    turn.store.outbox.put(
        SendText(to=Private(inbound.chat, inbound.channel), text=f"re {text}"),
        lane=conversation.lane,
        conversation=conversation.id,
    )


def by_chat(uow: UnitOfWork, _version: Version, inbound: Inbound) -> str:
    """The lane of a resident's own chat."""
    return uow.conversations.lane(inbound.channel, inbound.chat)


def message(chat: int, text: str, key: str = "", **details: Any) -> Inbound:
    """A resident's message; by default its key is its text."""
    return Inbound(
        key=key or f"{POST}:{text}",
        channel=POST,
        kind=InboundKind.MESSAGE,
        chat=str(chat),
        chat_kind=ChatKind.PRIVATE,
        sender=Sender(id=str(chat), name=f"Warga {chat}"),
        sent_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        text=text,
        **details,
    )


def pack(inbound: Inbound) -> bytes:
    """What `read` reads."""
    reply = inbound.reply_to.message_id if inbound.reply_to else 0
    return json.dumps([int(inbound.chat), inbound.text, inbound.key, inbound.album, reply]).encode()


def read(source: str, raw: bytes) -> Inbound:
    """Reads stored updates again, as the program's own reader does."""
    if source == SOURCE:
        return read_event(raw)
    try:
        chat, text, key, album, reply = json.loads(raw)
    except ValueError:
        raise MalformedUpdate("no update of these tests") from None
    return message(chat, text, key, album=album, reply_to=ReplyTo(reply) if reply else None)


def telegram_message(chat: int, text: str) -> dict[str, Any]:
    """A private message as Telegram tells it (Bot API: Message)."""
    return {
        "message_id": 1,
        "date": 1_770_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "Budi"},
        "from": {"id": chat, "is_bot": False, "first_name": "Budi"},
        "text": text,
    }
