"""Handles what waits in a conversation's lane, in order and one at a time, inside the transaction that stores it.

A lane is all that affects one conversation: the resident's messages, and what officers do in the topic of their case.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.versions import Version
from conversation.errors import LoketError, MalformedUpdate, MoreToCome, NotYet, Waiting
from conversation.inbound import Inbound
from handlers.quarantine import give_up
from handlers.turn import Turn, belongs_with
from storage.encryption import SealBroken
from storage.engine import DRIVER_ERRORS
from storage.inbox import Letter, Receiving
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

#: Waits before a failed message is tried again (seconds); together well under the 30 s a lane may be blocked.
RETRIES = (2.0, 8.0)
#: How long pieces may be held in all, counted from the arrival of the first (seconds).
HOLD_LIMIT = 24.0

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
        """Handles one lane's waiting letters as far as it goes; with `counted` only that one, and what belongs to it.

        `fresh` are those that arrived just now, read already; `counted` is the key of one whose attempt has been
        committed. Returns whether the lane has to go on singly: each head's attempt committed before it is handled.
        """
        waiting = self._open(uow, letters, fresh)
        while waiting:
            head = waiting[0].letter
            if head.key != counted:
                if not is_due([item.letter for item in waiting]):
                    return False
                if head.attempts or counted:
                    return True
            taken = self._take(uow, version, waiting)
            if not taken:
                return False
            waiting = waiting[taken:]
        return False

    def quarantine(self, uow: UnitOfWork, version: Version, letter: Letter, error: str) -> None:
        """Gives a message up: apology to the resident, alarm to the admins, and the lane is free again."""
        log.error("update quarantined", key=letter.key, attempts=letter.attempts, error=error)
        uow.inbox.mark([letter], Receiving.QUARANTINED, attempts=letter.attempts, error=error)
        try:
            with uow.savepoint():
                inbound = self._read(letter.source, uow.inbox.open(letter))
                give_up(_turn(uow, version, (inbound,), final=True), letter.key)
        except DRIVER_ERRORS:
            raise
        except Exception:
            log.exception("apology failed", key=letter.key)

    def _open(self, uow: UnitOfWork, letters: Sequence[Letter], fresh: Mapping[str, Inbound]) -> list[Opened]:
        opened = []
        for letter in letters:
            try:
                inbound = fresh.get(letter.key) or self._read(letter.source, uow.inbox.open(letter))
            except (MalformedUpdate, SealBroken) as error:
                log.warning("update cannot be read", key=letter.key, error=str(error))
                uow.inbox.mark([letter], Receiving.QUARANTINED, error=str(error))
            else:
                opened.append(Opened(letter, inbound))
        return opened

    def _take(self, uow: UnitOfWork, version: Version, waiting: Sequence[Opened]) -> int:
        """Handles the head of the lane with what belongs to it; returns how many letters that were, 0 if it has to
        wait."""
        size, final = 1, False
        while True:
            burst = waiting[:size]
            letters = [item.letter for item in burst]
            try:
                with uow.savepoint():
                    self._handle(_turn(uow, version, tuple(item.inbound for item in burst), final=final))
            except DRIVER_ERRORS:
                raise
            except (MoreToCome, NotYet) as wait:
                more = isinstance(wait, MoreToCome) and len(waiting) > size
                if more and not final and belongs_with(burst[-1].inbound, waiting[size].inbound):
                    size += 1
                elif not final and (more or _waited_out(letters)):
                    final = True
                else:
                    self._wait(uow, version, letters, wait, final=final)
                    return 0
            except Exception as error:
                self._fail(uow, version, letters[0], error)
                return 0
            else:
                uow.inbox.done(letters)
                return size

    def _wait(
        self, uow: UnitOfWork, version: Version, letters: Sequence[Letter], wait: Waiting, *, final: bool
    ) -> None:
        """Holds letters until more comes or the wait is over; a newcomer among them begins the wait anew."""
        if final:
            self._fail(uow, version, letters[0], wait)
            return
        renewed = any(letter.state is not Receiving.HELD for letter in letters)
        until = time.time() + wait.seconds if renewed else max(letter.until for letter in letters)
        uow.inbox.mark(letters, Receiving.HELD, until=min(until, letters[0].since + HOLD_LIMIT))

    def _fail(self, uow: UnitOfWork, version: Version, head: Letter, error: Exception) -> None:
        """Has the head tried again later; after the last attempt it is given up."""
        name, tried = _name(error), max(head.attempts, 1)
        log.error("message failed", key=head.key, attempts=tried, error=name, exc_info=_is_bug(error))
        if tried > len(RETRIES):
            self.quarantine(uow, version, head, name)
        else:
            until = time.time() + RETRIES[tried - 1]
            uow.inbox.mark([head], Receiving.FAILED, until=until, attempts=tried, error=name)


def is_due(waiting: Sequence[Letter]) -> bool:
    """Whether the head of a lane may be handled: its time has come, or what it waits for may have come."""
    head = waiting[0]
    newcomers = any(letter.state is Receiving.RECEIVED for letter in waiting)
    return head.until <= time.time() or (head.state is Receiving.HELD and newcomers)


def _waited_out(letters: Sequence[Letter]) -> bool:
    """Whether nothing more is awaited: the hold has run out without a newcomer, or has lasted long enough."""
    now, last = time.time(), letters[-1]
    return (last.state is Receiving.HELD and last.until <= now) or now - letters[0].since >= HOLD_LIMIT


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


def _is_bug(error: Exception) -> bool:
    return not isinstance(error, LoketError)


def _name(error: Exception) -> str:
    """The kind of an error and, for our own, its message; other errors' messages may quote a resident's words."""
    return f"{type(error).__name__}: {error}" if not _is_bug(error) else type(error).__name__
