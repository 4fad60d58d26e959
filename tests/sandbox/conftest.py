"""A running sandbox, and a bot library talking to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.server import Sandbox
from tests.sandbox.clients import AiogramClient, Client, Json, PtbClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.person import Person

GROUP = -1002000000001


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox with an empty staff forum in which the bot is an administrator."""
    running = Sandbox()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(params=[AiogramClient, PtbClient], ids=["aiogram", "ptb"])
async def client(
    request: pytest.FixtureRequest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Client]:
    """The bot, once through each library."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    library: Client = request.param(sandbox.api_url, sandbox.settings.token)
    yield library
    await library.close()


@pytest.fixture
def budi(sandbox: Sandbox) -> Person:
    """A resident who has started the bot; no update of that is pending."""
    person = sandbox.add_user("Budi", user_id=5001)
    person.start()
    sandbox.updates.drop_all()
    return person


@pytest.fixture
def rina(sandbox: Sandbox) -> Person:
    """An officer, administrator of the staff forum; no update of joining is pending."""
    person = sandbox.add_user("Rina", user_id=6001)
    sandbox.join(GROUP, person.id, admin=True)
    sandbox.updates.drop_all()
    return person


class RawClient:
    """Plain HTTP, for what libraries would not send or would not show."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self._session = session
        self._sandbox = sandbox

    async def call(self, method: str, body: Json | None = None, *, token: str | None = None) -> tuple[int, Json]:
        """Status and body of a call with a JSON body."""
        url = f"{self._sandbox.api_url}/bot{token or self._sandbox.settings.token}/{method}"
        async with self._session.post(url, json=body or {}) as response:
            answer: Json = await response.json()
            return response.status, answer

    async def refusal(self, method: str, **body: object) -> str:
        """The description of a call that must fail with 400."""
        status, answer = await self.call(method, body)
        assert status == 400, answer
        assert answer["ok"] is False
        assert answer["error_code"] == 400
        return str(answer["description"])

    async def result(self, method: str, **body: object) -> Json:
        """The result of a call that must succeed."""
        status, answer = await self.call(method, body)
        assert status == 200, answer
        result: Json = answer["result"]
        return result


@pytest.fixture
async def raw(sandbox: Sandbox) -> AsyncIterator[RawClient]:
    """The bot through bare HTTP."""
    async with aiohttp.ClientSession() as session:
        yield RawClient(session, sandbox)
