"""Updates waiting for the bot: numbering, the allowed kinds, long polling and confirmation (Bot API: getUpdates)."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sandbox.changes import Changes
from sandbox.errors import conflict
from sandbox.wire import Json, names

UPDATE_KINDS = names(
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count "
    "inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll "
    "poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot"
)
#: Kinds a bot gets only when it asks for them by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = UPDATE_KINDS - ON_REQUEST


@dataclass(frozen=True, slots=True)
class PendingUpdate:
    """One undelivered update; updates with equal `lane` are delivered in order."""

    update_id: int
    lane: int
    body: Json


class UpdateQueue:
    """Keeps updates, oldest first, until the bot confirms them."""

    def __init__(self, first_id: int, changes: Changes) -> None:
        self._changes = changes
        self.next_id = first_id
        self.asked_for: list[str] | None = None
        self.pending: dict[int, PendingUpdate] = {}
        self.on_new: Callable[[PendingUpdate], None] = lambda _: None
        self._poller: asyncio.Future[None] | None = None

    @property
    def allowed(self) -> frozenset[str]:
        return frozenset(self.asked_for) & UPDATE_KINDS if self.asked_for else DEFAULT_KINDS

    def remember_allowed(self, kinds: Iterable[str] | None) -> None:
        """None keeps the earlier choice, an empty list returns to the default; waiting updates stay."""
        if kinds is not None:
            self.asked_for = list(kinds) or None

    def add(self, kind: str, payload: Json, lane: int) -> None:
        """Queues an update unless the bot did not ask for this kind."""
        if kind in self.allowed:
            self.add_raw({"update_id": self.next_id, kind: payload}, lane)

    def add_raw(self, body: Json, lane: int = 0) -> None:
        """Queues `body` as it stands, whatever is in it; an own `update_id` in it is kept."""
        update_id = body.get("update_id", self.next_id)
        key = update_id if isinstance(update_id, int) else self.next_id
        update = PendingUpdate(key, lane, body)
        self.pending[key] = update
        self.next_id = max(self.next_id, key) + 1
        self.on_new(update)
        self.release_poll()
        self._changes.notify()

    def confirm_one(self, update: PendingUpdate) -> None:
        """The bot has accepted this update."""
        self.pending.pop(update.update_id, None)
        self._changes.notify()

    def drop_all(self) -> None:
        self.pending.clear()
        self._changes.notify()

    def release_poll(self) -> None:
        """Lets a waiting poll return with what there is."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Forgets what `offset` confirms, then returns up to `limit` updates, waiting up to `timeout_s` for the first.

        A poll that is still waiting when the next one starts ends with 409.
        """
        self.end_poll("other getUpdates request; make sure that only one bot instance is running")
        self._confirm(offset)
        if not self.pending and timeout_s > 0:
            self._poller = poller = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout_s):
                    await poller
            except TimeoutError:
                return []
            finally:
                if self._poller is poller:
                    self._poller = None
        return [self.pending[update_id].body for update_id in sorted(self.pending)[:limit]]

    def end_poll(self, reason: str) -> None:
        """A waiting poll ends with 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(f"terminated by {reason}"))

    def _confirm(self, offset: int) -> None:
        ids = sorted(self.pending)
        forgotten = ids[:offset] if offset < 0 else [update_id for update_id in ids if update_id < offset]
        for update_id in forgotten:
            del self.pending[update_id]
        if forgotten:
            self._changes.notify()
