"""The whole sandbox put together: world, Bot API, people's side and the page behind one HTTP server."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

from aiohttp import web

from sandbox import membership
from sandbox.bot_api import BotApi
from sandbox.callbacks import Callbacks
from sandbox.changes import Changes
from sandbox.commands import Commands
from sandbox.faults import Faults
from sandbox.http_bot_api import BotApiRoutes
from sandbox.http_people import PeopleRoutes
from sandbox.methods.side import BotSide
from sandbox.person import Person
from sandbox.rate_limits import RateLimiter
from sandbox.request_body import MAX_UPLOAD
from sandbox.settings import SandboxSettings
from sandbox.state import BOT_RIGHTS, Chat, Member, User
from sandbox.state_file import StateFile
from sandbox.transcript import Transcript
from sandbox.update_queue import UpdateQueue
from sandbox.webhook import Webhook
from sandbox.world import World

Found = TypeVar("Found")
_FIRST_USER_ID = 5_001


class Sandbox:
    """A local Telegram with one bot.

    In a test: `sandbox = Sandbox(); await sandbox.start(); budi = sandbox.add_user("Budi"); budi.send_text("Halo")`.
    `now` is the wall clock (aware), `monotonic` the clock of limits and lifetimes, in seconds.
    """

    def __init__(
        self,
        settings: SandboxSettings | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or SandboxSettings()
        self.changes = Changes()
        self.updates = UpdateQueue(self.settings.first_update_id, self.changes)
        self.world = World(self.settings.bot, self.updates, self.changes, now)
        self.callbacks = Callbacks(self.world, self.settings.callback_lifetime_s, monotonic)
        self.commands = Commands()
        self.faults = Faults(self.changes)
        self.transcript = Transcript(self.changes, monotonic, self.settings.transcript_limit)
        side = BotSide(self.world, self.callbacks, self.commands, self.settings.closed_topics_refuse_admins)
        limits = self.settings.rate_limits
        limiter = RateLimiter(limits, monotonic) if limits is not None else None
        self.api = BotApi(side, self.faults, self.transcript, limiter)
        self.webhook = Webhook(self.updates, self.changes, self.settings, self.world.date, self.api.call_from_webhook)
        self.api.webhook = self.webhook
        self.api_url = ""
        self._state_file = StateFile(self, self.settings.state_file) if self.settings.state_file else None
        self._runner: web.AppRunner | None = None
        restored = self._state_file is not None and self._state_file.load()
        if not restored and self.settings.staff_group_id is not None:
            self.add_group(self.settings.staff_group_title, chat_id=self.settings.staff_group_id)

    # -- running ----------------------------------------------------------------------------------

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens (port 0: any free one) and returns the address, which is also the bot's API URL."""
        app = web.Application(client_max_size=MAX_UPLOAD)
        BotApiRoutes(self.api, self.world.files, self.settings.token).add_to(app)
        PeopleRoutes(self).add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound: tuple[str, int] = self._runner.addresses[0]
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        self.api_url = f"http://{shown}:{bound[1]}"
        self.webhook.resume()
        if self._state_file is not None:
            self._state_file.start_saving(self.settings.save_every_s)
        return self.api_url

    async def stop(self) -> None:
        """Stops listening and delivering; saves the state where a state file is set."""
        await self.webhook.stop()
        self.updates.release_poll()
        self.changes.publish({"event": "bye"})
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._state_file is not None:
            await self._state_file.stop()

    async def wait_for(self, look: Callable[[], Found | None], timeout_s: float = 5.0) -> Found:
        """Waits until `look` returns something true (checked after every change); raises TimeoutError."""
        return await self.changes.wait_for(look, timeout_s)

    # -- people and groups ------------------------------------------------------------------------

    def add_user(
        self,
        first_name: str,
        *,
        user_id: int | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "id",
    ) -> Person:
        """A new person; without `user_id` the next free one."""
        number = user_id if user_id is not None else max([_FIRST_USER_ID, *(u + 1 for u in self._plain_ids())])
        return self._person(self.world.add_user(User(number, first_name, last_name, username, language_code)))

    def person(self, user_id: int) -> Person:
        """Somebody who exists; raises WorldError when nobody has this id."""
        return self._person(self.world.user(user_id))

    def add_group(
        self,
        title: str,
        *,
        chat_id: int | None = None,
        kind: str = "forum",
        members: Iterable[int] = (),
        admins: Iterable[int] = (),
        owner: int | None = None,
        bot: Member | None = None,
    ) -> Chat:
        """A new `group`, `supergroup` or `forum`; the bot is an administrator there unless `bot` says otherwise."""
        number = self.world.next_serial()
        new_id = chat_id or (-(4_000_000 + number) if kind == "group" else -(1_002_500_000_000 + number))
        standing = {user_id: Member("member") for user_id in members}
        standing |= {user_id: Member("administrator", BOT_RIGHTS) for user_id in admins}
        standing |= {owner: Member("creator")} if owner is not None else {}
        standing[self.world.bot.id] = bot or Member("administrator", BOT_RIGHTS)
        return self.world.add_group(new_id, kind, title, standing)

    def join(self, chat_id: int, user_id: int, *, admin: bool = False) -> None:
        """Adds somebody to a group, as a member or an administrator."""
        chat, user = self.world.chat(chat_id), self.world.user(user_id)
        standing = Member("administrator", BOT_RIGHTS) if admin else Member("member")
        membership.add_to_group(self.world, chat, user, user, standing)

    def set_standing(self, chat_id: int, user_id: int, standing: Member) -> None:
        """Promotes, demotes or restricts rights; for the bot this is what my_chat_member reports."""
        chat = self.world.chat(chat_id)
        by = membership.group_owner(self.world, chat)
        membership.set_member(self.world, chat, self.world.user(user_id), standing, by)

    def kick_bot(self, chat_id: int) -> None:
        """An administrator removes the bot from a group."""
        chat = self.world.chat(chat_id)
        membership.remove_from_group(self.world, chat, self.world.bot, membership.group_owner(self.world, chat))

    def add_bot(self, chat_id: int, standing: Member | None = None) -> None:
        """An administrator adds the bot (again), by default as an administrator."""
        chat = self.world.chat(chat_id)
        by = membership.group_owner(self.world, chat)
        membership.add_to_group(self.world, chat, self.world.bot, by, standing or Member("administrator", BOT_RIGHTS))

    def migrate_group(self, chat_id: int, new_id: int | None = None) -> Chat:
        """Upgrades a group: it goes on under a new id, the old one only refuses."""
        return membership.migrate_group(self.world, self.world.chat(chat_id), new_id)

    def inject_update(self, body: dict[str, object], lane: int = 0) -> None:
        """Queues an update word for word, however malformed."""
        self.updates.add_raw(body, lane)

    def _person(self, user: User) -> Person:
        return Person(self.world, self.callbacks, user)

    def _plain_ids(self) -> list[int]:
        return [user_id for user_id, user in self.world.users.items() if not user.is_bot]
