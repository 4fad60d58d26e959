"""Commands for the records: export registers, check the ledger, and sign its head for keeping elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.session import session
from bot.settings import read_settings
from conversation.errors import SettingsError
from escalation.events import Event, EventKind, Scalar
from escalation.ledger import signed_anchor
from reports.csv_file import write_csv
from reports.exports import Export, table_of
from reports.period import Period
from reports.source import Source
from reports.target import STDOUT, open_target
from reports.verification import read_anchors, read_head, verify
from storage import schema
from storage.encryption import KeyRing
from storage.engine import open_engine, reading

export = typer.Typer(
    no_args_is_help=True, help="Registers as files: personal numbers masked, every export in the ledger."
)
ledger = typer.Typer(no_args_is_help=True, help="The ledger of everything officers signed.")

_WRITERS = {"csv": write_csv}

_Target = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - for standard output.")]
_Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"How to write it: {', '.join(_WRITERS)}.")]
_First = Annotated[
    datetime | None,
    typer.Option("--from", metavar="DAY", formats=["%Y-%m-%d"], help="First office day, such as 2026-11-01."),
]
_Last = Annotated[
    datetime | None, typer.Option("--to", metavar="DAY", formats=["%Y-%m-%d"], help="Last office day, included.")
]


@export.command()
def cases(output: _Target, file_format: _Format = "csv", first: _First = None, last: _Last = None) -> None:
    """Export the cases opened in a period, one a row."""
    _export(Export.CASES, output, file_format, first, last)


@export.command()
def handovers(output: _Target, file_format: _Format = "csv", first: _First = None, last: _Last = None) -> None:
    """Export the lines of the control cards handed over in a period, one a row."""
    _export(Export.HANDOVERS, output, file_format, first, last)


@export.command()
def messages(output: _Target, file_format: _Format = "csv", first: _First = None, last: _Last = None) -> None:
    """Export the messages of a period, one a row."""
    _export(Export.MESSAGES, output, file_format, first, last)


@export.command()
def residents(output: _Target, file_format: _Format = "csv", first: _First = None, last: _Last = None) -> None:
    """Export the residents registered in a period, one a row."""
    _export(Export.RESIDENTS, output, file_format, first, last)


@ledger.command("verify")
def verify_ledger(
    anchor: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Lines of `loket ledger anchor`, kept elsewhere.")
    ] = None,
) -> None:
    """Check that the ledger was not changed, and that cases and control cards tell what it tells."""
    settings = read_settings().require("secret_key")
    key = KeyRing.from_setting(settings.secret_key).ledger_key
    engine = open_engine(settings.database_url)
    try:
        schema.require_current(engine)
        anchors = read_anchors(key, _read(anchor)) if anchor else ()
        with reading(engine) as connection:
            verdict = verify(connection, key, anchors)
    finally:
        engine.dispose()
    typer.echo(f"the ledger holds: {verdict.head} entries, head {verdict.digest}")


@ledger.command("anchor")
def sign_head(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="A file to add the line to.")
    ] = None,
) -> None:
    """Print the ledger's head, signed: kept elsewhere, it shows later whether entries were cut off or rewritten."""
    settings = read_settings()
    with session(settings) as opened:
        head = read_head(opened.uow.connection)
        line = signed_anchor(opened.uow.keys.ledger_key, head.seq, head.digest, opened.uow.now)
    if output is None:
        typer.echo(line)
        return
    try:
        with output.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        raise SettingsError(f"{output}: cannot be written ({error.strerror})") from None


def _export(what: Export, target: Path, file_format: str, first: datetime | None, last: datetime | None) -> None:
    """Writes an export; it shows at its place only when the ledger tells of it."""
    write = _WRITERS.get(file_format)
    if write is None:
        raise SettingsError(f"--format {file_format}: exports can be written as {', '.join(_WRITERS)}")
    period = Period(first.date() if first else None, last.date() if last else None)
    settings = read_settings()
    with session(settings) as opened:
        keys, now, version = opened.uow.keys, opened.uow.now, opened.version
    engine = open_engine(settings.database_url)
    try:
        with open_target(target) as file:
            with reading(engine) as connection:
                source = Source.over(connection, keys, version.office, version.knowledge, now)
                rows = write(file, table_of(what, source, period))
            with session(settings) as opened:
                told: dict[str, Scalar] = {
                    "what": str(what),
                    "format": file_format,
                    "period": str(period),
                    "rows": rows,
                }
                opened.uow.ledger.append(Event(kind=EventKind.EXPORTED, at=opened.uow.now, data=told))
    finally:
        engine.dispose()
    if target != STDOUT:
        typer.echo(f"{target}: {rows} row{'' if rows == 1 else 's'}")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{file}: cannot be read") from None
