"""Commands of the learning loop: what the bot could not settle, what it meant, and what a change would do."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import publishing
from bot.session import session
from bot.settings import read_settings
from conversation.errors import CheckFailed, SettingsError
from conversation.masking import mask, mask_email
from handlers.resident import GAVE_UP
from knowledge import DecisionKind, load_pack
from knowledge.gaps import Gap, Missed, gaps
from knowledge.pack import canonical, changed, with_index, write_folder
from knowledge.trial import Trial, bundled_examples, compare
from storage.decisions import SET_ASIDE, Understood
from storage.unit_of_work import UnitOfWork

#: So many examples are shown of each gap, and of what a change mends or breaks.
SHOWN = 3
app = typer.Typer(no_args_is_help=True)
_EMAIL = re.compile(r"\S+@\S+")
_UNANSWERED = "Belum terjawab"
_WHY = {str(DecisionKind.ASK): "asked back", GAVE_UP: "given up"}


@app.command("gaps")
def list_gaps(
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 30,
    limit: Annotated[int, typer.Option(min=1, help="How many groups at most.")] = 20,
) -> None:
    """List messages that were not settled, masked, grouped by likeness, the most frequent first."""
    with session(read_settings()) as opened:
        missed = _missed(opened.uow, opened.uow.now - timedelta(days=days))
        topics = set(opened.version.knowledge.topics)
    found = gaps(missed)
    for gap in found[:limit]:
        _show(gap, topics)
    typer.echo(f"{len(found)} groups of messages in {days} days; assign one: loket knowledge teach NUMBER TOPIC")


@app.command()
def teach(
    message: Annotated[int, typer.Argument(help="The number of a message, from loket knowledge gaps.")],
    topic: Annotated[str, typer.Argument(help="The topic it meant; - sets it aside.")],
) -> None:
    """Say what a message meant. It counts once it is published: loket knowledge try --publish."""
    with session(read_settings()) as opened:
        if topic != SET_ASIDE and topic not in opened.version.knowledge.topics:
            raise SettingsError(f"topic {topic} is not known; see topics.yaml")
        if not opened.uow.decisions.teach(message, topic):
            raise SettingsError(f"message {message} is not one of those that loket knowledge gaps lists")
    typer.echo("set aside" if topic == SET_ASIDE else f"kept as an example of {topic}; see loket knowledge try")


@app.command("try")
def try_change(
    path: Annotated[
        Path | None,
        typer.Argument(exists=True, help="A changed article, lexicon, regulations, phrasings, or a whole folder."),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Put it in force if it is no change for the worse.")
    ] = False,
    even_if_worse: Annotated[bool, typer.Option("--even-if-worse", help="Put it in force in any case.")] = False,
) -> None:
    """Show what a change, and the examples taught meanwhile, do to the bundled evaluation."""
    settings = read_settings()
    before = publishing.read_in_force(settings)
    text = with_index(before.taught_pack(changed(before.pack, path) if path else before.pack), before.pack["index"])
    trial = compare(load_pack(canonical(before.pack)), load_pack(text), bundled_examples())
    _report(trial)
    if trial.worse and not even_if_worse:
        raise CheckFailed("understanding gets worse; to put it in force all the same: --publish --even-if-worse")
    if publish:
        typer.echo(publishing.put_in_force(settings, before, text))


@app.command("export")
def export_folder(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="A new or empty folder.")],
) -> None:
    """Write the version in force as files to edit; then: loket knowledge try FOLDER --publish."""
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError(f"{folder}: is not empty")
    write_folder(publishing.read_in_force(read_settings()).pack, folder)
    typer.echo(f"written to {folder}")


def _missed(uow: UnitOfWork, since: datetime) -> list[Missed]:
    return [
        Missed(
            item.message, _EMAIL.sub(lambda found: mask_email(found[0]), mask(item.text)), why, item.topics, item.chosen
        )
        for item in uow.decisions.since(since, _WHY)
        if not item.taught and item.text.strip() and (why := _why(item))
    ]


def _why(item: Understood) -> str:
    """In a word why a message was not settled, "" if it was."""
    return _UNANSWERED if item.unanswered else _WHY.get(item.kind, "")


def _show(gap: Gap, topics: set[str]) -> None:
    why = ", ".join(f"{reason} {count}" for reason, count in gap.why.most_common())
    likely = [topic for topic, _ in gap.topics.most_common() if topic in topics][:SHOWN]
    typer.echo(f"{len(gap.messages)}x  {why}" + (f"  (perhaps {', '.join(likely)})" if likely else ""))
    for message in gap.messages[:SHOWN]:
        typer.echo(f"    {message.id}  {json.dumps(message.text, ensure_ascii=False)}")


def _report(trial: Trial) -> None:
    names = ("acceptable", "wrong_answers", "misrouted", "asked_back", "ask_hits", "route_recall")
    for name in names:
        before, after = trial.before.figures[name], trial.after.figures[name]
        typer.echo(f"{name:14} {before:.3f} -> {after:.3f}")
    for title, changes in (("mended", trial.mended), ("broken", trial.broken)):
        typer.echo(f"{title}: {len(changes)}")
        for example, row in changes[:SHOWN]:
            reaction = " ".join((row.decision, *row.topics))
            typer.echo(f"    {example.label}: {json.dumps(example.text, ensure_ascii=False)} -> {reaction}")
