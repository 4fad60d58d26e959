"""What residents read from the bot, apart from the articles: polite, plain Indonesian, promising nothing."""

from __future__ import annotations

import re
from datetime import datetime

from conversation.language import Phrase
from conversation.markup import bold, escape
from conversation.people import Asking
from escalation.cases import Case, CaseKind, State
from escalation.office import Office
from escalation.office_time import moment, opening_times
from knowledge import SmallTalk

_CASE_NUMBER = re.compile(r"\b[A-Z0-9]{2,6}-\d{4}-\d{6}\b", re.IGNORECASE)

HELPFUL, UNANSWERED, CALL_OFFICER, NONE_OF_THESE = "Membantu", "Belum terjawab", "Hubungi petugas", "Bukan itu"
SKIP, SHARE_NUMBER = "Lewati", "Bagikan nomor telepon saya"
SETTLED, NOT_SETTLED = "Sudah selesai", "Belum selesai"

WHICH = Phrase(
    "Maksud Anda yang mana? Silakan pilih salah satu, atau ketik nomornya.",
    "Which of these do you mean? Please choose one, or type its number.",
)
EXPLAIN = Phrase(
    "Mohon maaf, saya belum memahami maksud Anda. Mohon tuliskan dokumen apa (misalnya KTP-el, KK, akta) "
    "dan apa yang ingin diurus, atau tekan tombol di bawah untuk dibantu petugas.",
    "I am sorry, I did not understand. Please write which document it is about (for example KTP-el, KK, akta) "
    "and what you need, or press the button below to be helped by an officer.",
)
NOT_OURS = Phrase(
    "Mohon maaf, hal itu di luar urusan kami. Kami melayani dokumen kependudukan: KTP-el, KK, KIA, akta, "
    "pindah-datang, dan IKD. Bila ada pertanyaan tentang itu, silakan tulis di sini.",
    "I am sorry, this is not a matter of our office. We take care of civil documents: KTP-el (ID card), KK (family "
    "card), KIA, certificates (akta), moving, and IKD (digital ID). Please write here if your question is about these.",
)
VENTED = Phrase(
    "Mohon maaf atas ketidaknyamanannya. Kami ingin membantu: silakan tuliskan urusan KTP-el, KK, akta, atau pindah "
    "yang belum selesai, atau tekan tombol di bawah untuk bicara dengan petugas.",
    "I am sorry for the inconvenience. We would like to help: please write which matter (KTP-el, KK, akta or moving) "
    "is still open, or press the button below to talk to an officer.",
)
SORRY = Phrase("Mohon maaf atas ketidaknyamanannya. ", "I am sorry for the inconvenience. ")
NO_NUMBERS = Phrase(
    "Demi keamanan Anda, mohon tidak menuliskan NIK, nomor KK, atau nomor telepon di sini; tidak diperlukan untuk "
    "menjawab pertanyaan.",
    "For your safety, please do not write a NIK, KK number or phone number here; no question needs it.",
)
THANKS_FOR_FEEDBACK = Phrase(
    "Terima kasih atas tanggapannya. Senang dapat membantu.", "Thank you for telling us. Glad to help."
)
FILE_ALONE = Phrase(
    "Terima kasih, kiriman Anda sudah diterima. Saya tidak dapat membaca isi gambar, berkas, atau pesan suara. "
    "Mohon tuliskan pertanyaan Anda, atau tekan tombol di bawah untuk dibantu petugas. "
    "Demi keamanan, mohon tidak mengirim foto KTP-el atau KK di sini.",
    "Thank you, we have received it. I cannot read pictures, files or voice messages. "
    "Please write your question, or press the button below to be helped by an officer. "
    "For your safety, please do not send photos of a KTP-el or KK here.",
)
ASK_NAME = Phrase(
    f"Boleh kami tahu nama Anda, agar petugas dapat menyapa dengan baik? Balas dengan nama Anda, atau tekan {SKIP}.",
    f"May we know your name, so that the officer can address you? Reply with your name, or press {SKIP} (skip).",
)
ASK_CONTACT = Phrase(
    "Bila petugas perlu menghubungi Anda di luar percakapan ini, melalui apa sebaiknya? Balas dengan alamat e-mail, "
    f"atau tekan tombol “{SHARE_NUMBER}”. Boleh juga dilewati dengan tombol {SKIP}.",
    "If the officer needs to reach you outside this chat, how should they? Reply with an e-mail address, "
    f"or press “{SHARE_NUMBER}” (share my number). You may also press {SKIP} (skip).",
)
USE_BUTTON = Phrase(
    f"Untuk nomor telepon, mohon tekan tombol “{SHARE_NUMBER}” agar nomornya pasti milik Anda, "
    f"tulis alamat e-mail, atau tekan {SKIP}.",
    f"For a phone number please press “{SHARE_NUMBER}”, so that it is surely yours, "
    f"write an e-mail address, or press {SKIP} (skip).",
)
NOT_YOUR_NUMBER = Phrase(
    "Mohon maaf, hanya nomor Anda sendiri yang dapat kami catat. "
    f"Silakan tekan “{SHARE_NUMBER}”, tulis e-mail, atau tekan {SKIP}.",
    "I am sorry, we can only keep your own number. "
    f"Please press “{SHARE_NUMBER}”, write an e-mail address, or press {SKIP} (skip).",
)
SAVED = {
    Asking.NAME: Phrase("Terima kasih, nama Anda sudah dicatat.", "Thank you, your name has been noted."),
    Asking.CONTACT: Phrase("Terima kasih, kontak Anda sudah dicatat.", "Thank you, your contact has been noted."),
}
SKIPPED = Phrase(
    "Baik, tidak apa-apa. Petugas akan menjawab melalui percakapan ini.",
    "All right. The officer will answer in this chat.",
)
APOLOGY = (
    "Mohon maaf, pesan Anda terakhir tidak dapat kami proses karena gangguan pada sistem. "
    "Silakan tuliskan kembali dengan kata lain, atau ketik /petugas agar dibantu petugas."
)
BEING_HANDLED = Phrase(
    "{case} sekarang ditangani petugas kami. Jawaban akan disampaikan di percakapan ini.",
    "{case} is now with one of our officers. The answer will come in this chat.",
)
IS_IT_SETTLED = Phrase(
    "Apakah {case} sudah selesai menurut Anda? Bila belum, tekan tombol di bawah atau tuliskan yang masih kurang.",
    "Is {case} settled for you? If not, press the button below or write what is still missing.",
)
CLOSED = Phrase(
    "Terima kasih. {case} kami tutup. Bila ada pertanyaan lain, silakan tulis di sini kapan saja.",
    "Thank you. {case} is closed. If you have another question, write here at any time.",
)
CLOSED_SILENT = Phrase(
    "Karena tidak ada tanggapan lagi, {case} kami tutup. "
    "Bila masih ada yang perlu dibantu, silakan tulis di sini kapan saja.",
    "As we have not heard from you, {case} is closed. If you still need help, write here at any time.",
)
NOTED_AND_PASSED_ON = Phrase(
    "Terima kasih, {name}. Keterangan Anda sudah diteruskan kepada petugas untuk {case}.",
    "Thank you, {name}. What you wrote has been passed on to the officers for {case}.",
)
PASSED_ON = Phrase(
    "Terima kasih, keterangan Anda sudah diteruskan kepada petugas untuk {case}.",
    "Thank you, what you wrote has been passed on to the officers for {case}.",
)
CONTACT_AWAITED = Phrase(
    f" Bila berkenan, balas juga dengan alamat e-mail Anda, atau tekan {SKIP}.",
    f" If you like, also reply with your e-mail address, or press {SKIP} (skip).",
)
REOPENED = Phrase(
    "Baik, {case} kami lanjutkan. Petugas yang sama akan membaca pesan Anda.",
    "All right, we go on with {case}. The same officer will read your message.",
)
NO_CASE = Phrase(
    "Saat ini tidak ada permohonan atau pengaduan Anda yang sedang ditangani. Untuk dibantu petugas, ketik /petugas.",
    "You have no open request or complaint at the moment. To be helped by an officer, type /petugas.",
)
PRESS_DONE = "Sudah tercatat. Terima kasih."
PRESS_OLD = "Tombol ini sudah tidak berlaku."

SMALLTALK = {
    SmallTalk.GREETING: Phrase(
        "Halo, ada yang dapat kami bantu? Silakan tuliskan pertanyaan Anda tentang KTP-el, KK, akta, atau pindah.",
        "Hello, how can we help? Please write your question about KTP-el (ID card), KK (family card), akta or moving.",
    ),
    SmallTalk.PING: Phrase(
        "Ya, kami di sini. Silakan tuliskan pertanyaan Anda.", "Yes, we are here. Please write your question."
    ),
    SmallTalk.THANKS: Phrase("Sama-sama. Semoga urusannya lancar.", "You are welcome. We hope all goes well."),
    SmallTalk.BYE: Phrase(
        "Terima kasih, sampai jumpa. Semoga urusannya lancar.", "Thank you and goodbye. We hope all goes well."
    ),
}

#: Words that say nothing about which of several things is meant, and those that say yes.
HOLLOW = frozenset(
    {
        *(
            "yang",
            "itu",
            "ini",
            "no",
            "nomor",
            "nomer",
            "pilihan",
            "pilih",
            "pilihannya",
            "opsi",
            "ke",
            "semua",
            "tadi",
        ),
        *("kak", "kakak", "min", "pak", "bu", "bang", "aja", "saja", "ya", "dong", "deh", "lah", "nya", "maksudnya"),
        *("saya", "aku", "sy", "maksud", "maksudku", "semuanya", "the", "number", "option", "one", "please"),
    }
)
AGREED = frozenset(
    {"sudah", "iya", "ya", "selesai", "beres", "ok", "oke", "betul", "benar", "tuntas", "yes", "done", "settled"}
)
REFUSED = frozenset({"bukan", "salah", "tidak ada", "tidak ada cocok", "none", "not that", "neither"})
ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "1 pertama satu kesatu first",
            "2 kedua dua second two",
            "3 ketiga tiga third three",
            "4 keempat empat fourth four",
        ),
        1,
    )
    for word in words.split()
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


def greeting(office: Office) -> Phrase:
    """Once per resident: what the bot does, how to reach a person, how personal data are used."""
    return Phrase(
        f"Selamat datang di layanan {bold(office.name)}.\n\n"
        "Saya bot yang menjawab pertanyaan tentang dokumen kependudukan berdasarkan peraturan yang berlaku. "
        f"Untuk dibantu petugas, tekan {bold(CALL_OFFICER)} atau ketik /petugas.\n\n"
        "Nama akun dan isi percakapan ini dipakai hanya untuk melayani Anda dan disimpan terenkripsi. "
        "Petugas tidak meminta NIK, nomor KK, foto dokumen, atau PIN melalui percakapan ini.",
        f"Welcome to the chat service of {bold(office.name)}.\n\n"
        "I am a bot that answers questions about civil documents from the regulations in force. "
        f"To be helped by an officer, press {bold(CALL_OFFICER)} or type /petugas.\n\n"
        "Your account name and this chat are used only to serve you and are stored encrypted. "
        "Officers do not ask for your NIK, KK number, photos of documents or a PIN in this chat.",
    )


def help_text(office: Office, now: datetime) -> Phrase:
    times = opening_times(office.hours, now)
    doubt = "" if office.hours_confirmed else " (belum dikonfirmasi kantor)"
    doubt_in_english = "" if office.hours_confirmed else " (not yet confirmed by the office)"
    return Phrase(
        f"{bold('Yang dapat Anda lakukan di sini')}\n"
        "• Tulis pertanyaan dengan bahasa sehari-hari, misalnya: “KTP saya hilang, apa syaratnya?”\n"
        "• /petugas – dibantu petugas\n"
        "• /status – melihat permohonan Anda\n"
        "• /bantuan – petunjuk ini\n\n"
        f"Petugas menjawab pada jam layanan: {times}{doubt}.",
        f"{bold('What you can do here')}\n"
        "• Write your question in everyday words, for example: “I lost my KTP, what do I need?”\n"
        "• /petugas – be helped by an officer\n"
        "• /status – see your request\n"
        "• /bantuan – this help\n\n"
        f"Officers answer during service hours: {times}{doubt_in_english}.",
    )


def named(case: Case) -> Phrase:
    """The case as residents know it: "Permohonan PKU-2026-000123"."""
    number = bold(case.number)
    return Phrase(f"{escape(case.kind.capitalize())} {number}", f"{_KIND_IN_ENGLISH[case.kind]} {number}")


def case_opened(office: Office, case: Case, now: datetime) -> Phrase:
    """Number, what happens next, and when: honestly, without a promise."""
    number = bold(case.number)
    when = _when(office, now)
    return Phrase(
        f"{escape(case.kind.capitalize())} Anda dicatat dengan nomor {number} dan menunggu petugas. "
        f"{when.indonesian} Silakan tambahkan keterangan di sini; semuanya diteruskan kepada petugas.",
        f"Your {_KIND_IN_ENGLISH[case.kind].lower()} has the number {number} and waits for an officer. "
        f"{when.english} Please add whatever helps; all of it is passed on to the officer.",
    )


def case_status(office: Office, case: Case, place: int | None, now: datetime) -> Phrase:
    """What a resident may know of a case: where it stands, since when, and its place in the queue."""
    opened = moment(office.hours, case.opened_at)
    status = named(case) + Phrase(*(f": {words}\n" for words in _STANDING[case.state]))
    status += Phrase(f"Dicatat: {opened}", f"Registered: {opened}")
    if place:
        status += Phrase(f"\nUrutan dalam antrean: {place}", f"\nPlace in the queue: {place}")
    return status + "\n" + _when(office, now) if case.open else status


_KIND_IN_ENGLISH = {CaseKind.REQUEST: "Request", CaseKind.COMPLAINT: "Complaint"}
_STANDING = {
    State.WAITING: ("menunggu petugas", "waiting for an officer"),
    State.WITH_FO: ("sedang ditangani petugas", "with an officer"),
    State.IN_TRANSIT: ("sedang ditangani petugas", "with an officer"),
    State.WITH_DESK: ("sedang ditangani petugas", "with an officer"),
    State.AWAITING_RESIDENT: ("menunggu tanggapan Anda", "waiting for your reply"),
    State.CLOSED: ("selesai", "closed"),
}


def _when(office: Office, now: datetime) -> Phrase:
    sure = office.hours_confirmed
    doubt = "" if sure else " (jam layanan belum dikonfirmasi kantor)"
    doubt_in_english = "" if sure else " (hours not yet confirmed by the office)"
    if office.hours.is_open(now):
        return Phrase(f"Kantor sedang buka{doubt}.", f"The office is open now{doubt_in_english}.")
    opening = moment(office.hours, office.hours.next_opening(now))
    return Phrase(
        f"Kantor sedang tutup; petugas kembali bertugas {opening}{doubt}.",
        f"The office is closed; officers are back on {opening}{doubt_in_english}.",
    )
