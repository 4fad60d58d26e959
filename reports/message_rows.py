"""The messages as a register: who wrote what and when, and what an answer of the bot rested on."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from conversation.people import Audience, Author
from knowledge import Regulation
from reports.labels import AUDIENCES, AUTHORS, MESSAGE_KINDS
from reports.period import Period
from reports.source import Source
from reports.streaming import stream
from reports.table import column
from storage.tables import cases, messages

_TAG = re.compile(r"</?[a-z-]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message as it reads now; `number` is "" outside any case, `edits` how often its text was replaced."""

    at: datetime = field(metadata=column("Waktu", time=True))
    number: str = field(metadata=column("Nomor"))
    author: str = field(metadata=column("Penulis"))
    initials: str = field(metadata=column("Paraf petugas"))
    audience: str = field(metadata=column("Untuk"))
    kind: str = field(metadata=column("Bentuk"))
    text: str = field(metadata=column("Isi"))
    files: int = field(metadata=column("Lampiran"))
    basis: str = field(metadata=column("Dasar jawaban"))
    edits: int = field(metadata=column("Kali disunting"))


def message_rows(source: Source, period: Period) -> Iterator[MessageRow]:
    """The messages of the period in the order they were stored, staff talk included."""
    chosen = (
        select(messages, cases.c.number)
        .outerjoin(cases, cases.c.id == messages.c.case)
        .where(period.within(messages.c.at, source.office.hours.zone))
        .order_by(messages.c.id)
    )
    return (_row(source, row) for row in stream(source.connection, chosen))


def _row(source: Source, row: Row[Any]) -> MessageRow:
    content = json.loads(source.keys.open("messages", row.id, row.sealed))
    author = Author(row.author)
    return MessageRow(
        at=row.at,
        number=row.number or "",
        author=AUTHORS[author],
        initials=source.initials(row.officer),
        audience=AUDIENCES[Audience(row.audience)],
        kind=MESSAGE_KINDS.get(row.kind, row.kind),
        text=plain(content["text"]) if author is Author.BOT else content["text"],
        files=len(content["files"]),
        basis=told_basis(row.basis, source.knowledge.regulations),
        edits=row.earlier,
    )


def plain(text: str) -> str:
    """Text of the HTML subset, in which the bot's own words are kept, as it is read."""
    return html.unescape(_TAG.sub("", text))


def told_basis(basis: str, regulations: Mapping[str, Regulation]) -> str:
    """Article versions and what they cite: "ktp-hilang@2: Perpres 96/2018 Pasal 4 ayat (1)"; "" for no FAQ answer."""
    if not basis:
        return ""
    told = []
    for article in json.loads(basis)["articles"]:
        cited = [_citation(item, regulations) for item in article["citations"]]
        told.append(f"{article['version']}: {', '.join(cited)}" if cited else article["version"])
    return "; ".join(told)


def _citation(citation: Mapping[str, str], regulations: Mapping[str, Regulation]) -> str:
    known = regulations.get(citation["regulation"])
    ayat = f"ayat {citation['ayat']}" if citation["ayat"] else ""
    return " ".join(filter(None, [known.short if known else citation["regulation"], citation["pasal"], ayat]))
