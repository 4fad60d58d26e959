"""Puts the office and the articles in force that come with Loket, where none have been applied yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection

from conversation.errors import SettingsError
from escalation.office import default_office, load_office
from knowledge import KnowledgeError, load_pack, pack_builtin
from knowledge.index import load_index
from knowledge.pack import parse_pack, with_index
from storage.ids import Ids
from storage.snapshots import SnapshotKind, apply, current, hash_of, read

log = structlog.get_logger()


def office_text(path: Path | None) -> str:
    """The text of an office file (None: the one that comes with Loket), checked. Raises SettingsError."""
    if path is None:
        return default_office()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror if isinstance(error, OSError) else 'no UTF-8'})"
        ) from None
    load_office(text)
    return text


def seed(connection: Connection, ids: Ids, office: Path | None, at: datetime) -> None:
    """Applies the first version of each kind; later ones are applied by command.

    Articles in a form that this version of Loket cannot read give way to those that come with it.
    """
    applied = current(connection)
    try:
        text = office_text(office)
    except SettingsError as error:
        raise SettingsError(f"LOKET_OFFICE ({office}): {error}") from None
    if SnapshotKind.OFFICE not in applied:
        apply(connection, ids, SnapshotKind.OFFICE, text, at)
    elif office and read(connection, applied[SnapshotKind.OFFICE]).hash != hash_of(text):
        log.warning("the office file differs from the one in force; to apply it: loket office apply", file=str(office))
    known = applied.get(SnapshotKind.KNOWLEDGE)
    text = _usable(read(connection, known).content) if known is not None else pack_builtin()
    if text:
        apply(connection, ids, SnapshotKind.KNOWLEDGE, text, at)


def _usable(text: str) -> str:
    """What has to take the place of the articles in force after an upgrade: "" if they can be used as they are, the
    same with an index learned anew, or else those that come with this version."""
    try:
        load_index(parse_pack(text)["index"])
    except KnowledgeError as error:
        log.warning("the articles in force are of an earlier version", error=str(error))
    else:
        return ""
    try:
        pack = parse_pack(text)
        load_pack(relearned := with_index(pack))
    except KnowledgeError as error:
        log.warning("they are replaced by those that come with this version", error=str(error))
        return pack_builtin()
    return relearned
