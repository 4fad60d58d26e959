"""A restarted sandbox goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.errors import ApiError
from sandbox.files import Upload
from sandbox.person import Place
from sandbox.server import Sandbox
from sandbox.settings import SandboxSettings
from tests.sandbox.conftest import GROUP
from tests.sandbox.pictures import png


def settings(path: Path) -> SandboxSettings:
    return SandboxSettings(state_file=str(path), save_every_s=60)


async def test_conversations_files_topics_and_updates_survive(tmp_path: Path) -> None:
    path = tmp_path / "state" / "sandbox.json"
    first = Sandbox(settings(path))
    await first.start()
    budi = first.add_user("Budi", user_id=5001)
    rina = first.add_user("Rina", user_id=6001)
    first.join(GROUP, rina.id, admin=True)
    budi.send_text("pertanyaan 😀")
    picture = budi.send_file("photo", Upload(png(8, 8), "ktp.png"), caption="KTP")
    created = await first.api.call("createForumTopic", {"chat_id": GROUP, "name": "Kasus"})
    thread = created.result["message_thread_id"]
    rina.send_text("catatan", Place(chat=GROUP, topic=thread))
    await first.api.call("setMyCommands", {"commands": [{"command": "antrean", "description": "Antrean"}]})
    budi.react(1, "👍")
    pending = {key: update.body for key, update in first.updates.pending.items()}
    shown = budi.messages(), rina.messages(chat=GROUP)
    await first.stop()

    second = Sandbox(settings(path))
    await second.start()
    budi, rina = second.person(5001), second.person(6001)
    assert (budi.messages(), rina.messages(chat=GROUP)) == shown
    assert {key: update.body for key, update in second.updates.pending.items()} == pending
    file = await second.api.call("getFile", {"file_id": picture["photo"][-1]["file_id"]})
    stored = second.world.files.at_path(file.result["file_path"])
    assert stored is not None
    assert stored.content == png(8, 8)
    assert (await second.api.call("getMyCommands", {})).result[0]["command"] == "antrean"

    goes_on = budi.send_text("lanjut")
    assert goes_on["message_id"] == shown[0][-1]["message_id"] + 1
    assert max(second.updates.pending) == max(pending) + 1
    answer = await second.api.call("sendMessage", {"chat_id": GROUP, "message_thread_id": thread, "text": "x"})
    assert answer.result["reply_to_message"]["forum_topic_created"]["name"] == "Kasus"
    again = budi.send_file("photo", Upload(png(9, 9), "b.png"))
    assert again["photo"][-1]["file_id"] != picture["photo"][-1]["file_id"]
    await second.stop()


async def test_the_staff_group_is_not_made_twice_and_blocks_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    first = Sandbox(settings(path))
    await first.start()
    budi = first.add_user("Budi")
    budi.start()
    budi.block_bot()
    new = first.migrate_group(GROUP)
    await first.stop()
    second = Sandbox(settings(path))
    with pytest.raises(ApiError, match="blocked by the user"):
        await second.api.call("sendMessage", {"chat_id": budi.id, "text": "x"})
    with pytest.raises(ApiError) as moved:
        await second.api.call("sendMessage", {"chat_id": GROUP, "text": "x"})
    assert moved.value.parameters == {"migrate_to_chat_id": new.id}


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    path.write_text(json.dumps({"format": 99}), "utf-8")
    with pytest.raises(ValueError, match="not a sandbox state file of format 1"):
        Sandbox(settings(path))
