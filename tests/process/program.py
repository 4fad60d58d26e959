"""The `loket` command as its users run it: a process of its own, settings in its environment, files in one place."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sandbox.server import Sandbox
from tests.dialogs.stage import GROUP, SECRET_KEY

ROOT = Path(__file__).parents[2]
COMMAND = "from bot.cli import main; main()"
#: The same command without Telegram's sending limits, so that hundreds of messages take seconds.
UNTHROTTLED = "from tests.process import unthrottled; unthrottled.main()"
WEBHOOK_SECRET = "rahasia-uji"
#: Two cores shared with whatever else runs: patient, but not for ever.
_PATIENCE_S = 30.0
_LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command that ended by itself left behind."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr; fails unless it is exactly one, and no traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


@dataclass(slots=True)
class Running:
    """A program that runs until it is told to stop."""

    process: asyncio.subprocess.Process
    out: Path
    err: Path

    async def ready(self) -> str:
        """Waits until the program says that it is ready; returns the address of its own HTTP server."""
        return str((await self.logged("ready"))["address"])

    async def logged(self, event: str) -> dict[str, Any]:
        """Waits for a log line of this event; fails when the program ends without one."""
        await self.until(lambda: any(line.get("event") == event for line in self.logs()), f"log line {event!r}")
        return next(line for line in self.logs() if line.get("event") == event)

    async def until(self, look: Callable[[], bool], what: str = "what was waited for") -> None:
        """Waits for something that only this program can bring about."""
        async with asyncio.timeout(_PATIENCE_S):
            while not look():
                ended = self.process.returncode
                assert ended is None, f"ended with {ended} before {what}: {self.err.read_text()[-2000:]}"
                await asyncio.sleep(_LOOK_EVERY_S)

    def logs(self) -> Sequence[dict[str, Any]]:
        """The complete JSON lines logged so far."""
        lines = self.err.read_text(errors="replace").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    async def kill(self) -> None:
        """kill -9: no farewell."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self, number: int = signal.SIGTERM, within_s: float = 10.0) -> int:
        """Asks the program to end; returns its exit code. Raises TimeoutError if it takes longer."""
        self.process.send_signal(number)
        async with asyncio.timeout(within_s):
            return await self.process.wait()


@dataclass(slots=True)
class Program:
    """One office's program: `settings` are its LOKET_* variables, `directory` is where it runs."""

    directory: Path
    settings: dict[str, str]
    started: list[Running] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    async def run(self, *arguments: str, **changed: str | None) -> Finished:
        """Runs a command to its end. `changed` are settings by field name; None takes one away."""
        running = await self.start(*arguments, changed=changed)
        async with asyncio.timeout(_PATIENCE_S):
            code = await running.process.wait()
        return Finished(code, running.out.read_text("utf-8"), running.err.read_text("utf-8"))

    async def serve(self, command: str = COMMAND, /, **changed: str | None) -> Running:
        """Starts the server and waits until it is ready."""
        running = await self.start("serve", command=command, changed=changed)
        await running.ready()
        return running

    async def start(
        self, *arguments: str, command: str = COMMAND, changed: Mapping[str, str | None] | None = None
    ) -> Running:
        """Starts a command and returns at once."""
        number = next(self._numbers)
        out, err = self.directory / f"{number}.out", self.directory / f"{number}.err"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", command, *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=self.home,
                env=self._environment(changed or {}),
            )
        running = Running(process, out, err)
        self.started.append(running)
        return running

    @property
    def home(self) -> Path:
        """The directory it runs in; what it captures of its output lies beside it."""
        home = self.directory / "home"
        home.mkdir(exist_ok=True)
        return home

    async def close(self) -> None:
        """Ends what is still running."""
        for running in self.started:
            if running.process.returncode is None:
                await running.kill()

    def _environment(self, changed: Mapping[str, str | None]) -> dict[str, str]:
        settings = {**self.settings, **changed}
        named = {f"LOKET_{name.upper()}": value for name, value in settings.items() if value is not None}
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **named}


def settings_of(sandbox: Sandbox, directory: Path) -> dict[str, str]:
    """The settings of an office whose Telegram is this sandbox."""
    return {
        "database_url": f"sqlite:///{directory / 'loket.db'}",
        "telegram_token": sandbox.settings.token,
        "telegram_api_url": sandbox.api_url,
        "staff_chat_id": str(GROUP),
        "secret_key": SECRET_KEY,
        "http_port": "0",
        "log_format": "json",
    }


def webhook_settings() -> dict[str, str]:
    """Settings that have Telegram call the program, on a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return {
        "http_port": str(port),
        "telegram_webhook_url": f"http://127.0.0.1:{port}/telegram/webhook",
        "telegram_webhook_secret": WEBHOOK_SECRET,
    }
