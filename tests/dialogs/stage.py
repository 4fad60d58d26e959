"""A stage for whole conversations: the production program against the local Telegram, driven as people would."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.app import App, build_app
from bot.session import session
from bot.settings import Settings, read_settings
from channels.budget import Limit, Limits
from conversation.clock import Clock
from escalation.roles import Desk, Role
from sandbox.callbacks import CallbackAnswer
from sandbox.person import Person, Place
from sandbox.server import Sandbox
from sandbox.settings import SandboxSettings
from storage.tables import inbox

SECRET_KEY = "c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1mb3ItdGVzdHM="
#: No throttling in tests that are not about it.
UNLIMITED = Limits(bot=Limit(100_000, 1.0), chat=Limit(100_000, 1.0), group=Limit(100_000, 1.0))
GROUP = -1002000000001
_NUMBER = re.compile(r"PKU-\d{4}-\d{6}")


@dataclass(slots=True)
class Stage:
    """One office: residents write, officers act, and what each sees can be waited for."""

    sandbox: Sandbox
    settings: Settings
    clock: Clock | None = None
    forum: bool = True
    app: App | None = None
    officers: dict[str, Person] = field(default_factory=dict)

    async def open(self) -> None:
        self.app = build_app(self.settings, clock=self.clock, limits=UNLIMITED)
        await self.app.start()

    async def close(self) -> None:
        if self.app:
            await self.app.stop()
            self.app = None

    # -- people -----------------------------------------------------------------------------------

    def resident(self, name: str = "Budi", **details: Any) -> Person:
        return self.sandbox.add_user(name, **details)

    def officer(self, name: str, role: Role, unit: str = "", *, initials: str = "") -> Person:
        """Somebody on the roster and in the staff group."""
        person = self.sandbox.add_user(name)
        self.sandbox.join(GROUP, person.id)
        with session(self.settings) as opened:
            opened.uow.officers.add(str(person.id), name, initials or name[:2].upper(), Desk(role, unit))
        self.officers[name] = person
        return person

    # -- what people see --------------------------------------------------------------------------

    async def reads(self, person: Person, text: str, *, after: int = 0) -> dict[str, Any]:
        """Waits until the person's private chat shows a message of the bot with this text; returns the message."""
        return await self._find(person.messages, text, after)

    async def topic_shows(self, topic: int, text: str, *, after: int = 0) -> dict[str, Any]:
        """Waits until a topic of the staff group shows a message with this text."""
        viewer = next(iter(self.officers.values()))
        return await self._find(lambda: viewer.messages(chat=GROUP, topic=topic), text, after)

    async def group_shows(self, text: str) -> dict[str, Any]:
        viewer = next(iter(self.officers.values()))
        return await self._find(lambda: viewer.messages(chat=GROUP), text, 0)

    async def _find(self, look: Any, text: str, after: int) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            for message in reversed(look()):
                if message["message_id"] > after and message.get("from", {}).get("is_bot") and text in shown(message):
                    result: dict[str, Any] = message
                    return result
            return None

        try:
            return await self.sandbox.wait_for(found, 10.0)
        except TimeoutError:
            seen = "\n".join(f"  {message['message_id']}: {shown(message)!r}" for message in look())
            raise AssertionError(f"nobody saw {text!r}; shown were:\n{seen}") from None

    async def case_of(self, resident: Person, text: str = "/petugas") -> tuple[str, int]:
        """The resident asks for a person; returns the case's number and its topic (0 in a group without topics)."""
        resident.send_text(text)
        told = await self.reads(resident, "PKU-")
        number = _NUMBER.search(shown(told))
        assert number
        return number[0], await self.topic_of(number[0]) if self.forum else 0

    async def topic_of(self, number: str) -> int:
        """The topic that carries the case's number, once its card is there."""

        def found() -> int | None:
            for topic in self.sandbox.world.chat(GROUP).topics.values():
                if number in topic.name:
                    return topic.id
            return None

        topic = await self.sandbox.wait_for(found, 10.0)
        await self.topic_shows(topic, number)
        return topic

    def calls_in_group(self) -> Counter[str]:
        """How often each method was called for the staff group."""
        calls = (call for call in self.sandbox.transcript.calls if str(call.parameters.get("chat_id")) == str(GROUP))
        return Counter(call.method for call in calls if not call.method.startswith(("get", "setMy")))

    def inbox_states(self) -> Sequence[str]:
        """The states of all stored updates."""
        with session(self.settings) as opened:
            return list(opened.uow.connection.execute(select(inbox.c.state)).scalars())

    async def settled(self) -> None:
        """Waits until everything that has been said has been handled and sent."""

        def quiet() -> bool:
            assert self.app
            return self.app.idle()

        while not quiet():  # noqa: ASYNC110 - the program tells nobody that it is idle
            await asyncio.sleep(0.01)

    # -- what officers do -------------------------------------------------------------------------

    async def card(self, topic: int) -> dict[str, Any]:
        """The case's card as it is now."""
        return await self.topic_shows(topic, "Perihal")

    async def presses(self, officer: Person, topic: int, *labels: str) -> CallbackAnswer:
        """Presses buttons of the card one after the other, each as soon as it is there."""
        answer: CallbackAnswer | None = None
        for label in labels:
            message = await self.button(topic, label)
            answer = await officer.press(message, label, chat=GROUP)
        assert answer
        return answer

    async def button(self, topic: int, label: str) -> int:
        """The message of a topic that has a button with this label."""
        viewer = next(iter(self.officers.values()))

        def found() -> int | None:
            for message in reversed(viewer.messages(chat=GROUP, topic=topic or None)):
                if label in labels(message):
                    return int(message["message_id"])
            return None

        try:
            return await self.sandbox.wait_for(found, 10.0)
        except TimeoutError:
            seen = [labels(message) for message in viewer.messages(chat=GROUP, topic=topic or None)]
            raise AssertionError(f"nobody sees a button {label!r}; there are {seen}") from None

    def writes(self, officer: Person, topic: int, text: str, *, reply_to: int | None = None) -> int:
        """An officer writes in a topic; returns the message's id."""
        return int(officer.send_text(text, Place(chat=GROUP, topic=topic or None, reply_to=reply_to))["message_id"])


def shown(message: dict[str, Any]) -> str:
    """The words that a message shows."""
    return str(message.get("text") or message.get("caption") or "")


def labels(message: dict[str, Any]) -> Sequence[str]:
    """The inline buttons of a message."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def settings_for(sandbox: Sandbox, database_url: str, **more: Any) -> Settings:
    """The settings of an office whose Telegram is the sandbox."""
    return read_settings(
        database_url=database_url,
        telegram_token=sandbox.settings.token,
        telegram_api_url=sandbox.api_url,
        staff_chat_id=str(GROUP),
        secret_key=SECRET_KEY,
        http_port=0,
        **more,
    )


def local_telegram(**more: Any) -> Sandbox:
    return Sandbox(SandboxSettings(staff_group_id=GROUP, **more))
