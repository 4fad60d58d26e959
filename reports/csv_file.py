"""Writes a table as CSV that spreadsheet software opens as it is meant, and in which no cell can become a formula.

RFC 4180 (comma, CRLF, doubled quotes) in UTF-8 with the byte order mark that Excel needs to see that it is UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import BinaryIO

from reports.table import Cell, Table

#: What a formula starts with, full-width and small forms included: East Asian input reads them as the same signs.
_SIGN = r"=+\-@＝＋－＠﹦﹢﹣﹫−"
#: What software may skip before it looks for such a sign: spaces, quotes, characters without width.
_SKIPPED = r"(?:[^\S\t\r\n]|[\"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff])*"
_AT_START = re.compile(rf"{_SKIPPED}[{_SIGN}\t\r\n]")
# Software set to another separator (Indonesian settings expect a semicolon) takes a cell of ours apart at these.
_INSIDE = re.compile(rf"(?<=[;\t\r\n])(?={_SKIPPED}[{_SIGN}])")
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def write_csv(file: BinaryIO, table: Table) -> int:
    """Writes headings and rows; returns how many rows. Characters that UTF-8 cannot hold become question marks."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow(table.headings)
    count = 0
    for row in table.rows:
        writer.writerow([_shown(cell) for cell in row])
        count += 1
    text.detach()
    return count


def harmless(text: str) -> str:
    """The text with an apostrophe before everything that a spreadsheet could take for the start of a formula."""
    text = _INSIDE.sub("'", text.translate(_CONTROLS))
    return f"'{text}" if _AT_START.match(text) else text


def _shown(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return harmless(cell) if isinstance(cell, str) else cell
