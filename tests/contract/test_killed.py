"""A message that kills the process is set aside after four restarts at most; nothing else is lost."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest

from bot.app import build_app
from bot.settings import Settings
from handlers import words
from handlers.turn import Turn
from storage.inbox import Receiving
from tests.contract.conftest import Open
from tests.contract.lethal import DEADLY, DEADLY_LATER, KILLED
from tests.contract.residents import message
from tests.dialogs.stage import local_telegram, settings_for
from tests.process.program import ROOT

RESTARTS = 4


@pytest.mark.slow
@pytest.mark.parametrize("word", [DEADLY, DEADLY_LATER], ids=["in its first group", "when it is released"])
async def test_a_message_that_kills_the_process_is_set_aside(postgres_workshops: Open, word: str) -> None:
    shop = postgres_workshops()
    ends: list[int] = []
    while 0 not in ends:
        ends.append(await _life(shop.url, word, careful=bool(ends)))
        assert len(ends) <= RESTARTS + 1
    assert ends == [KILLED] * (len(ends) - 1) + [0]
    assert shop.states()[word] == Receiving.QUARANTINED
    assert sorted(shop.kept()) == ["a", "b", "c"]
    assert words.APOLOGY in shop.put_out()


async def test_what_waits_before_one_that_kills_is_handled_and_committed_first(postgres_workshops: Open) -> None:
    def refuse(_turn: Turn) -> None:
        raise ValueError

    shop = postgres_workshops(handle=refuse).start()
    await shop.accept(message(2, "innocent"))
    await shop.accept(message(2, DEADLY))
    assert shop.states() == {"innocent": Receiving.FAILED, DEADLY: Receiving.RECEIVED}
    assert await _life(shop.url, DEADLY, careful=True) == KILLED
    assert shop.states()["innocent"] == Receiving.DONE


async def test_the_program_is_careful_after_a_run_that_did_not_end_in_order(tmp_path: Path) -> None:
    sandbox = local_telegram()
    await sandbox.start()
    settings = settings_for(sandbox, f"sqlite:///{tmp_path / 'loket.db'}")
    died = build_app(settings)
    await asyncio.to_thread(died._prepare)
    await asyncio.to_thread(died._mark_run)
    died.engine.dispose()
    try:
        assert [await _runs_carefully(settings) for _ in range(2)] == [True, False]
    finally:
        await sandbox.stop()


async def _runs_carefully(settings: Settings) -> bool:
    app = build_app(settings)
    await app.start()
    try:
        return app._writer is not None and app._writer.careful_until > time.time()
    finally:
        await app.stop()


async def _life(url: str, word: str, *, careful: bool) -> int:
    """Runs the lethal workshop to its end; returns its exit code."""
    how = ["careful"] if careful else []
    command = [sys.executable, "-m", "tests.contract.lethal", url, word, *how]
    return await (await asyncio.create_subprocess_exec(*command, cwd=ROOT)).wait()
