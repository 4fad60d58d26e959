"""Start-up: learns who the bot is, whether the staff group is fit for its work, and publishes the command menus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from channels.telegram.client import call_raw
from channels.telegram.failures import unreadable
from conversation.errors import DeliveryError, Undeliverable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiogram import Bot

RESIDENT_COMMANDS: Final[Mapping[str, str]] = {
    "start": "Mulai bertanya",
    "bantuan": "Cara memakai layanan ini",
    "petugas": "Berbicara dengan petugas",
    "status": "Perkembangan permohonan Anda",
}
STAFF_COMMANDS: Final[Mapping[str, str]] = {
    "antrean": "Permohonan yang belum diambil",
    "ambil": "Mengambil permohonan berikutnya",
    "kasus": "Melihat satu permohonan",
    "kartu": "Kartu kendali permohonan",
    "balas": "Membalas warga",
    "bantuan": "Cara bekerja dengan bot",
}


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """The bot's own account; `sees_all` is off while privacy mode hides group messages from it."""

    id: int
    username: str
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What the staff group lacks: `log` in English for the log, `notice` in Indonesian for the administrators."""

    log: str
    notice: str


@dataclass(frozen=True, slots=True)
class StaffChat:
    """The staff group as Telegram has it, and what is in the way of working in it (nothing, when all is well)."""

    chat: str
    title: str
    is_forum: bool
    problems: tuple[Problem, ...]


_UNREACHABLE: Final = Problem(
    "the staff group cannot be opened: the bot is not a member of it, or LOKET_STAFF_CHAT_ID is wrong",
    "Grup petugas tidak dapat dibuka. Tambahkan bot ke grup, lalu periksa nomor grup pada LOKET_STAFF_CHAT_ID.",
)
_NOT_A_GROUP: Final = Problem(
    "the staff chat is not a group",
    "LOKET_STAFF_CHAT_ID bukan nomor sebuah grup. Isilah dengan nomor grup petugas.",
)
_NO_TOPICS: Final = Problem(
    "the staff group has no topics: all cases share one stream, officers answer with /balas or the button only",
    "Grup petugas belum memakai topik, jadi semua permohonan bercampur dalam satu percakapan. "
    "Aktifkan Topik di pengaturan grup.",
)
_NOT_ADMIN: Final = Problem(
    "the bot is not an administrator of the staff group",
    "Bot belum menjadi admin grup petugas. Jadikan bot sebagai admin.",
)
_NO_TOPIC_RIGHT: Final = Problem(
    "the bot may not manage topics in the staff group (can_manage_topics)",
    "Bot belum boleh mengelola topik. Berikan izin Kelola Topik kepada bot di pengaturan admin grup.",
)
_BLIND: Final = Problem(
    "privacy mode hides the staff group's messages from the bot, as it is no administrator there",
    "Bot belum dapat membaca pesan di grup petugas. Jadikan bot sebagai admin, "
    "atau matikan Group Privacy melalui @BotFather.",
)
_NOT_IN_GROUP: Final = frozenset({"left", "kicked"})


async def introduce(bot: Bot) -> BotIdentity:
    """Who the token belongs to (Bot API: getMe); raises TryLater, with a clear message for a wrong token."""
    me = _object(await call_raw(bot, "getMe"), "getMe")
    if not isinstance(me.get("id"), int):
        raise unreadable("getMe")
    return BotIdentity(me["id"], str(me.get("username") or ""), sees_all=me.get("can_read_all_group_messages") is True)


async def inspect_staff_chat(bot: Bot, chat: str) -> StaffChat:
    """The staff group and what it lacks (Bot API: getChat, getChatMember).

    A group that cannot be opened is a problem to report, not an error; raises TryLater and ChatMoved only.
    """
    identity = await introduce(bot)
    try:
        group = _object(await call_raw(bot, "getChat", {"chat_id": _chat_id(chat)}), "getChat")
        parameters = {"chat_id": _chat_id(chat), "user_id": identity.id}
        member = _object(await call_raw(bot, "getChatMember", parameters), "getChatMember")
    except Undeliverable:
        return StaffChat(chat, "", is_forum=False, problems=(_UNREACHABLE,))
    is_forum = group.get("is_forum") is True
    problems = _problems(group, member, identity, is_forum=is_forum)
    return StaffChat(chat, str(group.get("title") or ""), is_forum, problems)


async def publish_commands(bot: Bot, staff_chat: str | None) -> tuple[str, ...]:
    """Publishes both menus, hints and no authorisation (Bot API: setMyCommands); returns what failed, for the log.

    The office works without menus, so nothing is raised.
    """
    menus: list[tuple[str, dict[str, object], Mapping[str, str]]]
    menus = [("private chats", {"type": "all_private_chats"}, RESIDENT_COMMANDS)]
    if staff_chat is not None:
        menus.append(("the staff group", {"type": "chat", "chat_id": _chat_id(staff_chat)}, STAFF_COMMANDS))
    failed = []
    for name, scope, commands in menus:
        listed = [{"command": command, "description": text} for command, text in commands.items()]
        try:
            await call_raw(bot, "setMyCommands", {"commands": listed, "scope": scope})
        except DeliveryError as error:
            failed.append(f"the command menu of {name} was not published: {error}")
    return tuple(failed)


def _problems(
    group: Mapping[str, Any], member: Mapping[str, Any], identity: BotIdentity, *, is_forum: bool
) -> tuple[Problem, ...]:
    if group.get("type") not in ("group", "supergroup"):
        return (_NOT_A_GROUP,)
    status = member.get("status")
    if status in _NOT_IN_GROUP:
        return (_UNREACHABLE,)
    is_admin = status in ("administrator", "creator")
    found = [] if is_forum else [_NO_TOPICS]
    if not is_admin:
        found.append(_NOT_ADMIN)
        if not identity.sees_all:
            found.append(_BLIND)
    elif is_forum and status == "administrator" and member.get("can_manage_topics") is not True:
        found.append(_NO_TOPIC_RIGHT)
    return tuple(found)


def _chat_id(chat: str) -> int | str:
    return int(chat) if chat.lstrip("-").isdecimal() else chat


def _object(result: object, method: str) -> dict[str, Any]:
    if not isinstance(result, dict):
        raise unreadable(method)
    return result
