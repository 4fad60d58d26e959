"""What is done about an outbox entry that failed for good: heal the topic, tell who has to know, lose nothing."""

from __future__ import annotations

from dataclasses import replace
from zlib import crc32

from conversation.errors import Cause
from conversation.markup import bold, escape
from conversation.outbound import CaseTopic, Destination, EditText, OpenTopic, Private, SendText, StaffGroup
from conversation.people import Author
from escalation.cases import Case
from escalation.roles import Role
from handlers import cards, opening
from handlers.replying import post
from handlers.store import Store, Undelivered
from handlers.turn import Turn

#: Where the failure of an alarm goes: nowhere, lest it alarm again.
ALARM_LANE = "alarm"
_ALARM_SPACING = 300.0
_WHY = {
    Cause.BLOCKED: "penerima memblokir bot",
    Cause.NO_RIGHTS: "bot tidak punya izin",
    Cause.REMOVED: "bot dikeluarkan dari grup",
    Cause.NOT_A_FORUM: "grup tanpa topik",
}
_TOPIC_LOST = {Cause.TOPIC_GONE, Cause.TOPIC_CLOSED}


def handle_undelivered(turn: Turn) -> None:
    """Looks at what could not be delivered, and why."""
    entry = turn.store.outbox.undelivered(turn.inbound.subject)
    if entry is None or entry.lane == ALARM_LANE:
        return  # an alarm that cannot be told is in the log
    cause, case = Cause(turn.inbound.detail), turn.store.cases.get(entry.case) if entry.case else None
    if isinstance(entry.outbound.to, Private):
        _private_missed(turn, entry, cause, case)
    elif cause is Cause.REMOVED:
        alarm(turn.store, "Bot dikeluarkan dari grup petugas. Kartu dan pesan ditahan sampai bot dimasukkan kembali.")
    elif case and cause in _TOPIC_LOST:
        _reopen_topic(turn, entry, case)
    elif case and isinstance(entry.outbound, OpenTopic) and cause is Cause.NOT_A_FORUM:
        turn.store.move_staff(turn.staff.chat, forum=False)
    elif case and isinstance(entry.outbound, OpenTopic) and cause is Cause.NO_RIGHTS:
        alarm(turn.store, f"Topik untuk {case.number} tidak dapat dibuat. Periksa hak admin bot di grup petugas.")
    elif case and isinstance(entry.outbound, EditText) and cause is Cause.MESSAGE_GONE:
        cards.present(turn, case, turn.store.conversations.get(case.conversation))
    elif cause not in (Cause.NOT_MODIFIED, Cause.EXPIRED):
        alarm(turn.store, f"Sebuah pesan di grup petugas gagal dikirim ({_WHY.get(cause, 'ditolak saluran')}).")


def _private_missed(turn: Turn, entry: Undelivered, cause: Cause, case: Case | None) -> None:
    """A private message did not arrive: officers of the case read so in the topic, for each of their own messages."""
    if entry.conversation is None:
        if isinstance(entry.outbound, SendText):  # a refusal, to an officer who never started the bot
            to = CaseTopic(case.id) if case else StaffGroup()
            turn.store.outbox.put(SendText(to=to, text=entry.outbound.text), lane=entry.lane, case=entry.case)
        return
    before = turn.store.conversations.get(entry.conversation)
    newly_blocked = cause is Cause.BLOCKED and not before.account.blocked
    if newly_blocked:
        turn.store.conversations.save(before, replace(before, account=replace(before.account, blocked=True)))
    stored = turn.store.messages.get(entry.message) if entry.message else None
    if case and (newly_blocked or (stored and stored.author is Author.OFFICER)):
        why = _WHY.get(cause, "ditolak saluran")
        post(turn, case, SendText(to=CaseTopic(case.id), text=f"{bold('Pesan tidak sampai')}: {escape(why)}."))


def _reopen_topic(turn: Turn, entry: Undelivered, case: Case) -> None:
    """The case's topic was deleted or closed: a new one with the card, and what could not be delivered once more."""
    place = turn.store.cases.place(case.id)
    conversation = turn.store.conversations.get(case.conversation)
    if place and (place.thread_call or 0) < entry.id:
        opening.present(turn, case, conversation)
    if not isinstance(entry.outbound, EditText) and place and place.card_call != entry.id:
        turn.store.outbox.put(
            entry.outbound, lane=conversation.lane, conversation=entry.conversation, case=case.id, message=entry.message
        )


def alarm(store: Store, text: str) -> None:
    """Tells the admins in private; where there are none, the staff group. The same alarm is not repeated for a
    while."""
    admins = store.officers.with_role(Role.ADMIN)
    told: list[Destination] = [Private(admin.external_id) for admin in admins]
    for to in told or [StaffGroup()]:
        name = f"alarm:{crc32(f'{to}{text}'.encode())}"
        store.outbox.put(
            SendText(to=to, text=escape(text)), lane=ALARM_LANE, queue=name, coalesce=name, spacing=_ALARM_SPACING
        )
