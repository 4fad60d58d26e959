"""What an administrator does while the server runs on the same database: it takes everything up without a restart."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from escalation.office import default_office
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.dialogs.stage import GROUP, labels
from tests.process.program import ROOT, Finished, Program, Running

RINA = ("--telegram-id", "6101", "--name", "Rina Marlina", "--initials", "RM", "--role", "fo")


@pytest.fixture
async def running(program: Program) -> Running:
    """A server on the database that the commands work on."""
    return await program.serve()


async def _done(program: Program, *arguments: str) -> str:
    """Runs a command that must succeed; returns what it said."""
    finished = await program.run(*arguments)
    assert (finished.code, finished.err) == (0, "")
    return finished.out


async def _refused(program: Program, *arguments: str, code: int = 2) -> str:
    finished: Finished = await program.run(*arguments)
    assert finished.code == code
    return finished.complaint


async def _reads(running: Running, person: Person, text: str) -> None:
    await running.until(lambda: any(text in shown for shown in person.texts()), text)


@pytest.mark.slow
async def test_officers_come_and_go(sandbox: Sandbox, program: Program, running: Running) -> None:
    rina = sandbox.add_user("Rina", user_id=6101)
    sandbox.join(GROUP, rina.id)
    budi = sandbox.add_user("Budi")
    budi.send_text("/petugas")
    card = await sandbox.wait_for(lambda: _button(rina, "Ambil"), 10.0)
    stranger = await rina.press(card, "Ambil", chat=GROUP)
    assert stranger.show_alert

    assert await _done(program, "staff", "add", *RINA) == "RM Rina Marlina: fo\n"
    await rina.press(card, "Ambil", chat=GROUP)
    await _reads(running, budi, "ditangani petugas")
    head = (*RINA[:-1], "kepala-seksi", "--unit", "seksi-kelahiran")
    assert await _done(program, "staff", "add", *head) == "RM Rina Marlina: fo, kepala-seksi:seksi-kelahiran\n"
    assert await _done(program, "staff", "list") == "6101\tRM\tRina Marlina\tfo, kepala-seksi:seksi-kelahiran\n"

    assert "--initials RM" in await _refused(
        program, "staff", "add", *RINA[:1], "6102", *RINA[2:4], "--initials", " RM ", "--role", "fo"
    )
    renamed = (*RINA[:2], "--name", "Orang Baru", *RINA[4:])
    assert "signatures keep that name" in await _refused(program, "staff", "add", *renamed)
    assert "seksi-dapur" in await _refused(program, "staff", "add", *RINA[:-1], "kepala-seksi", "--unit", "seksi-dapur")
    assert "--role" in await _refused(program, "staff", "add", *RINA[:-1], "direktur")
    assert "--telegram-id" in await _refused(program, "staff", "remove", "--telegram-id", "1")
    assert await _done(program, "staff", "remove", "--telegram-id", "6101") == "RM Rina Marlina: removed\n"
    assert await _done(program, "staff", "list") == ""
    assert (await rina.press(card, "Teruskan", chat=GROUP)).show_alert
    assert "holds" in await _done(program, "ledger", "verify")


def _button(viewer: Person, label: str) -> int:
    """The message of the staff group that has this button; 0 if there is none."""
    shown = viewer.messages(chat=GROUP)
    return next((int(message["message_id"]) for message in shown if label in labels(message)), 0)


@pytest.mark.slow
async def test_an_office_is_applied_meanwhile(sandbox: Sandbox, program: Program, running: Running) -> None:
    name = "Dinas Kependudukan dan Pencatatan Sipil Kota Pekanbaru"
    exported = await _done(program, "office", "export")
    assert exported == await _done(program, "office", "export", "--default") == default_office()
    office = program.home / "kantor.yaml"
    office.write_text(exported.replace(name, "Disdukcapil Kabupaten Contoh"), "utf-8")
    assert await _done(program, "office", "check", "kantor.yaml") == "the office file is in order\n"

    first, second = sandbox.add_user("Satu"), sandbox.add_user("Dua")
    first.send_text("KTP saya hilang, apa syaratnya?")
    await _reads(running, first, f"Selamat datang di layanan {name}")
    assert (await _done(program, "office", "apply", "kantor.yaml")).startswith("applied, version ")
    second.send_text("KTP saya hilang, apa syaratnya?")
    await _reads(running, second, "Selamat datang di layanan Disdukcapil Kabupaten Contoh")
    assert await _done(program, "office", "apply", "kantor.yaml") == "this version is in force already\n"
    assert await _done(program, "office", "export") == office.read_text("utf-8")

    office.write_text("name: [\n", "utf-8")
    await _refused(program, "office", "check", "kantor.yaml", code=1)
    await _refused(program, "office", "apply", "kantor.yaml")
    assert "Kabupaten Contoh" in await _done(program, "office", "export")


@pytest.mark.slow
async def test_articles_are_published_meanwhile(sandbox: Sandbox, program: Program, running: Running) -> None:
    budi, siti = sandbox.add_user("Budi"), sandbox.add_user("Siti")
    budi.send_text("KTP saya hilang, apa syaratnya?")
    await _reads(running, budi, "Fotokopi KK")
    articles = program.home / "artikel"
    _copy_articles(articles)
    changed = articles / "articles" / "ktp-hilang.yaml"
    changed.write_text(changed.read_text("utf-8").replace('"Fotokopi KK"', '"Fotokopi KK dua lembar"'), "utf-8")
    assert await _done(program, "knowledge", "check", "--from", "artikel") == "the articles are in order\n"
    assert (await _done(program, "knowledge", "publish", "--from", "artikel")).startswith("published, version ")
    siti.send_text("KTP saya hilang, apa syaratnya?")
    await _reads(running, siti, "Fotokopi KK dua lembar")
    assert await _done(program, "knowledge", "publish", "--from", "artikel") == "this version is in force already\n"

    changed.write_text(changed.read_text("utf-8").replace("review_by: 2027", "review_by: 2020"), "utf-8")
    checked = await program.run("knowledge", "check", "--from", "artikel")
    assert checked.code == 1
    assert "ktp-hilang" in checked.out
    assert "problem" in checked.complaint
    assert "ktp-hilang" in await _refused(program, "knowledge", "publish", "--from", "artikel", code=1)
    changed.write_text("topic: [\n", "utf-8")
    assert "ktp-hilang" in await _refused(program, "knowledge", "publish", "--from", "artikel")


def _copy_articles(folder: Path) -> None:
    """The data that come with Loket, with their index, so that nothing has to be learned anew."""
    for name in ("articles", "phrasings"):
        shutil.copytree(ROOT / "knowledge" / name, folder / name)
    for file in (*(ROOT / "knowledge").glob("*.yaml"), ROOT / "knowledge" / "index.txt"):
        shutil.copy(file, folder)


async def test_articles_are_checked_asked_and_measured(program: Program) -> None:
    assert await _done(program, "knowledge", "check") == "the articles are in order\n"
    shown, _, text = (await _done(program, "knowledge", "ask", "KTP saya hilang, apa syaratnya?")).partition("\n")
    assert json.loads(shown)["topics"] == ["ktp-hilang"]
    assert "Dasar:" in text
    lines = [
        {"id": "a", "text": "KTP saya hilang, apa syaratnya?", "label": "ktp-hilang", "also": [], "kind": "faq"},
        {"id": "b", "text": "Apa syarat akta kematian?", "label": "akta-lahir", "also": [], "kind": "faq"},
    ]
    (program.home / "pesan.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    measured = json.loads(await _done(program, "knowledge", "evaluate", "pesan.jsonl", "--json"))
    rows = {row.pop("id"): row for row in measured["rows"]}
    assert rows["a"]["topics"] == ["ktp-hilang"]
    assert set(rows["a"]) == {"decision", "topics", "score", "ms"}
    assert measured["wrong_answers"]
    assert "rows" not in json.loads(await _done(program, "knowledge", "evaluate", "pesan.jsonl"))

    assert "tidak-ada" in await _refused(program, "knowledge", "evaluate", "tidak-ada.jsonl")
    (program.home / "pesan.jsonl").write_text("bukan json\n", "utf-8")
    await _refused(program, "knowledge", "evaluate", "pesan.jsonl")
    assert "'tidak-ada'" in await _refused(program, "knowledge", "check", "--from", "tidak-ada")
