"""What the documents point at is there: links, files, commands, make targets, decisions, test folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from tests.docs.call_log import ROOT

_DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")})
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:\w+/)+(?:[\w-]+\.(?:py|yaml|md|toml))")
_NAMED_IN_FILE = re.compile(r"`((?:\w+/)+\w+\.(?:py|yaml))`:((?:,?\s+`\w+`)+)")
_ELSEWHERE = re.compile(r"(?<![\w.])/(?:root|home|tmp|opt|var)/", re.IGNORECASE)

every_document = pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def _code_in(text: str) -> Iterator[str]:
    """Inline code, and the lines of code blocks."""
    for block in _FENCED.findall(text):
        yield from (line.strip() for line in block.splitlines())
    yield from _CODE.findall(_FENCED.sub("", text))


def _commands(start: str) -> Iterator[tuple[str, str]]:
    """The lines of code that start with this program, with the document they stand in."""
    for document in _DOCUMENTS:
        for code in _code_in(document.read_text(encoding="utf-8")):
            if code.split()[:1] == [start]:
                yield document.name, code


def _leaves(command: Any, name: str) -> Iterator[str]:
    """Every command that does something, as it is typed."""
    children = getattr(command, "commands", None)
    if children is None:
        yield name
        return
    for child, below in children.items():
        yield from _leaves(below, f"{name} {child}")


@every_document
def test_links_lead_somewhere(document: Path) -> None:
    for target in _LINK.findall(document.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), target
        if anchor:
            assert anchor in _anchors(found), target


@every_document
def test_files_named_exist(document: Path) -> None:
    for code in _code_in(document.read_text(encoding="utf-8")):
        if _FILE.fullmatch(code):
            assert (ROOT / code).exists(), code


@every_document
def test_names_given_with_a_file_are_in_it(document: Path) -> None:
    for path, names in _NAMED_IN_FILE.findall(document.read_text(encoding="utf-8")):
        content = (ROOT / path).read_text(encoding="utf-8")
        for name in _CODE.findall(names):
            assert re.search(rf"\b{name}\b", content), f"{path}: {name}"


@every_document
def test_says_nothing_of_one_machine(document: Path) -> None:
    assert _ELSEWHERE.search(document.read_text(encoding="utf-8")) is None


def test_commands_quoted_exist() -> None:
    quoted = list(_commands("loket"))
    assert quoted
    for document, code in quoted:
        command: Any = typer.main.get_command(app)
        for word in code.split()[1:]:
            children = getattr(command, "commands", {})
            if word.startswith("-"):
                options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
                assert word in options, f"{document}: {code}: no option {word}"
            elif children:
                assert word in children, f"{document}: {code}: no command {word}"
                command = children[word]


def test_readme_lists_every_command() -> None:
    listed = {" ".join(code.split()[:3]) for document, code in _commands("loket") if document == "README.md"}
    listed |= {" ".join(code.split()[:2]) for code in listed}
    missing = [leaf for leaf in _leaves(typer.main.get_command(app), "loket") if leaf not in listed]
    assert not missing


def test_make_targets_quoted_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    quoted = {word for _, code in _commands("make") for word in code.split()[1:2]}
    assert {"run", "test", "check"} <= quoted <= targets


def test_decisions_are_numbered_and_listed() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    listed = re.findall(r"\(decisions/([^)/]+\.md)\)", (ROOT / "docs" / "README.md").read_text(encoding="utf-8"))
    assert [page.name for page in pages] == listed
    for number, page in enumerate(pages, 1):
        text = page.read_text(encoding="utf-8")
        assert page.name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number}. ")
        parts = [text.find(f"**{part}.**") for part in ("Context", "Decision", "Consequences")]
        assert -1 not in parts, page.name
        assert parts == sorted(parts), page.name


def test_every_folder_of_tests_is_told() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for folder in (ROOT / "tests").iterdir():
        if any(folder.glob("test_*.py")):
            assert f"`tests/{folder.name}`" in told, folder.name


def _anchors(document: Path) -> set[str]:
    """The anchors that headings get: lower case, spaces as hyphens, punctuation gone."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
