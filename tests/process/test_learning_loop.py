"""The learning loop as an administrator runs it beside a server: what was not settled, what it meant, in force at once.

Most of it on a part of the phrasings that come with Loket, which is learned in a moment.
"""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from knowledge import DecisionKind, Knowledge, load_pack
from knowledge.pack import INDEX, gather, parse_pack, with_index, write_folder
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.dialogs.stage import shown
from tests.process.program import ROOT, Finished, Program, Running

pytestmark = pytest.mark.slow

#: So many phrasings a topic make an office that understands little.
FEW = 12
TOPIC = "kia-hilang"
#: Words for the lost card of a child that nobody has taught; who writes them leaves a number, too.
UNTAUGHT = (
    "kartu pelangi si buyung lenyap entah ke mana",
    "kartu pelangi buyung tercecer di pasar bawah",
    "si buyung punya kartu pelangi, sekarang raib",
    "mau urus kartu pelangi si buyung",
    "kartu pelangi si buyung gimana itu",
    "kartu pelangi buyung hilang",
)
WAYS = ("{} ya min", "min {}", "{} pak")
NUMBER = "0812700012"


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles with few phrasings, and the index learned from them."""
    pack: dict[str, Any] = {**gather(files("knowledge")), "misconceptions": {}}
    pack["phrasings"] = {topic: _few_of(entries) for topic, entries in pack["phrasings"].items()}
    folder = tmp_path_factory.mktemp("few")
    write_folder(parse_pack(with_index(pack)), folder)
    return folder


def _few_of(entries: list[Any]) -> list[Any]:
    """The first that neither state a misconception nor deny one."""
    return [entry for entry in entries if isinstance(entry, str) or not {"states", "denies"} & set(entry)][:FEW]


@pytest.fixture(scope="module")
def understands_little(few: Path) -> Knowledge:
    index = (few / INDEX).read_text(encoding="ascii")
    return load_pack(with_index(gather(few), index))


def _unsettled(knowledge: Knowledge) -> str:
    """The first of the untaught messages that is asked back about in whichever way it is put."""

    def asked_back(text: str) -> bool:
        decided = [knowledge.decide(f"{way.format(text)} {NUMBER}01") for way in WAYS]
        return all(made.kind is DecisionKind.ASK and made.topics for made in decided)

    return next(text for text in UNTAUGHT if asked_back(text))


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
    await running.until(lambda: any(text in said for said in _from_bot(person)), text)


def _from_bot(person: Person) -> list[str]:
    return [shown(message) for message in person.messages() if message.get("from", {}).get("is_bot")]


async def test_what_was_not_settled_is_listed_taught_tried_and_understood(
    sandbox: Sandbox, program: Program, few: Path, understands_little: Knowledge
) -> None:
    running = await program.serve()
    assert "less well" in await _refused(program, "knowledge", "publish", "--from", str(few), code=1)
    text = _unsettled(understands_little)
    assert "published" in await _done(program, "knowledge", "publish", "--from", str(few), "--even-if-worse")
    for at, way in enumerate(WAYS):
        resident = sandbox.add_user(f"Warga {at}")
        resident.send_text(f"{way.format(text)} {NUMBER}{at}1")
        await _reads(running, resident, "Maksud Anda yang mana?")
    contented = sandbox.add_user("Siti")
    contented.send_text("/bantuan")
    await _reads(running, contented, "Yang dapat Anda lakukan")

    listed = await _done(program, "knowledge", "gaps", "--days", "1")
    assert listed.startswith("3x  asked back 3")
    assert "1 groups of messages in 1 days" in listed
    assert NUMBER not in listed
    assert text in listed
    numbers = re.findall(r'^ +(\d+)  "', listed, re.MULTILINE)
    assert len(numbers) == 3

    assert "tidak-ada" in await _refused(program, "knowledge", "teach", numbers[0], "tidak-ada")
    assert "12345" in await _refused(program, "knowledge", "teach", "12345", TOPIC)
    assert await _done(program, "knowledge", "teach", numbers[2], "-") == "set aside\n"
    for number in numbers:
        assert TOPIC in await _done(program, "knowledge", "teach", number, TOPIC)
    assert (await _done(program, "knowledge", "gaps")).startswith("0 groups")
    assert "office's own" in await _refused(program, "knowledge", "publish", code=1)

    tried = await _done(program, "knowledge", "try", "--even-if-worse")
    for name in ("acceptable", "wrong_answers", "misrouted", "asked_back"):
        assert re.search(rf"^{name} +\d\.\d{{3}} -> \d\.\d{{3}}$", tried, re.MULTILINE)
    assert re.search(r"^mended: \d+$", tried, re.MULTILINE)
    assert re.search(r"^broken: \d+$", tried, re.MULTILINE)

    published = await _done(program, "knowledge", "publish", "--from", str(few), "--even-if-worse")
    assert published.startswith("published, version ")
    resident = sandbox.add_user("Warga lain")
    resident.send_text(text)
    await _reads(running, resident, "Dasar:")
    assert any(understands_little.title(TOPIC) in said for said in _from_bot(resident))
    assert (await _done(program, "knowledge", "try", "--publish", "--even-if-worse")).endswith("in force already\n")


async def test_an_answer_that_did_not_help_is_listed_with_what_it_was_given_to(
    sandbox: Sandbox, program: Program
) -> None:
    running = await program.serve()
    budi = sandbox.add_user("Budi")
    budi.send_text("halo")
    await _reads(running, budi, "Selamat datang")
    budi.send_text("syarat ktp hilang apa saja")
    await _reads(running, budi, "Dasar:")
    answer = next(message for message in budi.messages() if "Dasar:" in shown(message))
    await budi.press(answer["message_id"], "Belum terjawab")
    await _reads(running, budi, "PKU-")
    listed = await _done(program, "knowledge", "gaps")
    assert listed.startswith("1x  Belum terjawab 1  (perhaps ktp-hilang)")
    assert "halo" not in listed


async def test_an_exported_folder_is_edited_tried_and_put_in_force(sandbox: Sandbox, program: Program) -> None:
    running = await program.serve()
    assert await _done(program, "knowledge", "export", "artikel") == "written to artikel\n"
    assert "not empty" in await _refused(program, "knowledge", "export", "artikel")
    for said in ("published, version ", "this version is in force already"):
        unchanged = await _done(program, "knowledge", "try", "artikel", "--publish")
        assert unchanged.splitlines()[-1].startswith(said)
        assert "broken: 0" in unchanged

    article = program.home / "artikel" / "articles" / "ktp-hilang.yaml"
    article.write_text(article.read_text("utf-8").replace("Fotokopi KK", "Fotokopi KK yang masih jelas"), "utf-8")
    assert "broken: 0" in await _done(program, "knowledge", "try", "artikel")
    one = await _done(program, "knowledge", "try", "artikel/articles/ktp-hilang.yaml", "--publish")
    assert "published, version " in one
    budi = sandbox.add_user("Budi")
    budi.send_text("KTP saya hilang, apa syaratnya?")
    await _reads(running, budi, "Fotokopi KK yang masih jelas")

    (program.home / "artikel" / "catatan.yaml").write_text("- apa saja\n", "utf-8")
    assert "catatan.yaml" in await _refused(program, "knowledge", "try", "artikel/catatan.yaml")


async def test_a_repealed_regulation_closes_its_articles_and_the_admin_is_told(
    sandbox: Sandbox, program: Program
) -> None:
    running = await program.serve()
    admin = sandbox.add_user("Yanti", user_id=6109)
    admin.start()
    await _reads(running, admin, "Selamat datang")
    named = ("--telegram-id", "6109", "--name", "Yanti", "--initials", "YN", "--role", "admin")
    await _done(program, "staff", "add", *named)
    regulations = program.home / "regulations.yaml"
    shutil.copy(ROOT / "knowledge" / "regulations.yaml", regulations)
    text = regulations.read_text("utf-8")
    start = text.index("- id: permendagri-2-2016")
    repealed = text[:start] + re.sub(r"status: \w+", "status: dicabut", text[start:], count=1)
    regulations.write_text(repealed, "utf-8")

    said = await _done(program, "knowledge", "try", "regulations.yaml", "--publish")
    assert "out of service, as their regulation is repealed: " in said
    assert "articles/kia-baru.yaml" in said
    await _reads(running, admin, "dipakai lagi karena peraturannya dicabut")
    budi = sandbox.add_user("Budi")
    budi.send_text("syarat membuat KIA untuk anak umur 3 tahun")
    await _reads(running, budi, "PKU-")
    siti = sandbox.add_user("Siti")
    siti.send_text("KTP saya hilang, apa syaratnya?")
    await _reads(running, siti, "Dasar:")
