"""Handles what waits in a conversation's lane, in order and one at a time, inside the transaction that stores it.

A lane is all that affects one conversation: the resident's messages, and what officers do in the topic of their case.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError

from bot.versions import Version
from conversation.errors import LoketError, MalformedUpdate, MoreToCome, NotYet, Waiting
from conversation.inbound import Inbound
from handlers.quarantine import give_up
from handlers.turn import Turn, belongs_with
from storage.inbox import Letter, Receiving
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

#: Waits before a failed message is tried again (seconds); together well under the 30 s a lane may be blocked.
RETRIES = (1.0, 4.0, 10.0)
#: How long a message may be held for others to join it, counted from the first (seconds).
HOLD_LIMIT = 30.0

Read = Callable[[str, bytes], Inbound]
Handle = Callable[[Turn], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored letter and what it says."""

    letter: Letter
    inbound: Inbound


class Lanes:
    """Runs lanes: `read` turns a stored update (source, raw) into an Inbound, `handle` is the application."""

    def __init__(self, read: Read, handle: Handle) -> None:
        self._read = read
        self._handle = handle

    def run(
        self,
        uow: UnitOfWork,
        version: Version,
        letters: Sequence[Letter],
        fresh: Mapping[str, Inbound],
        counted: str = "",
    ) -> bool:
        """Handles one lane's waiting letters as far as it goes.

        `fresh` are those that arrived just now, read already; `counted` is the key of one whose attempt has been committed.
        Returns whether the head has to be rerun: its attempt committed first, then in a transaction of its own.
        """
        real = time.time()
        waiting = self._open(uow, letters, fresh)
        while waiting:
            head = waiting[0].letter
            if head.key != counted:
                if head.state is Receiving.FAILED and head.until > real:
                    return False
                if head.state is Receiving.HELD and head.until > real and not fresh:
                    return False
                if head.attempts:
                    return True
            taken = self._take(uow, version, waiting, real, fresh)
            if not taken:
                return False
            waiting = waiting[taken:]
        return False

    def quarantine(self, uow: UnitOfWork, version: Version, letter: Letter, error: str) -> None:
        """Gives a message up: apology to the resident, alarm to the admins, and the lane is free again."""
        log.error("update quarantined", key=letter.key, attempts=letter.attempts, error=error)
        uow.inbox.mark([letter], Receiving.QUARANTINED, attempts=letter.attempts, error=error)
        try:
            inbound = self._read(letter.source, letter.raw)
        except MalformedUpdate:
            return
        try:
            with uow.savepoint():
                give_up(_turn(uow, version, (inbound,), final=True), letter.key)
        except DBAPIError:
            raise
        except Exception:
            log.exception("apology failed", key=letter.key)

    def _open(self, uow: UnitOfWork, letters: Sequence[Letter], fresh: Mapping[str, Inbound]) -> list[Opened]:
        opened = []
        for letter in letters:
            try:
                opened.append(Opened(letter, fresh.get(letter.key) or self._read(letter.source, letter.raw)))
            except MalformedUpdate as error:
                log.warning("update cannot be read", key=letter.key, error=str(error))
                uow.inbox.mark([letter], Receiving.QUARANTINED, error=str(error))
        return opened

    def _take(
        self, uow: UnitOfWork, version: Version, waiting: Sequence[Opened], real: float, fresh: Mapping[str, Inbound]
    ) -> int:
        """Handles the head of the lane with what belongs to it; returns how many letters that were, 0 if it has to wait."""
        size, final = 1, False
        while True:
            burst = waiting[:size]
            letters = [item.letter for item in burst]
            following = waiting[size] if size < len(waiting) else None
            if following is None and _ripe(letters, real, fresh):
                final = True
            try:
                with uow.savepoint():
                    self._handle(_turn(uow, version, tuple(item.inbound for item in burst), final=final))
            except Waiting as wait:
                if final or not isinstance(wait, MoreToCome | NotYet):
                    self._fail(uow, version, letters, wait, real)
                    return 0
                if isinstance(wait, MoreToCome) and following is not None:
                    joins = belongs_with(burst[-1].inbound, following.inbound)
                    size, final = (size + 1, False) if joins else (size, True)
                    continue
                held = [letter.until for letter in letters if letter.state is Receiving.HELD]
                joined = not held or any(letter.key in fresh for letter in letters)
                until = real + wait.seconds if joined else max(held)
                uow.inbox.mark(letters, Receiving.HELD, until=min(until, letters[0].since + HOLD_LIMIT))
                return 0
            except DBAPIError:
                raise
            except Exception as error:
                self._fail(uow, version, letters, error, real)
                return 0
            uow.inbox.done(letters)
            return size

    def _fail(
        self, uow: UnitOfWork, version: Version, letters: Sequence[Letter], error: Exception, real: float
    ) -> None:
        head, name = letters[0], _name(error)
        tried = max(head.attempts, 1)
        log.error(
            "message failed", key=head.key, attempts=tried, error=name, exc_info=not isinstance(error, LoketError)
        )
        if tried > len(RETRIES):
            self.quarantine(uow, version, head, name)
        else:
            uow.inbox.mark([head], Receiving.FAILED, until=real + RETRIES[tried - 1], attempts=tried, error=name)


def _ripe(letters: Sequence[Letter], real: float, fresh: Mapping[str, Inbound]) -> bool:
    """Whether nothing more is awaited: the hold has run out without a newcomer, or has lasted long enough."""
    last = letters[-1]
    waited_out = last.state is Receiving.HELD and last.until <= real and last.key not in fresh
    return waited_out or real - letters[0].since >= HOLD_LIMIT


def _turn(uow: UnitOfWork, version: Version, burst: tuple[Inbound, ...], *, final: bool) -> Turn:
    return Turn(
        burst=burst,
        final=final,
        store=uow,
        now=uow.now,
        office=version.office,
        knowledge=version.knowledge,
        staff=version.staff,
    )


def _name(error: Exception) -> str:
    """The kind of an error and, for our own, its message; other errors' messages may quote a resident's words."""
    return f"{type(error).__name__}: {error}" if isinstance(error, LoketError) else type(error).__name__
