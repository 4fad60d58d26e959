"""Finds the lane of what arrived, and the handler for it."""

from __future__ import annotations

from collections.abc import Callable

from conversation.inbound import ChatKind, Inbound, InboundKind
from handlers import desk, failures, group, membership, notes, resident, timers
from handlers.buttons import CASE, read_press
from handlers.store import Store
from handlers.turn import Staff, Turn
from handlers.words import case_number_in


def locate(store: Store, staff: Staff, inbound: Inbound) -> str:
    """The lane of the conversation that an inbound affects: the resident's own, or that of the case staff are working
    on."""
    if inbound.chat_kind is ChatKind.PRIVATE:
        return store.conversations.lane(inbound.channel, inbound.chat)
    case = case_of(store, staff, inbound)
    return store.cases.lane(case) if case else f"{inbound.channel}:{inbound.chat}:{inbound.thread or 0}"


def case_of(store: Store, staff: Staff, inbound: Inbound) -> int | None:
    """The case that something in the staff group is about: by button, topic, replied-to message, or number in a
    command."""
    if inbound.press and (pressed := read_press(inbound.press.data)) and pressed.whose == CASE:
        found = store.cases.get(pressed.about)
        return found.id if found else None
    if inbound.chat == staff.chat and inbound.thread and (found := store.cases.by_thread(inbound.thread)):
        return found.id
    if inbound.command and (number := case_number_in(inbound.argument)):
        found = store.cases.by_number(number)
        return found.id if found else None
    for message in (inbound.reply_to.message_id if inbound.reply_to else 0, inbound.message_id):
        if inbound.chat == staff.chat and message and (post := store.posts.find(inbound.chat, message)) and post.case:
            return post.case
    return None


def dispatch(turn: Turn) -> None:
    """Hands a turn to the handler of what it is."""
    handler = _OWN.get(turn.inbound.kind) or (
        _PRIVATE.get(turn.inbound.kind) if turn.inbound.chat_kind is ChatKind.PRIVATE else _GROUP.get(turn.inbound.kind)
    )
    if handler:
        handler(turn)


_Handler = Callable[[Turn], None]

_OWN: dict[InboundKind, _Handler] = {
    InboundKind.TIMER: timers.handle_due,
    InboundKind.UNDELIVERED: failures.handle_undelivered,
    InboundKind.MIGRATED: membership.handle_migration,
}
_PRIVATE: dict[InboundKind, _Handler] = {
    InboundKind.MESSAGE: resident.handle_message,
    InboundKind.EDIT: resident.handle_edit,
    InboundKind.PRESS: resident.handle_press,
    InboundKind.MEMBERSHIP: membership.handle_blocking,
}
_GROUP: dict[InboundKind, _Handler] = {
    InboundKind.MESSAGE: group.handle_message,
    InboundKind.EDIT: notes.handle_edit,
    InboundKind.PRESS: desk.handle_press,
}
