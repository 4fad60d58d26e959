"""A local Telegram in the test's own process, and the program that serves it in another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.dialogs.stage import local_telegram
from tests.process.program import Program, settings_of
from tests.process.records import Records


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A local Telegram with an empty staff forum."""
    running = local_telegram(webhook_retry_max_s=0.2)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def program(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Program]:
    """The program with complete settings, not yet started."""
    program = Program(tmp_path, settings_of(sandbox, tmp_path))
    yield program
    await program.close()


@pytest.fixture
def records(program: Program) -> Records:
    """What the program's database holds."""
    return Records(program.settings["database_url"])
