"""Commands for the office: its office.yaml, and who works there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.seeds import office_text
from bot.session import session
from bot.settings import read_settings
from conversation.errors import CheckFailed, SettingsError
from escalation.events import Event, EventKind
from escalation.office import default_office
from escalation.roles import Desk, Role
from storage.snapshots import SnapshotKind, apply, current, read

office = typer.Typer(no_args_is_help=True, help="The office: name, hours, units, routing.")
staff = typer.Typer(no_args_is_help=True, help="The roster of officers.")

_File = Annotated[
    Path | None, typer.Argument(help="An office.yaml; by default LOKET_OFFICE, or the one that comes with Loket.")
]


@office.command()
def check(file: _File = None) -> None:
    """Check an office file without applying it."""
    try:
        office_text(file or read_settings().office)
    except SettingsError as error:
        raise CheckFailed(str(error)) from None
    typer.echo("the office file is in order")


@office.command("apply")
def apply_file(file: _File = None) -> None:
    """Put an office file in force; running servers take it up with the next message."""
    settings = read_settings()
    text = office_text(file or settings.office)
    with session(settings) as opened:
        uow = opened.uow
        snapshot = apply(uow.connection, uow.ids, SnapshotKind.OFFICE, text, uow.now)
        if snapshot is None:
            typer.echo("this version is in force already")
            return
        uow.ledger.append(Event(kind=EventKind.OFFICE_APPLIED, at=uow.now, data={"version": snapshot.hash[:12]}))
    typer.echo(f"applied, version {snapshot.hash[:12]}")


@office.command()
def export(default: Annotated[bool, typer.Option("--default", help="The file that comes with Loket.")] = False) -> None:
    """Print the office file in force."""
    if default:
        typer.echo(default_office(), nl=False)
        return
    with session(read_settings()) as opened:
        connection = opened.uow.connection
        typer.echo(read(connection, current(connection)[SnapshotKind.OFFICE]).content, nl=False)


@staff.command()
def add(
    telegram_id: Annotated[int, typer.Option(help="The officer's Telegram account number.")],
    name: Annotated[str, typer.Option(help="The officer's name.")],
    initials: Annotated[str, typer.Option(help="The paraf that signs control cards.")],
    role: Annotated[Role, typer.Option(help="The post.")],
    unit: Annotated[str, typer.Option(help="Seksi or bidang; without it: all of them.")] = "",
) -> None:
    """Take an officer on, or give one a further post."""
    name, initials = name.strip(), initials.strip()
    if not name or not initials:
        raise SettingsError("--name and --initials must not be empty")
    post = Desk(role, unit)
    with session(read_settings()) as opened:
        opened.version.office.check_desk(post)
        uow = opened.uow
        taken = [
            other
            for other in uow.officers.all()
            if other.initials == initials and other.external_id != str(telegram_id)
        ]
        if taken:
            raise SettingsError(f"--initials {initials}: already the paraf of {taken[0].name}")
        known = uow.officers.by_external(str(telegram_id), active_only=False)
        if known and (known.name, known.initials) != (name.strip(), initials.strip()):
            raise SettingsError(
                f"--telegram-id {telegram_id}: on record as {known.initials} {known.name}; signatures keep that name"
            )
        officer = uow.officers.add(str(telegram_id), name, initials, post)
        uow.ledger.append(Event(kind=EventKind.STAFF_ADDED, at=uow.now, officer=officer.id, desk_to=post))
    typer.echo(f"{initials} {name}: {', '.join(map(str, officer.posts))}")


@staff.command("list")
def list_officers() -> None:
    """List the officers, one a line: account, initials, name, posts."""
    with session(read_settings()) as opened:
        for officer in opened.uow.officers.all():
            typer.echo(
                "\t".join([officer.external_id, officer.initials, officer.name, ", ".join(map(str, officer.posts))])
            )


@staff.command()
def remove(telegram_id: Annotated[int, typer.Option(help="The officer's Telegram account number.")]) -> None:
    """Take an officer off the roster; what they signed keeps their name."""
    with session(read_settings()) as opened:
        uow = opened.uow
        officer = uow.officers.by_external(str(telegram_id))
        if officer is None:
            raise SettingsError(f"--telegram-id {telegram_id}: no officer has this account")
        uow.officers.remove(officer)
        uow.ledger.append(Event(kind=EventKind.STAFF_REMOVED, at=uow.now, officer=officer.id))
    typer.echo(f"{officer.initials} {officer.name}: removed")
