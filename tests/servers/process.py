"""A server process with a directory of its own, both gone when the tests are, whatever ends them.

A shell starts the server and then reads from a pipe that only the tests hold open. However they end (done, Ctrl-C,
killed), the pipe closes; the shell then stops the server and removes the directory.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_GUARD = """
"$@" </dev/null >"$DIRECTORY/log" 2>&1 &
server=$!
read -r _
kill -INT "$server"
wait "$server"
cd / && rm -rf "$DIRECTORY"
"""
_READY_WITHIN_S = 20.0
_STOPPED_WITHIN_S = 20.0


class ServerNotReady(Exception):
    """A test server did not answer in time; the message ends with what it logged."""


def private_directory(name: str, user: int | None) -> Path:
    """A new directory that only the user with this id may enter; None is whoever runs the tests.

    Directly under /tmp: a Unix socket's path has room for about 100 bytes, and another user must be able to get there.
    """
    directory = Path(tempfile.mkdtemp(prefix=f"loket-{name}-", dir="/tmp"))
    if user is not None:
        os.chown(directory, user, user)
    return directory


class ServerProcess:
    """Runs `command` as the user with this id (None: whoever runs the tests), logging to `directory`/log."""

    def __init__(self, command: Sequence[str | Path], *, directory: Path, user: int | None) -> None:
        self._directory = directory
        # A session of its own: Ctrl-C ends the tests first, then their servers.
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "server", *map(str, command)],
            stdin=subprocess.PIPE,
            cwd="/",
            env={**os.environ, "DIRECTORY": str(directory)},
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Returns once `ready` says so; raises ServerNotReady after 20 s."""
        deadline = time.monotonic() + _READY_WITHIN_S
        while not ready():
            if time.monotonic() > deadline:
                log = (self._directory / "log").read_text(errors="replace")
                self.stop()
                raise ServerNotReady(f"no answer within {_READY_WITHIN_S:.0f} s; its log ends:\n{log[-2000:]}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Stops the server and removes its directory; does nothing the second time."""
        if self._guard.stdin is not None and not self._guard.stdin.closed:
            self._guard.stdin.close()
        self._guard.wait(timeout=_STOPPED_WITHIN_S)
