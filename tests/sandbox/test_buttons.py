"""Inline keyboards, callbacks, reply keyboards."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.callbacks import CallbackAnswer
from sandbox.errors import WorldError
from sandbox.server import Sandbox
from sandbox.settings import SandboxSettings
from tests.sandbox.clients import Client, Json, Refused
from tests.sandbox.conftest import GROUP, RawClient

if TYPE_CHECKING:
    from sandbox.person import Person


def keyboard(*buttons: Json) -> Json:
    return {"inline_keyboard": [list(buttons)]}


async def test_a_press_reaches_the_bot_and_the_answer_the_person(client: Client, budi: Person) -> None:
    buttons = keyboard({"text": "Ya", "callback_data": "ya:1"}, {"text": "Tidak", "callback_data": "tidak:1"})
    sent = await client.call("sendMessage", chat_id=budi.id, text="Sudah jelas?", reply_markup=buttons)
    pressed = asyncio.create_task(budi.press(sent["message_id"], "Tidak"))
    query = (await client.call("getUpdates", timeout=5))[0]["callback_query"]
    assert query["data"] == "tidak:1"
    assert query["from"]["id"] == budi.id
    assert query["message"]["message_id"] == sent["message_id"]
    assert query["chat_instance"]
    await client.call("answerCallbackQuery", callback_query_id=query["id"], text="Baik", show_alert=True)
    assert await pressed == CallbackAnswer("Baik", show_alert=True)
    with pytest.raises(Refused, match="query is too old"):
        await client.call("answerCallbackQuery", callback_query_id=query["id"])


async def test_late_answers_are_refused() -> None:
    clock = [100.0]
    late = Sandbox(SandboxSettings(callback_lifetime_s=10), monotonic=lambda: clock[0])
    person = late.add_user("Budi")
    person.start()
    buttons = keyboard({"text": "Ya", "callback_data": "ya"})
    sent = await late.api.call("sendMessage", {"chat_id": person.id, "text": "?", "reply_markup": buttons})
    press = person.begin_press(sent.result["message_id"], "Ya")
    clock[0] += 10.1
    with pytest.raises(Exception, match="query is too old and response timeout expired or query ID is invalid"):
        await late.api.call("answerCallbackQuery", {"callback_query_id": press.query_id})


async def test_answers_are_at_most_200_units(raw: RawClient, budi: Person) -> None:
    sent = await raw.result(
        "sendMessage", chat_id=budi.id, text="?", reply_markup=keyboard({"text": "Ya", "callback_data": "ya"})
    )
    press = budi.begin_press(sent["message_id"], data="ya")
    said = await raw.refusal("answerCallbackQuery", callback_query_id=press.query_id, text="x" * 201)
    assert said == "Bad Request: MESSAGE_TOO_LONG"
    assert press.answer is None


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "url": "javascript:1"}, "is invalid: Wrong HTTP URL"),
        ({"text": "x", "callback_data": "a", "url": "https://x.id"}, "both callback_data and url"),
        ({"text": "x", "calback_data": "a"}, 'InlineKeyboardButton has no field "calback_data"'),
        ({"text": 1, "callback_data": "a"}, "text must be of type String"),
        ({"text": "x", "callback_data": "a", "style": "pink"}, "style must be one of"),
    ],
)
async def test_unusable_buttons(raw: RawClient, budi: Person, button: Json, reason: str) -> None:
    said = await raw.refusal("sendMessage", chat_id=budi.id, text="x", reply_markup=keyboard(button))
    assert reason in said


async def test_callback_data_may_have_64_bytes(client: Client, budi: Person) -> None:
    data = "é" * 32
    sent = await client.call(
        "sendMessage", chat_id=budi.id, text="x", reply_markup=keyboard({"text": "x", "callback_data": data})
    )
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == data


async def test_sharing_the_own_number_through_the_reply_keyboard(client: Client, budi: Person) -> None:
    with pytest.raises(WorldError, match="shows no button"):
        budi.press_contact_button("+62811")
    markup = {"keyboard": [[{"text": "Bagikan nomor", "request_contact": True}]], "one_time_keyboard": True}
    await client.call("sendMessage", chat_id=budi.id, text="Nomor Anda?", reply_markup=markup)
    budi.press_contact_button("+62811")
    shared = (await client.call("getUpdates", timeout=0))[0]["message"]["contact"]
    assert shared["user_id"] == budi.id
    with pytest.raises(WorldError, match="shows no button"):
        budi.press_contact_button("+62811")


async def test_a_group_cannot_be_asked_for_numbers(raw: RawClient) -> None:
    markup: dict[str, Any] = {"keyboard": [[{"text": "Nomor", "request_contact": True}]]}
    said = await raw.refusal("sendMessage", chat_id=GROUP, text="x", reply_markup=markup)
    assert said == "Bad Request: phone number can be requested in private chats only"


async def test_a_button_that_is_not_there(raw: RawClient, budi: Person) -> None:
    sent = await raw.result("sendMessage", chat_id=budi.id, text="x")
    with pytest.raises(WorldError, match=r"has no button 'Ya'; its buttons: none"):
        await budi.press(sent["message_id"], "Ya")
