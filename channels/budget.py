"""How much may be sent: keeps calls within a channel's limits, so that the channel seldom has to say no.

Limits are "at most n messages in any stretch of s seconds". A bucket refilled at the same rate would let nearly twice
that many through in its first stretch.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `messages` in any `seconds`."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """A channel's limits: for the whole bot, for any one chat, and for a group on top of that."""

    bot: Limit
    chat: Limit
    group: Limit

    def of_chat(self, *, group: bool) -> tuple[Limit, ...]:
        return (self.chat, self.group) if group else (self.chat,)


#: Telegram publishes no exact numbers; these are its FAQ's ("My bot is hitting limits"), one a second as 3 in 3 s.
TELEGRAM_LIMITS: Final = Limits(bot=Limit(30, 1.0), chat=Limit(3, 3.0), group=Limit(20, 60.0))


class Budget(Protocol):
    """Asked before every call. `now` is monotonic time in seconds, from one clock per process.

    `chat` is the channel's chat id; None is a call that goes to no chat, such as the answer to a button press, which
    counts against the whole bot only.
    """

    async def reserve(self, chat: str | None, group: bool, now: float, messages: int = 1) -> float:
        """0.0 when the call may go, which counts it; else the seconds to wait before asking again, counting nothing.

        `messages` is how many the call makes (an album counts each of its files). A call larger than a limit goes when
        nothing else is counted.
        """
        ...

    async def penalise(self, chat: str | None, seconds: float, now: float) -> None:
        """Holds back the chat (None: the whole bot) for `seconds`, as the channel asked; never ends a longer hold."""
        ...


@dataclass(slots=True)
class Window:
    """The latest messages under some limits, and until when the channel asked for quiet."""

    limits: tuple[Limit, ...]
    sent: deque[float] = field(default_factory=deque)
    held_until: float = 0.0

    def wait(self, now: float, messages: int) -> float:
        """Seconds until `messages` more fit."""
        wait = max(0.0, self.held_until - now)
        for limit in self.limits:
            kept = max(0, limit.messages - messages)
            if len(self.sent) > kept:
                wait = max(wait, self.sent[-kept - 1] + limit.seconds - now)
        return wait

    def record(self, now: float, messages: int) -> None:
        self.sent.extend([now] * messages)
        most = max(limit.messages for limit in self.limits)
        while len(self.sent) > most:
            self.sent.popleft()

    def is_idle(self, now: float) -> bool:
        """Whether forgetting it would change nothing."""
        longest = max(limit.seconds for limit in self.limits)
        return self.held_until <= now and (not self.sent or self.sent[-1] + longest <= now)


class MemoryBudget:
    """The budget of a single process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bot = Window((limits.bot,))
        self._chats: dict[str, Window] = {}
        self._swept_at = float("-inf")

    async def reserve(self, chat: str | None, group: bool, now: float, messages: int = 1) -> float:
        self._sweep(now)
        windows = self._windows(chat, group=group)
        wait = max(window.wait(now, max(1, messages)) for window in windows)
        if wait <= 0.0:
            self._record(windows, now, messages)
            return 0.0
        return wait

    async def penalise(self, chat: str | None, seconds: float, now: float) -> None:
        window = self._bot if chat is None else self._chats.get(chat)
        if window is None:
            window = self._chats[str(chat)] = Window(self._limits.of_chat(group=False))
        window.held_until = max(window.held_until, now + seconds)

    def record(self, chat: str | None, group: bool, now: float, messages: int = 1) -> None:
        """Counts a call that went out on another budget's word."""
        self._sweep(now)
        self._record(self._windows(chat, group=group), now, messages)

    def _record(self, windows: list[Window], now: float, messages: int) -> None:
        for window in windows:
            window.record(now, max(1, messages))

    def _windows(self, chat: str | None, *, group: bool) -> list[Window]:
        if chat is None:
            return [self._bot]
        limits = self._limits.of_chat(group=group)
        window = self._chats.setdefault(chat, Window(limits))
        window.limits = limits  # a chat that was only penalised so far was taken for a private one
        return [self._bot, window]

    def _sweep(self, now: float) -> None:
        longest = max(self._limits.chat.seconds, self._limits.group.seconds)
        if now - self._swept_at < longest:
            return
        self._swept_at = now
        for chat in [chat for chat, window in self._chats.items() if window.is_idle(now)]:
            del self._chats[chat]
