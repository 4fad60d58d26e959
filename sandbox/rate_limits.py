"""Telegram's limits on sending, where switched on: per second overall and per chat, per minute in groups."""

import math
from collections import deque
from collections.abc import Callable

from sandbox.errors import too_many_requests
from sandbox.settings import RateLimits
from sandbox.state import Chat
from sandbox.wire import Json, names

_MINUTE_S = 60.0
#: Methods that write into a chat and so count.
COUNTED = names(
    "sendMessage sendPhoto sendDocument sendVoice sendAudio sendVideo sendAnimation sendVideoNote sendSticker "
    "sendLocation sendContact sendMediaGroup copyMessage forwardMessage editMessageText editMessageCaption "
    "editMessageReplyMarkup createForumTopic editForumTopic closeForumTopic reopenForumTopic"
)


class _Bucket:
    """Tokens that refill steadily up to a burst."""

    def __init__(self, per_s: float, burst: float, now_s: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens = burst
        self._at_s = now_s

    def missing_s(self, now_s: float, cost: int) -> float:
        """How long until `cost` fits, 0 when it does now; more than a burst only needs a full bucket."""
        self._tokens = min(self._burst, self._tokens + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        return max(0.0, (min(cost, self._burst) - self._tokens) / self._per_s)

    def take(self, cost: int) -> None:
        self._tokens -= cost


class RateLimiter:
    """Refuses with 429 what comes too fast; a refused call costs nothing."""

    def __init__(self, limits: RateLimits, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._overall = _Bucket(limits.overall_per_s, limits.overall_per_s, monotonic())
        self._chats: dict[int, _Bucket] = {}
        self._groups: dict[int, deque[float]] = {}

    def check(self, method: str, chat: Chat, parameters: Json) -> None:
        """Counts one call to `chat`, an album as one for each of its items; raises ApiError 429 when over a limit."""
        if method not in COUNTED:
            return
        now_s, cost = self._monotonic(), len(parameters.get("media", "1"))
        buckets = [self._overall, self._chat_bucket(chat.id, now_s)]
        wait_s = max(bucket.missing_s(now_s, cost) for bucket in buckets)
        sent = self._groups.setdefault(chat.id, deque())
        if not chat.is_private:
            wait_s = max(wait_s, self._group_wait_s(sent, now_s, cost))
        if wait_s > 0:
            raise too_many_requests(max(1, math.ceil(wait_s)))
        for bucket in buckets:
            bucket.take(cost)
        sent.extend([now_s] * cost)

    def _chat_bucket(self, chat_id: int, now_s: float) -> _Bucket:
        if chat_id not in self._chats:
            self._chats[chat_id] = _Bucket(self._limits.chat_per_s, self._limits.chat_burst, now_s)
        return self._chats[chat_id]

    def _group_wait_s(self, sent: deque[float], now_s: float, cost: int) -> float:
        while sent and sent[0] <= now_s - _MINUTE_S:
            sent.popleft()
        excess = len(sent) + cost - self._limits.group_per_minute
        return sent[min(excess, len(sent)) - 1] + _MINUTE_S - now_s if excess > 0 and sent else 0.0
