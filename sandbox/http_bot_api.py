"""HTTP side of the Bot API: /bot<token>/<method> and /file/bot<token>/<path>."""

import json

from aiohttp import web

from sandbox.bot_api import BotApi, check_token
from sandbox.errors import ApiError, ConnectionDropped
from sandbox.files import FileStore
from sandbox.request_body import read_request
from sandbox.wire import Json


class BotApiRoutes:
    """Request handlers around one `BotApi`."""

    def __init__(self, api: BotApi, files: FileStore, token: str) -> None:
        self._api = api
        self._files = files
        self._token = token

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token}/{method}", self._handle_call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._handle_download)

    async def _handle_call(self, request: web.Request) -> web.StreamResponse:
        if request.method not in {"GET", "POST"}:
            return _answer(405, {"ok": False, "error_code": 405, "description": "Method Not Allowed"})
        try:
            check_token(request.match_info["token"], self._token)
            raw, uploads = await read_request(request)
            done = await self._api.call(request.match_info["method"], raw, uploads)
        except ApiError as error:
            return _answer(error.code, error.body())
        except ConnectionDropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        return _answer(200, done.body())

    async def _handle_download(self, request: web.Request) -> web.StreamResponse:
        try:
            check_token(request.match_info["token"], self._token)
        except ApiError as error:
            return _answer(error.code, error.body())
        file = self._files.at_path(request.match_info["path"])
        if file is None:
            return _answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        return web.Response(body=file.content, content_type=file.mime_type or "application/octet-stream")


def _answer(status: int, body: Json) -> web.Response:
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    headers = {"Content-Type": "application/json"}
    retry_after = body.get("parameters", {}).get("retry_after") if status == 429 else None
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return web.Response(body=text, status=status, headers=headers)
