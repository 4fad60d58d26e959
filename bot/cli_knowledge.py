"""Commands for the articles: check them, ask them, measure them, put them in force."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import publishing
from bot.settings import read_settings
from conversation.errors import CheckFailed, SettingsError
from knowledge import Knowledge, check, evaluate, load_builtin, load_directory, load_pack, pack_builtin
from knowledge.evaluation import by_topic
from knowledge.pack import SHIPPED, canonical, pack_directory, parse_pack, with_index
from knowledge.trial import bundled_examples, compare

app = typer.Typer(no_args_is_help=True, help="The articles, and how messages are understood.")

_Folder = Annotated[
    Path | None,
    typer.Option(
        "--from", exists=True, file_okay=False, help="A folder with articles; by default those that come with Loket."
    ),
]


@app.command("check")
def check_articles(folder: _Folder = None) -> None:
    """Check that every article rests on a regulation in force, is reviewed, and tells no unconfirmed fact as fact."""
    problems = check(_knowledge(folder), datetime.now(UTC).date())
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        raise CheckFailed(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in the articles")
    typer.echo("the articles are in order")


@app.command()
def ask(text: Annotated[str, typer.Argument(help="What a resident might write.")], folder: _Folder = None) -> None:
    """Show how a message is understood, and what the resident would read."""
    knowledge = _knowledge(folder)
    decision = knowledge.decide(text)
    shown = {name: value for name, value in asdict(decision).items() if value not in (None, (), False)}
    typer.echo(json.dumps(shown, ensure_ascii=False))
    told = [knowledge.correct(belief, decision.language) for belief in decision.beliefs]
    known = [topic for topic in decision.topics if knowledge.article(topic) or knowledge.route(topic)]
    for rendered in (*filter(None, told), *(knowledge.render(topic, decision.language) for topic in known)):
        typer.echo(f"\n{rendered.text}")


@app.command("evaluate")
def evaluate_file(
    file: Annotated[
        Path | None,
        typer.Argument(help='Lines {"id", "text", "label", "also", "kind"}; by default the bundled evaluation set.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Rows and figures as JSON.")] = False,
    topics: Annotated[
        bool, typer.Option("--topics", help="Topic by topic, the weakest first, with confusions.")
    ] = False,
    folder: _Folder = None,
) -> None:
    """Measure understanding on labelled messages, each on its own."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file else bundled_examples()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{file}: cannot be read") from None
    measured = evaluate(_knowledge(folder), lines, time.perf_counter)
    result = measured.document()
    if not as_json:
        result.pop("rows")
    typer.echo(json.dumps(result, ensure_ascii=False, indent=None if as_json else 1))
    for report in by_topic(measured.examples, measured.rows) if topics else ():
        confused = ", ".join(f"{reaction} {count}" for reaction, count in report.confused.most_common())
        asked = f", {report.asked_back} asked back" if report.asked_back else ""
        typer.echo(
            f"{report.topic:26} {report.acceptable}/{report.n}{asked}" + (f"; took for: {confused}" if confused else "")
        )


@app.command()
def publish(
    folder: _Folder = None,
    even_if_worse: Annotated[
        bool, typer.Option("--even-if-worse", help="Also if messages are understood less well than now.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also in place of articles that the office has changed.")
    ] = False,
) -> None:
    """Put articles in force, with what was taught; running servers take them up with the next message, old answers
    keep theirs."""
    settings = read_settings()
    before = publishing.read_in_force(settings)
    if folder is None and before.pack.get("origin") != SHIPPED and not replace:
        raise CheckFailed("the articles in force are the office's own; publish --from FOLDER, or --replace them")
    pack = parse_pack(pack_directory(folder) if folder else pack_builtin())
    publishing.refuse_faults(load_pack(canonical(pack)), check(load_pack(canonical(pack)), datetime.now(UTC).date()))
    text = with_index(before.taught_pack(pack), pack["index"])
    trial = compare(load_pack(canonical(before.pack)), load_pack(text), bundled_examples())
    if trial.worse and not even_if_worse:
        raise CheckFailed(
            f"not published: messages are understood less well ({len(trial.broken)} broken, {len(trial.mended)} "
            "mended); to publish all the same: --even-if-worse"
        )
    typer.echo(publishing.put_in_force(settings, before, text))


def _knowledge(folder: Path | None) -> Knowledge:
    return load_directory(folder) if folder else load_builtin()
