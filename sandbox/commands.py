"""The bot's command menus by scope and language (Bot API: "Bot commands")."""

import re

from sandbox.errors import bad_request
from sandbox.wire import Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}|")
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256


class Commands:
    """Menus as set; which one a person is shown is the app's matter."""

    def __init__(self) -> None:
        self.menus: dict[str, list[Json]] = {}

    def set(self, commands: list[Json], scope: Json | None, language: str) -> None:
        """Replaces one menu; raises ApiError 400 for names, descriptions and numbers Telegram refuses."""
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        cleaned = []
        for item in commands:
            name = item["command"].removeprefix("/")
            if not _COMMAND.fullmatch(name):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(item["description"].strip()) <= MAX_DESCRIPTION:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
            cleaned.append({"command": name, "description": item["description"].strip()})
        self.menus[menu_key(scope, language)] = cleaned

    def get(self, scope: Json | None, language: str) -> list[Json]:
        return self.menus.get(menu_key(scope, language), [])

    def delete(self, scope: Json | None, language: str) -> None:
        self.menus.pop(menu_key(scope, language), None)


def menu_key(scope: Json | None, language: str) -> str:
    """One menu's name, such as `chat_member/-100123/42/id`; raises ApiError 400 for a malformed language."""
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("BOT_COMMAND_LANGCODE_INVALID")
    scope = scope or {"type": "default"}
    parts = [str(scope[field]) for field in ("type", "chat_id", "user_id") if field in scope]
    return "/".join([*parts, language])
