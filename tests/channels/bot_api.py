"""A Bot API server on this machine: records what it is asked, answers as it is told, first told first answered."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.channels.updates import AT, BOT

Raw = dict[str, Any]
TOKEN = f"{BOT['id']}:test-token-of-the-right-length-000000"


@dataclass
class FakeBotApi:
    """Answers every send with a message of the next id; `tell` puts another answer before that, per method."""

    calls: list[tuple[str, Raw]] = field(default_factory=list)
    answers: defaultdict[str, deque[web.Response | None]] = field(default_factory=lambda: defaultdict(deque))
    last_id: int = 500
    server: TestServer | None = None

    async def start(self) -> str:
        """Starts serving; the address for `build_bot`."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._handle)
        self.server = TestServer(app)
        await self.server.start_server()
        return str(self.server.make_url("/"))

    def tell(self, method: str, status: int, body: Any) -> None:
        """The next call of the method is answered with this status and JSON, or with these bytes as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[method].append(web.Response(status=status, body=raw, content_type="application/json"))

    def refuse(self, method: str, status: int, description: str, **parameters: int) -> None:
        body: Raw = {"ok": False, "error_code": status, "description": description}
        self.tell(method, status, {**body, "parameters": parameters} if parameters else body)

    def hang_up(self, method: str) -> None:
        """The next call of the method loses its connection."""
        self.answers[method].append(None)

    def sent(self, method: str) -> list[Raw]:
        """What the calls of this method asked for."""
        return [parameters for name, parameters in self.calls if name == method]

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            parameters: Raw = await request.json()
        else:
            parameters = {name: _decoded(str(value)) for name, value in (await request.post()).items()}
        self.calls.append((method, parameters))
        if self.answers[method]:
            answer = self.answers[method].popleft()
            if answer is None:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()  # reaches nobody
            return answer
        return web.json_response({"ok": True, "result": self._result(method, parameters)})

    def _result(self, method: str, parameters: Raw) -> Any:
        if method == "sendMediaGroup":
            return [self._message(parameters) for _ in parameters["media"]]
        if method == "createForumTopic":
            return {"message_thread_id": 77, "name": parameters["name"], "icon_color": 7322096}
        return self._message(parameters) if method.startswith(("send", "edit")) else True

    def _message(self, parameters: Raw) -> Raw:
        self.last_id += 1
        chat = {"id": parameters["chat_id"], "type": "private"}
        return {"message_id": self.last_id, "date": AT, "chat": chat, "from": BOT}


def _decoded(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
