"""Acts of people by name, with JSON parameters: the sandbox's Python API for the page and other processes."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sandbox.compose import Attachment
from sandbox.files import Upload
from sandbox.person import Person, Place
from sandbox.state import BOT_RIGHTS, Member
from sandbox.wire import Json

if TYPE_CHECKING:
    from sandbox.server import Sandbox

Uploads = dict[str, Upload]
Act = Callable[["Sandbox", Json, Uploads], Awaitable[Any]]


def _person(sandbox: "Sandbox", given: Json) -> Person:
    """Who acts: the parameter `user`."""
    return sandbox.person(int(given["user"]))


def _number(given: Json, name: str) -> int | None:
    value = given.get(name)
    return None if value in {None, ""} else int(value)


def _flag(given: Json, name: str) -> bool:
    return given.get(name) in {True, "true", "1"}


def _place(given: Json) -> Place:
    return Place(_number(given, "chat"), _number(given, "topic"), _number(given, "reply_to"), _flag(given, "anonymous"))


async def add_user(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`first_name`, optional `user_id`, `last_name`, `username`, `language_code`."""
    return sandbox.add_user(**given).user.wire()


async def add_group(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`title`, optional `chat_id`, `kind`, `members`, `admins`, `owner`, `bot_rights` (list; [] = plain member)."""
    rights = given.pop("bot_rights", None)
    bot = None if rights is None else _bot_standing(rights)
    return sandbox.world.chat_wire(sandbox.add_group(**given, bot=bot))


def _bot_standing(rights: list[str]) -> Member:
    return Member("administrator", frozenset(rights)) if rights else Member("member")


async def send_text(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`user`, `text`, optional place: `chat`, `topic`, `reply_to`, `anonymous`."""
    return _person(sandbox, given).send_text(given["text"], _place(given))


async def send_file(sandbox: "Sandbox", given: Json, uploads: Uploads) -> Json:
    """`user`, `kind`, the file as `file`, optional `caption`, `spoiler`, `duration` and place."""
    return _person(sandbox, given).send_file(
        given["kind"],
        uploads["file"],
        _place(given),
        caption=given.get("caption", ""),
        spoiler=_flag(given, "spoiler"),
        duration=int(given.get("duration", 1)),
    )


async def send_album(sandbox: "Sandbox", given: Json, uploads: Uploads) -> list[Json]:
    """`user`, `kind`, files under any names, optional `caption` (on the first), `spoiler` and place."""
    items = [
        Attachment(given["kind"], upload, "" if number else given.get("caption", ""), _flag(given, "spoiler"))
        for number, upload in enumerate(uploads.values())
    ]
    return _person(sandbox, given).send_album(items, _place(given))


async def send_location(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`user`, `latitude`, `longitude` and place."""
    return _person(sandbox, given).send_location(float(given["latitude"]), float(given["longitude"]), _place(given))


async def send_contact(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`user`, `phone_number`, `first_name`, optional `contact_user_id` and place."""
    return _person(sandbox, given).send_contact(
        given["phone_number"],
        given["first_name"],
        _place(given),
        contact_user_id=_number(given, "contact_user_id"),
    )


async def press_contact_button(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`user`, `phone_number`."""
    return _person(sandbox, given).press_contact_button(given["phone_number"])


async def edit_text(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`user`, `message_id`, `text`, optional `chat`."""
    return _person(sandbox, given).edit_text(int(given["message_id"]), given["text"], chat=_number(given, "chat"))


async def delete_message(sandbox: "Sandbox", given: Json, _: Uploads) -> None:
    """`user`, `message_id`, optional `chat`."""
    _person(sandbox, given).delete(int(given["message_id"]), chat=_number(given, "chat"))


async def press(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`user`, `message_id`, `label` or `data`, optional `chat`, `timeout_s`: the toast or alert."""
    answer = await _person(sandbox, given).press(
        int(given["message_id"]),
        given.get("label"),
        data=given.get("data"),
        chat=_number(given, "chat"),
        timeout_s=float(given.get("timeout_s", 10)),
    )
    return asdict(answer)


async def react(sandbox: "Sandbox", given: Json, _: Uploads) -> None:
    """`user`, `message_id`, `emoji` (null takes it off), optional `chat`."""
    _person(sandbox, given).react(int(given["message_id"]), given.get("emoji"), chat=_number(given, "chat"))


async def block_bot(sandbox: "Sandbox", given: Json, _: Uploads) -> None:
    """`user`."""
    _person(sandbox, given).block_bot()


async def unblock_bot(sandbox: "Sandbox", given: Json, _: Uploads) -> None:
    """`user`."""
    _person(sandbox, given).unblock_bot()


async def change_topic(sandbox: "Sandbox", given: Json, _: Uploads) -> Json | None:
    """`user`, `chat`, `change` (create with `name`; close, reopen, delete with `topic`)."""
    person, chat = _person(sandbox, given), int(given["chat"])
    if given["change"] == "create":
        return asdict(person.create_topic(chat, given["name"]))
    changes = {"close": person.close_topic, "reopen": person.reopen_topic, "delete": person.delete_topic}
    changes[given["change"]](chat, int(given["topic"]))
    return None


async def join_group(sandbox: "Sandbox", given: Json, _: Uploads) -> None:
    """`user`, `chat`, optional `admin`."""
    sandbox.join(int(given["chat"]), int(given["user"]), admin=_flag(given, "admin"))


async def change_bot(sandbox: "Sandbox", given: Json, _: Uploads) -> None:
    """`chat`, `change` (kick, add, rights with a list `rights`)."""
    chat = int(given["chat"])
    match given["change"]:
        case "kick":
            sandbox.kick_bot(chat)
        case "add":
            sandbox.add_bot(chat, _bot_standing(given.get("rights", sorted(BOT_RIGHTS))))
        case "rights":
            sandbox.set_standing(chat, sandbox.world.bot.id, _bot_standing(given["rights"]))
        case other:
            raise ValueError(f"change must be kick, add or rights, not {other!r}")


async def migrate_group(sandbox: "Sandbox", given: Json, _: Uploads) -> Json:
    """`chat`, optional `new_id`: the new chat."""
    return sandbox.world.chat_wire(sandbox.migrate_group(int(given["chat"]), _number(given, "new_id")))


_ACTS: tuple[Act, ...] = (
    add_user,
    add_group,
    send_text,
    send_file,
    send_album,
    send_location,
    send_contact,
    press_contact_button,
    edit_text,
    delete_message,
    press,
    react,
    block_bot,
    unblock_bot,
    change_topic,
    join_group,
    change_bot,
    migrate_group,
)
#: Acts by their name in the address: /sandbox/do/send_text.
ACTS: dict[str, Act] = {act.__name__: act for act in _ACTS}
