"""Collects the rows that a group of messages inserts, so that each table takes one statement per group."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]
Mark = dict[Table, list[Row]]
Insert = postgresql.Insert | sqlite.Insert


def upsert(connection: Connection, table: Table) -> Insert:
    """An INSERT of this connection's dialect, which knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


class Buffer:
    """Rows waiting to be inserted.

    `mark` and `restore` go with a savepoint: what was flushed since the mark is undone by the savepoint's rollback, so
    what waited at the mark waits again.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Mark = {}
        self._replacing: dict[Table, Insert] = {}

    def replace(self, table: Table, row: Row) -> None:
        """Adds a row that takes the place of one with the same primary key."""
        if table not in self._replacing:
            insert = upsert(self._connection, table)
            key = [column.name for column in table.primary_key]
            others = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in key}
            self._replacing[table] = insert.on_conflict_do_update(index_elements=key, set_=others)
        self.add(table, row)

    def add(self, table: Table, row: Row) -> None:
        self._rows.setdefault(table, []).append(row)

    def mark(self) -> Mark:
        return {table: list(rows) for table, rows in self._rows.items()}

    def restore(self, mark: Mark) -> None:
        self._rows = {table: list(rows) for table, rows in mark.items()}

    def flush(self, *tables: Table) -> None:
        """Inserts what waits for these tables (all, if none is named); call it before reading them."""
        for table in tables or list(self._rows):
            if rows := self._rows.pop(table, None):
                self._connection.execute(self._replacing.get(table, table.insert()), rows)
