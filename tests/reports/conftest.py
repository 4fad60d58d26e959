"""A registry on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reports.registry import Registry


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    """An office with three officers and nothing else."""
    registry = Registry(database_url)
    yield registry
    registry.engine.dispose()
