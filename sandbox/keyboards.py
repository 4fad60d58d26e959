"""Checks reply markup as Telegram does (Bot API: InlineKeyboardMarkup, ReplyKeyboardMarkup)."""

from sandbox.errors import bad_request
from sandbox.state import Chat
from sandbox.wire import Json, names

MAX_CALLBACK_BYTES = 64
MAX_INLINE_BUTTONS = 100
_STYLES = frozenset({"danger", "success", "primary"})
_ACTIONS = names(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
)
_URL_STARTS = ("http://", "https://", "tg://", "ton://")


def check_markup(chat: Chat, markup: Json | None) -> None:
    """Raises ApiError 400 for markup Telegram would refuse in this chat."""
    if markup is None:
        return
    if "inline_keyboard" in markup:
        buttons = [button for row in markup["inline_keyboard"] for button in row]
        if len(buttons) > MAX_INLINE_BUTTONS:
            raise bad_request("reply markup is too long")
        for button in buttons:
            _check_inline_button(button)
    for row in markup.get("keyboard", []):
        for button in row:
            _check_keyboard_button(chat, button)


def _check_inline_button(button: Json) -> None:
    _check_text_and_style(button, "inline")
    actions = [field for field in button if field in _ACTIONS]
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: both {actions[0]} and {actions[1]} are given")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(_URL_STARTS):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_keyboard_button(chat: Chat, button: Json) -> None:
    _check_text_and_style(button, "reply")
    for field, thing in (("request_contact", "phone number"), ("request_location", "location")):
        if button.get(field) and not chat.is_private:
            raise bad_request(f"{thing} can be requested in private chats only")


def _check_text_and_style(button: Json, kind: str) -> None:
    if not button["text"].strip():
        raise bad_request(f"{kind} keyboard button text must be non-empty")
    if "style" in button and button["style"] not in _STYLES:
        raise bad_request(f"{kind} keyboard button style must be one of danger, success, primary")


def comparable(markup: Json | None) -> Json | None:
    """Inline markup for comparing: an empty keyboard equals none."""
    return markup if markup and any(markup.get("inline_keyboard", [])) else None
