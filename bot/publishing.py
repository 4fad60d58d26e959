"""Puts a version of the articles in force: checked, with what admins taught, and the admins told what it closes."""

from __future__ import annotations

from conversation.errors import CheckFailed
from conversation.masking import mask
from escalation.events import Event, EventKind
from handlers.failures import alarm
from knowledge import check, load_pack
from knowledge.pack import Pack, parse_pack, with_examples
from storage.snapshots import SnapshotKind, apply, current, read
from storage.unit_of_work import UnitOfWork


def in_force(uow: UnitOfWork) -> Pack:
    """The version in force."""
    return parse_pack(read(uow.connection, current(uow.connection)[SnapshotKind.KNOWLEDGE]).content)


def with_taught(uow: UnitOfWork, pack: Pack) -> Pack:
    """The pack with the messages that an admin has given a topic, masked."""
    taught: dict[str, list[object]] = {}
    for topic, text in uow.decisions.taught():
        if topic in pack["phrasings"] and text.strip():
            taught.setdefault(topic, []).append(mask(text))
    return with_examples(pack, taught)


def put_in_force(uow: UnitOfWork, text: str) -> str:
    """Applies a checked version and says so in a line; running servers take it up with the next message.

    Articles that rest on a repealed regulation go out of service, and the admins are told. Raises CheckFailed on any
    other problem.
    """
    knowledge = load_pack(text)
    problems = check(knowledge, uow.now.date())
    grave = [problem for problem in problems if not problem.closes]
    if grave:
        raise CheckFailed(f"not published: {grave[0]} ({len(grave)} in all; see loket knowledge check)")
    snapshot = apply(uow.connection, uow.ids, SnapshotKind.KNOWLEDGE, text, uow.now)
    if snapshot is None:
        return "this version is in force already"
    uow.ledger.append(Event(kind=EventKind.KNOWLEDGE_PUBLISHED, at=uow.now, data={"version": snapshot.hash[:12]}))
    closed = sorted(topic for topic in knowledge.articles if topic not in knowledge.in_service)
    if closed:
        titles = ", ".join(knowledge.title(topic) for topic in closed)
        alarm(uow, f"Artikel berikut tidak dipakai lagi karena peraturannya dicabut; mohon ditinjau: {titles}.")
    out = f"; out of service, as their regulation is repealed: {', '.join(closed)}" if closed else ""
    return f"published, version {snapshot.hash[:12]}{out}"
