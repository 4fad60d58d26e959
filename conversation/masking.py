"""Masks NIK, KK and telephone numbers before a resident's words are shown where they are not needed (groups, exports,
logs)."""

from __future__ import annotations

import re

#: A date (and the time after it) is digits and gaps, too, but nobody's number.
_NO_DATE = r"(?!\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d(?!\d))"
_GAP = r"[\s.\-‐‑–_/,()]{0,2}"
#: NIK and KK numbers have 16 digits; people forget one or two, or write several in a row.
_LONG_NUMBER = re.compile(rf"(?<!\d){_NO_DATE}\d(?:{_GAP}\d){{13,}}(?!\d)")
_PHONE = re.compile(rf"(?<![\d\w]){_NO_DATE}(?:\+?{_GAP}62|0){_GAP}[28](?:{_GAP}\d){{7,11}}(?!\d)")
_KEPT = 4
_NUMBER = re.compile(r"\+?\d(?:[\s.\-/]?\d){4,}")
_EMAIL = re.compile(r"\S+@\S+")


def mask_number(number: str) -> str:
    """All but the last four digits as dots: "1471990101010001" gives "••••••••••••0001"."""
    digits = [char for char in number if char.isdigit()]
    return "•" * max(0, len(digits) - _KEPT) + "".join(digits[-_KEPT:])


def mask(text: str) -> str:
    """The text with every NIK-, KK- or telephone-like number masked."""
    return _PHONE.sub(lambda found: mask_number(found[0]), _LONG_NUMBER.sub(lambda found: mask_number(found[0]), text))


def scrub(text: str) -> str:
    """The text without e-mail addresses and numbers of more than four digits, for what is kept to learn from."""
    return " ".join(_NUMBER.sub(" ", _EMAIL.sub(" ", text)).split())


def shown_name(name: str) -> str:
    """A resident's name as staff read it: people write numbers even there."""
    return mask(name).strip() or "Warga"


def mask_contact(email: str, phone: str) -> str:
    """How to reach somebody, masked: "n•••@contoh.id · ••••••••0003", "" if nothing is known."""
    return " · ".join(filter(None, [mask_email(email) if email else "", mask_number(phone) if phone else ""]))


def mask_email(address: str) -> str:
    """First letter and domain only: "novita.r@contoh.id" gives "n•••@contoh.id"."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"
