"""Puts a version of the articles in force: with what admins taught, tried and checked, and the admins told what it
closes.

Learning takes a minute. So the version in force is read in one transaction, and the new one written in another, only if
nobody published meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.session import session
from bot.settings import Settings
from conversation.errors import CheckFailed, SettingsError
from conversation.masking import scrub
from escalation.events import Event, EventKind
from handlers.failures import alarm
from knowledge import Knowledge, Problem, check, load_pack
from knowledge.pack import Pack, parse_pack, with_taught
from storage.decisions import SET_ASIDE
from storage.snapshots import SnapshotKind, apply, current, read
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class InForce:
    """The version in force: the id of its snapshot, its pack, and what was taught since (texts by topic, scrubbed)."""

    snapshot: int
    pack: Pack
    taught: dict[str, str]

    def taught_pack(self, pack: Pack) -> Pack:
        """A pack with what was taught."""
        return with_taught(pack, {text: "" if topic == SET_ASIDE else topic for text, topic in self.taught.items()})


def read_in_force(settings: Settings) -> InForce:
    """The version in force, with what admins taught; of a text taught twice the later topic counts."""
    with session(settings) as opened:
        uow = opened.uow
        snapshot = current(uow.connection)[SnapshotKind.KNOWLEDGE]
        taught = {scrub(text): topic for topic, text in uow.decisions.taught()}
        return InForce(snapshot, parse_pack(read(uow.connection, snapshot).content), taught)


def refuse_faults(knowledge: Knowledge, problems: list[Problem]) -> None:
    """Raises CheckFailed for a problem that does not just close an article."""
    grave = [problem for problem in problems if not problem.closes]
    if grave:
        raise CheckFailed(f"not published: {grave[0]} ({len(grave)} problem{'s' if len(grave) > 1 else ''} in all)")


def put_in_force(settings: Settings, before: InForce, text: str) -> str:
    """Applies a version and says so in a line; running servers take it up with the next message.

    What rests on a repealed regulation goes out of service, and the admins are told. Raises CheckFailed on any other
    problem, and SettingsError if another version was published since `before` was read.
    """
    knowledge = load_pack(text)
    with session(settings) as opened:
        uow = opened.uow
        if current(uow.connection)[SnapshotKind.KNOWLEDGE] != before.snapshot:
            raise SettingsError("another version was published meanwhile; try again")
        problems = check(knowledge, uow.now.date())
        refuse_faults(knowledge, problems)
        snapshot = apply(uow.connection, uow.ids, SnapshotKind.KNOWLEDGE, text, uow.now)
        if snapshot is None:
            return "this version is in force already"
        uow.ledger.append(Event(kind=EventKind.KNOWLEDGE_PUBLISHED, at=uow.now, data={"version": snapshot.hash[:12]}))
        closed = sorted({problem.place for problem in problems if problem.closes})
        _tell_admins(uow, closed)
    out = f"; out of service, as their regulation is repealed: {', '.join(closed)}" if closed else ""
    return f"published, version {snapshot.hash[:12]}{out}"


def _tell_admins(uow: UnitOfWork, closed: list[str]) -> None:
    if closed:
        alarm(uow, f"Tidak dipakai lagi karena peraturannya dicabut, mohon ditinjau: {', '.join(closed)}.")
