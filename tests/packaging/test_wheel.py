"""The wheel holds every package and data file of the tree, and the program runs from it without the clone."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

_ROOT = Path(__file__).parents[2]
_NOT_SHIPPED = {"benchmarks", "tests"}
_FROM_WHEEL = "import sys; sys.path.insert(0, sys.argv.pop(1)); from bot.cli import main; main()"


def _packages() -> set[str]:
    return {path.parent.name for path in _ROOT.glob("*/__init__.py")} - _NOT_SHIPPED


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the build back end in this environment: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=_ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_every_package_is_named_for_the_build() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == _packages()


def test_every_package_obeys_the_import_rules() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    assert set(project["tool"]["importlinter"]["root_packages"]) == _packages()


def test_the_wheel_holds_the_tree(wheel: Path) -> None:
    tree = {
        str(path.relative_to(_ROOT))
        for package in _packages()
        for path in (_ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert shipped == tree
    assert {Path(name).suffix for name in shipped} >= {".py", ".yaml"}


def test_the_program_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")

    def loket(*arguments: str) -> subprocess.CompletedProcess[str]:
        # -I keeps the working directory and PYTHONPATH out; what the wheel holds comes before an editable install.
        command = [sys.executable, "-I", "-c", _FROM_WHEEL, str(tmp_path / "installed"), *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    version = loket("--version")
    assert (version.returncode, version.stderr) == (0, "")
    checked = loket("knowledge", "check")
    assert checked.returncode == 0, checked.stderr
