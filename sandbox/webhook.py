"""Delivers updates to the bot's webhook: per-chat order, parallel across chats, retried until accepted (setWebhook)."""

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from sandbox.changes import Changes
from sandbox.errors import bad_request
from sandbox.request_body import read_reply
from sandbox.settings import SandboxSettings
from sandbox.update_queue import PendingUpdate, UpdateQueue
from sandbox.wire import Json, without_none

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_MAX_CONNECTIONS = 100
_DEFAULT_CONNECTIONS = 40
_MAX_RETRY_AFTER_S = 3600.0
_REDIRECTION = 300

#: Carries out the method a webhook answered with.
CallMethod = Callable[[str, Json], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where updates go."""

    url: str
    secret: str = ""
    max_connections: int = _DEFAULT_CONNECTIONS


def check_target(url: str, secret: str, max_connections: int) -> WebhookTarget:
    """A usable target; plain http is allowed, as with a local Bot API server. Raises ApiError 400."""
    if not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: an HTTPS URL must be provided for webhook")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return WebhookTarget(url, secret, min(max(max_connections, 1), _MAX_CONNECTIONS))


class Webhook:
    """Holds the target and the lanes: updates of one chat go one after the other, chats side by side."""

    def __init__(
        self,
        updates: UpdateQueue,
        changes: Changes,
        settings: SandboxSettings,
        now: Callable[[], int],
        call: CallMethod,
    ) -> None:
        self._updates = updates
        self._changes = changes
        self._settings = settings
        self._now = now
        self._call = call
        self.target: WebhookTarget | None = None
        self.last_error: tuple[int, str] | None = None
        self._lanes: dict[int, deque[PendingUpdate]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_DEFAULT_CONNECTIONS)
        self._session: aiohttp.ClientSession | None = None

    async def set(self, target: WebhookTarget) -> None:
        """Begins delivering, what is pending first."""
        await self.stop()
        self.target = target
        self.last_error = None
        self._updates.end_poll("setWebhook request")
        self.resume()

    def resume(self) -> None:
        """Starts delivery to the target, if there is one; needs a running event loop."""
        if self.target is None:
            return
        timeout = aiohttp.ClientTimeout(total=self._settings.webhook_timeout_s)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        self._slots = asyncio.Semaphore(self.target.max_connections)
        self._updates.on_new = self._enqueue
        for update_id in sorted(self._updates.pending):
            self._enqueue(self._updates.pending[update_id])

    async def remove(self) -> None:
        """No webhook any more; what is pending waits for getUpdates."""
        await self.stop()
        self.target = None
        self.last_error = None

    async def stop(self) -> None:
        """Ends delivery; an update whose answer has not come stays pending."""
        self._updates.on_new = lambda _: None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def info(self) -> Json:
        """A WebhookInfo."""
        target = self.target
        info: Json = {
            "url": target.url if target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if target is not None:
            info["max_connections"] = target.max_connections
        if self.last_error is not None:
            info |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        return info | without_none(allowed_updates=self._updates.asked_for)

    def _enqueue(self, update: PendingUpdate) -> None:
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.create_task(self._run_lane(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, lane_id: int) -> None:
        lane = self._lanes[lane_id]
        while lane:
            if lane[0].update_id in self._updates.pending:
                await self._deliver(lane[0])
            lane.popleft()
        del self._lanes[lane_id]

    async def _deliver(self, update: PendingUpdate) -> None:
        pause_s = self._settings.webhook_retry_base_s
        while update.update_id in self._updates.pending:
            async with self._slots:
                retry_after_s = await self._attempt(update)
            if retry_after_s is None:
                return
            await asyncio.sleep(retry_after_s or pause_s)
            pause_s = min(pause_s * 2, self._settings.webhook_retry_max_s)

    async def _attempt(self, update: PendingUpdate) -> float | None:
        """Posts once: None when accepted, else the seconds the bot asked to wait (0: it did not say)."""
        if self.target is None or self._session is None:
            return None
        headers = {"Content-Type": "application/json"}
        if self.target.secret:
            headers[SECRET_HEADER] = self.target.secret
        body = json.dumps(update.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        try:
            async with self._session.post(
                self.target.url, data=body, headers=headers, allow_redirects=False
            ) as response:
                if response.status >= _REDIRECTION:
                    self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                    return _retry_after_s(response.headers.get("Retry-After", ""))
                method, parameters = await read_reply(response)
        except TimeoutError:
            self._failed("Read timeout expired")
            return 0.0
        except aiohttp.ClientConnectorError:
            self._failed("Connection refused")
            return 0.0
        except aiohttp.ClientError:
            self._failed("Connection reset by peer")
            return 0.0
        self._updates.confirm_one(update)
        if method:
            await self._call(method, parameters)
        return None

    def _failed(self, message: str) -> None:
        self.last_error = (self._now(), message)
        self._changes.notify()


def _retry_after_s(header: str) -> float:
    try:
        return min(max(float(header), 0.0), _MAX_RETRY_AFTER_S)
    except ValueError:
        return 0.0
