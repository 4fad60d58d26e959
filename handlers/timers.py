"""What happens when a case's time has come on the office's clock."""

from __future__ import annotations

from escalation import transitions
from escalation.cases import State
from handlers import opening, words
from handlers.turn import Turn


def handle_due(turn: Turn) -> None:
    """A timer fired: a conclusion that the resident never answered counts as agreed."""
    case = turn.store.cases.get(turn.inbound.subject)
    if case is None or turn.inbound.detail != opening.SILENT_CLOSE or case.state is not State.AWAITING_RESIDENT:
        return
    if case.silent_close_at is None or turn.now < case.silent_close_at:
        return
    before = turn.store.conversations.get(case.conversation)
    after = opening.close(turn, before, transitions.close_silent(case, turn.now), words.CLOSED_SILENT)
    turn.store.conversations.save(before, after)
