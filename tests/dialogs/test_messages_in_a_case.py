"""What a resident sends while a case is open reaches its topic: masked, whole, one call each."""

from __future__ import annotations

import pytest

from escalation.roles import Role
from sandbox.compose import Attachment
from sandbox.files import Upload
from sandbox.person import Person
from tests.dialogs.stage import GROUP, Stage, shown
from tests.sandbox.pictures import png

NIK = "1471990101010001"


async def opened(stage: Stage) -> tuple[Person, Person, int]:
    """A case that Rina has taken: she, the resident, and its topic."""
    rina = stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    await stage.presses(rina, topic, "Ambil")
    await stage.reads(budi, "sekarang ditangani petugas")
    await stage.settled()
    return rina, budi, topic


@pytest.mark.parametrize(
    "written",
    [
        f"NIK saya {NIK}",
        "NIK 1471 9901 0101 0001 ya",
        "nik:1471.9901.0101.0001",
        "KK 1471-9901-0101-0002, hp 0812-3456-7890",
        "hubungi +62 812 3456 7890",
    ],
)
async def test_numbers_of_persons_are_masked(stage: Stage, written: str) -> None:
    _, budi, topic = await opened(stage)
    budi.send_text(written)
    relayed = await stage.topic_shows(topic, "••••")
    digits = "".join(char for char in shown(relayed) if char.isdigit())
    assert "1471990" not in digits
    assert "8123456" not in digits


async def test_every_kind_of_message_arrives_in_one_call(stage: Stage) -> None:
    _, budi, topic = await opened(stage)
    before = stage.calls_in_group()
    budi.send_text("ini berkasnya")
    budi.send_file("photo", Upload(png()), caption=f"KTP {NIK}")
    budi.send_file("document", Upload(b"%PDF-1.4", "surat.pdf", "application/pdf"))
    budi.send_file("voice", Upload(b"OggS"))
    budi.send_location(0.53, 101.45)
    viewer = stage.officers["Rina"]
    await stage.topic_shows(topic, "ini berkasnya")
    await stage.sandbox.wait_for(
        lambda: [message for message in viewer.messages(chat=GROUP, topic=topic) if "location" in message]
    )
    added = stage.calls_in_group() - before
    expected = {"sendMessage": 1, "sendPhoto": 1, "sendDocument": 1, "sendVoice": 1, "sendLocation": 1}
    assert added == expected
    photo = next(message for message in viewer.messages(chat=GROUP, topic=topic) if "photo" in message)
    assert photo["has_media_spoiler"]
    assert NIK not in shown(photo)


async def test_an_album_stays_an_album_and_costs_one_call(stage: Stage) -> None:
    _, budi, topic = await opened(stage)
    before = stage.calls_in_group()
    budi.send_album([Attachment("photo", Upload(png()), caption="depan"), *[Attachment("photo", Upload(png()))] * 2])
    viewer = stage.officers["Rina"]

    def album() -> list[dict[str, object]]:
        return [message for message in viewer.messages(chat=GROUP, topic=topic) if "media_group_id" in message]

    await stage.sandbox.wait_for(lambda: len(album()) == 3, 5.0)
    assert stage.calls_in_group() - before == {"sendMediaGroup": 1}
    assert len({message["media_group_id"] for message in album()}) == 1
    assert "depan" in shown(album()[0])


async def test_an_edit_shows_before_and_after_under_the_relayed_message(stage: Stage) -> None:
    _, budi, topic = await opened(stage)
    sent = budi.send_text("nama ibu: Yuliati")
    relayed = await stage.topic_shows(topic, "Yuliati")
    budi.edit_text(sent["message_id"], "nama ibu: Yulianti")
    changed = await stage.topic_shows(topic, "mengubah pesannya")
    assert "nama ibu: Yuliati" in shown(changed)
    assert "nama ibu: Yulianti" in shown(changed)
    assert changed["reply_to_message"]["message_id"] == relayed["message_id"]


async def test_markup_in_names_and_texts_stays_text(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    odd = stage.resident("<3 & <b>Budi</b>")
    _, topic = await stage.case_of(odd)
    odd.send_text("apa <i>ini</i> & itu <script>alert(1)</script>?")
    relayed = await stage.topic_shows(topic, "<script>")
    assert "<3 & <b>Budi</b>" in shown(relayed)


async def test_a_long_message_arrives_whole(stage: Stage) -> None:
    _, budi, topic = await opened(stage)
    budi.send_long_text("panjang " * 500 + "akhir.")
    await stage.topic_shows(topic, "akhir.")


async def test_what_is_written_after_ambil_is_never_taken_for_a_name_or_contact(stage: Stage) -> None:
    _, budi, topic = await opened(stage)
    budi.send_text("email saya budi@contoh.id")
    relayed = await stage.topic_shows(topic, "email saya")
    assert "budi@contoh.id" in shown(relayed)
    assert not any("sudah dicatat" in text for text in budi.texts())


async def test_words_that_look_like_a_command_and_foreign_contacts_are_relayed(stage: Stage) -> None:
    _, budi, topic = await opened(stage)
    budi.send_text("/terima kasih bu, kapan selesai?")
    await stage.topic_shows(topic, "kapan selesai?")
    budi.send_contact("+628110000001", "Pak RT", contact_user_id=999)
    relayed = await stage.topic_shows(topic, "Pak RT")
    assert "8110000" not in shown(relayed)


async def test_a_number_in_the_display_name_is_masked(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    odd = stage.resident(f"Budi {NIK}")
    _, topic = await stage.case_of(odd)
    odd.send_text("halo pak")
    relayed = await stage.topic_shows(topic, "halo pak")
    assert NIK not in shown(relayed)
    assert NIK not in shown(await stage.card(topic))
