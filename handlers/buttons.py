"""The data behind inline buttons: who they are for, the case, message or topic they are about, and what they do.

At most 64 bytes (Bot API InlineKeyboardButton): ids travel in base 36.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation.outbound import Button

_PACKED = re.compile(r"[0-9a-z]{1,13}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: First part of the data: whose press it is.
RESIDENT, CASE = "r", "c"


def pack(number: int) -> str:
    """A non-negative integer in base 36."""
    packed = ""
    while number:
        number, digit = divmod(number, 36)
        packed = _DIGITS[digit] + packed
    return packed or "0"


def unpack(packed: str) -> int | None:
    """The number that `pack` wrote; None for anything that is no id (presses can be forged)."""
    number = int(packed, 36) if _PACKED.fullmatch(packed) else -1
    return number if 0 <= number < 2**63 else None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button's data taken apart: `act` on `about` (case or message id, 0 if none) with further choices."""

    whose: str
    act: str
    about: int
    choices: tuple[str, ...] = ()


def button(label: str, whose: str, act: str, about: int = 0, *choices: str) -> Button:
    """An inline button; raises ValueError if its data would be too long."""
    data = "|".join((whose, act, pack(about), *choices))
    if len(data.encode()) > 64:
        raise ValueError(f"button data too long: {data}")
    return Button(label, data)


def read_press(data: str) -> Pressed | None:
    """The data of one of our buttons, or None."""
    whose, *rest = data.split("|")
    if whose not in (RESIDENT, CASE) or len(rest) < 2:
        return None
    act, about, *choices = rest
    number = unpack(about)
    return None if number is None else Pressed(whose, act, number, tuple(choices))
