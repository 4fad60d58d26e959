"""The control card (kartu kendali pelayanan) as a chat message: each handover signed and dated, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.markup import TEXT_LIMIT, bold, escape, italic, shorten, width
from escalation.cases import Case
from escalation.handovers import Handover, Outcome
from escalation.office import Office
from escalation.office_time import stamp
from escalation.roles import Desk, Officer
from escalation.sop import Sop

_SETTLED = {
    Outcome.RECEIVED: "Diterima",
    Outcome.REFUSED: "Ditolak",
    Outcome.WITHDRAWN: "Ditarik",
}


@dataclass(frozen=True, slots=True)
class ControlCard:
    """A case and its handovers; `route_title` says in Indonesian what it is about."""

    case: Case
    route_title: str
    lines: Sequence[Handover]


def render_text(card: ControlCard, office: Office, sop: Sop, officer_of: Callable[[int], Officer]) -> str:
    """The card in the outbound HTML subset, at most 4096 UTF-16 units; of a longer one the earliest lines give way."""
    view = _View(office, sop, officer_of)
    head, foot = view.head(card), view.foot(card)
    blocks = [view.line(line) for line in card.lines]
    dropped = 0
    while True:
        note = italic(f"({dropped} serah terima sebelumnya tidak ditampilkan; lihat ekspor kartu kendali.)")
        text = "\n\n".join([head, *([note] if dropped else []), *blocks[dropped:], foot])
        if width(text) <= TEXT_LIMIT or dropped == len(blocks):
            return text
        dropped += 1


@dataclass(frozen=True, slots=True)
class _View:
    office: Office
    sop: Sop
    officer_of: Callable[[int], Officer]

    def head(self, card: ControlCard) -> str:
        case = card.case
        return "\n".join(
            [
                bold("KARTU KENDALI PELAYANAN"),
                escape(shorten(self.office.name, 200)),
                f"Nomor: {bold(case.number)}",
                f"Jenis: {case.kind.capitalize()} – {escape(shorten(card.route_title, 200))}",
                f"Masuk: {self._stamp(case.opened_at)}",
                f"Status: {case.state.label}",
            ]
        )

    def line(self, line: Handover) -> str:
        to = self.office.desk_title(line.to_desk)
        act = "Diserahkan"
        if line.fetched:
            act = "Diambil alih" if line.outcome is Outcome.RECEIVED else "Ditarik dari meja"
        rows = [
            bold(f"{line.line}. {self._desk(line.from_desk)} → {to}"),
            f"{act}: {self._signature(line.handed_by)}, {self._stamp(line.handed_at)}",
        ]
        if line.reason:
            rows.append(f"Alasan: {escape(self.sop.reason_title(line.reason))}")
        if line.settled_at is None:
            due = f" (batas {self._stamp(line.due)})" if line.due else ""
            rows.append(italic(f"Belum diterima{due}"))
        elif not line.fetched:
            rows.append(f"{_SETTLED[line.outcome]}: {self._settler(line)}, {self._stamp(line.settled_at)}")
        if line.settled_reason:
            rows.append(f"Keterangan: {escape(self.sop.reason_title(line.settled_reason))}")
        return "\n".join(rows)

    def foot(self, card: ControlCard) -> str:
        case = card.case
        if case.closed_at is not None:
            return f"Selesai: {self._stamp(case.closed_at)}"
        if case.transit is not None:
            return italic(f"Dalam perjalanan ke {self.office.desk_title(case.transit.to)}")
        if case.holder is None:
            return italic(f"Menunggu {self.office.desk_title(case.desk)}")
        return f"Dipegang: {self._signature(case.holder)} ({escape(self.office.desk_title(case.desk))})"

    def _desk(self, desk: Desk | None) -> str:
        return self.office.desk_title(desk) if desk else "Warga"

    def _settler(self, line: Handover) -> str:
        signature = self._signature(line.settled_by)
        if line.outcome is Outcome.RECEIVED and line.to_officer not in (None, line.settled_by):
            return f"{signature} a.n. {self._signature(line.to_officer)}"
        return signature

    def _signature(self, officer: int | None) -> str:
        if officer is None:
            return "Warga"
        known = self.officer_of(officer)
        return f"{bold(shorten(known.initials, 10))} ({escape(shorten(known.name, 60))})"

    def _stamp(self, at: datetime) -> str:
        return stamp(self.office.hours, at)
