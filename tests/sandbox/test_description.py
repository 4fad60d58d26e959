"""The offered methods against the published description of the Bot API, where it is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sandbox.shapes import SHAPES
from sandbox.signatures import NOT_OFFERED, SIGNATURES, Parameter

DESCRIPTION = os.environ.get("LOKET_BOTAPI_JSON", "")
pytestmark = pytest.mark.skipif(not DESCRIPTION, reason="LOKET_BOTAPI_JSON does not name the description's file")


@pytest.fixture(scope="module")
def description() -> Any:
    return json.loads(Path(DESCRIPTION).read_text("utf-8"))


def published(fields: list[dict[str, Any]]) -> dict[str, tuple[frozenset[str], bool]]:
    return {field["name"]: (frozenset(field["types"]), field["required"]) for field in fields}


def ours(fields: dict[str, Parameter]) -> dict[str, tuple[frozenset[str], bool]]:
    return {name: (frozenset(map(spelled_out, field.types)), field.required) for name, field in fields.items()}


def spelled_out(name: str) -> str:
    return "Array of " * name.count("[]") + name.replace("[]", "")


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_parameters_of_methods(description: Any, name: str) -> None:
    signature = SIGNATURES[name]
    assert ours(signature.parameters) == published(description["methods"][signature.name].get("fields", []))


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_fields_of_objects(description: Any, name: str) -> None:
    assert ours(SHAPES[name]) == published(description["types"][name].get("fields", []))


def test_every_other_method_is_known_by_name(description: Any) -> None:
    assert {name.lower() for name in description["methods"]} == set(SIGNATURES) | NOT_OFFERED
