"""What happens when somebody writes in the staff group: commands, replies to the resident, proposals, and staff talk."""

from __future__ import annotations

from conversation.errors import MoreToCome, NotYet, Refusal
from conversation.inbound import ChatKind
from conversation.outbound import Buttons, CaseTopic, Destination, Posted, Private, SendText, StaffGroup
from conversation.people import Author
from escalation import guards
from escalation.cases import Case, State
from escalation.roles import Officer
from handlers import commands, notes
from handlers.turn import Turn

#: How long a reply waits for the delivery result of the message it replies to (seconds).
RESULT_WAIT = 3.0
ALBUM_WAIT = 1.5


def handle_message(turn: Turn) -> None:
    """A message in a group: only registered officers in the staff group are heard."""
    if turn.inbound.chat != turn.staff.chat or turn.inbound.sender is None or turn.inbound.sender.is_bot:
        return
    if turn.inbound.album and not turn.final:
        raise MoreToCome("an album has no end marker", ALBUM_WAIT)
    try:
        officer = officer_of(turn)
    except Refusal:
        return
    try:
        if turn.inbound.command:
            commands.handle_staff(turn, officer)
        elif case := case_at(turn):
            _written_about(turn, case, officer)
    except Refusal as refusal:
        refuse(turn, officer, str(refusal))


def _written_about(turn: Turn, case: Case, officer: Officer) -> None:
    """An officer's words about a case: a reply to the resident, a proposal, or staff talk that stays in the group."""
    if _replies_to_resident(turn, case):
        if officer.id == case.holder and officer.id != case.voice:
            notes.propose(turn, case, officer)
        else:
            notes.reply(turn, case, officer)
    elif case.state is State.WITH_DESK and officer.id == case.holder and (turn.staff.forum or turn.inbound.reply_to):
        notes.propose(turn, case, officer)
    else:
        notes.keep(turn, case, officer)


def _replies_to_resident(turn: Turn, case: Case) -> bool:
    """Whether it is a reply *to a stored message of this case's resident* (in a group with topics; else /balas is needed)."""
    if not turn.staff.forum or turn.inbound.reply_to is None:
        return False
    stored = turn.store.messages.at(turn.staff.chat, turn.inbound.reply_to.message_id)
    if stored is None and turn.inbound.reply_to.by_this_bot and not turn.final and not _known(turn):
        raise NotYet("the message replied to has no delivery result yet", RESULT_WAIT)
    return bool(stored and stored.author is Author.RESIDENT and stored.case == case.id)


def _known(turn: Turn) -> bool:
    reply_to = turn.inbound.reply_to
    return bool(reply_to and turn.store.posts.find(turn.staff.chat, reply_to.message_id))


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
    reply = SendText(to=here(turn), text=text, buttons=buttons, reply_to=Posted(turn.inbound.message_id))
    turn.store.outbox.put(reply)


def refuse(turn: Turn, officer: Officer, reason: str) -> None:
    """Tells an officer in private why something was not done: a refusal costs the group no call."""
    turn.store.outbox.put(SendText(to=Private(officer.external_id, turn.inbound.channel), text=reason))
