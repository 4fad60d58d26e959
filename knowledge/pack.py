"""Gathering the knowledge data, from a folder of YAML files or one canonical JSON text, into one document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import KnowledgeError
from knowledge.lexicon import read_lexicon
from knowledge.phrasings import read_phrasings

#: Data files, and folders with a file a topic, by the name they have in a pack.
PARTS, FOLDERS = ("topics", "regulations", "lexicon", "misconceptions"), ("articles", "phrasings")
#: The file that holds the index learned from lexicon and phrasings.
INDEX = "index.txt"
#: Counts up whenever the same lexicon and phrasings would give another index.
METHOD = 1

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


def pack_builtin() -> str:
    """All data that ship with the program, as canonical JSON."""
    return pack_directory(files("knowledge"))


def pack_directory(folder: Traversable) -> str:
    """All data under `folder` as canonical JSON, the index among them.

    The index is that of the file INDEX where it was learned from just these data, else it is learned anew. Raises
    KnowledgeError naming the file that is missing or malformed.
    """
    kept = folder.joinpath(INDEX)
    return with_index(gather(folder), kept.read_text(encoding="ascii") if kept.is_file() else "")


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
    if path.is_dir():
        return gather(path)
    document = _read_yaml(path)
    if isinstance(document, dict):
        if "topic" in document:
            return {**pack, "articles": {**pack["articles"], str(document["topic"]): document}}
        for part, sign in (("lexicon", "spellings"), ("regulations", "regulations")):
            if sign in document:
                return {**pack, part: document}
        if set(document) <= set(pack["phrasings"]):
            return with_examples(pack, document)
    raise KnowledgeError(f"{path.name}: neither an article, lexicon, regulations nor phrasings by topic")


def with_examples(pack: Pack, examples: Mapping[str, Sequence[object]]) -> Pack:
    """The pack with further phrasings by topic, each once."""
    phrasings = dict(pack["phrasings"])
    for topic, entries in examples.items():
        known = phrasings.get(topic, [])
        phrasings[topic] = [*known, *(entry for entry in entries if entry not in known)]
    return {**pack, "phrasings": phrasings}


def write_folder(pack: Pack, folder: Path) -> None:
    """The pack as the YAML files that `gather` reads, for editing."""
    for part in PARTS:
        _write_yaml(folder / f"{part}.yaml", pack[part])
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for topic, document in pack[name].items():
            _write_yaml(folder / name / f"{topic}.yaml", document)


def learn_text(pack: Pack) -> str:
    """The index of a pack as text: its source on the first line, then the artefact."""
    from knowledge.learning import learn  # noqa: PLC0415 - takes a second to import, and serving never learns

    index = learn(read_lexicon(pack["lexicon"]), read_phrasings(pack["phrasings"]))
    return f"{source_of(pack['lexicon'], pack['phrasings'])}\n{index.dump()}"


def source_of(lexicon: object, phrasings: object) -> str:
    """The hash of what an index is learned from: it tells whether a stored index is still the right one."""
    content = json.dumps([METHOD, lexicon, phrasings], ensure_ascii=False, separators=(",", ":"))
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
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{file.name}: {error}") from None


if __name__ == "__main__":
    keep_index(Path(__file__).parent)
