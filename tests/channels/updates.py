"""Raw Telegram updates as the Bot API sends them, for tests to vary."""

from __future__ import annotations

from typing import Any

Raw = dict[str, Any]

BOT_ID = 7000000001
AT = 1_790_000_000
STAFF_CHAT = -1002233445566

RESIDENT: Raw = {
    "id": 51234567,
    "is_bot": False,
    "first_name": "Novita",
    "last_name": "Sari",
    "username": "novitasari",
    "language_code": "id",
}
OFFICER: Raw = {"id": 61234567, "is_bot": False, "first_name": "Rina"}
BOT: Raw = {"id": BOT_ID, "is_bot": True, "first_name": "Loket", "username": "loket_bot"}
PRIVATE: Raw = {"id": 51234567, "type": "private", "first_name": "Novita", "last_name": "Sari"}
GROUP: Raw = {"id": STAFF_CHAT, "type": "supergroup", "title": "FO Disdukcapil", "is_forum": True}


def file_of(name: str, **more: Any) -> Raw:
    return {"file_id": f"id-{name}", "file_unique_id": f"u-{name}", **more}


def size(name: str, width: int, height: int) -> Raw:
    return file_of(name, width=width, height=height)


def private_message(**fields: Any) -> Raw:
    """A resident's message in their own chat."""
    return {"message_id": 42, "from": RESIDENT, "chat": PRIVATE, "date": AT, **fields}


def topic_message(**fields: Any) -> Raw:
    """An officer's message in a topic, with the reply to the topic's beginning that Telegram adds by itself."""
    beginning = {
        "message_id": 900,
        "from": BOT,
        "chat": GROUP,
        "date": AT - 60,
        "message_thread_id": 900,
        "is_topic_message": True,
        "forum_topic_created": {"name": "PKU-2026-000123", "icon_color": 7322096},
    }
    return {
        "message_id": 950,
        "from": OFFICER,
        "chat": GROUP,
        "date": AT,
        "message_thread_id": 900,
        "is_topic_message": True,
        "reply_to_message": beginning,
        **fields,
    }


def update(update_id: int = 100, **content: Any) -> Raw:
    return {"update_id": update_id, **content}


def press(message: Raw | None, **fields: Any) -> Raw:
    query = {"id": "4382bfdwdsb323b2d9", "from": OFFICER, "chat_instance": "-38", "data": "take:123", **fields}
    return update(callback_query=query if message is None else {**query, "message": message})


def membership(chat: Raw, old: str, new: str) -> Raw:
    change = {
        "chat": chat,
        "from": RESIDENT,
        "date": AT,
        "old_chat_member": {"user": BOT, "status": old},
        "new_chat_member": {"user": BOT, "status": new, "until_date": 0},
    }
    return update(my_chat_member=change)


def reaction(*reactions: Raw, **fields: Any) -> Raw:
    change = {"chat": PRIVATE, "message_id": 41, "date": AT, "user": RESIDENT, "old_reaction": [], **fields}
    return update(message_reaction={**change, "new_reaction": list(reactions)})


PHOTO: Raw = private_message(
    caption="Ini KK saya",
    media_group_id="13579",
    photo=[size("small", 90, 51), size("large", 1280, 720), size("middle", 320, 180)],
)
REPLY: Raw = private_message(
    text="yang ini", reply_to_message={"message_id": 40, "from": BOT, "chat": PRIVATE, "date": AT - 5, "text": "Apa?"}
)
TOPIC_REPLY: Raw = topic_message(
    text="Silakan datang",
    reply_to_message={
        "message_id": 940,
        "from": BOT,
        "chat": GROUP,
        "date": AT - 9,
        "message_thread_id": 900,
        "is_topic_message": True,
        "text": "Berkas saya kapan jadi?",
    },
)

#: One of every shape, to be mangled.
SAMPLES: tuple[Raw, ...] = (
    update(message=private_message(text="Syarat akta kelahiran?")),
    update(message=PHOTO),
    update(message=REPLY),
    update(message=TOPIC_REPLY),
    update(message=private_message(location={"latitude": 0.5071, "longitude": 101.4478})),
    update(message=private_message(contact={"phone_number": "+6281", "first_name": "N", "user_id": RESIDENT["id"]})),
    update(
        message=private_message(
            sticker=file_of("s", type="regular", width=5, height=5, is_animated=False, is_video=False, emoji="👍")
        )
    ),
    update(message=private_message(migrate_to_chat_id=-1009)),
    update(edited_message=private_message(text="ralat", edit_date=AT + 30)),
    update(channel_post={"message_id": 3, "chat": {"id": -1007, "type": "channel", "title": "Kanal"}, "date": AT}),
    press(topic_message(text="kartu")),
    membership(PRIVATE, "member", "kicked"),
    reaction({"type": "emoji", "emoji": "👍"}),
    update(poll={"id": "1", "question": "?"}),
)
