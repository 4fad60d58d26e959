"""Runs the program until it is asked to stop: for an office (`serve`), or with a local Telegram of its own (`run`)."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from bot.app import App, build_app
from bot.logs import start_logging
from bot.session import session
from bot.settings import Settings, read_settings
from conversation.errors import DeliveryError, SettingsError
from escalation.roster import read_roster, sandbox_roster
from sandbox.cast import invite_cast
from sandbox.server import Sandbox
from sandbox.settings import DEFAULT_STAFF_GROUP_ID as STAFF_GROUP
from sandbox.settings import SandboxSettings
from storage import schema
from storage.encryption import new_key
from storage.engine import open_engine, reading
from storage.state import STAFF, get_value

#: Where `loket run` keeps its key and its conversations.
HOME = Path(".loket")
#: Stands for the local Telegram until its port is known.
_OWN_TELEGRAM = "http://127.0.0.1"


def serve_forever(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT; then finishes what was accepted and returns."""
    start_logging(settings)
    app = build_app(settings)

    async def start() -> None:
        try:
            await app.start()
        except DeliveryError as error:
            raise SettingsError(f"{error}; LOKET_TELEGRAM_API_URL is {settings.telegram_api_url}") from None

    _run(start, app.stop)


def run_sandbox() -> None:
    """Everything embedded: SQLite, a local Telegram with invented residents and officers, one address."""
    asked = read_settings(telegram_api_url=_OWN_TELEGRAM, telegram_webhook_url="")
    local = _own_telegram()
    settings = read_settings(
        secret_key=asked.secret_key or _own_key(),
        database_url=_own_database(asked),
        telegram_token=local.settings.token,
        telegram_api_url=_OWN_TELEGRAM,
        staff_chat_id=str(STAFF_GROUP),
        telegram_webhook_url="",
        http_port=0,
        log_level=asked.log_level if "log_level" in asked.model_fields_set else "warning",
    )
    start_logging(settings)
    _prepare_database(settings)
    _invite(settings, local)
    running: list[App] = []

    async def start() -> None:
        try:
            address = await local.start(asked.http_host, asked.http_port)
        except OSError as error:
            raise SettingsError(
                f"LOKET_HTTP_PORT: cannot listen on {asked.http_host}:{asked.http_port} ({error.strerror})"
            ) from None
        running.append(build_app(settings.model_copy(update={"telegram_api_url": address})))
        await running[0].start()
        sys.stdout.write(f"Loket: {address}\n")
        sys.stdout.flush()

    async def stop() -> None:
        for app in running:
            await app.stop()
        if local.api_url:  # one that never listened has nothing to keep, and another run may be using the same file
            await local.stop()

    _run(start, stop)


def _own_telegram() -> Sandbox:
    """The local Telegram as the last run left it."""
    file = HOME / "telegram.json"
    try:
        HOME.mkdir(exist_ok=True)
        return Sandbox(SandboxSettings(state_file=str(file)))
    except OSError as error:
        raise SettingsError(f"{HOME.absolute()}: cannot be used ({error.strerror})") from None
    except (ValueError, KeyError, TypeError):
        raise SettingsError(f"{file}: cannot be read; to begin anew, delete the directory {HOME}") from None


def _own_key() -> str:
    """The key of `loket run`, made at the first run and kept beside its conversations."""
    file = HOME / "secret.key"
    if not file.exists():
        draft = HOME / "secret.key.new"
        draft.touch(mode=0o600)
        draft.write_text(new_key(), encoding="ascii")
        draft.replace(file)
    return file.read_text(encoding="ascii").strip()


def _prepare_database(settings: Settings) -> None:
    """Brings the schema up to date; refuses the database of an office, where invented officers have no place."""
    engine = open_engine(settings.database_url)
    try:
        if schema.look(engine) is not schema.Schema.NEWER:
            schema.upgrade(engine)
        schema.require_current(engine)
        with reading(engine) as connection:
            staff = get_value(connection, STAFF) or {}
    finally:
        engine.dispose()
    if staff.get("configured", settings.staff_chat_id) != settings.staff_chat_id:
        raise SettingsError("LOKET_DATABASE_URL names the database of an office; loket run needs one of its own")


def _own_database(asked: Settings) -> str:
    return asked.database_url if "database_url" in asked.model_fields_set else f"sqlite:///{HOME / 'loket.db'}"


def _invite(settings: Settings, local: Sandbox) -> None:
    """Puts the invented roster on the staff list and into the sandbox's staff group, and a few residents beside it."""
    with session(settings) as opened:
        recruits = read_roster(sandbox_roster(), opened.version.office)
        known = {officer.external_id for officer in opened.uow.officers.all()}
        for recruit in recruits:
            if recruit.external_id not in known:
                opened.uow.officers.add(recruit.external_id, recruit.name, recruit.initials, recruit.post)
    invite_cast(local, [(int(recruit.external_id), recruit.name, recruit.post.role.label) for recruit in recruits])


def _run(start: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        asked = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, asked.set)
        asking = asyncio.ensure_future(asked.wait())
        starting = asyncio.ensure_future(start())
        try:
            await asyncio.wait((starting, asking), return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                # What is there now stays for good: looking through it again and again costs more than handling a
                # message.
                gc.freeze()
                gc.set_threshold(20_000, 50, 100)
                gc.enable()
                await asking
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            asking.cancel()
            await stop()

    uvloop.run(main())
