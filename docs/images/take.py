"""Takes the picture for the README: plays a case on `loket run` and photographs its page with headless Chromium.

python docs/images/take.py [FILE.png]
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

BUDI, SITI, YOHANES = 5001, 5002, 5003
RINA, HENDRA, GROUP = 7000001, 7000004, -1002000000001
WIDTH, HEIGHT = 1440, 1020
_OPEN_OLDEST_TOPIC = "document.querySelector('.topic-list li:last-child button').click()"
#: A browser without a screen takes itself for one without a mouse, too.
_MOUSE = "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"
#: The hour that the page's clock is to show, about.
_MORNING = 9
_BROWSER = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--disable-quic --no-first-run --hide-scrollbars --remote-debugging-port=0"
)

#: The texts of a message that are looked through.
Look = Callable[[dict[str, Any]], list[str]]


class Town:
    """The people of the sandbox, acting over its HTTP interface."""

    def __init__(self, client: ClientSession, address: str) -> None:
        self._client = client
        self.address = address

    async def write(self, user: int, text: str, topic: int | None = None) -> None:
        place = {"chat": GROUP, "topic": topic} if topic else {}
        await self._do("send_text", user=user, text=text, **place)

    async def press(self, user: int, *labels: str, topic: int | None = None) -> None:
        """Presses buttons one after the other, each as soon as it is there; a part of a label is enough."""
        for part in labels:
            message, label = await self._find(user, topic, part, _labels)
            await self._do("press", user=user, message_id=message, label=label, chat=GROUP if topic else user)

    async def sees(self, user: int, words: str, topic: int | None = None) -> None:
        """Waits for a message with these words."""
        await self._find(user, topic, words, lambda message: [message.get("text", "")])

    async def _find(self, user: int, topic: int | None, words: str, look: Look) -> tuple[int, str]:
        chat, narrowed = (GROUP, f"&topic={topic}") if topic else (user, "")
        for _ in range(200):
            for message in reversed(await self._read(f"chats/{chat}/messages?as={user}{narrowed}")):
                for text in look(message):
                    if words in text:
                        return int(message["message_id"]), text
            await asyncio.sleep(0.1)
        raise SystemExit(f"nobody saw {words!r}")

    async def first_topic(self) -> int:
        for _ in range(200):
            for chat in (await self._read("world"))["chats"]:
                if chat["id"] == GROUP and chat["topics"]:
                    return int(chat["topics"][0]["id"])
            await asyncio.sleep(0.1)
        raise SystemExit("no topic was opened")

    async def _read(self, path: str) -> Any:
        async with self._client.get(f"{self.address}/sandbox/{path}") as response:
            return await response.json()

    async def _do(self, act: str, **given: Any) -> None:
        async with self._client.post(f"{self.address}/sandbox/do/{act}", json=given) as response:
            answer = await response.json()
        if not answer.get("ok"):
            raise SystemExit(f"{act}: {answer.get('error')}")


def _labels(message: dict[str, Any]) -> list[str]:
    """The inline buttons of a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def play(town: Town) -> None:
    """A document that is late (SOP step 6): asked, taken, handed to the section head, proposed."""
    await town.write(SITI, "Assalamualaikum, KTP pengganti saya sudah 3 minggu belum jadi, padahal berkas lengkap")
    topic = await town.first_topic()
    await town.write(SITI, "Lewati")
    await town.sees(SITI, "Baik, tidak apa-apa")
    await town.write(SITI, "biaya ganti ktp berapa ya bu?")
    await town.sees(SITI, "Pasal 79A")
    await town.press(RINA, "Ambil", topic=topic)
    await town.sees(SITI, "sekarang ditangani petugas")
    await town.write(BUDI, "nama ibu saya di akta salah ketik, petugasnya yang salah input")
    await town.write(YOHANES, "KTP saya sudah jadi, kapan bisa diambil?")
    steps = ("Teruskan", "Kepala Seksi", "Seksi Identitas Penduduk", "Dokumen belum ditandatangani")
    await town.press(RINA, *steps, topic=topic)
    await town.press(HENDRA, "Terima", topic=topic)
    await town.write(HENDRA, "Sudah kami tandatangani pagi ini. KTP-el dapat diambil besok di loket 3.", topic)
    await town.sees(RINA, "Usulan jawaban", topic)
    await asyncio.sleep(4.0)  # the card's last edit follows the one before it by three seconds


@asynccontextmanager
async def running(client: ClientSession, home: Path, clock: datetime) -> AsyncIterator[Town]:
    """`loket run` in a directory of its own, on any free port, its office's clock at `clock`."""
    # The clock may be moved only away from Telegram's own API.
    moved = {"LOKET_CLOCK_START": clock.isoformat(), "LOKET_TELEGRAM_API_URL": "http://127.0.0.1"}
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("loket")),
        "run",
        cwd=home,
        env={**os.environ, **moved, "LOKET_HTTP_PORT": "0"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Town(client, await _line(process.stdout, r"Loket: (http\S+)"))
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def browsing(client: ClientSession, home: Path) -> AsyncIterator[ClientWebSocketResponse]:
    """A page of a headless Chromium, by its DevTools protocol."""
    chromium = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("Chromium is not installed")
    process = await asyncio.create_subprocess_exec(
        chromium,
        *_BROWSER.split(),
        _MOUSE,
        f"--window-size={WIDTH},{HEIGHT}",
        f"--user-data-dir={home / 'browser'}",
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        port = await _line(process.stderr, r"DevTools listening on ws://127\.0\.0\.1:(\d+)")
        async with client.put(f"http://127.0.0.1:{port}/json/new?about:blank") as response:
            page = (await response.json())["webSocketDebuggerUrl"]
        async with client.ws_connect(page, max_msg_size=2**26) as socket:
            yield socket
    finally:
        process.terminate()
        await process.wait()


async def photograph(page: ClientWebSocketResponse, town: Town, zone: str) -> bytes:
    """The sandbox's page as Siti and Rina see it, the case's topic open."""
    await _ask(page, "Emulation.setTimezoneOverride", timezoneId=zone)
    screen = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    await _ask(page, "Emulation.setDeviceMetricsOverride", **screen)
    for chosen in (f"localStorage.resident = {SITI}", f"localStorage.officer = {RINA}"):
        await _ask(page, "Page.navigate", url=town.address)
        await asyncio.sleep(1.0)
        await _ask(page, "Runtime.evaluate", expression=chosen)
    await _ask(page, "Page.reload")
    await asyncio.sleep(1.5)
    await _ask(page, "Runtime.evaluate", expression=_OPEN_OLDEST_TOPIC)
    await asyncio.sleep(1.0)
    shot = await _ask(page, "Page.captureScreenshot", format="png")
    return base64.b64decode(shot["data"])


async def _ask(page: ClientWebSocketResponse, method: str, **parameters: Any) -> dict[str, Any]:
    await page.send_json({"id": 1, "method": method, "params": parameters})
    while True:
        answer: dict[str, Any] = await page.receive_json(timeout=20.0)
        if answer.get("id") == 1:
            return dict(answer.get("result", {}))


async def _line(stream: asyncio.StreamReader | None, pattern: str) -> str:
    """The first group of the first line that the pattern is in."""
    while stream and (line := await stream.readline()):
        if found := re.search(pattern, line.decode()):
            return found[1]
    raise SystemExit(f"a program ended before it said {pattern!r}")


def _morning(now: datetime) -> tuple[datetime, str]:
    """A working morning for the office's clock, and the zone in which the page shows the same time."""
    hours = (_MORNING - now.hour + 11) % 24 - 11
    shown = now + timedelta(hours=hours)
    workday = shown + timedelta(days=max(0, 7 - shown.weekday()) if shown.weekday() > 4 else 0)
    return workday.replace(tzinfo=timezone(timedelta(hours=7))), f"Etc/GMT{-hours:+d}"


async def main() -> bytes:
    """The picture, as PNG."""
    clock, zone = _morning(datetime.now(UTC))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        home = Path(made)
        async with ClientSession() as client, running(client, home, clock) as town:
            await play(town)
            async with browsing(client, home) as page:
                return await photograph(page, town, zone)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("loket-at-work.png")
    target.write_bytes(asyncio.run(main()))
