"""Settings and usage: whatever is wrong is said in one line that names it, and the exit code is 2."""

from __future__ import annotations

import socket
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.settings import Settings
from sandbox.faults import Fault
from sandbox.server import Sandbox
from tests.process.program import ROOT, Program

WRONG: list[tuple[str, dict[str, str | None], str]] = [
    ("no-token", {"telegram_token": None}, "LOKET_TELEGRAM_TOKEN"),
    ("empty-token", {"telegram_token": ""}, "LOKET_TELEGRAM_TOKEN"),
    ("no-group", {"staff_chat_id": None}, "LOKET_STAFF_CHAT_ID"),
    ("group-no-number", {"staff_chat_id": "petugas"}, "LOKET_STAFF_CHAT_ID"),
    ("no-key", {"secret_key": None}, "LOKET_SECRET_KEY"),
    ("webhook-no-secret", {"telegram_webhook_url": "https://loket.example"}, "LOKET_TELEGRAM_WEBHOOK_SECRET"),
    ("webhook-odd-secret", {"telegram_webhook_secret": "dua kata"}, "LOKET_TELEGRAM_WEBHOOK_SECRET"),
    (
        "webhook-no-address",
        {"telegram_webhook_url": "loket.example", "telegram_webhook_secret": "x"},
        "LOKET_TELEGRAM_WEBHOOK_URL",
    ),
    ("port-too-high", {"http_port": "99999"}, "LOKET_HTTP_PORT"),
    ("port-no-number", {"http_port": "delapan"}, "LOKET_HTTP_PORT"),
    ("log-level", {"log_level": "berisik"}, "LOKET_LOG_LEVEL"),
    ("log-format", {"log_format": "xml"}, "LOKET_LOG_FORMAT"),
    ("clock-no-time", {"clock_start": "kemarin"}, "LOKET_CLOCK_START"),
    ("clock-no-zone", {"clock_start": "2026-01-02T08:00:00"}, "LOKET_CLOCK_START"),
    ("clock-stands", {"clock_speed": "0"}, "LOKET_CLOCK_SPEED"),
    (
        "clock-at-telegram",
        {"clock_start": "2026-01-02T08:00:00Z", "telegram_api_url": None},
        "LOKET_CLOCK_START",
    ),
    ("speed-at-telegram", {"clock_speed": "60", "telegram_api_url": None}, "LOKET_CLOCK_SPEED"),
]
#: Found only once the Telegram client is loaded, which takes some seconds.
WRONG_LATER: list[tuple[str, dict[str, str | None], str]] = [
    ("key-too-short", {"secret_key": "YWJj"}, "LOKET_SECRET_KEY"),
    ("token-no-token", {"telegram_token": "rahasia"}, "LOKET_TELEGRAM_TOKEN"),
    ("wrong-token", {"telegram_token": "700000001:salah-sama-sekali"}, "LOKET_TELEGRAM_TOKEN"),
    ("api-no-address", {"telegram_api_url": "ftp://127.0.0.1"}, "LOKET_TELEGRAM_API_URL"),
    ("api-unreachable", {"telegram_api_url": "http://127.0.0.1:9"}, "LOKET_TELEGRAM_API_URL"),
    ("no-database-url", {"database_url": "loket.db"}, "LOKET_DATABASE_URL"),
    ("other-database", {"database_url": "mysql://kantor/loket"}, "LOKET_DATABASE_URL"),
    ("database-port", {"database_url": "postgresql://u@127.0.0.1:port/x"}, "LOKET_DATABASE_URL"),
    ("database-away", {"database_url": "postgresql://u:geheim@127.0.0.1:9/x"}, "LOKET_DATABASE_URL"),
    ("no-directory", {"database_url": "sqlite:////tidak/ada/loket.db"}, "LOKET_DATABASE_URL"),
    ("no-database", {"database_url": "sqlite:///office.yaml"}, "LOKET_DATABASE_URL"),
    ("office-missing", {"office": "tidak-ada.yaml"}, "LOKET_OFFICE"),
    ("office-no-yaml", {"office": "rusak.yaml"}, "LOKET_OFFICE"),
    ("office-incomplete", {"office": "office.yaml"}, "LOKET_OFFICE"),
    ("office-directory", {"office": "."}, "LOKET_OFFICE"),
]
LATER = [pytest.param(changed, named, id=name, marks=pytest.mark.slow) for name, changed, named in WRONG_LATER]


@pytest.mark.parametrize(
    ("changed", "named"), [*(pytest.param(changed, named, id=name) for name, changed, named in WRONG), *LATER]
)
async def test_a_wrong_setting_is_named(program: Program, changed: dict[str, str | None], named: str) -> None:
    (program.home / "office.yaml").write_text("name: Kantor yang belum lengkap\n" * 40)
    (program.home / "rusak.yaml").write_text("name: [\n")
    refused = await program.run("serve", **changed)
    assert refused.code == 2
    assert named in refused.complaint
    assert refused.out == ""
    for value in filter(None, (changed.get("secret_key"), changed.get("telegram_token"))):
        assert value not in refused.err
    assert "geheim" not in refused.err


@pytest.mark.slow
async def test_a_taken_port_is_named(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = await program.run("serve", http_port=str(taken.getsockname()[1]), log_level="warning")
    assert refused.code == 2
    assert "LOKET_HTTP_PORT" in refused.complaint


@pytest.mark.slow
async def test_a_refused_webhook_is_told(sandbox: Sandbox, program: Program) -> None:
    sandbox.faults.add(
        Fault(method="setWebhook", status=400, description="bad webhook: IP address 127.0.0.1 is reserved")
    )
    address = {"telegram_webhook_url": "https://loket.example", "telegram_webhook_secret": "x"}
    refused = await program.run("serve", log_level="warning", **address)
    assert refused.code == 2
    assert "setWebhook" in refused.complaint


USAGE = [["tidak-ada"], ["serve", "--tidak-ada"], ["serve", "lebih"], ["staff", "add"], ["knowledge", "ask"]]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
async def test_wrong_usage_is_told_in_one_line(program: Program, arguments: list[str]) -> None:
    refused = await program.run(*arguments)
    assert refused.code == 2
    assert refused.complaint.startswith("loket: ")


async def test_without_a_command_it_shows_what_there_is(program: Program) -> None:
    shown = await program.run()
    assert shown.code == 2
    assert shown.err.startswith("Usage: ")
    assert all(command in shown.err for command in ("run", "serve", "knowledge", "office", "staff", "export", "ledger"))


async def test_tells_its_version(program: Program) -> None:
    told = await program.run("--version")
    assert (told.code, told.out, told.err) == (0, f"loket {version('loket')}\n", "")


async def test_reads_settings_from_a_file(program: Program) -> None:
    (program.home / ".env").write_text("LOKET_STAFF_CHAT_ID=petugas\n")
    refused = await program.run("serve", staff_chat_id=None)
    assert "LOKET_STAFF_CHAT_ID" in refused.complaint


def test_the_example_lists_exactly_the_settings() -> None:
    lines = Path(ROOT / ".env.example").read_text("utf-8").splitlines()
    listed = [line.lstrip("#").partition("=")[0] for line in lines if line.lstrip("#").startswith("LOKET_")]
    assert listed == [f"LOKET_{name.upper()}" for name in Settings.model_fields]


def test_the_example_shows_the_defaults() -> None:
    settings = Settings(_env_file=ROOT / ".env.example")
    assert settings.database_url == Settings.model_fields["database_url"].default
    assert not settings.telegram_token
    assert not settings.secret_key
