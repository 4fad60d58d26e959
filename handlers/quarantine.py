"""The last resort for a message that cannot be handled: an apology with a way on, and an alarm to the admins."""

from __future__ import annotations

from conversation.inbound import ChatKind, InboundKind
from conversation.outbound import Private, SendText
from handlers import failures, words
from handlers.turn import Turn

_FROM_RESIDENTS = {InboundKind.MESSAGE, InboundKind.EDIT, InboundKind.PRESS}


def give_up(turn: Turn, key: str) -> None:
    """Apologises to the resident, if it was one, and alarms the admins; `key` is how they find the update."""
    inbound = turn.inbound
    if inbound.chat_kind is ChatKind.PRIVATE and inbound.kind in _FROM_RESIDENTS:
        apology = SendText(to=Private(inbound.chat, inbound.channel), text=words.APOLOGY)
        turn.store.outbox.put(apology)
    failures.alarm(turn.store, f"Sebuah pesan tidak dapat diproses dan disisihkan ({key}). Lihat catatan sistem.")
