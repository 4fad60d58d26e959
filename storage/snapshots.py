"""Keeps applied versions of office.yaml and of the articles, immutable and hashed; the newest of each kind is in
force."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from storage.ids import Ids
from storage.tables import snapshots


class SnapshotKind(StrEnum):
    OFFICE = "office"
    KNOWLEDGE = "knowledge"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One applied version; `hash` is the SHA-256 of its content."""

    id: int
    kind: SnapshotKind
    hash: str
    content: str


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


_LATEST = select(snapshots.c.kind, func.max(snapshots.c.id).label("id")).group_by(snapshots.c.kind)


def current(connection: Connection) -> dict[SnapshotKind, int]:
    """The ids of the versions in force: what a transaction reads first."""
    return {SnapshotKind(row.kind): row.id for row in connection.execute(_LATEST)}


def read(connection: Connection, snapshot: int) -> Snapshot:
    row = connection.execute(select(snapshots).where(snapshots.c.id == snapshot)).one()
    return Snapshot(row.id, SnapshotKind(row.kind), row.hash, row.content)


def apply(connection: Connection, ids: Ids, kind: SnapshotKind, content: str, at: datetime) -> Snapshot | None:
    """Puts a version in force; None if it is in force already."""
    known = current(connection).get(kind)
    if known is not None and read(connection, known).hash == hash_of(content):
        return None
    snapshot = Snapshot(ids(), kind, hash_of(content), content)
    connection.execute(
        snapshots.insert(),
        {"id": snapshot.id, "kind": kind, "hash": snapshot.hash, "content": content, "applied_at": at},
    )
    return snapshot
