"""What kept words are called in registers that officers read."""

from __future__ import annotations

from conversation.people import Audience, Author
from escalation.handovers import Outcome

CHANNELS = {"telegram": "Telegram", "web": "Halaman konsultasi"}

AUTHORS = {Author.RESIDENT: "warga", Author.BOT: "bot", Author.OFFICER: "petugas"}

AUDIENCES = {Audience.RESIDENT: "warga", Audience.STAFF: "petugas saja"}

OUTCOMES = {
    Outcome.OPEN: "belum diterima",
    Outcome.RECEIVED: "diterima",
    Outcome.REFUSED: "ditolak",
    Outcome.WITHDRAWN: "ditarik",
}

#: How a case was closed, by `data.by` of its last event.
CLOSED_BY = {"resident": "warga", "silence": "tidak ada tanggapan"}

MESSAGE_KINDS = {
    "text": "teks",
    "photo": "foto",
    "document": "dokumen",
    "voice": "pesan suara",
    "audio": "audio",
    "video": "video",
    "animation": "animasi",
    "video_note": "pesan video",
    "sticker": "stiker",
    "album": "album",
    "location": "lokasi",
    "contact": "kontak",
}
