"""The `loket` command without Telegram's sending limits; everything else is the program as it is."""

from __future__ import annotations

from bot import cli
from bot.app import build_app
from tests.dialogs.stage import UNLIMITED


def main() -> None:
    """Runs the command line with the limits of `build_app` lifted."""
    assert build_app.__kwdefaults__
    build_app.__kwdefaults__["limits"] = UNLIMITED
    cli.main()
