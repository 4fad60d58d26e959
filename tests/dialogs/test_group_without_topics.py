"""A staff group without topics: only /balas and the button send; everything else stays among staff."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from escalation.roles import Role
from sandbox.server import Sandbox
from sandbox.settings import SandboxSettings
from tests.dialogs.stage import GROUP, Stage, settings_for


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[Stage]:
    sandbox = Sandbox(SandboxSettings(staff_group_id=None))
    sandbox.add_group("Petugas", chat_id=GROUP, kind="supergroup")
    await sandbox.start()
    stage = Stage(sandbox, settings_for(sandbox, f"sqlite:///{tmp_path / 'loket.db'}"), forum=False)
    await stage.open()
    yield stage
    await stage.close()
    await sandbox.stop()


async def test_a_case_runs_its_course(plain: Stage) -> None:
    rina, editor = plain.officer("Rina", Role.FO), plain.officer("Rudi", Role.EDITOR)
    budi = plain.resident("Budi")
    number, _ = await plain.case_of(budi)
    await plain.presses(rina, 0, "Ambil")
    budi.send_text("nama ibu saya salah ketik")
    relayed = await plain.group_shows("nama ibu saya salah ketik")
    plain.writes(rina, 0, "jangan dijawab dulu", reply_to=relayed["message_id"])
    plain.writes(rina, 0, f"/balas {number} Kami periksa dulu.")
    await plain.reads(budi, "Kami periksa dulu.")
    await plain.presses(rina, 0, "Teruskan", "Operator Editor")
    await plain.presses(editor, 0, "Terima")
    plain.writes(editor, 0, "Sudah dibetulkan.", reply_to=relayed["message_id"])
    await plain.presses(rina, 0, "Kirim ke warga")
    await plain.reads(budi, "Sudah dibetulkan.")
    assert not any("jangan dijawab" in text for text in budi.texts())


async def test_balas_to_a_relayed_message_needs_no_number(plain: Stage) -> None:
    rina = plain.officer("Rina", Role.FO)
    budi = plain.resident("Budi")
    await plain.case_of(budi)
    await plain.presses(rina, 0, "Ambil")
    budi.send_text("ada orang?")
    relayed = await plain.group_shows("ada orang?")
    plain.writes(rina, 0, "/balas Ada, silakan.", reply_to=relayed["message_id"])
    await plain.reads(budi, "Ada, silakan.")
