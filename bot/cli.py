"""The command line: `loket run`, `loket serve`, and everything an administrator does; errors are one line on stderr.

Exit codes: 0 done, 1 what was checked does not hold, 2 usage or settings.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from bot import cli_knowledge, cli_learning, cli_office, cli_records
from bot.logs import place_only
from bot.settings import read_settings
from conversation.errors import CheckFailed, LoketError
from storage import schema
from storage.engine import explain, open_engine

app = typer.Typer(
    name="loket",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Loket: a chat helpdesk for Indonesian civil-registry offices.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(db, name="db")
cli_knowledge.app.add_typer(cli_learning.app)
app.add_typer(cli_knowledge.app, name="knowledge")
app.add_typer(cli_office.office, name="office")
app.add_typer(cli_office.staff, name="staff")
app.add_typer(cli_records.export, name="export")
app.add_typer(cli_records.ledger, name="ledger")


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"loket {version('loket')}")
        raise typer.Exit


@app.callback()
def loket(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Tell the version and end.")
    ] = False,
) -> None:
    """Loket: a chat helpdesk for Indonesian civil-registry offices."""


@app.command()
def run() -> None:
    """Start everything embedded, with a local Telegram to try it in: no token, no settings."""
    gc.disable()  # until all is loaded: what comes now stays, and looking through it again and again is a tenth of it
    from bot.running import run_sandbox  # noqa: PLC0415 - the other commands need no Telegram client, slow to load

    run_sandbox()


@app.command()
def serve() -> None:
    """Start the helpdesk with the settings of this environment."""
    settings = read_settings().require("telegram_token", "staff_chat_id", "secret_key")
    gc.disable()  # as above
    from bot.running import serve_forever  # noqa: PLC0415 - as above

    serve_forever(settings)


@db.command()
def upgrade() -> None:
    """Bring the database to the schema that this version needs."""
    engine = open_engine(read_settings().database_url)
    if schema.look(engine) is schema.Schema.NEWER:
        raise CheckFailed("the database has a newer schema than this version of Loket; upgrade Loket")
    schema.upgrade(engine)
    typer.echo("the database is up to date")


def main() -> None:
    """The `loket` command."""
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # what it would say follows as our own line
    try:
        app(standalone_mode=False)
    except typer.Exit as leaving:
        sys.exit(leaving.exit_code)
    except typer.Abort:
        sys.exit(1)
    except CheckFailed as error:
        _complain(str(error), 1)
    except LoketError as error:
        _complain(str(error), 2)
    except BrokenPipeError:  # whoever read the output has enough; nothing more may be written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except DBAPIError as error:
        _complain(f"the database (LOKET_DATABASE_URL) failed: {explain(error)}", 2)
    except Exception as error:
        if hasattr(error, "format_message"):  # a usage error of the command line itself, or its help page
            wrong = error.format_message()
            (_leave if "\n" in wrong else _complain)(wrong, 2)
        place = place_only(None, "", {"exc_info": error})  # the error's own words may be a resident's
        _complain(f"internal fault: {place['raised']} at {place['at']}", 2)


def _complain(text: str, code: int) -> None:
    _leave(f"loket: {' '.join(text.split())}", code)


def _leave(text: str, code: int) -> None:
    sys.stderr.write(f"{text}\n")
    sys.exit(code)
