"""Texts, markup, replies, edits and deletions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.person import Person, Place
from sandbox.server import Sandbox
from tests.sandbox.clients import Client, Refused
from tests.sandbox.conftest import GROUP, RawClient


async def test_html_becomes_entities_counted_in_utf16(client: Client, budi: Person) -> None:
    sent = await client.call(
        "sendMessage",
        chat_id=budi.id,
        parse_mode="HTML",
        text="😀 <b>tebal &amp; <i>miring</i></b> <a href='https://a.id/?x=1&amp;y=2'>taut</a> "
        "<tg-spoiler>r</tg-spoiler>",
    )
    assert sent["text"] == "😀 tebal & miring taut r"
    found = [(e["type"], e["offset"], e["length"]) for e in sent["entities"]]
    assert found == [("bold", 3, 14), ("italic", 11, 6), ("text_link", 18, 4), ("spoiler", 23, 1)]
    assert sent["entities"][2]["url"] == "https://a.id/?x=1&y=2"


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("<pre><code class='language-sql'>SELECT</code></pre>", "SELECT", ["pre"]),
        ("<blockquote expandable>panjang</blockquote>", "panjang", ["expandable_blockquote"]),
        ("<span class='tg-spoiler'>x</span><u>y</u><s>z</s>", "xyz", ["spoiler", "underline", "strikethrough"]),
        ("&lt;b&gt; &quot;&#39;&#x41;&quot; &nbsp;", "<b> \"'A\" &nbsp;", []),
        ("  <b> tepi </b>  ", "tepi", ["bold"]),
        ("tulis ke a@b.id atau @petugas, lihat https://x.id/a. /bantuan #ktp",
         "tulis ke a@b.id atau @petugas, lihat https://x.id/a. /bantuan #ktp",
         ["email", "mention", "url", "bot_command", "hashtag"]),
        ("<code>/bukan</code>", "/bukan", ["code"]),
    ],
)  # fmt: skip
async def test_html_pieces(raw: RawClient, budi: Person, source: str, text: str, kinds: list[str]) -> None:
    sent = await raw.result("sendMessage", chat_id=budi.id, parse_mode="HTML", text=source)
    assert sent["text"] == text
    assert [entity["type"] for entity in sent.get("entities", [])] == kinds


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("nama <3", 'Unsupported start tag "3" at byte offset 5'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("é<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 2'),
        ("<b x", 'Unclosed start tag "b" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ],
)
async def test_broken_html_is_refused(raw: RawClient, budi: Person, source: str, reason: str) -> None:
    said = await raw.refusal("sendMessage", chat_id=budi.id, parse_mode="HTML", text=source)
    assert said == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ENTITY_BOUNDS_INVALID"),
        ({}, "message text is empty"),
        ({"text": "x", "txet": "y"}, 'sendMessage has no parameter "txet"'),
        ({"text": 5}, "sendMessage: text must be of type String"),
        ({"text": "x", "message_thread_id": "abc"}, "sendMessage: message_thread_id must be of type Integer"),
        ({"text": "x", "reply_parameters": {"message": 1}}, 'ReplyParameters has no field "message"'),
        ({"text": "x", "reply_parameters": {}}, 'must have the field "message_id"'),
        ({"text": "x", "reply_markup": "{"}, "can't parse JSON"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 1}, "message thread not found"),
    ],
)
async def test_refusals(raw: RawClient, budi: Person, given: dict[str, Any], reason: str) -> None:
    assert reason in await raw.refusal("sendMessage", chat_id=budi.id, **given)


async def test_the_longest_text_fits_after_parsing(client: Client, budi: Person) -> None:
    sent = await client.call("sendMessage", chat_id=budi.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(sent["text"]) == 4096


async def test_markdown_is_refused_loudly(raw: RawClient, budi: Person) -> None:
    status, answer = await raw.call("sendMessage", {"chat_id": budi.id, "text": "*x*", "parse_mode": "MarkdownV2"})
    assert (status, answer["error_code"]) == (501, 501)
    assert "MarkdownV2" in answer["description"]


async def test_a_reply_shows_what_it_answers(client: Client, budi: Person) -> None:
    asked = budi.send_text("kapan buka?")
    sent = await client.call(
        "sendMessage", chat_id=budi.id, text="jam 8", reply_parameters={"message_id": asked["message_id"]}
    )
    assert sent["reply_to_message"]["text"] == "kapan buka?"
    loose = await client.call(
        "sendMessage",
        chat_id=budi.id,
        text="tetap terkirim",
        reply_parameters={"message_id": 999, "allow_sending_without_reply": True},
    )
    assert "reply_to_message" not in loose


async def test_editing_replaces_text_and_keyboard_together(client: Client, budi: Person) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    sent = await client.call("sendMessage", chat_id=budi.id, text="satu", reply_markup=keyboard)
    here = {"chat_id": budi.id, "message_id": sent["message_id"]}
    edited = await client.call("editMessageText", **here, text="dua", reply_markup=keyboard)
    assert edited["text"] == "dua"
    assert edited["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "ya"
    assert "edit_date" in edited
    with pytest.raises(Refused, match="message is not modified"):
        await client.call("editMessageText", **here, text="<b></b>dua", parse_mode="HTML", reply_markup=keyboard)
    assert "reply_markup" not in await client.call("editMessageText", **here, text="tiga")
    with pytest.raises(Refused, match="message is not modified"):
        await client.call("editMessageReplyMarkup", **here)
    assert budi.texts()[-1] == "tiga"


async def test_what_cannot_be_edited_or_deleted(raw: RawClient, budi: Person) -> None:
    own = await raw.result("sendMessage", chat_id=budi.id, text="x")
    theirs = budi.send_text("punya warga")

    async def refused(method: str, message_id: int, **more: Any) -> str:
        return await raw.refusal(method, chat_id=budi.id, message_id=message_id, **more)

    assert await refused("editMessageText", 999, text="y") == "Bad Request: message to edit not found"
    assert await refused("editMessageText", theirs["message_id"], text="y") == "Bad Request: message can't be edited"
    assert "no caption in the message" in await refused("editMessageCaption", own["message_id"], caption="y")
    assert await refused("deleteMessage", 999) == "Bad Request: message to delete not found"
    assert "is not specified" in await raw.refusal("editMessageText", chat_id=budi.id, text="y")


async def test_messages_older_than_two_days_cannot_be_deleted() -> None:
    now = [datetime(2026, 3, 2, 8, 0, tzinfo=UTC)]
    old = Sandbox(now=lambda: now[0])
    person = old.add_user("Budi")
    person.start()
    sent = await old.api.call("sendMessage", {"chat_id": person.id, "text": "x"})
    assert sent.result["date"] == 1772438400
    now[0] += timedelta(hours=48, seconds=1)
    with pytest.raises(Exception, match="message can't be deleted"):
        await old.api.call("deleteMessage", {"chat_id": person.id, "message_id": sent.result["message_id"]})


async def test_people_edit_their_own_messages(client: Client, budi: Person) -> None:
    sent = budi.send_text("salah")
    budi.edit_text(sent["message_id"], "benar")
    kinds = await client.call("getUpdates", timeout=0)
    assert kinds[1]["edited_message"]["text"] == "benar"
    assert kinds[1]["edited_message"]["message_id"] == sent["message_id"]
    assert "edit_date" in kinds[1]["edited_message"]


async def test_long_texts_of_people_arrive_in_pieces(sandbox: Sandbox, budi: Person) -> None:
    pieces = budi.send_long_text("a" * 4096 + "😀" * 2048 + "c")
    assert [len(piece["text"]) for piece in pieces] == [4096, 2048, 1]
    assert len(sandbox.updates.pending) == 3


async def test_copying_and_forwarding(client: Client, budi: Person, rina: Person) -> None:
    asked = budi.send_text("lihat @petugas")
    copied = await client.call("copyMessage", chat_id=GROUP, from_chat_id=budi.id, message_id=asked["message_id"])
    forwarded = await client.call("forwardMessage", chat_id=GROUP, from_chat_id=budi.id, message_id=asked["message_id"])
    assert forwarded["forward_origin"]["sender_user"]["id"] == budi.id
    shown = rina.messages(chat=GROUP)
    assert shown[-2]["message_id"] == copied["message_id"]
    assert "forward_origin" not in shown[-2]
    assert shown[-2]["entities"] == asked["entities"]
    with pytest.raises(Refused, match="message to copy not found"):
        await client.call("copyMessage", chat_id=GROUP, from_chat_id=budi.id, message_id=999)


async def test_protected_content_is_not_passed_on(raw: RawClient, budi: Person) -> None:
    sent = await raw.result("sendMessage", chat_id=budi.id, text="x", protect_content=True)
    said = await raw.refusal("forwardMessage", chat_id=GROUP, from_chat_id=budi.id, message_id=sent["message_id"])
    assert said == "Bad Request: message can't be forwarded"


async def test_contact_and_location(client: Client, budi: Person) -> None:
    contact = await client.call("sendContact", chat_id=budi.id, phone_number="+62761", first_name="Kantor")
    assert contact["contact"] == {"phone_number": "+62761", "first_name": "Kantor"}
    place = await client.call("sendLocation", chat_id=budi.id, latitude=0.5, longitude=101.4)
    assert place["location"]["longitude"] == 101.4
    assert await client.call("sendChatAction", chat_id=budi.id, action="typing") is True
    with pytest.raises(Refused, match="wrong parameter action"):
        await client.call("sendChatAction", chat_id=budi.id, action="thinking")


async def test_pinning(client: Client) -> None:
    sent = await client.call("sendMessage", chat_id=GROUP, text="penting")
    assert await client.call("pinChatMessage", chat_id=GROUP, message_id=sent["message_id"]) is True
    assert (await client.call("getChat", chat_id=GROUP))["pinned_message"]["text"] == "penting"
    with pytest.raises(Refused, match="message to pin not found"):
        await client.call("pinChatMessage", chat_id=GROUP, message_id=999)


async def test_reacting(raw: RawClient, rina: Person) -> None:
    seen = rina.send_text("oke", Place(chat=GROUP))
    here = {"chat_id": GROUP, "message_id": seen["message_id"]}
    await raw.result("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert rina.messages(chat=GROUP)[-1]["reactions"] == {"👍": 1}
    said = await raw.refusal("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "🏛"}])
    assert said == "Bad Request: REACTION_INVALID"
    await raw.result("setMessageReaction", **here)
    assert "reactions" not in rina.messages(chat=GROUP)[-1]
