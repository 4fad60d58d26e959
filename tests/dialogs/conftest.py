"""An office on its stage, for every conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.logs import start_logging
from bot.settings import Settings
from tests.dialogs.stage import Stage, local_telegram, settings_for


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path) -> None:
    """Logs as the program writes them: without contents."""
    start_logging(Settings(_env_file=None, log_level="warning"))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """An office with topics in its staff group, on SQLite."""
    sandbox = local_telegram()
    await sandbox.start()
    stage = Stage(sandbox, settings_for(sandbox, f"sqlite:///{tmp_path / 'loket.db'}"))
    await stage.open()
    yield stage
    await stage.close()
    await sandbox.stop()


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of seconds become waits of tenths, so that conversations are played quickly."""
    monkeypatch.setattr("handlers.cards.SPACING", 0.05)
    monkeypatch.setattr("handlers.resident.FRAGMENT_WAIT", 0.4)
    monkeypatch.setattr("handlers.resident.QUESTION_WAIT", 0.2)
    monkeypatch.setattr("handlers.resident.ALBUM_WAIT", 0.3)
    monkeypatch.setattr("handlers.group.ALBUM_WAIT", 0.3)
