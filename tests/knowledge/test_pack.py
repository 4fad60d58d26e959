"""Packs: one content, one text, one version; malformed data are refused with their place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import knowledge as package
from knowledge import KnowledgeError, load_builtin, load_directory, load_pack, pack_builtin

DATA = Path(package.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data files that a test may spoil."""
    for name in ("topics", "regulations", "lexicon", "phrasings"):
        shutil.copy(DATA / f"{name}.yaml", tmp_path)
    shutil.copytree(DATA / "articles", tmp_path / "articles")
    return tmp_path


def test_a_stored_pack_gives_the_same_version_and_decisions() -> None:
    text = pack_builtin()
    stored, fresh = load_pack(text), load_builtin()
    assert stored.version == fresh.version
    assert len(stored.version) == 64
    assert stored.decide("kk hilang gimana") == fresh.decide("kk hilang gimana")


def test_a_folder_gives_the_same_version_until_edited(folder: Path) -> None:
    before = load_directory(folder)
    assert before.version == load_builtin().version
    file = folder / "articles" / "kk-hilang.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")
    after = load_directory(folder)
    assert after.version != before.version
    assert after.render("kk-hilang").version == "kk-hilang@2"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("articles/kk-hilang.yaml", "syarat:", "syarrat:", "articles/kk-hilang: unknown key.s. syarrat"),
        (
            "articles/kk-hilang.yaml",
            "version: 1",
            "version: satu",
            "articles/kk-hilang: version must be a whole number",
        ),
        ("articles/kk-hilang.yaml", "review_by: 2027-11-22", "review_by: 2027-13-22", "review_by must be a date"),
        ("articles/kk-hilang.yaml", "topic: kk-hilang", "topic: kk-rusak", "articles/kk-hilang: its topic"),
        ("articles/kk-hilang.yaml", "version: 1", "version: 1\nversion: 2", "version is written twice"),
        ("topics.yaml", '"KK rusak"', '"Kartu Keluarga yang rusak, sobek, atau luntur"', "at most 40 fit"),
        ("regulations.yaml", "status: dicabut", "status: hapus", "regulations: .*hapus"),
        ("phrasings.yaml", "kk-rusak:", "kk-rusakk:", "unknown topic kk-rusakk"),
        ("lexicon.yaml", "  anak: 0.3", "  anak: sedikit", "anak must be a number"),
    ],
)
def test_malformed_data_name_their_place(folder: Path, file: str, old: str, new: str, message: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        load_directory(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "lexicon.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"lexicon\.yaml: file is missing"):
        load_directory(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"topics": {}}'])
def test_what_is_no_pack_is_refused(text: str) -> None:
    with pytest.raises(KnowledgeError, match="knowledge pack"):
        load_pack(text)


def test_a_pack_survives_storing_as_json() -> None:
    pack: dict[str, Any] = json.loads(pack_builtin())
    assert load_pack(json.dumps(pack, ensure_ascii=True, indent=1)).version == load_builtin().version
