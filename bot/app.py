"""The composition root: builds everything for production and tests, starts it, and stops it in order."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import structlog
from aiogram import Bot
from aiohttp import web
from redis.asyncio import Redis
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import webhook
from bot.clock import keep_clock
from bot.delivery import Delivery
from bot.intake import Intake, reader
from bot.lanes import Lanes
from bot.leading import Leading
from bot.polling import Polling
from bot.pump import Pump
from bot.seeds import seed
from bot.settings import Settings
from bot.versions import Versions, configure_staff, read_staff
from bot.writer import Writer
from channels.budget import TELEGRAM_LIMITS, Budget, Limits, MemoryBudget
from channels.redis_budget import RedisBudget
from channels.telegram.client import build_bot, delete_webhook, set_webhook
from channels.telegram.methods import messages_in
from channels.telegram.outbound import TelegramSender
from channels.telegram.setup import inspect_staff_chat, introduce, publish_commands
from conversation.clock import Clock
from conversation.errors import DeliveryError, SettingsError
from handlers.routing import dispatch, locate
from storage import schema
from storage.encryption import KeyRing
from storage.engine import open_engine
from storage.ids import Ids
from storage.leader import leader_of
from storage.state import drop_value, get_value, require_key, set_value

log = structlog.get_logger()

#: After a process died, updates are handled one by one for this long, so that one that kills the process is found out.
_CAREFUL_SECONDS = 300.0
_DRAIN_SECONDS = 6.0
_RUNNING = "running"


@dataclass(slots=True)
class App:
    """The running program. `start` returns when it is ready; `stop` finishes what was accepted."""

    settings: Settings
    engine: Engine
    keys: KeyRing
    ids: Ids
    clock: Clock | None
    bot: Bot
    limits: Limits
    address: str = ""
    _writer: Writer | None = None
    _delivery: Delivery | None = None
    _polling: Polling | None = None
    _pump: Pump | None = None
    _leading: Leading | None = None
    _redis: Redis | None = None
    _runner: web.AppRunner | None = None
    _tasks: tuple[asyncio.Task[None], ...] = ()

    async def start(self) -> None:
        """Opens the way in last: when updates arrive, everything behind is there. Raises LoketError."""
        clock, died = await asyncio.to_thread(self._prepare)
        identity = await introduce(self.bot)
        await self._meet_staff(identity.username)
        read = reader(identity.id)
        versions = Versions()
        lanes = Lanes(read, dispatch)
        handed: list[Delivery] = []
        self._writer = Writer(
            self.engine,
            self.keys,
            self.ids,
            clock,
            versions,
            lanes,
            lambda uow, version, inbound: locate(uow, version.staff, inbound),
            committed=lambda entries: handed[0].hand_over(entries),  # noqa: PLW0108 - delivery is built after the writer
            doubted=lambda: handed[0].doubt(),  # noqa: PLW0108 - as above
        )
        budget = self._budget(identity.id)
        self._delivery = Delivery(self.engine, self.keys, self._writer, TelegramSender(self.bot), budget, messages_in)
        handed.append(self._delivery)
        if died:
            log.warning("the last run did not end in order: updates are handled one by one for a while")
            self._writer.careful_until = time.time() + _CAREFUL_SECONDS
        await asyncio.to_thread(self._mark_run)
        self._writer.start()
        intake = Intake(self._writer, identity.id)
        await self._listen(intake)
        if self.settings.telegram_webhook_url:
            url = webhook.public_address(self.settings.telegram_webhook_url)
            await set_webhook(self.bot, url, self.settings.telegram_webhook_secret)
        else:
            await delete_webhook(self.bot)
        self._leading = Leading(leader_of(self.engine), lambda: self._begin(intake, clock), self._step_down)
        await self._leading.start()
        way_in = "webhook" if self.settings.telegram_webhook_url else "polling"
        log.info("ready", bot=identity.username, address=self.address, intake=way_in)

    async def _begin(self, intake: Intake, clock: Clock) -> None:
        """What only the leading process does: delivers, wakes what is due, and polls."""
        if not (self._writer and self._delivery):
            return
        await self._delivery.start()
        self._pump = Pump(self.engine, self._writer, clock)
        self._polling = None if self.settings.telegram_webhook_url else Polling(self.bot, intake)
        runs = [self._pump.run(), *([self._polling.run()] if self._polling else [])]
        self._tasks = tuple(asyncio.create_task(run) for run in runs)

    async def _step_down(self) -> None:
        """Another process may lead already: stops sending at once, then the rest."""
        if self._delivery:
            await self._delivery.stop(0.0)
        await self._end(0.0)

    async def _end(self, seconds: float) -> None:
        """Ends that again; what is due is sent if it takes no longer than `seconds`."""
        if self._polling:
            self._polling.stop()
        if self._pump:
            self._pump.stop()
        await asyncio.gather(*self._tasks)
        self._tasks = ()
        if self._writer and self._delivery:
            with suppress(SQLAlchemyError):
                await asyncio.wrap_future(self._writer.do(lambda _uow: None))
            await self._delivery.stop(seconds)

    async def stop(self) -> None:
        """No new updates; what was accepted is handled and, as far as time allows, sent. Everything else stays
        stored."""
        if self._runner:
            await self._runner.cleanup()
        if self._leading:
            await self._leading.stop()
        await self._end(_DRAIN_SECONDS)
        if self._leading:
            self._leading.release()
        if self._writer and self._delivery:
            with suppress(SQLAlchemyError):
                await asyncio.wrap_future(self._writer.do(lambda uow: drop_value(uow.connection, _RUNNING)))
            await asyncio.to_thread(self._writer.close)
        if self._redis:
            await self._redis.aclose()
        await self.bot.session.close()
        self.engine.dispose()

    def _budget(self, bot: int) -> Budget:
        """Sending limits: shared through Redis where there is one, else this process's own."""
        if not self.settings.redis_url:
            return MemoryBudget(self.limits)
        try:
            self._redis = Redis.from_url(self.settings.redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)
        except ValueError as error:
            raise SettingsError(f"LOKET_REDIS_URL: {error}") from None
        return RedisBudget(self._redis, self.limits, f"telegram:{bot}")

    def idle(self) -> bool:
        """Whether nothing is being written or sent at this moment (held messages and later edits aside)."""
        return bool(self._writer and self._writer.idle() and self._delivery and self._delivery.idle())

    def _prepare(self) -> tuple[Clock, bool]:
        """Checks the schema, and seeds what has never been applied; returns the clock, and whether the last run
        died."""
        schema.require_current(self.engine)
        with self.engine.connect() as connection, connection.begin():
            require_key(connection, self.keys)
            clock = self.clock or keep_clock(connection, self.settings)
            seed(connection, self.ids, self.settings.office, clock.now())
            configure_staff(connection, self.settings.staff_chat_id)
            died = get_value(connection, _RUNNING) is not None
        return clock, died

    def _mark_run(self) -> None:
        """From here on something may be accepted: a run that ends before was refused, and did not die."""
        with self.engine.connect() as connection, connection.begin():
            set_value(connection, _RUNNING, uuid4().hex)

    async def _meet_staff(self, username: str) -> None:
        """Looks at the staff group and says what is missing there; menus are a courtesy."""
        with self.engine.connect() as connection, connection.begin():
            configure_staff(connection, self.settings.staff_chat_id, bot=username)
            chat = read_staff(connection).chat
        try:
            group = await inspect_staff_chat(self.bot, chat)
            for problem in group.problems:
                log.warning("staff group", problem=problem.log)
            for failure in await publish_commands(self.bot, chat):
                log.warning("command menu", problem=failure)
        except DeliveryError as error:
            log.warning("staff group", problem=str(error))
            return
        with self.engine.connect() as connection, connection.begin():
            configure_staff(connection, self.settings.staff_chat_id, forum=group.is_forum)

    async def _listen(self, intake: Intake) -> None:
        server = webhook.build_web(
            intake, self.settings.telegram_webhook_secret, lambda: self._writer is not None and self._writer.works()
        )
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=_DRAIN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.settings.http_host, self.settings.http_port)
        try:
            await site.start()
        except OSError as error:
            where = f"{self.settings.http_host}:{self.settings.http_port}"
            raise SettingsError(f"LOKET_HTTP_PORT: cannot listen on {where} ({error.strerror})") from None
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"


def build_app(settings: Settings, *, clock: Clock | None = None, limits: Limits = TELEGRAM_LIMITS) -> App:
    """Builds the program from settings; opens nothing yet. `clock` overrides the one that the settings ask for."""
    settings.require("telegram_token", "staff_chat_id", "secret_key")
    return App(
        settings=settings,
        engine=open_engine(settings.database_url),
        keys=KeyRing.from_setting(settings.secret_key),
        ids=Ids(),
        clock=clock,
        bot=build_bot(settings.telegram_token, settings.telegram_api_url),
        limits=limits,
    )
