"""Who acts in the staff group, and about which case: every act of an officer is checked against these first."""

from __future__ import annotations

from conversation.errors import NotYet, Refusal
from conversation.inbound import ChatKind
from conversation.markup import escape
from conversation.outbound import Buttons, CaseTopic, Destination, Posted, Private, SendText, StaffGroup
from escalation import guards
from escalation.cases import Case
from escalation.roles import Officer
from handlers.turn import Turn

#: How long a message waits for the delivery result of one that it refers to (seconds).
RESULT_WAIT = 3.0


def officer_of(turn: Turn) -> Officer:
    """The officer who acts. Raises Refusal for strangers, other groups, and anonymous admins, who cannot sign."""
    inbound = turn.inbound
    if inbound.chat != turn.staff.chat:
        raise Refusal("Maaf, tombol ini hanya berlaku di grup petugas.")
    if inbound.sender is None or inbound.sender.anonymous:
        raise Refusal("Maaf, admin anonim tidak dapat membubuhkan paraf. Matikan mode anonim lebih dahulu.")
    return guards.known(turn.store.officers.by_external(inbound.sender.id))


def check_place(turn: Turn, case: Case) -> None:
    """Raises Refusal unless the press comes from the case's own topic (in a group without topics: from the group)."""
    place = turn.store.cases.place(case.id)
    if turn.inbound.thread and place and place.thread and turn.inbound.thread != place.thread:
        raise Refusal("Maaf, tombol ini bukan milik topik ini.")


def case_at(turn: Turn) -> Case | None:
    """The case that a message in the staff group is about: that of its topic, or of the message it replies to."""
    if turn.inbound.thread:
        found = turn.store.cases.by_thread(turn.inbound.thread)
        if found is None and not turn.final:
            raise NotYet("the topic may have been opened a moment ago", RESULT_WAIT)
        return found
    if turn.inbound.reply_to and (post := turn.store.posts.find(turn.staff.chat, turn.inbound.reply_to.message_id)):
        return turn.store.cases.get(post.case) if post.case else None
    return None


def here(turn: Turn) -> Destination:
    """Where the officer wrote: the case's topic, the group, or their own chat."""
    if turn.inbound.chat_kind is ChatKind.PRIVATE:
        return Private(turn.inbound.chat, turn.inbound.channel)
    found = turn.store.cases.by_thread(turn.inbound.thread) if turn.inbound.thread else None
    return CaseTopic(found.id) if found else StaffGroup()


def tell_here(turn: Turn, text: str, buttons: Buttons = ()) -> None:
    """Replies to the officer's message where it stands."""
    to = here(turn)
    reply = SendText(to=to, text=text, buttons=buttons, reply_to=Posted(turn.inbound.message_id))
    if isinstance(to, CaseTopic):
        turn.store.outbox.put(reply, lane=turn.store.cases.lane(to.case), case=to.case)
    else:
        turn.store.outbox.put(reply)


def refuse(turn: Turn, officer: Officer, reason: str, case: Case | None) -> None:
    """Tells an officer in private why something was not done: a refusal costs the group no call.

    An officer who never started the bot cannot be written to; then `failures` says it in the case's topic.
    """
    words = SendText(to=Private(officer.external_id, turn.inbound.channel), text=escape(reason))
    if case is None:
        turn.store.outbox.put(words)
    else:
        turn.store.outbox.put(words, lane=turn.store.cases.lane(case.id), case=case.id)
