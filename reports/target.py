"""Where a report is written: a file that appears only when it is complete, or standard output."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from conversation.errors import SettingsError

#: The name that stands for standard output.
STDOUT = Path("-")


@contextmanager
def open_target(target: Path) -> Iterator[BinaryIO]:
    """A file to write to, readable by its owner only; what is written shows at `target` when the block has ended well.

    If the block raises, the target is as it was. Raises SettingsError, one line, if it cannot be written;
    BrokenPipeError, if whoever reads standard output has enough, is the caller's.
    """
    try:
        with _at_stdout() if target == STDOUT else _in_place_of(target) as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        name = "standard output" if target == STDOUT else target
        raise SettingsError(f"{name}: cannot be written ({error.strerror or error})") from None


@contextmanager
def _at_stdout() -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        yield cast("BinaryIO", file)
        file.seek(0)
        shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()


@contextmanager
def _in_place_of(target: Path) -> Iterator[BinaryIO]:
    if target.exists() and not target.is_file():
        raise SettingsError(f"{target}: is not a file (for standard output: -o -)")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
