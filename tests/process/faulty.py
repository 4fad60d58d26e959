"""The `loket` command with faults that quote a resident's words, as libraries' errors do."""

from __future__ import annotations

import asyncio
from typing import NoReturn

from bot import app, cli
from channels.telegram.outbound import TelegramSender
from conversation.outbound import Call, Receipt, SendText
from handlers.routing import dispatch
from handlers.turn import Turn

#: What a text must hold to meet a fault in the handler, in a send, or in a task that nobody waits for.
IN_HANDLER, IN_SEND, IN_TASK = "rusakdihandler", "rusakdikirim", "rusakditugas"

_send = TelegramSender.send
_tasks: list[asyncio.Task[None]] = []


def _fail(text: str) -> NoReturn:
    raise ValueError(f"cannot make sense of {text!r}")


def _dispatch_or_fail(turn: Turn) -> None:
    if IN_HANDLER in turn.inbound.text:
        _fail(turn.inbound.text)
    dispatch(turn)


async def _send_or_fail(sender: TelegramSender, call: Call) -> Receipt:
    text = call.outbound.text if isinstance(call.outbound, SendText) else ""
    if IN_TASK in text:

        async def work() -> None:
            _fail(text)

        _tasks.append(asyncio.create_task(work()))
        await asyncio.sleep(0)
        _tasks.clear()
    if IN_SEND in text:
        _fail(text)
    return await _send(sender, call)


def main() -> None:
    """Runs the command line with the faults built in."""
    vars(app)["dispatch"] = _dispatch_or_fail
    TelegramSender.send = _send_or_fail  # type: ignore[method-assign, assignment]
    cli.main()
