"""What any HTTP client sees: tokens, names, shapes of errors, ways to send parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

if TYPE_CHECKING:
    from sandbox.person import Person
    from sandbox.server import Sandbox
    from tests.sandbox.conftest import RawClient


@pytest.mark.parametrize(
    ("token", "status", "text"), [("1:wrong", 401, "Unauthorized"), ("no-token-at-all", 404, "Not Found")]
)
async def test_tokens(raw: RawClient, token: str, status: int, text: str) -> None:
    assert await raw.call("getMe", token=token) == (status, {"ok": False, "error_code": status, "description": text})


async def test_methods_have_any_case_unknown_ones_404_and_left_out_ones_501(raw: RawClient) -> None:
    assert (await raw.call("GETME"))[0] == 200
    assert await raw.call("sendMesage") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )
    status, answer = await raw.call("sendPoll")
    assert (status, answer["error_code"]) == (501, 501)
    assert "sendPoll" in answer["description"]


async def test_parameters_come_by_query_form_or_json(sandbox: Sandbox, budi: Person) -> None:
    url = f"{sandbox.api_url}/bot{sandbox.settings.token}/sendMessage"
    given = {"chat_id": str(budi.id), "text": "lewat"}
    form = aiohttp.FormData({**given, "disable_notification": "true"}, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        for request in (
            session.get(url, params=given),
            session.post(url, data=given),
            session.post(url, json={"chat_id": budi.id, "text": "lewat"}),
            session.post(url, data=form),
        ):
            async with request as response:
                assert (await response.json())["result"]["text"] == "lewat"
        async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
            assert response.status == 400
        async with session.delete(url) as response:
            assert response.status == 405
    assert budi.texts().count("lewat") == 4


async def test_files_need_the_token_too(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for token, status in (("1:wrong", 401), (sandbox.settings.token, 404)):
            async with session.get(f"{sandbox.api_url}/file/bot{token}/photos/none.jpg") as response:
                assert response.status == status


async def test_the_transcript_keeps_order_parameters_and_outcome(
    raw: RawClient, sandbox: Sandbox, budi: Person
) -> None:
    await raw.result("sendMessage", chat_id=budi.id, text="baik")
    await raw.refusal("sendMessage", chat_id=404, text="buruk")
    await raw.result("getMe")
    calls = list(sandbox.transcript.calls)
    assert [call.method for call in calls] == ["sendMessage", "sendMessage", "getMe"]
    assert [call.order for call in calls] == [1, 2, 3]
    assert calls[0].parameters == {"chat_id": budi.id, "text": "baik"}
    assert calls[0].result["text"] == "baik"
    assert calls[1].error is not None
    assert calls[1].error["description"] == "Bad Request: chat not found"
    assert sandbox.transcript.counts == {"sendMessage": 2, "getMe": 1}
    assert len(sandbox.transcript.of("sendMessage", chat_id=budi.id, ok=True)) == 1
    assert calls[0].ended_s is not None
    assert calls[0].at_s <= calls[0].ended_s <= calls[1].at_s
