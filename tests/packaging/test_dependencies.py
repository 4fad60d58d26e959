"""What the packages import is what the project declares, and the locks hold it with hashes and no addresses."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
#: Needed without an import: a driver named in a URL, and the time zones of machines that have none.
_USED_UNSEEN = {"psycopg", "tzdata"}
_LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")


def _distribution(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def _declared() -> set[str]:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    return {_distribution(requirement) for requirement in project["project"]["dependencies"]}


def _imported_modules() -> set[str]:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    modules: set[str] = set()
    for path in (path for package in packages for path in (_ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
                modules.add(node.module.partition(".")[0])
    return modules - set(sys.stdlib_module_names) - set(packages)


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    known = packages_distributions()
    imported = {_distribution(known[module][0]) if module in known else module for module in _imported_modules()}
    assert imported | _USED_UNSEEN == _declared()


def test_the_lock_for_running_holds_what_is_declared() -> None:
    locked = re.findall(r"^[\w.-]+", (_ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    assert _declared() <= {_distribution(name) for name in locked}


def test_tests_run_on_the_versions_that_run() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^ ]+", (_ROOT / lock).read_text(), flags=re.MULTILINE))

    assert pins("requirements.lock") | pins("requirements-build.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize("lock", _LOCKS)
def test_a_lock_names_no_address_or_path(lock: str) -> None:
    text = (_ROOT / lock).read_text()
    assert re.search(r"://|^-|^/|@ ", text, flags=re.MULTILINE) is None
    assert text.count("--hash=sha256:") >= len(re.findall(r"^[\w.-]+==", text, flags=re.MULTILINE)) > 0
