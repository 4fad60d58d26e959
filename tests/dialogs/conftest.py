"""An office on its stage, for every conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.logs import start_logging
from bot.settings import Settings
from handlers import cards
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
def _brisk_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Card edits follow each other quickly, so that no conversation waits seconds for the next button."""
    monkeypatch.setattr(cards, "SPACING", 0.05)
