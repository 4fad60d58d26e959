"""Runs the sandbox by itself: python -m sandbox --port 8081 --state sandbox.json."""

import argparse
import asyncio
import contextlib
import signal
import sys

from sandbox.cast import invite_cast
from sandbox.server import Sandbox
from sandbox.settings import RateLimits, SandboxSettings


def main() -> None:
    """Reads the command line and serves until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Telegram to try the bot with.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument("--state", metavar="FILE", help="keep conversations in this JSON file")
    parser.add_argument("--limits", action="store_true", help="enforce Telegram's sending limits")
    given = parser.parse_args()
    settings = SandboxSettings(state_file=given.state, rate_limits=RateLimits() if given.limits else None)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings, given.host, given.port))


async def _serve(settings: SandboxSettings, host: str, port: int) -> None:
    sandbox = Sandbox(settings)
    invite_cast(sandbox)
    url = await sandbox.start(host, port)
    sys.stdout.write(f"Sandbox: {url}\nLOKET_TELEGRAM_API_URL={url}\nLOKET_TELEGRAM_TOKEN={settings.token}\n")
    if settings.staff_group_id is not None:
        sys.stdout.write(f"LOKET_STAFF_CHAT_ID={settings.staff_group_id}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    await sandbox.stop()


if __name__ == "__main__":
    main()
