"""A report appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversation.errors import CheckFailed, SettingsError
from reports.target import STDOUT, open_target


def test_what_is_written_shows_at_the_end_to_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "kasus.csv"
    with open_target(target) as file:
        file.write(b"isi")
        assert not target.exists()
    assert target.read_bytes() == b"isi"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_after_an_error_everything_is_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "kasus.csv"
    target.write_bytes(b"lama")

    def break_off() -> None:
        with open_target(target) as file:
            file.write(b"baru")
            raise CheckFailed("no")

    with pytest.raises(CheckFailed):
        break_off()
    assert target.read_bytes() == b"lama"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["", "tidak-ada/kasus.csv", "/dev/null"])
def test_what_cannot_be_a_file_is_refused(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    with pytest.raises(SettingsError, match=str(target)), open_target(target):
        pass
    assert Path("/dev/null").is_char_device()


def test_standard_output_gets_everything_at_the_end(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with open_target(STDOUT) as file:
        file.write(b"isi")
        assert capfdbinary.readouterr().out == b""
    assert capfdbinary.readouterr().out == b"isi"
