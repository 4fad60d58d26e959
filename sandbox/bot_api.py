"""One Bot API call from request to answer: name, faults, parameters, limits, handler, transcript."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.errors import ApiError, ConnectionDropped, conflict, not_offered
from sandbox.faults import Fault, Faults
from sandbox.files import Upload
from sandbox.membership import migrate_group
from sandbox.methods import chats, copying, editing, forum, sending
from sandbox.methods.side import BotSide, Handler
from sandbox.parameters import read_parameters
from sandbox.rate_limits import RateLimiter
from sandbox.signatures import NOT_OFFERED, SIGNATURES, Signature
from sandbox.transcript import Call, Transcript
from sandbox.webhook import Webhook, check_target
from sandbox.wire import Json

if TYPE_CHECKING:
    from sandbox.update_queue import UpdateQueue

MAX_POLL_UPDATES = 100
MAX_POLL_S = 50
_HANDLERS: dict[str, Handler] = {
    **chats.HANDLERS,
    **copying.HANDLERS,
    **editing.HANDLERS,
    **forum.HANDLERS,
    **sending.HANDLERS,
}


@dataclass(frozen=True, slots=True)
class Done:
    """A successful result; some webhook methods add a description."""

    result: Any
    description: str | None = None

    def body(self) -> Json:
        body: Json = {"ok": True, "result": self.result}
        return body | {"description": self.description} if self.description else body


class BotApi:
    """Answers method calls; the HTTP layer only brings and takes away."""

    def __init__(
        self,
        side: BotSide,
        faults: Faults,
        transcript: Transcript,
        limiter: RateLimiter | None,
    ) -> None:
        self._side = side
        self._faults = faults
        self._transcript = transcript
        self._limiter = limiter
        self._updates: UpdateQueue = side.world.updates
        self.webhook: Webhook | None = None

    async def call(self, method: str, raw: Json, uploads: dict[str, Upload] | None = None) -> Done:
        """Carries out one call.

        Raises ApiError for every refusal and ConnectionDropped when a fault cuts the line; both are recorded.
        """
        signature = SIGNATURES.get(method.lower())
        recorded = self._transcript.begin(signature.name if signature else method, raw)
        try:
            done = await self._carry_out(recorded, method, signature, raw, uploads or {})
        except ApiError as error:
            self._transcript.end(recorded, error=error.body())
            raise
        except ConnectionDropped:
            self._transcript.end(recorded, dropped=True)
            raise
        self._transcript.end(recorded, result=done.result)
        return done

    async def _carry_out(
        self, recorded: Call, method: str, signature: Signature | None, raw: Json, uploads: dict[str, Upload]
    ) -> Done:
        if signature is None:
            if method.lower() in NOT_OFFERED:
                raise not_offered(f"the method {method}")
            raise ApiError(404, "Not Found: method not found")
        fault = self._faults.strike(signature.name, raw.get("chat_id"))
        if fault is not None:
            await self._before(fault)
        parameters = read_parameters(signature, raw, uploads)
        recorded.parameters = parameters
        self._limit(signature.name, parameters)
        done = await self._run(signature.name, parameters)
        if fault is not None and fault.after:
            recorded.result = done.result
            raise ConnectionDropped if fault.drop else fault.error()
        return done

    async def _before(self, fault: Fault) -> None:
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.migrate and fault.chat_id is not None:
            migrate_group(self._side.world, self._side.world.chat(fault.chat_id))
        if fault.after:
            return
        if fault.drop:
            raise ConnectionDropped
        if fault.status is not None:
            raise fault.error()

    def _limit(self, method: str, parameters: Json) -> None:
        chat = self._side.world.chats.get(parameters.get("chat_id", 0))
        if self._limiter is not None and chat is not None:
            self._limiter.check(method, chat, parameters)

    async def _run(self, method: str, parameters: Json) -> Done:
        handler = _HANDLERS.get(method)
        if handler is not None:
            return Done(handler(self._side, parameters))
        match method:
            case "getUpdates":
                return Done(await self._get_updates(parameters))
            case "setWebhook":
                return await self._set_webhook(parameters)
            case "deleteWebhook":
                return await self._delete_webhook(parameters)
            case _:
                return Done(self._hook.info())

    # -- getting updates --------------------------------------------------------------------------

    @property
    def _hook(self) -> Webhook:
        if self.webhook is None:
            raise ApiError(500, "Internal Server Error: the sandbox has not been started")
        return self.webhook

    async def _get_updates(self, p: Json) -> list[Json]:
        if self._hook.target is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._updates.remember_allowed(p.get("allowed_updates"))
        limit = min(max(p.get("limit", MAX_POLL_UPDATES), 1), MAX_POLL_UPDATES)
        return await self._updates.poll(p.get("offset", 0), limit, min(p.get("timeout", 0), MAX_POLL_S))

    async def _set_webhook(self, p: Json) -> Done:
        if not p["url"]:
            return await self._delete_webhook(p)
        target = check_target(p["url"], p.get("secret_token", ""), p.get("max_connections", 40))
        self._updates.remember_allowed(p.get("allowed_updates"))
        if p.get("drop_pending_updates"):
            self._updates.drop_all()
        if target == self._hook.target:
            return Done(result=True, description="Webhook is already set")
        await self._hook.set(target)
        return Done(result=True, description="Webhook was set")

    async def _delete_webhook(self, p: Json) -> Done:
        if p.get("drop_pending_updates"):
            self._updates.drop_all()
        if self._hook.target is None:
            return Done(result=True, description="Webhook is already deleted")
        await self._hook.remove()
        return Done(result=True, description="Webhook was deleted")

    async def call_from_webhook(self, method: str, raw: Json) -> None:
        """Carries out the method a webhook answered with; nobody hears of its outcome but the transcript."""
        try:
            await self.call(method, raw)
        except (ApiError, ConnectionDropped):
            return


def check_token(given: str, token: str) -> None:
    """Raises ApiError as Telegram does for a malformed (404) or an unknown token (401)."""
    if ":" not in given:
        raise ApiError(404, "Not Found")
    if given != token:
        raise ApiError(401, "Unauthorized")
