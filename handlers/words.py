"""What residents read from the bot, apart from the articles: polite, plain Indonesian, promising nothing."""

from __future__ import annotations

import re
from datetime import datetime

from conversation.markup import bold, escape
from conversation.people import Asking
from escalation.cases import Case, State
from escalation.office import Office
from escalation.office_time import moment, opening_times
from knowledge import SmallTalk

_CASE_NUMBER = re.compile(r"\b[A-Z0-9]{2,6}-\d{4}-\d{6}\b", re.IGNORECASE)

HELPFUL, UNANSWERED, CALL_OFFICER, NONE_OF_THESE = "Membantu", "Belum terjawab", "Hubungi petugas", "Bukan itu"
SKIP, SHARE_NUMBER = "Lewati", "Bagikan nomor telepon saya"
SETTLED, NOT_SETTLED = "Sudah selesai", "Belum selesai"

WHICH = "Maksud Anda yang mana? Silakan pilih salah satu, atau ketik nomornya."
EXPLAIN = (
    "Mohon maaf, saya belum memahami maksud Anda. Mohon tuliskan dokumen apa (misalnya KTP-el, KK, akta) "
    "dan apa yang ingin diurus, atau tekan tombol di bawah untuk dibantu petugas."
)
THANKS_FOR_FEEDBACK = "Terima kasih atas tanggapannya. Senang dapat membantu."
FILE_ALONE = (
    "Terima kasih, kiriman Anda sudah diterima. Saya tidak dapat membaca isi gambar, berkas, atau pesan suara. "
    "Mohon tuliskan pertanyaan Anda, atau tekan tombol di bawah untuk dibantu petugas. "
    "Demi keamanan, mohon tidak mengirim foto KTP-el atau KK di sini."
)
ASK_NAME = (
    "Boleh kami tahu nama Anda, agar petugas dapat menyapa dengan baik? Balas dengan nama Anda, atau tekan Lewati."
)
ASK_CONTACT = (
    "Bila petugas perlu menghubungi Anda di luar percakapan ini, melalui apa sebaiknya? Balas dengan alamat e-mail, "
    f"atau tekan tombol “{SHARE_NUMBER}”. Boleh juga dilewati dengan tombol {SKIP}."
)
USE_BUTTON = (
    f"Untuk nomor telepon, mohon tekan tombol “{SHARE_NUMBER}” agar nomornya pasti milik Anda, "
    f"tulis alamat e-mail, atau tekan {SKIP}."
)
NOT_YOUR_NUMBER = (
    "Mohon maaf, hanya nomor Anda sendiri yang dapat kami catat. "
    f"Silakan tekan “{SHARE_NUMBER}”, tulis e-mail, atau tekan {SKIP}."
)
SAVED = {
    Asking.NAME: "Terima kasih, nama Anda sudah dicatat.",
    Asking.CONTACT: "Terima kasih, kontak Anda sudah dicatat.",
}
SKIPPED = "Baik, tidak apa-apa. Petugas akan menjawab melalui percakapan ini."
APOLOGY = (
    "Mohon maaf, pesan Anda terakhir tidak dapat kami proses karena gangguan pada sistem. "
    "Silakan tuliskan kembali dengan kata lain, atau ketik /petugas agar dibantu petugas."
)
BEING_HANDLED = "{case} sekarang ditangani petugas kami. Jawaban akan disampaikan di percakapan ini."
IS_IT_SETTLED = (
    "Apakah {case} sudah selesai menurut Anda? Bila belum, tekan tombol di bawah atau tuliskan yang masih kurang."
)
CLOSED = "Terima kasih. {case} kami tutup. Bila ada pertanyaan lain, silakan tulis di sini kapan saja."
CLOSED_SILENT = (
    "Karena tidak ada tanggapan lagi, {case} kami tutup. "
    "Bila masih ada yang perlu dibantu, silakan tulis di sini kapan saja."
)
REOPENED = "Baik, {case} kami lanjutkan. Petugas yang sama akan membaca pesan Anda."
NO_CASE = (
    "Saat ini tidak ada permohonan atau pengaduan Anda yang sedang ditangani. Untuk dibantu petugas, ketik /petugas."
)
PRESS_DONE = "Sudah tercatat. Terima kasih."
PRESS_OLD = "Tombol ini sudah tidak berlaku."

SMALLTALK = {
    SmallTalk.GREETING: (
        "Halo, ada yang dapat kami bantu? Silakan tuliskan pertanyaan Anda tentang KTP-el, KK, akta, atau pindah."
    ),
    SmallTalk.PING: "Ya, kami di sini. Silakan tuliskan pertanyaan Anda.",
    SmallTalk.THANKS: "Sama-sama. Semoga urusannya lancar.",
    SmallTalk.BYE: "Terima kasih, sampai jumpa. Semoga urusannya lancar.",
}


def case_number_in(text: str) -> str:
    """The case number that a text names, "" if none."""
    found = _CASE_NUMBER.search(text)
    return found[0].upper() if found else ""


def split_number(argument: str) -> tuple[str, str]:
    """A command's words as the case number they begin with ("" if none) and the rest."""
    first, _, rest = argument.partition(" ")
    number = case_number_in(first)
    return (number, rest.strip()) if number else ("", argument)


def greeting(office: Office) -> str:
    """Once per resident: what the bot does, how to reach a person, how personal data are used."""
    return (
        f"Selamat datang di layanan {bold(office.name)}.\n\n"
        "Saya bot yang menjawab pertanyaan tentang dokumen kependudukan berdasarkan peraturan yang berlaku. "
        f"Untuk dibantu petugas, tekan {bold(CALL_OFFICER)} atau ketik /petugas.\n\n"
        "Nama akun dan isi percakapan ini dipakai hanya untuk melayani Anda dan disimpan terenkripsi. "
        "Petugas tidak meminta NIK, nomor KK, foto dokumen, atau PIN melalui percakapan ini."
    )


def help_text(office: Office, now: datetime) -> str:
    doubt = "" if office.hours_confirmed else " (belum dikonfirmasi kantor)"
    return (
        f"{bold('Yang dapat Anda lakukan di sini')}\n"
        "• Tulis pertanyaan dengan bahasa sehari-hari, misalnya: “KTP saya hilang, apa syaratnya?”\n"
        "• /petugas – dibantu petugas\n"
        "• /status – melihat permohonan Anda\n"
        "• /bantuan – petunjuk ini\n\n"
        f"Petugas menjawab pada jam layanan: {opening_times(office.hours, now)}{doubt}."
    )


def named(case: Case) -> str:
    """The case as residents know it: "Permohonan PKU-2026-000123"."""
    return f"{escape(case.kind.capitalize())} {bold(case.number)}"


def case_opened(office: Office, case: Case, now: datetime) -> str:
    """Number, what happens next, and when: honestly, without a promise."""
    return (
        f"{escape(case.kind.capitalize())} Anda dicatat dengan nomor {bold(case.number)} dan menunggu petugas. "
        f"{_when(office, now)} Silakan tambahkan keterangan di sini; semuanya diteruskan kepada petugas."
    )


def case_status(office: Office, case: Case, place: int | None, now: datetime) -> str:
    """What a resident may know of a case: where it stands, since when, and its place in the queue."""
    lines = [f"{named(case)}: {_STANDING[case.state]}", f"Dicatat: {moment(office.hours, case.opened_at)}"]
    if place:
        lines.append(f"Urutan dalam antrean: {place}")
    if case.open:
        lines.append(_when(office, now))
    return "\n".join(lines)


_STANDING = {
    State.WAITING: "menunggu petugas",
    State.WITH_FO: "sedang ditangani petugas",
    State.IN_TRANSIT: "sedang ditangani petugas",
    State.WITH_DESK: "sedang ditangani petugas",
    State.AWAITING_RESIDENT: "menunggu tanggapan Anda",
    State.CLOSED: "selesai",
}


def _when(office: Office, now: datetime) -> str:
    doubt = "" if office.hours_confirmed else " (jam layanan belum dikonfirmasi kantor)"
    if office.hours.is_open(now):
        return f"Kantor sedang buka{doubt}."
    opening = office.hours.next_opening(now)
    return f"Kantor sedang tutup; petugas kembali bertugas {moment(office.hours, opening)}{doubt}."
