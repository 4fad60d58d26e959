"""Calls and the Bot API requests they become, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from channels.telegram.methods import messages_in
from channels.telegram.outbound import TelegramSender
from conversation.errors import Cause, TryLater, Undeliverable
from conversation.inbound import File, FileKind
from conversation.markup import width
from conversation.outbound import (
    Address,
    AnswerPress,
    Button,
    Call,
    CaseTopic,
    EditText,
    OpenTopic,
    Outbound,
    Posted,
    Private,
    Receipt,
    SendFiles,
    SendLocation,
    SendText,
)
from tests.channels.updates import STAFF_CHAT

if TYPE_CHECKING:
    from aiogram import Bot

    from tests.channels.bot_api import FakeBotApi

TO = Private("51234567")
HERE = Address("51234567")
TOPIC = Address(str(STAFF_CHAT), 900)
PHOTO = File(FileKind.PHOTO, "p")
VIDEO = File(FileKind.VIDEO, "v")
DOCUMENT = File(FileKind.DOCUMENT, "d")


def call(outbound: Outbound, address: Address = HERE, **resolved: int) -> Call:
    return Call(outbound=outbound, address=address, **resolved)


async def test_text(api: FakeBotApi, bot: Bot) -> None:
    text = SendText(
        to=TO, text="<b>Syarat</b>", buttons=((Button("Membantu", "y:1"), Button("Belum terjawab", "n:1")),)
    )
    assert await TelegramSender(bot).send(call(text, TOPIC, reply_to=41)) == Receipt((501,))
    row = [{"text": "Membantu", "callback_data": "y:1"}, {"text": "Belum terjawab", "callback_data": "n:1"}]
    assert api.sent("sendMessage") == [
        {
            "chat_id": STAFF_CHAT,
            "message_thread_id": 900,
            "text": "<b>Syarat</b>",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_parameters": {"message_id": 41, "allow_sending_without_reply": True},
            "reply_markup": {"inline_keyboard": [row]},
        }
    ]


@pytest.mark.parametrize(
    ("fields", "keyboard"),
    [
        ({}, None),
        ({"clear_keyboard": True}, {"remove_keyboard": True}),
        (
            {"ask_contact": "Bagikan nomor saya"},
            {
                "keyboard": [[{"text": "Bagikan nomor saya", "request_contact": True}], [{"text": "Lewati"}]],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            },
        ),
    ],
)
async def test_keyboards(api: FakeBotApi, bot: Bot, fields: dict[str, Any], keyboard: Any) -> None:
    await TelegramSender(bot).send(call(SendText(to=TO, text="Nomor Anda?", **fields)))
    assert api.sent("sendMessage")[0].get("reply_markup") == keyboard


async def test_long_text_in_pieces_with_reply_on_the_first_and_buttons_on_the_last(api: FakeBotApi, bot: Bot) -> None:
    text = "\n\n".join(f"<b>Butir {number}</b> " + "syarat " * 60 for number in range(20))
    sending = call(SendText(to=TO, text=text, buttons=((Button("Membantu", "y"),),)), reply_to=41)
    assert await TelegramSender(bot).send(sending) == Receipt((501, 502, 503))
    pieces = api.sent("sendMessage")
    assert ["reply_parameters" in piece for piece in pieces] == [True, False, False]
    assert ["reply_markup" in piece for piece in pieces] == [False, False, True]
    assert all(piece["text"].startswith("<b>Butir") for piece in pieces)
    assert messages_in(sending) == 3


@pytest.mark.parametrize("kind", FileKind)
async def test_single_files(api: FakeBotApi, bot: Bot, kind: FileKind) -> None:
    files = SendFiles(to=TO, files=(File(kind, "ref"),), caption="<i>KK</i>", spoiler=True)
    receipt = await TelegramSender(bot).send(call(files))
    method = "send" + "".join(part.title() for part in kind.value.split("_"))
    sent = api.sent(method)[0]
    assert sent[kind.value] == "ref"
    assert ("has_spoiler" in sent) == (kind in (FileKind.PHOTO, FileKind.VIDEO, FileKind.ANIMATION))
    if kind in (FileKind.STICKER, FileKind.VIDEO_NOTE):
        assert "caption" not in sent
        assert [message["text"] for message in api.sent("sendMessage")] == ["<i>KK</i>"]
        assert receipt == Receipt((501, 502))
    else:
        assert (sent["caption"], sent["parse_mode"]) == ("<i>KK</i>", "HTML")
        assert receipt == Receipt((501,))


@pytest.mark.parametrize(
    ("files", "types"),
    [
        ((PHOTO, VIDEO, PHOTO), ["photo", "video", "photo"]),
        ((DOCUMENT,) * 10, ["document"] * 10),
        ((File(FileKind.AUDIO, "a"),) * 2, ["audio"] * 2),
    ],
)
async def test_albums(api: FakeBotApi, bot: Bot, files: tuple[File, ...], types: list[str]) -> None:
    album = call(SendFiles(to=TO, files=files, caption="Berkas", spoiler=True))
    receipt = await TelegramSender(bot).send(album)
    media = api.sent("sendMediaGroup")[0]["media"]
    assert [item["type"] for item in media] == types
    assert [item.get("caption") for item in media] == ["Berkas", *[None] * (len(types) - 1)]
    assert ["has_spoiler" in item for item in media] == [name in ("photo", "video") for name in types]
    assert receipt.message_ids == tuple(range(501, 501 + len(types)))
    assert messages_in(album) == len(types)


@pytest.mark.parametrize(
    "files",
    [(), (PHOTO, DOCUMENT), (DOCUMENT, File(FileKind.AUDIO, "a")), (PHOTO,) * 11, (File(FileKind.VOICE, "v"),) * 2],
)
async def test_what_makes_no_album_is_refused_unsent(api: FakeBotApi, bot: Bot, files: tuple[File, ...]) -> None:
    with pytest.raises(Undeliverable) as caught:
        await TelegramSender(bot).send(call(SendFiles(to=TO, files=files)))
    assert caught.value.cause is Cause.REJECTED
    assert api.calls == []


async def test_a_long_caption_is_cut_and_followed_by_all_of_it(api: FakeBotApi, bot: Bot) -> None:
    caption = "<b>" + "kata " * 300 + "</b>"
    receipt = await TelegramSender(bot).send(call(SendFiles(to=TO, files=(PHOTO,), caption=caption)))
    shown = api.sent("sendPhoto")[0]["caption"]
    assert shown.endswith("</b>…")
    assert width(shown) <= 1024 + len("<b></b>")
    assert [message["text"] for message in api.sent("sendMessage")] == [caption]
    assert receipt == Receipt((501, 502))


async def test_location(api: FakeBotApi, bot: Bot) -> None:
    await TelegramSender(bot).send(call(SendLocation(to=TO, latitude=0.0, longitude=101.4478), TOPIC))
    place = {"chat_id": STAFF_CHAT, "message_thread_id": 900, "latitude": 0.0, "longitude": 101.4478}
    assert api.sent("sendLocation") == [place]


async def test_edits(api: FakeBotApi, bot: Bot) -> None:
    sender = TelegramSender(bot)
    edit = EditText(to=CaseTopic(1), target=Posted(9), text="<b>Diambil</b>")
    assert await sender.send(call(edit, TOPIC, target=9)) == Receipt((9,))
    sent = api.sent("editMessageText")[0]
    assert (sent["message_id"], sent["text"]) == (9, "<b>Diambil</b>")
    assert "reply_markup" not in sent, "an edit without a keyboard takes the old one away"
    await sender.send(call(EditText(to=TO, target=Posted(9), text="a" * 2000, caption=True), target=9))
    assert width(api.sent("editMessageCaption")[0]["caption"]) == 1024
    with pytest.raises(Undeliverable):
        await sender.send(call(edit, TOPIC))


async def test_topic(api: FakeBotApi, bot: Bot) -> None:
    opened = await TelegramSender(bot).send(
        call(OpenTopic(case=1, name="PKU-2026-000123 " * 20), Address(str(STAFF_CHAT)))
    )
    assert opened == Receipt(topic=77)
    assert len(api.sent("createForumTopic")[0]["name"]) <= 128


async def test_answer_to_a_press(api: FakeBotApi, bot: Bot) -> None:
    note = call(AnswerPress(press="q1", text="Sudah diambil Rina &amp; Tono. " + "x" * 300, alert=True), Address(""))
    assert await TelegramSender(bot).send(note) == Receipt()
    sent = api.sent("answerCallbackQuery")[0]
    assert (sent["callback_query_id"], sent["show_alert"], len(sent["text"])) == ("q1", True, 200)
    assert sent["text"].startswith("Sudah diambil Rina & Tono.")
    assert messages_in(note) == 0


async def test_refused_formatting_goes_out_as_plain_words_once(api: FakeBotApi, bot: Bot) -> None:
    refusal = 'Bad Request: can\'t parse entities: Unsupported start tag "kk" at byte offset 3'
    api.refuse("sendMessage", 400, refusal)
    text = SendText(to=TO, text="<b>KK &amp; KTP</b>", buttons=((Button("Ya", "y"),),))
    assert await TelegramSender(bot).send(call(text)) == Receipt((501,))
    retried = api.sent("sendMessage")[1]
    assert (retried["text"], retried.get("parse_mode")) == ("KK & KTP", None)
    assert "reply_markup" in retried
    api.refuse("sendMediaGroup", 400, refusal)
    await TelegramSender(bot).send(call(SendFiles(to=TO, files=(PHOTO, PHOTO), caption="<b>KK</b>")))
    assert api.sent("sendMediaGroup")[1]["media"][0] == {"type": "photo", "media": "p", "caption": "KK"}
    api.refuse("sendMessage", 400, refusal)
    api.refuse("sendMessage", 400, refusal)
    with pytest.raises(Undeliverable) as caught:
        await TelegramSender(bot).send(call(text))
    assert str(caught.value) == "Telegram refuses SendMessage: can't parse entities"


async def test_a_call_put_off_in_the_middle_goes_on_where_it_stopped(api: FakeBotApi, bot: Bot) -> None:
    sender, sending = TelegramSender(bot), call(SendText(to=TO, text="kata " * 2000))
    api.tell("sendMessage", 200, {"ok": True, "result": {"message_id": 1, "unknown": "shape"}})
    api.refuse("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
    with pytest.raises(TryLater) as caught:
        await sender.send(sending)
    assert (caught.value.seconds, caught.value.throttled) == (3, True)
    assert await sender.send(sending) == Receipt((1, 501, 502))
    texts = [message["text"] for message in api.sent("sendMessage")]
    assert texts[1] == texts[2], "the piece that was put off is sent again, the one before it is not"
    assert await sender.send(sending) == Receipt((503, 504, 505)), "nothing is remembered after success"


async def test_done_in_a_shape_nobody_knows_is_done(api: FakeBotApi, bot: Bot) -> None:
    api.tell("sendMessage", 200, {"ok": True, "result": {"message_id": 9, "chat": "odd"}})
    api.tell("createForumTopic", 200, {"ok": True, "result": {"message_thread_id": 8}})
    sender = TelegramSender(bot)
    assert await sender.send(call(SendText(to=TO, text="halo"))) == Receipt((9,))
    assert await sender.send(call(OpenTopic(case=1, name="x"), Address("-100"))) == Receipt(topic=8)


async def test_an_address_of_another_channel_is_refused(bot: Bot) -> None:
    with pytest.raises(Undeliverable, match="chat id"):
        await TelegramSender(bot).send(call(SendText(to=TO, text="halo"), Address("web-7f")))
