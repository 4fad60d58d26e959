"""Gathering the knowledge data, from a folder of YAML files or one canonical JSON text, into one document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

import yaml

from knowledge.errors import KnowledgeError
from knowledge.index import FORM
from knowledge.lexicon import read_lexicon
from knowledge.normalise import plain
from knowledge.phrasings import read_phrasings

#: Data files, and folders with a file a topic, by the name they have in a pack.
PARTS, FOLDERS = ("topics", "regulations", "lexicon", "misconceptions"), ("articles", "phrasings")
#: The origin of a pack that came with the program and was not changed.
SHIPPED = "shipped"
#: The file that holds the index learned from lexicon and phrasings.
INDEX = "index.txt"
#: Counts up whenever the same lexicon and phrasings would give another index.
METHOD = 2

Pack = dict[str, Any]


_SafeLoader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _EditorsLoader(_SafeLoader):  # type: ignore[misc, valid-type]
    """Safe YAML for editors: a key written twice is refused (its first text would vanish unseen), days stay text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own class attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _mapping_without_doubles(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[object, object]:
    found: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise KnowledgeError(f"{key_node.start_mark}: key {key} is written twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_EditorsLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_doubles)


@cache
def pack_builtin() -> str:
    """All data that ship with the program, as canonical JSON."""
    folder = files("knowledge")
    return with_index({**gather(folder), "origin": SHIPPED}, folder.joinpath(INDEX).read_text(encoding="ascii"))


def pack_directory(folder: Traversable) -> str:
    """All data under `folder` as canonical JSON, the index among them.

    The index is that of the file INDEX where it was learned from just these data, else it is learned anew. Raises
    KnowledgeError naming the file that is missing or malformed.
    """
    kept = folder.joinpath(INDEX)
    return with_index(gather(folder), kept.read_bytes().decode("ascii", "replace") if kept.is_file() else "")


def keep_index(folder: Path) -> None:
    """Learns the index of a folder's data and keeps it there."""
    (folder / INDEX).write_text(learn_text(gather(folder)), encoding="ascii")


def gather(folder: Traversable) -> Pack:
    """The documents under `folder`: PARTS as YAML files, and the FOLDERS with a file a topic."""
    pack: Pack = {part: _read_yaml(folder.joinpath(f"{part}.yaml")) for part in PARTS}
    for name in FOLDERS:
        try:
            inside = sorted(file.name for file in folder.joinpath(name).iterdir() if file.name.endswith(".yaml"))
        except (FileNotFoundError, NotADirectoryError):
            raise KnowledgeError(f"{name}: folder is missing") from None
        pack[name] = {file.removesuffix(".yaml"): _read_yaml(folder.joinpath(name, file)) for file in inside}
    return pack


def with_index(pack: Pack, kept: str = "") -> str:
    """The pack as canonical JSON with its index: the one kept if it was learned from these data, else learned now,
    which takes some seconds for every thousand phrasings."""
    fits = kept.partition("\n")[0] == source_of(pack["lexicon"], pack["phrasings"])
    return canonical({**pack, "index": kept if fits else learn_text(pack)})


def changed(pack: Pack, path: Path) -> Pack:
    """The pack with a folder's data in its place, or with one file's: an article or route, the lexicon, the
    regulations, or further phrasings by topic. Raises KnowledgeError where the file is none of these."""
    pack = {name: part for name, part in pack.items() if name != "origin"}
    if path.is_dir():
        return gather(path)
    document = _read_yaml(path)
    if isinstance(document, dict):
        if "topic" in document:
            return {**pack, "articles": {**pack["articles"], str(document["topic"]): document}}
        for part, sign in (("lexicon", "spellings"), ("regulations", "regulations")):
            if sign in document:
                return {**pack, part: document}
        if document and set(document) <= set(pack["phrasings"]):
            read_phrasings({**pack["phrasings"], **document})
            return with_examples(pack, document)
    if isinstance(document, list) and path.stem in pack["phrasings"]:
        read_phrasings({**pack["phrasings"], path.stem: document})
        return {**pack, "phrasings": {**pack["phrasings"], path.stem: document}}
    raise KnowledgeError(f"{path.name}: neither an article, lexicon, regulations nor phrasings by topic")


def with_examples(pack: Pack, examples: Mapping[str, Sequence[object]]) -> Pack:
    """The pack with further phrasings by topic, each once."""
    phrasings = dict(pack["phrasings"])
    for topic, entries in examples.items():
        known = phrasings.get(topic, [])
        phrasings[topic] = [*known, *(entry for entry in entries if entry not in known)]
    return {**pack, "phrasings": phrasings}


def with_taught(pack: Pack, taught: Mapping[str, str]) -> Pack:
    """The pack with texts under the topics they were given ("" for none), and under no other."""
    known = {plain(text): topic for text, topic in taught.items() if plain(text)}
    phrasings = {
        topic: [entry for entry in entries if known.get(plain(_text_of(entry)), topic) == topic]
        for topic, entries in pack["phrasings"].items()
    }
    examples: dict[str, list[object]] = {}
    for text, topic in taught.items():
        if plain(text) and topic in phrasings:
            examples.setdefault(topic, []).append(text)
    return with_examples({**pack, "phrasings": phrasings}, examples)


def _text_of(entry: object) -> str:
    return entry if isinstance(entry, str) else str(cast("Mapping[str, object]", entry).get("text", ""))


def write_folder(pack: Pack, folder: Path) -> None:
    """The pack as the YAML files that `gather` reads, for editing."""
    for part in PARTS:
        _write_yaml(folder / f"{part}.yaml", pack[part])
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for topic, document in pack[name].items():
            _write_yaml(folder / name / f"{topic}.yaml", document)
    (folder / INDEX).write_text(pack["index"], encoding="ascii")


def learn_text(pack: Pack) -> str:
    """The index of a pack as text: its source on the first line, then the artefact."""
    try:
        from knowledge.learning import learn  # noqa: PLC0415 - takes a second to import, and serving never learns
    except ImportError as error:
        raise KnowledgeError(f"learning needs a package that is not installed: {error.name}") from None

    index = learn(read_lexicon(pack["lexicon"]), read_phrasings(pack["phrasings"]))
    return f"{source_of(pack['lexicon'], pack['phrasings'])}\n{index.dump()}"


def source_of(lexicon: object, phrasings: object) -> str:
    """The hash of what an index is learned from: it tells whether a stored index is still the right one."""
    content = json.dumps([METHOD, FORM, lexicon, phrasings], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def canonical(pack: Pack) -> str:
    """One text for one content, so that its hash names it; the editors' order stays, since the first meaning wins."""
    return json.dumps(pack, ensure_ascii=False, separators=(",", ":"))


def parse_pack(text: str) -> Pack:
    """The document of a stored pack. Raises KnowledgeError where the text is not one."""
    try:
        pack = json.loads(text)
    except json.JSONDecodeError as error:
        raise KnowledgeError(f"knowledge pack is no JSON: {error}") from None
    if not isinstance(pack, dict) or any(part not in pack for part in (*PARTS, *FOLDERS, "index")):
        raise KnowledgeError(f"knowledge pack must hold {', '.join((*PARTS, *FOLDERS, 'index'))}")
    if not isinstance(pack["index"], str) or any(not isinstance(pack[name], dict) for name in FOLDERS):
        raise KnowledgeError(f"knowledge pack must hold {' and '.join(FOLDERS)} by topic, and index as text")
    return pack


def pack_version(pack: Pack) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(pack).encode()).hexdigest()


def _write_yaml(file: Path, document: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
    file.write_text(text, encoding="utf-8")


def _read_yaml(file: Traversable) -> object:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_EditorsLoader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        raise KnowledgeError(f"{file.name}: file is missing") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{file.name}: {error}") from None
