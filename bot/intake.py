"""Takes updates in: reads them, gives them to the writer, and tells the channel "taken" only after the commit."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.events import SOURCE, read_event
from bot.writer import Item, Writer
from channels.telegram.inbound import read_update
from channels.telegram.raw_update import peek_key
from conversation.errors import MalformedUpdate
from conversation.inbound import Inbound

log = structlog.get_logger()

TELEGRAM = "telegram"


class Intake:
    """The way in for one Telegram bot."""

    def __init__(self, writer: Writer, bot_id: int) -> None:
        self._writer = writer
        self._bot_id = bot_id

    async def accept(self, update: Mapping[str, Any]) -> None:
        """Returns when the update is stored (and mostly handled too); raises if it could not be, and must come
        again."""
        update, raw = _encode(update)
        inbound: Inbound | None = None
        try:
            inbound = read_update(update, self._bot_id)
        except MalformedUpdate as error:
            key = peek_key(update, self._bot_id) or f"{TELEGRAM}:{self._bot_id}:{hashlib.sha256(raw).hexdigest()[:32]}"
            log.warning("update cannot be read", key=key, error=str(error))
        else:
            key = inbound.key
        await asyncio.wrap_future(self._writer.submit(Item(raw=raw, source=TELEGRAM, key=key, inbound=inbound)))


def _encode(update: Mapping[str, Any]) -> tuple[Mapping[str, Any], bytes]:
    """The update and its bytes; half of a surrogate pair, which JSON can carry and nothing else can, becomes "?"."""
    text = json.dumps(update, separators=(",", ":"), ensure_ascii=False)
    try:
        return update, text.encode()
    except UnicodeEncodeError:
        raw = text.encode(errors="replace")
        return json.loads(raw), raw


def reader(bot_id: int) -> Callable[[str, bytes], Inbound]:
    """Reads stored updates again, by the source that brought them."""

    def read(source: str, raw: bytes) -> Inbound:
        return read_event(raw) if source == SOURCE else read_update(json.loads(raw), bot_id)

    return read
