"""What happens when somebody writes in the staff group: commands, replies to the resident, proposals, and staff
talk."""

from __future__ import annotations

from conversation.errors import MoreToCome, NotYet, Refusal
from conversation.people import Author
from escalation.cases import Case, State
from escalation.roles import Officer
from handlers import commands, notes
from handlers.place import RESULT_WAIT, case_at, officer_of, refuse
from handlers.turn import Turn

#: How long an album's next item is waited for (seconds).
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
    case = case_at(turn)
    try:
        if turn.inbound.addressee not in ("", turn.staff.bot.lower()):
            return  # another bot's
        if turn.inbound.command:
            commands.handle_staff(turn, officer)
        elif case:
            _written_about(turn, case, officer)
    except Refusal as refusal:
        refuse(turn, officer, str(refusal), case)


def _written_about(turn: Turn, case: Case, officer: Officer) -> None:
    """An officer's words about a case: a reply to the resident, a proposal, or staff talk that stays in the group."""
    if officer.id == case.voice and _unknown_reply(turn):
        raise Refusal(
            f"Belum terkirim: pesan yang Anda balas tidak dikenali lagi. Gunakan /balas di topik {case.number}."
        )
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
    """Whether it is a reply *to a stored message of this case's resident* (in a group with topics; else /balas is
    needed)."""
    if not turn.staff.forum or turn.inbound.reply_to is None:
        return False
    stored = turn.store.messages.at(turn.staff.chat, turn.inbound.reply_to.message_id)
    if stored is None and turn.inbound.reply_to.by_this_bot and not turn.final and not _known(turn):
        raise NotYet("the message replied to has no delivery result yet", RESULT_WAIT)
    return bool(stored and stored.author is Author.RESIDENT and stored.case == case.id)


def _unknown_reply(turn: Turn) -> bool:
    """A reply to a message of this bot that is not on record: a copy from a send whose outcome was never learned."""
    reply_to = turn.inbound.reply_to
    return bool(turn.final and turn.staff.forum and reply_to and reply_to.by_this_bot and not _known(turn))


def _known(turn: Turn) -> bool:
    reply_to = turn.inbound.reply_to
    return bool(reply_to and turn.store.posts.find(turn.staff.chat, reply_to.message_id))
