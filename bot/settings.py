"""Reads the settings from LOKET_* environment variables and `.env`, and says in one line what is wrong with them."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from conversation.errors import SettingsError

TELEGRAM_API = "https://api.telegram.org"


class Settings(BaseSettings):
    """All settings; `.env.example` describes them."""

    model_config = SettingsConfigDict(
        env_prefix="LOKET_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///loket.db"
    redis_url: str = ""
    telegram_token: str = ""
    telegram_api_url: str = TELEGRAM_API
    staff_chat_id: str = ""
    telegram_webhook_url: str = ""
    telegram_webhook_secret: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    office: Path | None = None
    secret_key: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"
    clock_start: AwareDatetime | None = None
    clock_speed: float = Field(default=1.0, gt=0)

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _either_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("staff_chat_id")
    @classmethod
    def _whole_number(cls, value: str) -> str:
        if value and not re.fullmatch(r"-?\d+", value):
            raise ValueError("must be the group's number, such as -1001234567890")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _allowed_secret(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
            raise ValueError("must be 1 to 256 letters, digits, _ or - (Bot API setWebhook)")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError("LOKET_TELEGRAM_WEBHOOK_SECRET is needed with LOKET_TELEGRAM_WEBHOOK_URL")
        if self.telegram_webhook_url and not self.telegram_webhook_url.startswith(("http://", "https://")):
            raise ValueError("LOKET_TELEGRAM_WEBHOOK_URL must be an http or https address")
        if self.moves_clock and self.telegram_api_url.rstrip("/") == TELEGRAM_API:
            raise ValueError(
                "LOKET_CLOCK_START and LOKET_CLOCK_SPEED are for trying and testing; not with Telegram's own API"
            )
        return self

    @property
    def moves_clock(self) -> bool:
        return self.clock_start is not None or self.clock_speed != 1.0

    def require(self, *names: str) -> Settings:
        """Raises SettingsError naming those of the settings (field names) that are missing."""
        missing = [f"LOKET_{name.upper()}" for name in names if not getattr(self, name)]
        if missing:
            raise SettingsError(f"missing setting{'s' if len(missing) > 1 else ''}: {', '.join(missing)}")
        return self


def read_settings(**overrides: str | int | float | datetime | Path) -> Settings:
    """The settings of this environment; raises SettingsError, one line, without quoting values."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = []
        for item in error.errors(include_input=False, include_url=False, include_context=False):
            name = f"LOKET_{str(item['loc'][0]).upper()}: " if item["loc"] else ""
            problems.append(name + item["msg"].removeprefix("Value error, "))
        raise SettingsError("; ".join(problems)) from None
