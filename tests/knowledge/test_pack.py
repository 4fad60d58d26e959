"""Packs: one content, one text, one version; malformed data are refused with their place."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

import knowledge as package
from knowledge import KnowledgeError, load_builtin, load_directory, load_pack, pack_builtin
from knowledge.pack import (
    INDEX,
    Pack,
    changed,
    gather,
    pack_directory,
    parse_pack,
    with_examples,
    with_taught,
    write_folder,
)
from tests.knowledge import small_office

DATA = Path(package.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data files that a test may spoil, with their index."""
    for name in ("topics.yaml", "regulations.yaml", "lexicon.yaml", "misconceptions.yaml", INDEX):
        shutil.copy(DATA / name, tmp_path)
    for name in ("articles", "phrasings"):
        shutil.copytree(DATA / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """The small office's files."""
    write_folder(small_office.whole(), tmp_path / "kecil")
    return tmp_path / "kecil"


def test_a_stored_pack_gives_the_same_version_and_decisions() -> None:
    text = pack_builtin()
    stored, fresh = load_pack(text), load_builtin()
    assert stored.version == fresh.version
    assert len(stored.version) == 64
    assert stored.decide("kk hilang gimana") == fresh.decide("kk hilang gimana")


def test_a_folder_gives_the_same_version_until_edited(folder: Path) -> None:
    before = load_directory(folder)
    assert before.version == load_directory(folder).version
    file = folder / "articles" / "kk-hilang.yaml"
    number = before.articles["kk-hilang"].version
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f"version: {number}", f"version: {number + 1}"), encoding="utf-8")
    after = load_directory(folder)
    assert after.version != before.version
    assert after.render("kk-hilang").version == f"kk-hilang@{number + 1}"
    assert after.decide("kk hilang gimana") == before.decide("kk hilang gimana")


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
        ("articles/kk-hilang.yaml", "review_by: '2027-11-22'", "review_by: 2027-13-22", "review_by must be a date"),
        ("articles/kk-hilang.yaml", "topic: kk-hilang", "topic: kia-hilang", "articles/kk-hilang: its topic"),
        ("articles/kk-hilang.yaml", "version: 1", "version: 1\nversion: 2", "version is written twice"),
        ("topics.yaml", "title: kk hilang", "title: Kartu Keluarga yang hilang, sobek, atau luntur", "at most 40 fit"),
        ("regulations.yaml", "status: berlaku", "status: hapus", "regulations: .*hapus"),
        ("lexicon.yaml", "adverts:", "advert:", "unknown key.s. advert"),
        ("lexicon.yaml", "- slot gacor", "- 7", "adverts.* must .*text|text.* adverts"),
        ("misconceptions.yaml", "correction:", "koreksi:", "unknown key.s. koreksi"),
        ("misconceptions.yaml", "english: It is free.", "english: ''", "english must be text"),
        ("phrasings/kk-hilang.yaml", "states:", "menyatakan:", "phrasings/kk-hilang, 9: unknown key.s. menyatakan"),
        ("phrasings/ktp-rusak.yaml", "ktp-hilang", "ktp-lenyap", "names unknown topic ktp-lenyap"),
        ("phrasings/kia-hilang.yaml", "- ", "", "phrasings/kia-hilang: expected a list|kia-hilang.yaml"),
    ],
)
def test_malformed_data_name_their_place(small_folder: Path, file: str, old: str, new: str, message: str) -> None:
    text = (small_folder / file).read_text(encoding="utf-8")
    assert old in text
    (small_folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        load_directory(small_folder)


def test_phrasings_of_an_unknown_topic_are_refused(small_folder: Path) -> None:
    (small_folder / "phrasings" / "kia-hilang.yaml").rename(small_folder / "phrasings" / "kia-lenyap.yaml")
    with pytest.raises(KnowledgeError, match="phrasings name unknown topic kia-lenyap"):
        load_directory(small_folder)


@pytest.mark.parametrize("name", ["lexicon", "misconceptions", "topics", "regulations"])
def test_a_missing_file_is_named(small_folder: Path, name: str) -> None:
    (small_folder / f"{name}.yaml").unlink()
    with pytest.raises(KnowledgeError, match=rf"{name}\.yaml: file is missing"):
        load_directory(small_folder)


@pytest.mark.parametrize("name", ["articles", "phrasings"])
def test_a_missing_folder_is_named(small_folder: Path, name: str) -> None:
    shutil.rmtree(small_folder / name)
    with pytest.raises(KnowledgeError, match=f"{name}: folder is missing"):
        load_directory(small_folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"topics": {}}'])
def test_what_is_no_pack_is_refused(text: str) -> None:
    with pytest.raises(KnowledgeError, match="knowledge pack"):
        load_pack(text)


def test_a_pack_survives_storing_as_json() -> None:
    pack: dict[str, Any] = json.loads(pack_builtin())
    assert load_pack(json.dumps(pack, ensure_ascii=True, indent=1)).version == load_builtin().version


def test_an_exported_folder_is_the_same_content_to_the_letter(tmp_path: Path) -> None:
    """Else every export would be learned anew, and be another version."""
    pack = parse_pack(pack_directory(files("knowledge")))
    write_folder(pack, tmp_path)
    again = parse_pack(pack_directory(tmp_path))
    assert list(again) == list(pack)
    for part, document in pack.items():
        same = json.dumps(again[part]) == json.dumps(document)  # no comparison of texts this long by pytest
        assert same, part


def test_a_folder_without_an_index_is_learned(small_folder: Path) -> None:
    kept = load_directory(small_folder).version
    (small_folder / INDEX).unlink()
    knowledge = load_directory(small_folder)
    assert knowledge.decide("kk hilang").topics == ("kk-hilang",)
    assert knowledge.version == kept


def _file(folder: Path, document: object) -> Path:
    file = folder / "perubahan.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return file


def test_one_file_changes_what_it_holds(tmp_path: Path) -> None:
    pack = small_office.pack()
    article = {**pack["articles"]["kk-hilang"], "version": 7}
    assert _parts(pack, changed(pack, _file(tmp_path, article))) == {"articles"}
    assert _parts(pack, changed(pack, _file(tmp_path, {**pack["lexicon"], "adverts": []}))) == {"lexicon"}
    assert _parts(pack, changed(pack, _file(tmp_path, {"regulations": []}))) == {"regulations"}
    more = changed(pack, _file(tmp_path, {"kk-hilang": ["kk raib", "syarat kk hilang"]}))
    assert _parts(pack, more) == {"phrasings"}
    assert more["phrasings"]["kk-hilang"] == [*pack["phrasings"]["kk-hilang"], "kk raib"]


def test_a_folder_takes_the_place_of_all(small_folder: Path) -> None:
    assert changed(gather(files("knowledge")), small_folder) == gather(small_folder)


@pytest.mark.parametrize(
    "document", [["kk hilang"], {"tidak-ada": ["kk"]}, {"kk-hilang": ["a"], "tidak-ada": []}, None]
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, document: object) -> None:
    with pytest.raises(KnowledgeError, match=r"perubahan\.yaml: neither an article"):
        changed(small_office.pack(), _file(tmp_path, document))


def test_examples_are_added_once_and_change_nothing_else() -> None:
    pack = small_office.pack()
    first = with_examples(pack, {"kk-hilang": ["kk raib"], "oos": ["skor bola"]})
    assert with_examples(first, {"kk-hilang": ["kk raib"]}) == first
    assert first["phrasings"]["kk-hilang"][-1] == "kk raib"
    assert pack == small_office.pack()


def test_what_was_taught_goes_to_its_topic_alone() -> None:
    pack = small_office.pack()
    text = pack["phrasings"]["kk-hilang"][0]
    taught = with_taught(
        pack, {f"{text.upper()}?": "kia-hilang", "kk raib": "kk-hilang", "halo": "", "apa": "tidak-ada"}
    )
    assert text not in taught["phrasings"]["kk-hilang"]
    assert taught["phrasings"]["kk-hilang"][-1] == "kk raib"
    assert taught["phrasings"]["kia-hilang"][-1] == f"{text.upper()}?"
    assert "halo" not in taught["phrasings"]["sapaan"]
    assert set(taught["phrasings"]) == set(pack["phrasings"])
    assert with_taught(pack, {}) == pack == small_office.pack()


def _parts(before: Pack, after: Pack) -> set[str]:
    return {part for part in before if before[part] != after[part]}
