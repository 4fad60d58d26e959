"""The buttons under, and the keyboard below, a Telegram message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

if TYPE_CHECKING:
    from conversation.outbound import Buttons, SendText

#: Comes back as an ordinary message with these words when pressed.
SKIP: Final = "Lewati"

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


def inline_keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    """The buttons in their rows; None without any, which on an edit takes away those that were there."""
    rows = [[InlineKeyboardButton(text=button.label, callback_data=button.data) for button in row] for row in buttons]
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=filled) if filled else None


def keyboard_for(message: SendText) -> Keyboard | None:
    """The one keyboard a message can have: asking for the contact comes before buttons, buttons before clearing."""
    if message.ask_contact:
        share = KeyboardButton(text=message.ask_contact, request_contact=True)
        rows = [[share], [KeyboardButton(text=SKIP)]]
        return ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True, one_time_keyboard=True)
    if keyboard := inline_keyboard(message.buttons):
        return keyboard
    return ReplyKeyboardRemove(remove_keyboard=True) if message.clear_keyboard else None
