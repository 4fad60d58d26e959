"""Tests reach this machine and nothing else."""

from __future__ import annotations

import asyncio
import socket

import pytest


def test_connecting_elsewhere_fails() -> None:
    with (
        socket.socket() as connection,
        pytest.warns(UserWarning, match="127.0.0.2"),
        pytest.raises(RuntimeError, match=r"127\.0\.0\.2"),
    ):
        connection.connect(("127.0.0.2", 9))


async def test_connecting_elsewhere_fails_in_asyncio_too() -> None:
    with pytest.warns(UserWarning, match="127.0.0.2"), pytest.raises(RuntimeError, match=r"127\.0\.0\.2"):
        await asyncio.open_connection("127.0.0.2", 9)


async def test_this_machine_is_reached() -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b"here"
        writer.close()
        await writer.wait_closed()
