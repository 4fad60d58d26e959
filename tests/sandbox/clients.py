"""One face for two bot libraries, so that every contract test runs with both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import telegram
from aiogram import Bot, exceptions
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto
from pydantic import BaseModel
from telegram.request import HTTPXRequest

Json = dict[str, Any]


class Refused(Exception):
    """The library reported a failed call; its text is the description in lower case, as libraries change the case."""

    def __init__(self, text: str, kind: str, parameters: Json | None = None) -> None:
        super().__init__(text.lower())
        self.kind = kind
        self.parameters = parameters or {}


@dataclass(frozen=True)
class File:
    """Bytes to send under a name."""

    content: bytes
    name: str


@dataclass(frozen=True)
class Item:
    """One photo or document of an album."""

    kind: str
    file: File | str
    caption: str | None = None
    more: Json = field(default_factory=dict)


class Client(Protocol):
    """Calls methods under their Bot API names; results come as plain JSON."""

    async def call(self, method: str, **parameters: Any) -> Any: ...

    async def download(self, file_id: str) -> bytes: ...

    async def close(self) -> None: ...


def snake(method: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", method).lower()


class AiogramClient:
    """aiogram, posting multipart forms."""

    def __init__(self, url: str, token: str) -> None:
        self._session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        self.bot = Bot(token, session=self._session)

    async def call(self, method: str, **parameters: Any) -> Any:
        given = {name: self._convert(value) for name, value in parameters.items()}
        try:
            return _plain(await getattr(self.bot, snake(method))(**given))
        except exceptions.TelegramMigrateToChat as error:
            raise Refused(error.message, "migrated", {"migrate_to_chat_id": error.migrate_to_chat_id}) from None
        except exceptions.TelegramRetryAfter as error:
            raise Refused(error.message, "flood", {"retry_after": error.retry_after}) from None
        except exceptions.TelegramForbiddenError as error:
            raise Refused(error.message, "forbidden") from None
        except exceptions.TelegramConflictError as error:
            raise Refused(error.message, "conflict") from None
        except exceptions.TelegramNetworkError as error:
            raise Refused(error.message, "network") from None
        except exceptions.TelegramAPIError as error:
            raise Refused(error.message, "refused") from None

    async def download(self, file_id: str) -> bytes:
        found = await self.bot.download(file_id)
        return found.read() if found is not None else b""

    async def close(self) -> None:
        session = await self._session.create_session()
        await session.close()

    def _convert(self, value: Any) -> Any:
        match value:
            case File():
                return BufferedInputFile(value.content, value.name)
            case Item():
                media = InputMediaPhoto if value.kind == "photo" else InputMediaDocument
                return media(media=self._convert(value.file), caption=value.caption, **value.more)
            case list():
                return [self._convert(item) for item in value]
            case _:
                return value


class PtbClient:
    """python-telegram-bot, posting urlencoded forms where no file goes along."""

    def __init__(self, url: str, token: str) -> None:
        self._http = HTTPXRequest(connection_pool_size=16, read_timeout=5)
        self.bot = telegram.Bot(
            token, f"{url}/bot", f"{url}/file/bot", request=self._http, get_updates_request=self._http
        )

    async def call(self, method: str, **parameters: Any) -> Any:
        given = {name: self._convert(value) for name, value in parameters.items()}
        try:
            return _plain(await getattr(self.bot, snake(method))(**given))
        except telegram.error.ChatMigrated as error:
            raise Refused(error.message, "migrated", {"migrate_to_chat_id": error.new_chat_id}) from None
        except telegram.error.RetryAfter as error:
            raise Refused(error.message, "flood", {"retry_after": _seconds(error.retry_after)}) from None
        except telegram.error.Forbidden as error:
            raise Refused(error.message, "forbidden") from None
        except telegram.error.Conflict as error:
            raise Refused(error.message, "conflict") from None
        except telegram.error.BadRequest as error:
            raise Refused(error.message, "refused") from None
        except telegram.error.TelegramError as error:
            raise Refused(error.message, "network") from None

    async def download(self, file_id: str) -> bytes:
        file = await self.bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())

    async def close(self) -> None:
        await self._http.shutdown()

    def _convert(self, value: Any) -> Any:
        match value:
            case File():
                return telegram.InputFile(value.content, value.name)
            case Item(kind="photo"):
                name = value.file.name if isinstance(value.file, File) else None
                content = value.file.content if isinstance(value.file, File) else value.file
                return telegram.InputMediaPhoto(content, value.caption, filename=name, **value.more)
            case Item():
                name = value.file.name if isinstance(value.file, File) else None
                content = value.file.content if isinstance(value.file, File) else value.file
                return telegram.InputMediaDocument(content, value.caption, filename=name, **value.more)
            case list():
                return [self._convert(item) for item in value]
            case _:
                return value


def _seconds(value: timedelta | int) -> int:
    return int(value.total_seconds()) if isinstance(value, timedelta) else value


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True, by_alias=True)
    if isinstance(value, telegram.TelegramObject):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
