"""A conclusion that the resident never answers counts as agreed after the office's hours of silence, not before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation.roles import Role
from tests.dialogs.stage import Stage, labels, local_telegram, settings_for

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09:00 in Pekanbaru


@dataclass(slots=True)
class HandClock:
    """A clock that stands until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[tuple[Stage, HandClock]]:
    clock = HandClock(MONDAY)
    sandbox = local_telegram()
    await sandbox.start()
    stage = Stage(sandbox, settings_for(sandbox, f"sqlite:///{tmp_path / 'loket.db'}"), clock=clock)
    await stage.open()
    yield stage, clock
    await stage.close()
    await sandbox.stop()


async def test_closes_after_the_hours_of_silence(timed: tuple[Stage, HandClock]) -> None:
    stage, clock = timed
    rina = stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    await stage.presses(rina, topic, "Ambil", "Selesai")
    await stage.reads(budi, "sudah selesai menurut Anda")
    clock.at += timedelta(hours=20)  # one night: few office hours
    await stage.close()
    await stage.open()
    await asyncio.sleep(1.0)  # due timers are looked for several times a second
    assert not any("kami tutup" in text for text in budi.texts())
    clock.at += timedelta(days=4)
    await stage.reads(budi, "Karena tidak ada tanggapan lagi")
    await stage.topic_shows(topic, "selesai")
    assert labels(await stage.card(topic)) == ["Kartu kendali"]
    await stage.settled()
    assert sum("kami tutup" in text for text in budi.texts()) == 1
