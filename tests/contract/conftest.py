"""A workshop on each kind of database, with short waits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot import delivery, lanes, pump, writer
from bot.logs import start_logging
from bot.settings import Settings
from tests.contract.workshop import Workshop

Open = Callable[..., Workshop]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that are seconds in an office are hundredths here; the rules between them stay."""
    for module in (lanes, writer):
        monkeypatch.setattr(module, "RETRIES", (0.05, 0.1))
    monkeypatch.setattr(pump, "_EVERY", 0.02)
    monkeypatch.setattr(delivery, "BACKOFF", (0.02, 0.05))
    monkeypatch.setattr(delivery, "LOOK_EVERY", 0.05)
    start_logging(Settings(_env_file=None, log_level="error"))


@pytest.fixture
async def workshops(database_url: str) -> AsyncIterator[Open]:
    """Opens processes on one database, on SQLite and on PostgreSQL; closes them in the end."""
    opened: list[Workshop] = []

    def open_one(**details: object) -> Workshop:
        workshop = Workshop(database_url, **details)  # type: ignore[arg-type]
        if not opened:
            workshop.build()
        opened.append(workshop)
        return workshop

    yield open_one
    for workshop in opened:
        await workshop.close(0.0)


@pytest.fixture
async def postgres_workshops(postgres_url: str) -> AsyncIterator[Open]:
    """The same on PostgreSQL alone."""
    opened: list[Workshop] = []

    def open_one(**details: object) -> Workshop:
        workshop = Workshop(postgres_url, **details)  # type: ignore[arg-type]
        if not opened:
            workshop.build()
        opened.append(workshop)
        return workshop

    yield open_one
    for workshop in opened:
        await workshop.close(0.0)
