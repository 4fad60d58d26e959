"""What a failed Bot API call means for delivery: later, elsewhere, or never; the texts never quote what was sent."""

from __future__ import annotations

import re
from typing import Final

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from conversation.errors import Cause, ChatMoved, DeliveryError, TryLater, Undeliverable

#: Telegram's wordings, in lower case; the first that occurs decides (Bot API documents none of them).
_CAUSES: Final = (
    ("bot was blocked by the user", Cause.BLOCKED),
    ("user is deactivated", Cause.BLOCKED),
    ("input_user_deactivated", Cause.BLOCKED),
    ("can't initiate conversation", Cause.BLOCKED),
    ("bot was kicked", Cause.REMOVED),
    ("bot is not a member", Cause.REMOVED),
    ("group chat was deleted", Cause.REMOVED),
    ("message thread not found", Cause.TOPIC_GONE),
    ("topic_deleted", Cause.TOPIC_GONE),
    ("topic_id_invalid", Cause.TOPIC_GONE),
    ("topic_closed", Cause.TOPIC_CLOSED),
    ("message is not modified", Cause.NOT_MODIFIED),
    ("topic_not_modified", Cause.NOT_MODIFIED),
    ("message to edit not found", Cause.MESSAGE_GONE),
    ("message can't be edited", Cause.MESSAGE_GONE),
    ("message to be replied not found", Cause.MESSAGE_GONE),
    ("message_id_invalid", Cause.MESSAGE_GONE),
    ("query is too old", Cause.EXPIRED),
    ("query_id_invalid", Cause.EXPIRED),
    ("not enough rights", Cause.NO_RIGHTS),
    ("have no rights", Cause.NO_RIGHTS),
    ("need administrator rights", Cause.NO_RIGHTS),
    ("chat_admin_required", Cause.NO_RIGHTS),
    ("chat_write_forbidden", Cause.NO_RIGHTS),
    ("chat_restricted", Cause.NO_RIGHTS),
    ("not a forum", Cause.NOT_A_FORUM),
    ("channel_forum_missing", Cause.NOT_A_FORUM),
)
_UNFORMATTABLE: Final = "can't parse"
_RETRY_AFTER: Final = re.compile(r"retry after (\d+)")
#: From here on a description may quote the call: after a colon or a quotation mark that opens a word.
_QUOTED: Final = re.compile(r"[:\"“<\n]|(?<!\w)'|\d{5,}")
_STATUS_NAMES: Final = ("Bad Request", "Forbidden", "Not Found", "Request Entity Too Large")
_LONGEST_REASON: Final = 80
#: Until somebody puts the token right, asking more often only fills the log.
_BAD_TOKEN_SECONDS: Final = 300.0
_CONFLICT_SECONDS: Final = 5.0
_UNNAMED_THROTTLE_SECONDS: Final = 5.0

_STATUSES: Final = (
    (TelegramBadRequest, 400),
    (TelegramUnauthorizedError, 401),
    (TelegramForbiddenError, 403),
    (TelegramNotFound, 404),
    (TelegramConflictError, 409),
    (TelegramEntityTooLarge, 413),
    (TelegramServerError, 500),
)


def from_aiogram(error: Exception, method: str) -> DeliveryError:
    """The delivery error for whatever a call of `method` through aiogram raised."""
    if isinstance(error, TelegramRetryAfter):
        return refused(method, 429, "", retry_after=error.retry_after)
    if isinstance(error, TelegramMigrateToChat):
        return refused(method, 400, "", migrate_to=error.migrate_to_chat_id)
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), None)
    if status is not None:
        return refused(method, status, _description(error))
    if type(error) is TelegramAPIError:
        # A status aiogram has no class for, such as 429 without parameters.
        return refused(method, 429 if _RETRY_AFTER.search(_description(error).lower()) else 400, _description(error))
    if isinstance(error, (TelegramNetworkError, OSError)):
        return unreachable(method)
    # Besides answers that are no Bot API, aiogram stumbles over a server error without a description (TypeError).
    return unreadable(method)


def refused(
    method: str, status: int, description: str, *, retry_after: float = 0.0, migrate_to: int = 0
) -> DeliveryError:
    """The delivery error for an answer with `ok: false` (Bot API: "Making requests", ResponseParameters)."""
    text = description.lower()
    if migrate_to:
        return ChatMoved(str(migrate_to))
    if status == 429 or retry_after:
        asked = _RETRY_AFTER.search(text)
        seconds = retry_after or (float(asked[1]) if asked else _UNNAMED_THROTTLE_SECONDS)
        return TryLater(f"Telegram asks to slow down ({method}): again in {seconds:g} s", seconds, throttled=True)
    if status == 401 or (status == 404 and text in ("", "not found")):
        reason = "Telegram does not accept the bot's token (LOKET_TELEGRAM_TOKEN); nothing can be sent or received"
        return TryLater(reason, _BAD_TOKEN_SECONDS)
    if status == 409:
        reason = "another program fetches this bot's updates, or a webhook is set for it"
        return TryLater(f"{reason} ({method})", _CONFLICT_SECONDS)
    if status >= 500:
        return TryLater(f"Telegram has an internal fault ({method}, HTTP {status})")
    cause = next((cause for words, cause in _CAUSES if words in text), Cause.REJECTED)
    return Undeliverable(cause, f"Telegram refuses {method}: {_safe(description) or f'HTTP {status}'}")


def unreachable(method: str) -> TryLater:
    """The answer did not come: no connection, cut off, or too slow."""
    return TryLater(f"Telegram cannot be reached ({method})")


def unreadable(method: str) -> TryLater:
    """An answer came that is none of the Bot API's."""
    return TryLater(f"Telegram's answer cannot be read ({method})")


def is_unformattable(error: Exception) -> bool:
    """Whether Telegram could not read the text's formatting (it would take the same words as plain text)."""
    return isinstance(error, TelegramBadRequest) and _UNFORMATTABLE in _description(error).lower()


def _description(error: Exception) -> str:
    # None when the answer had no description, whatever the annotation says.
    return str(getattr(error, "message", "") or "")


def _safe(description: str) -> str:
    kind, colon, rest = description.partition(": ")
    text = rest if colon and kind in _STATUS_NAMES else description
    return _QUOTED.split(text, maxsplit=1)[0][:_LONGEST_REASON].strip()
