"""docs/life-of-a-message.md is true: every step exists, and is called, in this order, when people write."""

from __future__ import annotations

import importlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import reduce
from pathlib import Path

import pytest

from escalation.roles import Role
from tests.dialogs.stage import Stage, local_telegram, settings_for
from tests.docs.call_log import ROOT, CallLog, Function, logging_calls

_PAGE = ROOT / "docs" / "life-of-a-message.md"
_STEP = re.compile(r"^\d+\. \*\*`(?P<path>[\w/]+\.py)`\*\* (?P<names>`[^–]+`) –", re.MULTILINE)
_NAME = re.compile(r"`([\w.]+)`")
QUESTION, ANSWER = "A resident asks", "An officer answers"


def steps(title: str) -> list[Function]:
    """The functions of a section's numbered steps, in order."""
    section = _PAGE.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [(step["path"], name) for step in _STEP.finditer(section) for name in _NAME.findall(step["names"])]


def missing_step(expected: Sequence[Function], calls: Sequence[Function]) -> Function | None:
    """The first expected step that does not follow the ones before it; None if all do."""
    rest = iter(calls)
    return next((step for step in expected if step not in rest), None)


@asynccontextmanager
async def _office(folder: Path, title: str) -> AsyncIterator[tuple[Stage, CallLog]]:
    """An office whose calls are noted from the start; it closes in order, so that what was sent is noted as sent."""
    sandbox = local_telegram()
    with logging_calls(steps(title)) as log:
        await sandbox.start()
        stage = Stage(sandbox, settings_for(sandbox, f"sqlite:///{folder / 'loket.db'}"))
        try:
            await stage.open()
            yield stage, log
        finally:
            await stage.close()
            await sandbox.stop()


@pytest.mark.parametrize("title", [QUESTION, ANSWER])
def test_every_step_exists(title: str) -> None:
    named = steps(title)
    assert len(named) >= 8
    for path, name in named:
        module = path.removesuffix(".py").replace("/", ".")
        found = reduce(getattr, name.split("."), importlib.import_module(module))
        assert callable(found), f"{path}: {name}"
        assert found.__module__ == module, f"{path}: {name} comes from {found.__module__}"


def test_every_numbered_line_is_a_step() -> None:
    numbered = re.findall(r"^\d+\. ", _PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(numbered) == len(_STEP.findall(_PAGE.read_text(encoding="utf-8")))


async def test_a_question_takes_these_steps(tmp_path: Path) -> None:
    async with _office(tmp_path, QUESTION) as (stage, log):
        budi = stage.resident("Budi")
        budi.send_text("KTP saya hilang, apa syaratnya?")
        first = await stage.reads(budi, "Dasar:")
        log.begin()
        budi.send_text("KTP saya rusak, apa syaratnya?")
        await stage.reads(budi, "Dasar:", after=first["message_id"])
    assert missing_step(steps(QUESTION), log.calls()) is None


async def test_an_answer_takes_these_steps(tmp_path: Path) -> None:
    async with _office(tmp_path, ANSWER) as (stage, log):
        rina = stage.officer("Rina", Role.FO)
        budi = stage.resident("Budi")
        _, topic = await stage.case_of(budi)
        await stage.presses(rina, topic, "Ambil")
        await stage.reads(budi, "sekarang ditangani petugas")
        budi.send_text("Nama ibu saya salah tulis di kartu keluarga")
        relayed = await stage.topic_shows(topic, "Nama ibu saya")
        log.begin()
        stage.writes(rina, topic, "Kami periksa dahulu.", reply_to=relayed["message_id"])
        await stage.reads(budi, "Kami periksa dahulu.")
    assert missing_step(steps(ANSWER), log.calls()) is None


@pytest.mark.parametrize(("calls", "missing"), [("abacbc", None), ("acb", "c"), ("ab", "c"), ("", "a")])
def test_the_order_counts(calls: str, missing: str | None) -> None:
    found = missing_step([("", name) for name in "abc"], [("", name) for name in calls])
    assert found == (("", missing) if missing else None)
