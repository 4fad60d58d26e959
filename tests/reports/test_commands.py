"""`loket export` and `loket ledger`, as an administrator calls them."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.cli import main
from conversation.errors import CheckFailed
from conversation.people import Author
from escalation.events import Event, EventKind
from storage.tables import ledger
from tests.reports.registry import MONDAY, SECRET_KEY, Registry


@pytest.fixture
def office(registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Registry:
    """A registry with one whole case, and the settings that lead to it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOKET_DATABASE_URL", registry.url)
    monkeypatch.setenv("LOKET_SECRET_KEY", SECRET_KEY)
    conversation = registry.resident("=Budi", "budi")
    registry.whole_course(conversation)
    with registry.work() as uow:
        uow.messages.add(conversation, Author.RESIDENT, "NIK 1471990101010001", MONDAY)
    return registry


class Calls:
    """Calls `loket` and tells exit code, output and complaint."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self._monkeypatch, self._captured = monkeypatch, capfdbinary

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["loket", *arguments])
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        out, err = self._captured.readouterr()
        return code, out.decode(), err.decode()


@pytest.fixture
def loket(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Calls:
    return Calls(monkeypatch, capfdbinary)


def exported(registry: Registry) -> list[Event]:
    with registry.engine.connect() as connection:
        entries = connection.execute(select(ledger.c.entry).order_by(ledger.c.seq)).scalars()
        events = [Event.from_entry(json.loads(entry)) for entry in entries]
    return [event for event in events if event.kind is EventKind.EXPORTED]


@pytest.mark.parametrize(("what", "rows"), [("cases", 1), ("handovers", 3), ("messages", 3), ("residents", 1)])
def test_an_export_is_a_file_and_a_ledger_event(office: Registry, loket: Calls, what: str, rows: int) -> None:
    target = Path("keluar.csv")
    code, out, err = loket("export", what, "--format", "csv", "-o", str(target))
    assert (code, err) == (0, "")
    assert out == f"keluar.csv: {rows} row{'s' * (rows > 1)}\n"
    headings, *lines = csv.reader(io.StringIO(target.read_text("utf-8-sig"), newline=""))
    assert len(lines) == rows
    assert any("(WIB)" in heading for heading in headings)
    assert not any(cell.startswith("=") or "1471990101010001" in cell for line in lines for cell in line)
    (event,) = exported(office)
    assert event.data == {"what": what, "format": "csv", "period": "../..", "rows": rows}
    assert (event.officer, event.case) == (None, None)


def test_an_export_to_standard_output_is_the_file_alone(office: Registry, loket: Calls) -> None:
    code, out, _ = loket("export", "cases", "-o", "-", "--from", "2026-01-05", "--to", "2026-01-05")
    assert code == 0
    assert out.startswith("\ufeffNomor,Jenis,")
    assert "'=Budi" in out
    assert exported(office)[0].data["period"] == "2026-01-05/2026-01-05"


def test_nothing_shows_that_the_ledger_does_not_tell(
    office: Registry, loket: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CheckFailed("the ledger cannot be written")

    monkeypatch.setattr("storage.ledger.Ledger.append", fail)
    assert loket("export", "cases", "-o", "keluar.csv") == (1, "", "loket: the ledger cannot be written\n")
    assert loket("export", "cases", "-o", "-") == (1, "", "loket: the ledger cannot be written\n")
    assert not list(Path().glob("*keluar.csv*"))
    assert not exported(office)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("cases", "--format", "pdf", "-o", "x"), "loket: --format pdf: exports can be written as csv"),
        (
            ("cases", "--from", "2026-02-01", "--to", "2026-01-01", "-o", "x"),
            "loket: --to 2026-01-01 lies before --from",
        ),
        (("cases", "--from", "kemarin", "-o", "x"), "loket: Invalid value for '--from'"),
        (("cases",), "loket: Missing option"),
        (("cases", "-o", "tidak-ada/x.csv"), "loket: tidak-ada/x.csv: cannot be written"),
    ],
)
def test_wrong_usage_is_told_in_one_line(
    office: Registry, loket: Calls, arguments: tuple[str, ...], complaint: str
) -> None:
    code, out, err = loket("export", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(complaint)
    assert err.count("\n") == 1
    assert not exported(office)
    assert not Path("x").exists()


def test_a_ledger_that_holds_is_told_with_its_head(office: Registry, loket: Calls) -> None:
    code, anchor, _ = loket("ledger", "anchor")
    assert code == 0
    code, out, _ = loket("ledger", "verify")
    assert code == 0
    assert out == f"the ledger holds: 10 entries, head {anchor.split(' ')[2]}\n"


def test_anchors_are_added_to_their_file_and_checked(office: Registry, loket: Calls) -> None:
    assert loket("ledger", "anchor", "-o", "jangkar")[0] == 0
    assert loket("export", "cases", "-o", "kasus.csv")[0] == 0
    assert loket("ledger", "anchor", "-o", "jangkar")[0] == 0
    assert len(Path("jangkar").read_text().splitlines()) == 2
    assert loket("ledger", "verify", "--anchor", "jangkar")[0] == 0
    Path("jangkar").write_text("bukan jangkar\n")
    code, _, err = loket("ledger", "verify", "--anchor", "jangkar")
    assert (code, err.count("\n")) == (1, 1)
    assert "line 1: anchor" in err


def test_a_ledger_that_does_not_hold_is_one_line_and_exit_code_1(office: Registry, loket: Calls) -> None:
    with office.engine.connect() as connection, connection.begin():
        connection.execute(update(ledger).where(ledger.c.seq == 3).values(entry="{}"))
    code, out, err = loket("ledger", "verify")
    assert (code, out) == (1, "")
    assert err == "loket: ledger: entry 3: the entry was changed or moved\n"


def test_an_anchor_file_that_is_not_there_is_wrong_usage(office: Registry, loket: Calls) -> None:
    assert loket("ledger", "verify", "--anchor", "tidak-ada")[::2] == (2, "loket: tidak-ada: cannot be read\n")
