"""Pressed inline buttons: from the press to the bot's answer (Bot API: CallbackQuery, answerCallbackQuery)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.errors import WorldError, bad_request
from sandbox.state import Chat, Message, User
from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.wire import Json

_FIRST_QUERY_ID = 4_382_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the person sees after a press: a toast, or an alert to confirm, or nothing (`text` empty)."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass(slots=True)
class Press:
    """One press and, later, the answer the bot gave."""

    query_id: str
    user_id: int
    at_s: float
    answer: CallbackAnswer | None = None


class Callbacks:
    """Open presses by query id; they can be answered once, within `lifetime_s` seconds."""

    def __init__(self, world: World, lifetime_s: float, monotonic: Callable[[], float]) -> None:
        self._world = world
        self._lifetime_s = lifetime_s
        self._monotonic = monotonic
        self._open: dict[str, Press] = {}

    def press(self, chat: Chat, message: Message, user: User, data: str) -> Press:
        """Queues the callback query for the bot."""
        self._forget_old()
        query_id = str(_FIRST_QUERY_ID + self._world.next_serial())
        self._open[query_id] = press = Press(query_id, user.id, self._monotonic())
        query: Json = {
            "id": query_id,
            "from": user.wire(),
            "message": message.wire,
            "chat_instance": chat.instance,
            "data": data,
        }
        self._world.updates.add("callback_query", query, chat.id)
        return press

    def answer(self, query_id: str, answer: CallbackAnswer) -> None:
        """The bot's answer; raises ApiError 400 when the query is unknown, answered already, or too old."""
        self._forget_old()
        press = self._open.pop(query_id, None)
        if press is None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        press.answer = answer
        self._world.changes.publish(
            {"event": "answer", "user_id": press.user_id, "text": answer.text, "alert": answer.show_alert}
        )

    def _forget_old(self) -> None:
        oldest = self._monotonic() - self._lifetime_s
        for query_id in [key for key, press in self._open.items() if press.at_s < oldest]:
            del self._open[query_id]


def find_button(message: Message, *, label: str | None, data: str | None) -> str:
    """The callback data behind a button named by its label or its data; raises WorldError when there is none."""
    rows = message.wire.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row if "callback_data" in button]
    for button in buttons:
        if button["text"] == label or (data is not None and button["callback_data"] == data):
            return str(button["callback_data"])
    shown = ", ".join(repr(button["text"]) for button in buttons) or "none"
    raise WorldError(f"message {message.id} has no button {label or data!r}; its buttons: {shown}")
