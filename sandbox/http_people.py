"""People's side over HTTP: what the page and other processes use to act as residents and officers (/sandbox/…)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.acts import ACTS
from sandbox.errors import WorldError
from sandbox.faults import Fault
from sandbox.files import Upload
from sandbox.http_events import EventStream
from sandbox.request_body import read_request
from sandbox.state import Chat
from sandbox.wire import Json

if TYPE_CHECKING:
    from sandbox.server import Sandbox

PAGE_FOLDER = Path(__file__).parent / "page"
_PAGE_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; frame-ancestors 'none'"
RouteHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PeopleRoutes:
    """Request handlers around one sandbox."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def add_to(self, app: web.Application) -> None:
        events = EventStream(self._sandbox.changes)
        app.router.add_get("/", self._page_file)
        app.router.add_get("/page/{name}", self._page_file)
        app.router.add_get("/sandbox/world", self._world)
        app.router.add_get("/sandbox/chats/{chat}/messages", self._messages)
        app.router.add_get("/sandbox/files/{file_id}", self._file)
        app.router.add_get("/sandbox/transcript", self._transcript)
        app.router.add_get("/sandbox/events", events.handle)
        app.router.add_post("/sandbox/faults", self._add_fault)
        app.router.add_delete("/sandbox/faults", self._clear_faults)
        app.router.add_post("/sandbox/updates", self._inject)
        app.router.add_post("/sandbox/do/{act}", self._act)
        app.on_shutdown.append(events.close)

    async def _page_file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        path = PAGE_FOLDER / name
        if path.name != name or path.suffix not in _PAGE_TYPES or not await asyncio.to_thread(path.is_file):
            raise web.HTTPNotFound
        body = await asyncio.to_thread(path.read_bytes)
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        return web.Response(body=body, content_type=_PAGE_TYPES[path.suffix], charset="utf-8", headers=headers)

    async def _world(self, _: web.Request) -> web.StreamResponse:
        world = self._sandbox.world
        return _json(
            {
                "bot": world.bot.wire(),
                "users": [user.wire() for user in world.users.values() if not user.is_bot],
                "chats": [self._chat_wire(chat) for chat in world.chats.values()],
            }
        )

    def _chat_wire(self, chat: Chat) -> Json:
        world = self._sandbox.world
        return world.chat_wire(chat) | {
            "bot_status": chat.member(world.bot.id).status,
            "members": {str(user_id): member.status for user_id, member in chat.members.items()},
            "topics": [asdict(topic) for topic in chat.topics.values()],
            "keyboard": chat.keyboard,
            "migrated_to": chat.migrated_to,
        }

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        """`?as=<user id>` reads as that person; `&topic=<id>` narrows to one topic."""
        query = request.query
        try:
            person = self._sandbox.person(int(query["as"]))
            topic = int(query["topic"]) if "topic" in query else None
            return _json(person.messages(chat=int(request.match_info["chat"]), topic=topic))
        except (WorldError, KeyError, ValueError) as error:
            return _json({"error": f"unreadable request: {error}"}, 400)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._sandbox.world.files.by_id.get(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        headers = {"X-Content-Type-Options": "nosniff"}
        if file.kind == "document":
            headers["Content-Disposition"] = "attachment"
        kind = file.mime_type or ("image/jpeg" if file.kind == "photo" else "application/octet-stream")
        return web.Response(body=file.content, content_type=kind, headers=headers)

    async def _transcript(self, request: web.Request) -> web.StreamResponse:
        """Calls after `?after=<order>`, at most `&limit=`, and counts per method."""
        after = int(request.query.get("after", "0"))
        limit = int(request.query.get("limit", "1000"))
        calls = [call.wire() for call in self._sandbox.transcript.calls if call.order > after]
        return _json({"counts": dict(self._sandbox.transcript.counts), "calls": calls[:limit]})

    async def _add_fault(self, request: web.Request) -> web.StreamResponse:
        given, _ = await read_request(request)
        try:
            self._sandbox.faults.add(Fault(**given))
        except (TypeError, ValueError) as error:
            return _json({"error": f"no such fault: {error}"}, 400)
        return _json({"ok": True})

    async def _clear_faults(self, _: web.Request) -> web.StreamResponse:
        self._sandbox.faults.clear()
        return _json({"ok": True})

    async def _inject(self, request: web.Request) -> web.StreamResponse:
        given, _ = await read_request(request)
        self._sandbox.inject_update(given, int(request.query.get("lane", "0")))
        return _json({"ok": True})

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """One act of a person; parameters as JSON, or multipart where files come along."""
        act = ACTS.get(request.match_info["act"])
        if act is None:
            return _json({"error": f"no such act; there are: {', '.join(sorted(ACTS))}"}, 404)
        given, uploads = await read_request(request)
        try:
            result: Any = await act(self._sandbox, given, uploads)
        except WorldError as error:
            return _json({"error": str(error)}, 409)
        except TimeoutError:
            return _json({"error": "the bot has not answered"}, 504)
        except (KeyError, ValueError, TypeError) as error:
            return _json({"error": f"wrong parameters: {error}"}, 400)
        return _json({"ok": True, "result": result})


def _json(body: Any, status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, default=_described).encode("utf-8", "surrogatepass")
    return web.Response(body=text, status=status, content_type="application/json")


def _described(value: object) -> object:
    if isinstance(value, Upload):
        return {"file_name": value.file_name, "size": len(value.content)}
    raise TypeError(f"cannot write {type(value).__name__} as JSON")
