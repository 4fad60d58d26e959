"""python -m sandbox, as somebody trying Loket starts it."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from pathlib import Path


async def test_it_says_how_to_reach_it_and_stops_cleanly_with_its_state_saved(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", "--state", str(state),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [(await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip() for _ in range(4)]
    given = dict(line.split("=", 1) for line in lines[1:])
    assert given["LOKET_STAFF_CHAT_ID"] == "-1002000000001"
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{given['LOKET_TELEGRAM_API_URL']}/bot{given['LOKET_TELEGRAM_TOKEN']}/getMe") as response,
    ):
        assert (await response.json())["result"]["is_bot"] is True
    process.send_signal(signal.SIGTERM)
    _, problems = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, problems) == (0, b"")
    assert "Budi" in state.read_text("utf-8")
