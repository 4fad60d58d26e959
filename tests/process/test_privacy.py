"""What people write, and who they are, is found neither in the database's files nor in any log, even after errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import read_settings
from sandbox.files import Upload
from sandbox.person import Person
from sandbox.server import Sandbox
from storage.tables import outbox
from tests.dialogs.stage import GROUP, Stage
from tests.process.faulty import IN_HANDLER, IN_SEND, IN_TASK
from tests.process.program import Program, Running
from tests.process.records import Records

FAULTY = "from tests.process import faulty; faulty.main()"
NIK, PHONE, TYPED_PHONE, EMAIL = "1471091203950001", "6281298765432", "0813-7654-3210", "kusuma.tjokro@contoh.id"
PAYLOAD, FILE_NAME, PHONE_BOOK_NAME = "brosur-sukajadi-771", "buku-nikah-kusumawardhani.pdf", "Paramadina"
RESIDENT, LAST_NAME, USERNAME, RESIDENT_ID = "Kusumawardhani", "Tjokrodirjo", "kusuma_tjokro_77", 918_273_645
OFFICER, OFFICER_ID = "Wiraatmaja", 827_364_519
#: A word of the question, its correction, a caption, the officer's reply, staff talk, and the three faults.
WORDS = ("zamrudkhatulistiwa", "gulunganbambu", "lampiranwarisan", "tembikarpusaka", "obrolandapur")
FAULTS = (IN_HANDLER, IN_SEND, IN_TASK)
NUMBERS = (NIK, PHONE, re.sub(r"\D", "", TYPED_PHONE), str(RESIDENT_ID), str(OFFICER_ID))
SECRETS = (
    *(RESIDENT, LAST_NAME, USERNAME, OFFICER, EMAIL, PAYLOAD, FILE_NAME, PHONE_BOOK_NAME, TYPED_PHONE),
    *(*NUMBERS, *WORDS, *FAULTS),
)


def leaks(content: bytes) -> list[str]:
    """Which of the secrets a file gives away, in any case, as UTF-8 or UTF-16, numbers also in pieces."""
    lower, digits = content.lower(), re.sub(rb"\D", b"", content)
    found = {
        secret
        for secret in SECRETS
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        if secret.lower().encode(encoding) in lower
    }
    return sorted(found | {number for number in NUMBERS if number.encode() in digits})


def test_leaks_are_found() -> None:
    assert leaks(f"... {NIK[:6]}-{NIK[6:12]}.{NIK[12:]} ...".encode()) == [NIK]
    assert leaks(f"\x00{WORDS[0].upper()}".encode("utf-16")) == [WORDS[0]]
    assert leaks(b"nothing to see") == []


@pytest.mark.slow
@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_nothing_leaks(sandbox: Sandbox, program: Program, records: Records, log_format: str) -> None:
    program.settings |= {"log_level": "debug", "log_format": log_format}
    stage = Stage(sandbox, read_settings(**program.settings))
    running = await program.start("serve", command=FAULTY)
    await running.until(lambda: "ready" in running.err.read_text(), "readiness")
    resident = sandbox.add_user(RESIDENT, user_id=RESIDENT_ID, last_name=LAST_NAME, username=USERNAME)
    officer = stage.officers[OFFICER] = sandbox.add_user(OFFICER, user_id=OFFICER_ID)
    sandbox.join(GROUP, officer.id)
    roster = ("--telegram-id", str(OFFICER_ID), "--name", OFFICER, "--initials", "WD", "--role", "fo")
    assert (await program.run("staff", "add", *roster)).code == 0
    await _converse(stage, resident, officer)
    await _break(running, resident, records)

    for path in (program.directory / name for name in ("loket.db", "loket.db-wal", "loket.db-shm")):
        assert leaks(path.read_bytes()) == [], path.name
    assert await running.stop() == 0
    assert leaks((program.directory / "loket.db").read_bytes()) == []
    logged = running.err.read_text()
    assert logged.count("ValueError") >= len(FAULTS)  # the faults did strike, and are told by type and place
    assert leaks(_read(running.err, running.out)) == []


async def _converse(stage: Stage, resident: Person, officer: Person) -> None:
    """A resident starts by a link, asks, corrects, wants a person, sends contact and document; an officer replies."""
    resident.start(PAYLOAD)
    asked = resident.send_text(f"NIK saya {NIK}, KTP saya hilang di {WORDS[0]}, apa syaratnya?")
    await stage.reads(resident, "Dasar:")
    resident.edit_text(asked["message_id"], f"KTP saya hilang di {WORDS[1]}, apa syaratnya?")
    _, topic = await stage.case_of(resident)
    await stage.reads(resident, "melalui apa sebaiknya")
    resident.send_contact("+628998877665", PHONE_BOOK_NAME, contact_user_id=1)
    await stage.reads(resident, "hanya nomor Anda sendiri")
    resident.send_text(TYPED_PHONE)
    await stage.reads(resident, "mohon tekan tombol")
    resident.press_contact_button(f"+{PHONE}")
    await stage.reads(resident, "sudah dicatat")
    resident.send_text(EMAIL)
    resident.send_file("document", Upload(b"%PDF-1.4", FILE_NAME, "application/pdf"), caption=WORDS[2])
    await stage.topic_shows(topic, WORDS[2])
    await stage.presses(officer, topic, "Ambil")
    await stage.reads(resident, "ditangani petugas")
    stage.writes(officer, topic, WORDS[4])
    relayed = await stage.topic_shows(topic, WORDS[2])
    stage.writes(officer, topic, f"Silakan bawa {WORDS[3]}.", reply_to=relayed["message_id"])
    await stage.reads(resident, WORDS[3])


async def _break(running: Running, resident: Person, records: Records) -> None:
    """Words that make a task, a send and a handler fail."""
    resident.send_text(f"Tolong {IN_TASK}")
    resident.send_text(f"Tolong {IN_SEND}")
    await running.until(lambda: "delivery failed" in running.err.read_text() or not records.unsent(), "the send failed")
    resident.send_text(f"Tolong {IN_HANDLER}")
    await running.until(lambda: "update quarantined" in running.err.read_text(), "the handler was given up")
    await running.until(lambda: records.count(outbox, outbox.c.state == "due") == 0, "nothing waits")


def _read(*paths: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)
