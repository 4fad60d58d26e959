"""Reads bodies as bots send them: JSON, urlencoded or multipart, in requests and in webhook replies."""

import json
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from sandbox.errors import ApiError, bad_request
from sandbox.files import Upload
from sandbox.wire import Json

Body = tuple[Json, dict[str, Upload]]
MAX_UPLOAD = 50 * 1024 * 1024


async def read_request(request: web.Request) -> Body:
    """Parameters and files of a Bot API request, query included; raises ApiError 400 for an unreadable body."""
    given: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.body_exists:
        match request.content_type:
            case "application/json":
                given |= _json_object(await request.read())
            case "multipart/form-data":
                fields, uploads = await _read_parts(await request.multipart())
                given |= fields
            case "application/x-www-form-urlencoded":
                given |= _form(await request.read())
    return given, uploads


async def read_reply(response: aiohttp.ClientResponse) -> tuple[str, Json]:
    """The method a webhook answered with and its parameters; ("", {}) when it answered nothing of the kind."""
    given: Json = {}
    try:
        match response.content_type:
            case "application/json":
                given = _json_object(await response.read())
            case "multipart/form-data":
                given, _ = await _read_parts(aiohttp.MultipartReader.from_response(response))
            case "application/x-www-form-urlencoded":
                given = _form(await response.read())
    except (ValueError, ApiError, aiohttp.ClientError):
        given = {}
    return str(given.pop("method", "")), given


async def _read_parts(parts: Any) -> Body:
    fields: Json = {}
    uploads: dict[str, Upload] = {}
    size = 0
    async for part in parts:
        content = bytes(await part.read(decode=False))
        size += len(content)
        if size > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        if part.filename is None:
            fields[part.name] = content.decode("utf-8", "replace")
        else:
            kind = part.headers.get("Content-Type")
            uploads[part.name] = Upload(content, part.filename, None if kind == "application/octet-stream" else kind)
    return fields, uploads


def _json_object(content: bytes) -> Json:
    if not content.strip():
        return {}
    try:
        value = json.loads(content)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("object expected as JSON body")
    return value


def _form(content: bytes) -> Json:
    return dict(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True))
