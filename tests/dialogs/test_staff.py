"""What officers may do, what others may not, and what reaches the resident: only what was meant to."""

from __future__ import annotations

import asyncio

from escalation.roles import Role
from sandbox.compose import Attachment
from sandbox.files import Upload
from sandbox.person import Person, Place
from sandbox.state import Member
from tests.dialogs.stage import GROUP, Stage, labels, shown
from tests.sandbox.pictures import png


async def taken(stage: Stage) -> tuple[Person, Person, str, int]:
    """A case that Rina has taken: she, the resident, its number and topic."""
    rina = stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    number, topic = await stage.case_of(budi)
    await stage.presses(rina, topic, "Ambil")
    await stage.reads(budi, "sekarang ditangani petugas")
    return rina, budi, number, topic


async def test_a_race_for_ambil_has_one_winner_and_the_others_see_who(stage: Stage) -> None:
    officers = [stage.officer(f"Petugas {n}", Role.FO, initials=f"P{n}") for n in range(8)]
    budi = stage.resident("Budi")
    number, topic = await stage.case_of(budi)
    card = await stage.button(topic, "Ambil")
    answers = await asyncio.gather(*(officer.press(card, "Ambil", chat=GROUP) for officer in officers))
    winners = [answer for answer in answers if answer.text == f"{number} kini Anda tangani."]
    losers = [answer for answer in answers if "sudah diambil oleh Petugas" in answer.text]
    assert (len(winners), len(losers)) == (1, 7)
    assert all(answer.show_alert for answer in losers)
    await stage.reads(budi, "sekarang ditangani petugas")
    await stage.settled()
    assert sum("sekarang ditangani petugas" in text for text in budi.texts()) == 1


async def test_another_case_than_the_oldest_needs_a_reason(stage: Stage) -> None:
    rina = stage.officer("Rina", Role.FO)
    first, second = stage.resident("Budi"), stage.resident("Siti")
    number, _ = await stage.case_of(first)
    _, topic = await stage.case_of(second)
    refused = await stage.presses(rina, topic, "Ambil")
    assert number in refused.text
    chosen = await stage.presses(rina, topic, "Keadaan mendesak (sakit, duka, bencana)")
    assert "kini Anda tangani" in chosen.text


async def test_strangers_and_anonymous_admins_change_nothing(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    stranger = stage.resident("Mallory")
    stage.sandbox.join(GROUP, stranger.id)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    card = await stage.button(topic, "Ambil")
    before = stage.calls_in_group()
    refused = await stranger.press(card, "Ambil", chat=GROUP)
    assert refused.show_alert
    assert "tidak terdaftar" in refused.text
    stage.writes(stranger, topic, "/balas halo")
    anonymous = stage.officer("Anon", Role.FO)
    stage.sandbox.set_standing(GROUP, anonymous.id, Member("administrator"))
    anonymous.send_text("/balas halo juga", Place(chat=GROUP, topic=topic, anonymous=True))
    await stage.settled()
    assert stage.calls_in_group() == before
    assert not any("halo" in text for text in budi.texts())


async def test_heads_cannot_take_and_residents_cannot_press_staff_buttons(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    head = stage.officer("Hendra", Role.SECTION_HEAD)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    card = await stage.button(topic, "Ambil")
    refused = await head.press(card, "Ambil", chat=GROUP)
    assert "Front Office" in refused.text


async def test_only_an_explicit_reply_by_the_voice_reaches_the_resident(stage: Stage) -> None:
    rina, budi, _, topic = await taken(stage)
    dedi = stage.officer("Dedi", Role.FO)
    budi.send_text("apa bisa diwakilkan?")
    relayed = await stage.topic_shows(topic, "apa bisa diwakilkan?")
    card = await stage.card(topic)
    stage.writes(rina, topic, "catatan: cek dulu dengan seksi")
    stage.writes(rina, topic, "balasan pada kartu", reply_to=card["message_id"])
    stage.writes(dedi, topic, "jawaban Dedi", reply_to=relayed["message_id"])
    stage.writes(rina, topic, "Bisa, dengan surat kuasa.", reply_to=relayed["message_id"])
    await stage.reads(budi, "Bisa, dengan surat kuasa.")
    await stage.settled()
    seen = "\n".join(budi.texts())
    for internal in ("cek dulu dengan seksi", "balasan pada kartu", "jawaban Dedi"):
        assert internal not in seen


async def test_who_is_refused_learns_why_in_private(stage: Stage) -> None:
    _, budi, _, topic = await taken(stage)
    dedi = stage.officer("Dedi", Role.FO)
    dedi.start()
    budi.send_text("halo?")
    relayed = await stage.topic_shows(topic, "halo?")
    before = stage.calls_in_group()
    stage.writes(dedi, topic, "jawaban Dedi", reply_to=relayed["message_id"])
    await stage.reads(dedi, "ditangani oleh Rina")
    assert stage.calls_in_group() == before


async def test_balas_sends_and_an_edit_changes_what_was_sent(stage: Stage) -> None:
    rina, budi, _, topic = await taken(stage)
    sent = stage.writes(rina, topic, "/balas Silakan datang hari Senin.")
    told = await stage.reads(budi, "Silakan datang hari Senin.")
    rina.edit_text(sent, "/balas Silakan datang hari Selasa.", chat=GROUP)
    changed = await stage.reads(budi, "Silakan datang hari Selasa.")
    assert changed["message_id"] == told["message_id"]


async def test_a_handover_can_be_refused_and_withdrawn(stage: Stage) -> None:
    rina, _, number, topic = await taken(stage)
    editor = stage.officer("Rudi", Role.EDITOR)
    await stage.presses(rina, topic, "Teruskan", "Operator Editor")
    await stage.presses(editor, topic, "Tolak", "Keterangan belum lengkap")
    await stage.presses(rina, topic, "Teruskan", "Operator Editor")
    withdrawn = await stage.presses(rina, topic, "Tarik")
    assert number in withdrawn.text
    stage.writes(rina, topic, "/kartu")
    card = shown(await stage.topic_shows(topic, "Ditolak"))
    assert "Ditarik" in card


async def test_a_proposal_is_sent_by_the_voice_only(stage: Stage) -> None:
    rina, budi, _, topic = await taken(stage)
    dedi, editor = stage.officer("Dedi", Role.FO), stage.officer("Rudi", Role.EDITOR)
    await stage.presses(rina, topic, "Teruskan", "Operator Editor")
    await stage.presses(editor, topic, "Terima")
    stage.writes(editor, topic, "Sudah diperbaiki & diterbitkan kembali.")
    offer = await stage.button(topic, "Kirim ke warga")
    refused = await dedi.press(offer, "Kirim ke warga", chat=GROUP)
    assert "Rina" in refused.text
    assert not any("diperbaiki" in text for text in budi.texts())
    await rina.press(offer, "Kirim ke warga", chat=GROUP)
    await stage.reads(budi, "Sudah diperbaiki & diterbitkan kembali.")
    again = await rina.press(offer, "Kirim ke warga", chat=GROUP)
    assert again.show_alert


async def test_taking_over_needs_a_reason(stage: Stage) -> None:
    _, budi, _, topic = await taken(stage)
    dedi = stage.officer("Dedi", Role.FO)
    stage.writes(dedi, topic, "/ambil")
    await stage.topic_shows(topic, "Pilih alasan")
    await stage.presses(dedi, topic, "Pergantian jam tugas")
    await stage.topic_shows(topic, "Juru bicara: Dedi")
    stage.writes(dedi, topic, "/balas Saya lanjutkan.")
    await stage.reads(budi, "Saya lanjutkan.")


async def test_a_resident_who_writes_on_reopens_with_the_same_voice(stage: Stage) -> None:
    rina, budi, _, topic = await taken(stage)
    await stage.presses(rina, topic, "Selesai")
    await stage.reads(budi, "sudah selesai menurut Anda")
    budi.send_text("belum, apakah perlu bawa fotokopi KK juga?")
    await stage.topic_shows(topic, "fotokopi KK")
    await stage.button(topic, "Selesai")
    stage.writes(rina, topic, "/balas Ya, satu lembar.")
    await stage.reads(budi, "Ya, satu lembar.")


async def test_after_closing_the_bot_answers_again(stage: Stage) -> None:
    rina, budi, _, topic = await taken(stage)
    await stage.presses(rina, topic, "Selesai")
    question = await stage.reads(budi, "sudah selesai menurut Anda")
    await budi.press(question["message_id"], "Sudah selesai")
    await stage.reads(budi, "kami tutup")
    budi.send_text("syarat kk hilang apa saja?")
    await stage.reads(budi, "Dasar:")


async def test_the_queue_and_the_own_cases_can_be_listed(stage: Stage) -> None:
    rina, _, number, _ = await taken(stage)
    siti = stage.resident("Siti")
    waiting, _ = await stage.case_of(siti)
    stage.writes(rina, 0, "/antrean")
    listed = await stage.group_shows("Antrean: 1 menunggu")
    assert waiting in shown(listed)
    rina.start()
    rina.send_text("/kasus")
    own = await stage.reads(rina, "Kasus Anda: 1")
    assert number in shown(own)


async def test_calls_in_the_staff_group_stay_within_the_budget(stage: Stage) -> None:
    rina = stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    await stage.settled()
    assert stage.calls_in_group() == {"createForumTopic": 1, "sendMessage": 1}
    await stage.presses(rina, topic, "Ambil")
    await stage.button(topic, "Selesai")
    await stage.settled()
    assert stage.calls_in_group() == {"createForumTopic": 1, "sendMessage": 1, "editMessageText": 1}
    assert labels(await stage.card(topic)) == ["Teruskan", "Selesai", "Kartu kendali"]


async def test_a_refusal_reaches_an_officer_who_never_started_the_bot(stage: Stage) -> None:
    _, budi, _, topic = await taken(stage)
    dedi = stage.officer("Dedi", Role.FO)
    budi.send_text("halo?")
    relayed = await stage.topic_shows(topic, "halo?")
    stage.writes(dedi, topic, "jawaban Dedi", reply_to=relayed["message_id"])
    await stage.topic_shows(topic, "ditangani oleh Rina")


async def test_an_edited_balas_with_a_number_sends_the_words_only(stage: Stage) -> None:
    rina, budi, number, topic = await taken(stage)
    sent = stage.writes(rina, topic, f"/balas {number} Silakan datang lusa.")
    await stage.reads(budi, "Silakan datang lusa.")
    rina.edit_text(sent, f"/balas {number} Silakan datang besok.", chat=GROUP)
    changed = await stage.reads(budi, "Silakan datang besok.")
    assert shown(changed) == "Silakan datang besok."


async def test_ambil_without_a_number_takes_the_oldest(stage: Stage) -> None:
    rina = stage.officer("Rina", Role.FO)
    first, second = stage.resident("Budi"), stage.resident("Siti")
    await stage.case_of(first)
    await stage.case_of(second)
    stage.writes(rina, 0, "/ambil")
    await stage.reads(first, "sekarang ditangani petugas")
    await stage.settled()
    assert not any("sekarang ditangani" in text for text in second.texts())


async def test_an_album_captioned_balas_reaches_the_resident(stage: Stage) -> None:
    rina, budi, _, topic = await taken(stage)
    pictures = [
        Attachment("photo", Upload(png()), caption="/balas Contoh formulirnya."),
        Attachment("photo", Upload(png())),
    ]
    rina.send_album(pictures, Place(chat=GROUP, topic=topic))
    told = await stage.reads(budi, "Contoh formulirnya.")
    assert told["media_group_id"]


async def test_forged_presses_change_nothing_and_disturb_nobody(stage: Stage) -> None:
    rina = stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    card = await stage.card(topic)
    greeting = await stage.reads(budi, "Selamat datang")
    forged = (
        "r|topic|zzzzzzzzzzzzzzzzzzzz|x",
        "c|take|1",
        "r|helpful|-1",
        "c|forward|0|bos",
        "c|send|zzzzzzzzzzzzz",
        "x",
    )
    for number, data in enumerate(forged):
        for person, message in ((budi, greeting), (rina, card)):
            query = {
                "id": f"{number}{person.id}",
                "from": {"id": person.id, "is_bot": False, "first_name": "X"},
                "message": message,
                "chat_instance": "1",
                "data": data,
            }
            stage.sandbox.updates.add("callback_query", query, message["chat"]["id"])
    budi.send_text("syarat ktp hilang apa saja")
    await stage.reads(budi, "Dasar:")
    await stage.settled()
    assert labels(await stage.card(topic)) == ["Ambil", "Kartu kendali"]
    assert all(state == "done" for state in stage.inbox_states())


async def test_commands_of_other_bots_are_left_to_them(stage: Stage) -> None:
    rina, budi, _, topic = await taken(stage)
    stage.writes(rina, topic, "/balas@botlain untuk bot lain")
    stage.writes(rina, topic, f"/balas@{stage.sandbox.settings.bot_username} untuk Anda")
    await stage.reads(budi, "untuk Anda")
    assert not any("untuk bot lain" in text for text in budi.texts())


async def test_a_card_that_comes_back_to_fo_is_the_voices_again(stage: Stage) -> None:
    rina, _, number, topic = await taken(stage)
    editor = stage.officer("Rudi", Role.EDITOR)
    await stage.presses(rina, topic, "Teruskan", "Operator Editor")
    await stage.presses(editor, topic, "Terima")
    await stage.presses(editor, topic, "Teruskan", "Front Office")
    received = await stage.presses(rina, topic, "Terima")
    assert received.text == f"{number} kembali pada Anda."
