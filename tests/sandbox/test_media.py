"""Files in both directions, albums, getFile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.compose import Attachment
from sandbox.files import Upload
from tests.sandbox.clients import Client, File, Item, Refused
from tests.sandbox.conftest import GROUP, RawClient
from tests.sandbox.pictures import png

if TYPE_CHECKING:
    from sandbox.person import Person
    from sandbox.server import Sandbox


async def test_what_residents_send_can_be_downloaded_and_sent_on(
    client: Client, sandbox: Sandbox, budi: Person
) -> None:
    picture = png(40, 30)
    budi.send_file("photo", Upload(picture, "ktp.png"), caption="KTP saya", spoiler=True)
    message = (await client.call("getUpdates", timeout=0))[0]["message"]
    sizes = message["photo"]
    assert (sizes[-1]["width"], sizes[-1]["height"]) == (40, 30)
    assert len({size["file_id"] for size in sizes}) == len(sizes)
    assert message["has_media_spoiler"] is True
    assert await client.download(sizes[-1]["file_id"]) == picture

    passed_on = await client.call("sendPhoto", chat_id=GROUP, photo=sizes[-1]["file_id"], has_spoiler=True)
    assert passed_on["photo"][-1]["file_unique_id"] == sizes[-1]["file_unique_id"]
    with pytest.raises(Refused, match="can't use file of type photo as document"):
        await client.call("sendDocument", chat_id=GROUP, document=sizes[-1]["file_id"])


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("document", "sendDocument"),
        ("voice", "sendVoice"),
        ("audio", "sendAudio"),
        ("video", "sendVideo"),
        ("animation", "sendAnimation"),
        ("sticker", "sendSticker"),
    ],
)
async def test_each_kind_is_uploaded_and_described(client: Client, budi: Person, kind: str, method: str) -> None:
    parameters: dict[str, Any] = {kind: File(b"isi berkas", "berkas.bin")}
    sent = await client.call(method, chat_id=budi.id, **parameters)
    assert sent[kind]["file_size"] == len(b"isi berkas")
    assert await client.download(sent[kind]["file_id"]) == b"isi berkas"
    again = await client.call(method, chat_id=budi.id, **{kind: sent[kind]["file_id"]})
    assert again[kind]["file_id"] == sent[kind]["file_id"]


async def test_video_notes(client: Client, budi: Person) -> None:
    sent = await client.call("sendVideoNote", chat_id=budi.id, video_note=File(b"x", "n.mp4"), length=100)
    assert sent["video_note"]["length"] == 100


async def test_an_album_of_the_bot(client: Client, budi: Person) -> None:
    items = [Item("photo", File(png(), "a.png"), "dua foto"), Item("photo", File(png(5, 5), "b.png"))]
    sent = await client.call("sendMediaGroup", chat_id=budi.id, media=items)
    assert len({message["media_group_id"] for message in sent}) == 1
    assert sent[0]["caption"] == "dua foto"
    ids = [message["photo"][-1]["file_id"] for message in sent]
    again = await client.call("sendMediaGroup", chat_id=budi.id, media=[Item("photo", file_id) for file_id in ids])
    assert [message["photo"][-1]["file_id"] for message in again] == ids


async def test_albums_that_cannot_be(client: Client, raw: RawClient, budi: Person) -> None:
    photo, paper = Item("photo", File(png(), "a.png")), Item("document", File(b"x", "x.pdf"))
    with pytest.raises(Refused, match="document can't be mixed with other media types"):
        await client.call("sendMediaGroup", chat_id=budi.id, media=[photo, paper])
    one = {"type": "photo", "media": "AgAC"}
    assert "too few messages" in await raw.refusal("sendMediaGroup", chat_id=budi.id, media=[one])
    assert "too many messages" in await raw.refusal("sendMediaGroup", chat_id=budi.id, media=[one] * 11)
    assert "no messages" in await raw.refusal("sendMediaGroup", chat_id=budi.id, media=[])
    assert "wrong file identifier" in await raw.refusal("sendMediaGroup", chat_id=budi.id, media=[one] * 2)
    assert "is not attached" in await raw.refusal(
        "sendMediaGroup", chat_id=budi.id, media=[{"type": "photo", "media": "attach://a"}] * 2
    )
    assert budi.texts() == ["/start"], "a refused album leaves nothing behind"


async def test_an_album_of_a_resident(client: Client, budi: Person) -> None:
    budi.send_album([Attachment("photo", Upload(png(), "a.png"), "keduanya"), Attachment("photo", Upload(png()))])
    first, second = (update["message"] for update in await client.call("getUpdates", timeout=0))
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], second.get("caption")) == ("keduanya", None)


async def test_captions(client: Client, budi: Person) -> None:
    with pytest.raises(Refused, match="message caption is too long"):
        await client.call("sendDocument", chat_id=budi.id, document=File(b"x", "x.txt"), caption="x" * 1025)
    sent = await client.call(
        "sendDocument",
        chat_id=budi.id,
        document=File(b"x", "x.txt"),
        caption=f"<b>{'x' * 1024}</b>",
        parse_mode="HTML",
    )
    assert sent["caption_entities"][0]["length"] == 1024
    edited = await client.call("editMessageCaption", chat_id=budi.id, message_id=sent["message_id"], caption="baru")
    assert edited["caption"] == "baru"
    with pytest.raises(Refused, match="no text in the message to edit"):
        await client.call("editMessageText", chat_id=budi.id, message_id=sent["message_id"], text="x")


async def test_files_that_are_none(client: Client, raw: RawClient, budi: Person) -> None:
    with pytest.raises(Refused, match="wrong file identifier/http url specified"):
        await client.call("sendPhoto", chat_id=budi.id, photo="https://x.id/a.png")
    with pytest.raises(Refused, match="image_process_failed"):
        await client.call("sendPhoto", chat_id=budi.id, photo=File(b"bukan gambar", "a.png"))
    with pytest.raises(Refused, match="file must be non-empty"):
        await client.call("sendDocument", chat_id=budi.id, document=File(b"", "a.txt"))
    assert await raw.refusal("getFile", file_id="tidak-ada") == "Bad Request: invalid file_id"


async def test_too_big_to_download(raw: RawClient, sandbox: Sandbox, budi: Person) -> None:
    sent = budi.send_file("document", Upload(b"x" * (20 * 1024 * 1024 + 1), "besar.bin"))
    assert await raw.refusal("getFile", file_id=sent["document"]["file_id"]) == "Bad Request: file is too big"
