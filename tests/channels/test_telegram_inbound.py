"""Raw updates and what they mean, table by table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels.telegram.content import DESCRIPTIONS, OTHER_CONTENT, SERVICE_EVENTS
from channels.telegram.inbound import NO_TIME, read_update
from conversation.inbound import (
    ChatKind,
    Contact,
    File,
    FileKind,
    Inbound,
    InboundKind,
    Location,
    Press,
    ReplyTo,
    Sender,
)
from tests.channels.updates import (
    AT,
    BOT_ID,
    GROUP,
    OFFICER,
    PHOTO,
    PRIVATE,
    REPLY,
    RESIDENT,
    STAFF_CHAT,
    TOPIC_REPLY,
    Raw,
    file_of,
    membership,
    press,
    private_message,
    reaction,
    topic_message,
    update,
)

SENT_AT = datetime.fromtimestamp(AT, UTC)
NOVITA = Sender("51234567", "Novita Sari", "novitasari", "id")


def read_message(message: Raw) -> Inbound:
    return read_update(update(message=message), BOT_ID)


def test_private_text() -> None:
    assert read_message(private_message(text="Syarat akta kelahiran?")) == Inbound(
        key=f"telegram:{BOT_ID}:100",
        channel="telegram",
        kind=InboundKind.MESSAGE,
        chat="51234567",
        chat_kind=ChatKind.PRIVATE,
        sender=NOVITA,
        sent_at=SENT_AT,
        message_id=42,
        text="Syarat akta kelahiran?",
    )


def test_edit_is_dated_when_it_was_made() -> None:
    edit = read_update(update(edited_message=private_message(text="ralat", edit_date=AT + 30)), BOT_ID)
    assert (edit.kind, edit.text, edit.sent_at) == (InboundKind.EDIT, "ralat", SENT_AT + timedelta(seconds=30))


def test_photo_in_its_largest_size_with_caption_and_album() -> None:
    photo = read_message(PHOTO)
    assert photo.file == File(FileKind.PHOTO, "id-large")
    assert (photo.text, photo.album) == ("Ini KK saya", "13579")


@pytest.mark.parametrize(
    ("content", "file"),
    [
        ({"document": file_of("d", file_name="kk.pdf")}, File(FileKind.DOCUMENT, "id-d", "kk.pdf")),
        ({"voice": file_of("v", duration=3)}, File(FileKind.VOICE, "id-v")),
        ({"audio": file_of("a", duration=3, title="Rekaman")}, File(FileKind.AUDIO, "id-a", "Rekaman")),
        ({"video": file_of("w", duration=3, width=1, height=1)}, File(FileKind.VIDEO, "id-w")),
        ({"video_note": file_of("n", duration=3, length=1)}, File(FileKind.VIDEO_NOTE, "id-n")),
        (
            {"animation": file_of("g", duration=3, width=1, height=1), "document": file_of("g")},
            File(FileKind.ANIMATION, "id-g"),
        ),
    ],
)
def test_files(content: Raw, file: File) -> None:
    message = read_message(private_message(**content))
    assert (message.file, message.text) == (file, "")


def test_sticker_says_its_emoji() -> None:
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    sticker = read_message(private_message(sticker=file_of("s", **shape, emoji="🙏")))
    assert (sticker.text, sticker.file) == ("🙏", File(FileKind.STICKER, "id-s"))


def test_location_and_venue() -> None:
    point = {"latitude": 0.5071, "longitude": 101.4478}
    assert read_message(private_message(location=point)).location == Location(0.5071, 101.4478)
    venue = {"location": point, "title": "Mal Pelayanan Publik", "address": "Jl. Sudirman"}
    read = read_message(private_message(location=point, venue=venue))
    assert (read.location, read.text) == (Location(0.5071, 101.4478), "Mal Pelayanan Publik, Jl. Sudirman")


@pytest.mark.parametrize(
    ("user_id", "contact", "text"),
    [
        (RESIDENT["id"], Contact("+628127", own=True), ""),
        (99, Contact("+628127", own=False), "[kontak: Budi Santoso]"),
        (None, Contact("+628127", own=False), "[kontak: Budi Santoso]"),
    ],
)
def test_contact_is_own_only_from_its_owner(user_id: int | None, contact: Contact, text: str) -> None:
    card: Raw = {"phone_number": "+628127", "first_name": "Budi", "last_name": "Santoso"}
    if user_id is not None:
        card["user_id"] = user_id
    message = read_message(private_message(contact=card))
    assert (message.contact, message.text) == (contact, text)


@pytest.mark.parametrize(("name", "text"), [*DESCRIPTIONS.items(), ("hologram", OTHER_CONTENT)])
def test_what_cannot_be_carried_is_described(name: str, text: str) -> None:
    # The content itself is never looked into, so that Telegram may change its shape.
    message = read_message(private_message(**{name: {"shape": "unheard of"}}))
    assert (message.kind, message.text) == (InboundKind.MESSAGE, text)


def test_topic_message_replies_to_nothing_by_itself() -> None:
    message = read_message(topic_message(text="catatan"))
    assert (message.chat, message.chat_kind, message.thread) == (str(STAFF_CHAT), ChatKind.GROUP, 900)
    assert message.reply_to is None


def test_topic_beginning_is_no_reply_even_when_telegram_forgets_what_it_was() -> None:
    beginning = {"message_id": 900, "chat": GROUP, "date": AT}
    assert read_message(topic_message(text="catatan", reply_to_message=beginning)).reply_to is None


def test_the_service_message_that_opened_a_topic_is_never_replied_to() -> None:
    opened = {"message_id": 700, "chat": GROUP, "date": AT, "forum_topic_created": {"name": "x", "icon_color": 1}}
    assert read_message(topic_message(text="catatan", reply_to_message=opened)).reply_to is None


def test_explicit_replies() -> None:
    assert read_message(TOPIC_REPLY).reply_to == ReplyTo(940, by_this_bot=True)
    assert read_message(REPLY).reply_to == ReplyTo(40, by_this_bot=True)
    other = {"message_id": 930, "from": OFFICER, "chat": GROUP, "date": AT}
    assert read_message(topic_message(text="ya", reply_to_message=other)).reply_to == ReplyTo(930)


def test_reply_thread_in_a_group_without_topics_is_no_topic() -> None:
    first = {"message_id": 5, "from": OFFICER, "chat": GROUP, "date": AT}
    message = private_message(chat=GROUP, text="ya", message_thread_id=5, reply_to_message=first)
    read = read_message(message)
    assert (read.thread, read.reply_to) == (None, ReplyTo(5))


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (
            {
                "from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
                "sender_chat": GROUP,
            },
            Sender("1087968824", "Group", "GroupAnonymousBot", anonymous=True, is_bot=True),
        ),
        (
            {
                "from": {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
                "sender_chat": {"id": -1007, "type": "channel", "title": "Kanal Warga", "username": "kanal"},
            },
            Sender("-1007", "Kanal Warga", "kanal", anonymous=True),
        ),
        ({"from": OFFICER}, Sender("61234567", "Rina")),
    ],
)
def test_who_can_be_held_to_a_message(fields: Raw, sender: Sender) -> None:
    assert read_message(topic_message(text="x", **fields)).sender == sender


def test_press() -> None:
    pressed = read_update(press(topic_message(text="kartu")), BOT_ID)
    assert pressed.kind is InboundKind.PRESS
    assert pressed.press == Press("4382bfdwdsb323b2d9", "take:123")
    assert (pressed.chat, pressed.thread, pressed.message_id) == (str(STAFF_CHAT), 900, 950)
    assert (pressed.sender, pressed.text, pressed.reply_to) == (Sender("61234567", "Rina"), "", None)


def test_press_under_a_message_too_old_to_be_shown() -> None:
    pressed = read_update(press({"message_id": 12, "chat": PRIVATE, "date": 0}), BOT_ID)
    assert (pressed.kind, pressed.chat, pressed.message_id) == (InboundKind.PRESS, "51234567", 12)
    assert (pressed.thread, pressed.sent_at) == (None, NO_TIME)


def test_press_on_an_inline_mode_message_is_unknown() -> None:
    pressed = read_update(press(None, inline_message_id="abc"), BOT_ID)
    assert (pressed.kind, pressed.chat, pressed.chat_kind) == (InboundKind.UNKNOWN, "", ChatKind.OTHER)


@pytest.mark.parametrize(
    ("chat", "chat_kind", "status"),
    [
        (PRIVATE, ChatKind.PRIVATE, "kicked"),
        (PRIVATE, ChatKind.PRIVATE, "member"),
        (GROUP, ChatKind.GROUP, "administrator"),
    ],
)
def test_membership(chat: Raw, chat_kind: ChatKind, status: str) -> None:
    change = read_update(membership(chat, "left", status), BOT_ID)
    assert (change.kind, change.detail, change.chat_kind) == (InboundKind.MEMBERSHIP, status, chat_kind)
    assert change.sent_at == SENT_AT


def test_reaction_keeps_the_emoji_and_survives_new_kinds() -> None:
    thumbs, unheard = {"type": "emoji", "emoji": "👍"}, {"type": "hologram"}
    change = read_update(reaction(unheard, thumbs, {"type": "paid"}), BOT_ID)
    assert (change.kind, change.detail, change.message_id) == (InboundKind.REACTION, "👍", 41)
    anonymous = read_update(reaction(thumbs, user=None, actor_chat=GROUP), BOT_ID)
    assert anonymous.sender == Sender(str(STAFF_CHAT), "FO Disdukcapil", anonymous=True)


def test_group_migration() -> None:
    old = {"id": -4455, "type": "group", "title": "FO"}
    moved = read_message(private_message(chat=old, migrate_to_chat_id=STAFF_CHAT))
    assert (moved.kind, moved.chat, moved.detail) == (InboundKind.MIGRATED, "-4455", str(STAFF_CHAT))
    arrived = read_message(private_message(chat=GROUP, migrate_from_chat_id=-4455))
    assert (arrived.kind, arrived.detail) == (InboundKind.SERVICE, "migrate_from_chat_id")


@pytest.mark.parametrize("event", sorted(SERVICE_EVENTS))
def test_service_events_are_no_messages(event: str) -> None:
    service = read_message(private_message(chat=GROUP, **{event: {}}))
    assert (service.kind, service.detail, service.text) == (InboundKind.SERVICE, event, "")


@pytest.mark.parametrize(
    ("content", "chat"),
    [
        (
            {"channel_post": {"message_id": 3, "chat": {"id": -1007, "type": "channel"}, "date": AT, "text": "x"}},
            "-1007",
        ),
        ({"poll_answer": {"poll_id": "1"}}, ""),
        ({}, ""),
    ],
)
def test_what_we_take_no_part_in(content: dict[str, Any], chat: str) -> None:
    unknown = read_update(update(**content), BOT_ID)
    assert (unknown.kind, unknown.chat, unknown.chat_kind) == (InboundKind.UNKNOWN, chat, ChatKind.OTHER)
    assert unknown.detail == next(iter(content), "")


def test_fields_that_are_not_read_cannot_spoil_a_message() -> None:
    message = private_message(text="halo", forward_origin={"type": "hologram"}, entities=[{"type": 5}], quote=7)
    assert read_message(message).text == "halo"
