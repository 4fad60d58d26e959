"""The built-in knowledge base, loaded once: it is immutable."""

from __future__ import annotations

import pytest

from knowledge import Knowledge, load_builtin


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The data that ship with the program."""
    return load_builtin()
