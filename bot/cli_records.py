"""placeholder"""

import typer

export = typer.Typer()
ledger = typer.Typer()
