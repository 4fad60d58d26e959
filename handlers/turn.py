"""What a handler is given: what arrived, the store, and the versions of office and knowledge that apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.errors import LoketError
from conversation.inbound import ChatKind, Inbound, InboundKind
from escalation.handovers import Handover, project
from escalation.office import Office
from escalation.roles import Officer
from escalation.rules import Rules
from escalation.sop import load_sop
from handlers.store import Store
from knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Staff:
    """The staff group as it is now: chat id ("" if none is set), whether it has topics, and the bot's user name."""

    chat: str
    forum: bool = False
    bot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message, or several that belong together (`burst`: fragments, an album), in one transaction.

    `now` is the office's time in UTC. `final`: nothing more is awaited, the burst is to be handled as it is.
    """

    burst: tuple[Inbound, ...]
    final: bool
    store: Store
    now: datetime
    office: Office
    knowledge: Knowledge
    staff: Staff

    @property
    def inbound(self) -> Inbound:
        """The latest of the burst; of an album the item that carries the words."""
        last = self.burst[-1]
        return next((item for item in self.burst if item.text), last) if last.album else last

    @property
    def rules(self) -> Rules:
        return Rules(load_sop(), self.office, self.officer_name)

    def control_lines(self, case: int) -> Sequence[Handover]:
        """The lines of a case's control card, derived from its ledger events."""
        return project(self.store.ledger.of_case(case))

    def officer(self, officer: int) -> Officer:
        """An officer by id, also one who has left."""
        found = self.store.officers.get(officer)
        if found is None:
            raise LoketError(f"officer {officer} is not on record")
        return found

    def officer_name(self, officer: int) -> str:
        return self.officer(officer).name


def belongs_with(earlier: Inbound, later: Inbound) -> bool:
    """Whether a message may be a further piece of an earlier one: the same album, or plain text of the same
    resident."""
    if earlier.kind is not InboundKind.MESSAGE or later.kind is not InboundKind.MESSAGE:
        return False
    if (earlier.chat, earlier.thread, earlier.sender) != (later.chat, later.thread, later.sender):
        return False
    if earlier.album or later.album:
        return earlier.album == later.album
    return later.chat_kind is ChatKind.PRIVATE and all(
        item.text and not item.command and not item.file for item in (earlier, later)
    )
