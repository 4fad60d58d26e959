"""The budget that several processes share through Redis; without Redis each goes on with its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError

from channels.budget import Limit, Limits, MemoryBudget

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.commands.core import AsyncScript

#: KEYS: per window its list of times and its hold. ARGV: now, messages, then per window limit and span; times in ms.
#: A time further ahead than its window is from before somebody set back the server's clock, and is not believed.
_RESERVE: Final = """
local now, messages = tonumber(ARGV[1]), tonumber(ARGV[2])
local wait = 0
for i = 1, #KEYS, 2 do
  local limit, span = tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
  local latest = redis.call('LINDEX', KEYS[i], math.max(0, limit - messages))
  if latest and tonumber(latest) - now <= span then wait = math.max(wait, tonumber(latest) + span - now) end
  local hold = redis.call('GET', KEYS[i + 1])
  if hold then wait = math.max(wait, tonumber(hold) - now) end
end
if wait > 0 then return wait end
for i = 1, #KEYS, 2 do
  local limit, span = tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
  for _ = 1, math.min(messages, limit) do redis.call('LPUSH', KEYS[i], now) end
  redis.call('LTRIM', KEYS[i], 0, limit - 1)
  redis.call('PEXPIRE', KEYS[i], span + 1000)
end
return 0
"""
_PENALISE: Final = """
local until_ = tonumber(ARGV[1]) + tonumber(ARGV[2])
local hold = redis.call('GET', KEYS[1])
if not hold or tonumber(hold) < until_ then redis.call('SET', KEYS[1], until_, 'PX', ARGV[2]) end
return 0
"""
#: How long Redis is left alone after a failure, so that its absence does not slow every call down.
_ALONE_SECONDS: Final = 5.0


class RedisBudget:
    """One budget for all processes that use the same `name` (such as "telegram:<bot id>") on the same Redis server.

    Monotonic clocks of different machines differ, so each process finds its distance to the server's clock once per
    connection and then asks in server time: one round trip for every call. The client should have short timeouts.
    """

    def __init__(self, client: Redis, limits: Limits, name: str) -> None:
        self._client = client
        self._reserve = client.register_script(_RESERVE)
        self._penalise = client.register_script(_PENALISE)
        self._limits = limits
        self._name = name
        self._local = MemoryBudget(limits)
        self._offset: float | None = None
        self._alone_until = float("-inf")

    async def reserve(self, chat: str | None, group: bool, now: float, messages: int = 1) -> float:
        windows: list[tuple[str, Limit]] = [("bot", self._limits.bot)]
        if chat is not None:
            windows += [(f"chat:{chat}", limit) for limit in self._limits.of_chat(group=group)]
        keys: list[str] = []
        numbers: list[int] = []
        for window, limit in windows:
            keys += [self._key(f"sent:{limit.seconds:g}", window), self._key("hold", window)]
            numbers += [limit.messages, int(limit.seconds * 1000)]
        wait = await self._run(self._reserve, keys, now, [max(1, messages), *numbers])
        if wait is None:
            return await self._local.reserve(chat, group, now, messages)
        if wait > 0:
            return wait / 1000
        self._local.record(chat, group, now, messages)
        return 0.0

    async def penalise(self, chat: str | None, seconds: float, now: float) -> None:
        await self._local.penalise(chat, seconds, now)
        window = "bot" if chat is None else f"chat:{chat}"
        await self._run(self._penalise, [self._key("hold", window)], now, [max(1, int(seconds * 1000))])

    def _key(self, kind: str, window: str) -> str:
        return f"loket:budget:{{{self._name}}}:{kind}:{window}"

    async def _run(self, script: AsyncScript, keys: list[str], now: float, numbers: list[int]) -> float | None:
        """The script's answer in ms, `now` put into server time; None while Redis is away."""
        if now < self._alone_until:
            return None
        try:
            if self._offset is None:
                seconds, microseconds = await self._client.time()
                self._offset = seconds + microseconds / 1e6 - now
            at = round((now + self._offset) * 1000)
            answer: Any = await script(keys=keys, args=[at, *numbers])
            return float(answer)
        except (RedisError, OSError, TimeoutError):
            self._offset, self._alone_until = None, now + _ALONE_SECONDS
            return None
