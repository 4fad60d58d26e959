"""Gathering the knowledge data, from a folder of YAML files or one canonical JSON text, into one document."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from knowledge.errors import KnowledgeError

#: Data files beside the articles, by the name they have in a pack.
PARTS = ("topics", "regulations", "lexicon", "phrasings")

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
    """All data under `folder` (PARTS as YAML files, and articles/) as canonical JSON.

    Raises KnowledgeError naming the file that is missing or malformed.
    """
    pack: Pack = {part: _read_yaml(folder.joinpath(f"{part}.yaml")) for part in PARTS}
    names = sorted(file.name for file in folder.joinpath("articles").iterdir() if file.name.endswith(".yaml"))
    pack["articles"] = {name.removesuffix(".yaml"): _read_yaml(folder.joinpath("articles", name)) for name in names}
    return canonical(pack)


def canonical(pack: Pack) -> str:
    """One text for one content, so that its hash names it; the editors' order stays, since the first meaning wins."""
    return json.dumps(pack, ensure_ascii=False, separators=(",", ":"))


def parse_pack(text: str) -> Pack:
    """The document of a stored pack. Raises KnowledgeError where the text is not one."""
    try:
        pack = json.loads(text)
    except json.JSONDecodeError as error:
        raise KnowledgeError(f"knowledge pack is no JSON: {error}") from None
    if not isinstance(pack, dict) or any(part not in pack for part in (*PARTS, "articles")):
        raise KnowledgeError(f"knowledge pack must hold {', '.join((*PARTS, 'articles'))}")
    return pack


def pack_version(pack: Pack) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(pack).encode()).hexdigest()


def _read_yaml(file: Traversable) -> object:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_EditorsLoader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        raise KnowledgeError(f"{file.name}: file is missing") from None
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{file.name}: {error}") from None
