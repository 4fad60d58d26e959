"""Reads results of any length piece by piece, so that a report of a million rows holds a few hundred."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select

#: Rows held at a time.
BATCH = 500


def batches(connection: Connection, chosen: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a query, up to BATCH at a time; other queries may run on the connection in between."""
    with connection.execute(chosen, execution_options={"yield_per": BATCH}) as result:
        yield from result.partitions()


def stream(connection: Connection, chosen: Select[Any]) -> Iterator[Row[Any]]:
    """The rows of a query one by one."""
    for rows in batches(connection, chosen):
        yield from rows
