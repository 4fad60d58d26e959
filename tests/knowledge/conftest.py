"""The built-in knowledge base, loaded once, and a small one, learned once: both are immutable."""

from __future__ import annotations

import pytest

from knowledge import Knowledge, load_builtin
from knowledge.index import Index
from tests.knowledge import small_office


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The data that ship with the program."""
    return load_builtin()


@pytest.fixture(scope="session")
def small() -> Knowledge:
    """Four documents and a few words."""
    return small_office.opened()


@pytest.fixture(scope="session")
def small_index() -> Index:
    """The index of the small office."""
    return small_office.learned()
