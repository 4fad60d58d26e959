"""Updates per second from webhook POST to reply received, for Loket and for two echo bots that store nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import ClientSession, ClientTimeout, web

from benchmarks.bots import PATH, SECRET, STAFF

IN_FLIGHT = 32
RESIDENTS = 200
_QUESTION = "syarat ktp hilang apa saja ya min"


@dataclass(frozen=True, slots=True)
class Measured:
    """One bot's figures; latency is from POST to the arrival of its reply, in milliseconds."""

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float


class Telegram:
    """Just enough Bot API to be written to: it counts the messages and says yes to everything else."""

    def __init__(self) -> None:
        self.replies: dict[str, list[float]] = {}
        self._arrived = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.path.rsplit("/", 1)[-1]
        body = await request.read()
        if method.lower() != "sendmessage":
            return web.json_response({"ok": True, "result": _RESULTS.get(method, True)})
        chat = _field(body, b"chat_id")
        self.replies.setdefault(chat, []).append(time.perf_counter())
        async with self._arrived:
            self._arrived.notify_all()
        message = {"message_id": 1, "date": 1, "chat": {"id": int(chat), "type": "private"}, "text": "x"}
        return web.json_response({"ok": True, "result": message})

    async def wait_for(self, chat: str, count: int) -> float:
        """When the chat's `count`-th message arrived."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.replies.get(chat, ())) >= count)
        return self.replies[chat][count - 1]


_RESULTS = {
    "getMe": {"id": 700000001, "is_bot": True, "first_name": "B", "username": "b_bot"},
    "getChat": {"id": int(STAFF), "type": "supergroup", "title": "T", "is_forum": True},
    "getChatMember": {"status": "administrator", "can_manage_topics": True},
}


def _field(body: bytes, name: bytes) -> str:
    """The number after a field's name, whatever the encoding of the form."""
    rest = body[body.index(name) + len(name) :]
    digits = b""
    for byte in rest:
        if 48 <= byte <= 57 or (byte == 45 and not digits):
            digits += bytes([byte])
        elif digits:
            break
    return digits.decode()


async def measure(name: str, updates: int) -> Measured:
    """Starts a bot, greets it with every resident, then times questions with 32 of them in flight."""
    telegram = Telegram()
    api = await telegram.start()
    port = _free_port()
    async with _running(name, port, api), ClientSession(timeout=ClientTimeout(total=60)) as client:
        url = f"http://127.0.0.1:{port}{PATH}"
        numbers = iter(range(1, 10**9))
        taken = asyncio.Semaphore(IN_FLIGHT)
        latencies: list[float] = []

        async def ask(resident: int, replies: int) -> None:
            async with taken:
                chat = str(1_000_000 + resident)
                before = len(telegram.replies.get(chat, ()))
                started = time.perf_counter()
                async with client.post(url, json=_update(next(numbers), resident), headers=_HEADERS) as response:
                    response.raise_for_status()
                latencies.append(await telegram.wait_for(chat, before + replies) - started)

        first = 2 if name == "loket" else 1  # Loket greets a new resident before it answers
        await asyncio.gather(*(ask(resident, first) for resident in range(RESIDENTS)))
        latencies.clear()
        started = time.perf_counter()
        for _ in range(updates // RESIDENTS):
            await asyncio.gather(*(ask(resident, 1) for resident in range(RESIDENTS)))
        elapsed = time.perf_counter() - started
    await telegram.stop()
    ranked = statistics.quantiles([latency * 1000 for latency in latencies], n=100)
    return Measured(name, len(latencies) / elapsed, ranked[49], ranked[98])


_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def _update(number: int, resident: int) -> dict[str, object]:
    person = {"id": 1_000_000 + resident, "is_bot": False, "first_name": f"Warga {resident}"}
    chat = {"id": 1_000_000 + resident, "type": "private", "first_name": f"Warga {resident}"}
    message = {"message_id": number, "date": int(time.time()), "from": person, "chat": chat, "text": _QUESTION}
    return {"update_id": number, "message": message}


@contextlib.asynccontextmanager
async def _running(name: str, port: int, api: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bots", name, str(port), api, stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise RuntimeError(f"the {name} bot did not start")
        yield
    finally:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
