"""What a resident meets: greeted once, answered at once, a person within reach, nothing asked twice."""

from __future__ import annotations

from escalation.roles import Role
from tests.dialogs.stage import Stage, labels, shown


async def test_greets_once_and_answers_the_question_of_the_first_message(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("pagi min, ktp saya hilang di angkot. syaratnya apa aja ya buat ganti")
    greeting = await stage.reads(budi, "Selamat datang")
    answer = await stage.reads(budi, "Dasar:", after=greeting["message_id"])
    budi.send_text("kalau KK yang hilang syaratnya apa?")
    await stage.reads(budi, "Dasar:", after=answer["message_id"])
    assert sum("Selamat datang" in text for text in budi.texts()) == 1


async def test_greeting_says_what_the_bot_does_how_to_reach_a_person_and_how_data_are_used(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.start("poster-loket")
    greeting = await stage.reads(budi, "Selamat datang")
    for words in ("menjawab pertanyaan", "/petugas", "hanya untuk melayani Anda"):
        assert words in shown(greeting)
    assert labels(greeting) == ["Hubungi petugas"]


async def test_bantuan_and_status_answer_without_opening_a_case(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text("/bantuan")
    await stage.reads(budi, "Yang dapat Anda lakukan")
    budi.send_text("/status")
    await stage.reads(budi, "tidak ada permohonan")
    assert stage.calls_in_group() == {}


async def test_an_answer_that_helped_is_thanked_for(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("syarat ktp hilang apa saja")
    answer = await stage.reads(budi, "Dasar:")
    thanks = await budi.press(answer["message_id"], "Membantu")
    assert "Terima kasih" in thanks.text


async def test_an_answer_that_did_not_help_brings_a_person_with_what_was_said(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text("syarat ktp hilang apa saja")
    answer = await stage.reads(budi, "Dasar:")
    await budi.press(answer["message_id"], "Belum terjawab")
    told = await stage.reads(budi, "PKU-")
    card = await stage.card(await stage.topic_of(_number(told)))
    assert "syarat ktp hilang apa saja" in shown(card)
    assert "bot menjawab: KTP-el hilang" in shown(card)
    again = await budi.press(answer["message_id"], "Belum terjawab")
    assert again.text
    await stage.settled()
    assert stage.calls_in_group()["createForumTopic"] == 1


async def test_asks_back_with_choices_in_plain_words(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("surat hilang")
    question = await stage.reads(budi, "Maksud Anda yang mana?")
    choices = labels(question)
    assert 3 <= len(choices) <= 5
    assert choices[-1] == "Bukan itu"
    await budi.press(question["message_id"], choices[0])
    await stage.reads(budi, "Dasar:")


async def test_a_typed_number_chooses_too(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("surat hilang")
    await stage.reads(budi, "Maksud Anda yang mana?")
    budi.send_text("1")
    await stage.reads(budi, "Dasar:")


async def test_none_of_these_brings_a_person(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text("surat hilang")
    question = await stage.reads(budi, "Maksud Anda yang mana?")
    await budi.press(question["message_id"], "Bukan itu")
    await stage.reads(budi, "PKU-")


async def test_contact_is_asked_while_the_case_waits_and_may_be_skipped(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    await stage.case_of(budi)
    await stage.reads(budi, "melalui apa sebaiknya")
    budi.send_text("Lewati")
    await stage.reads(budi, "tidak apa-apa")
    await stage.settled()
    assert not any("melalui apa sebaiknya" in text for text in budi.texts()[-1:])


async def test_a_name_is_asked_first_where_the_account_shows_none(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    nameless = stage.resident("…")
    _, topic = await stage.case_of(nameless)
    await stage.reads(nameless, "Boleh kami tahu nama Anda")
    nameless.send_text("Siti Rahma")
    await stage.reads(nameless, "nama Anda sudah dicatat")
    await stage.reads(nameless, "melalui apa sebaiknya")
    nameless.send_text("email saya siti.r@contoh.id ya")
    await stage.reads(nameless, "kontak Anda sudah dicatat")
    told = await stage.topic_shows(topic, "s•••@contoh.id")
    assert "siti.r@contoh.id" not in shown(told)


async def test_only_the_own_number_is_taken(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    await stage.case_of(budi)
    await stage.reads(budi, "melalui apa sebaiknya")
    budi.send_contact("+628110000001", "Orang lain", contact_user_id=999)
    await stage.reads(budi, "hanya nomor Anda sendiri")
    budi.send_text("0811 0000 002")
    await stage.reads(budi, "mohon tekan tombol")
    budi.press_contact_button("+628110000003")
    await stage.reads(budi, "kontak Anda sudah dicatat")


async def test_a_question_while_contact_is_asked_is_still_answered(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    await stage.reads(budi, "melalui apa sebaiknya")
    budi.send_text("syarat ktp hilang apa saja?")
    await stage.reads(budi, "Dasar:")
    await stage.topic_shows(topic, "Dijawab bot: KTP-el hilang")


async def test_fragments_in_a_row_get_one_reply(stage: Stage) -> None:
    budi = stage.resident("Budi")
    for piece in ("min", "mau nanya", "syarat ktp hilang apa saja"):
        budi.send_text(piece)
    await stage.reads(budi, "Dasar:")
    await stage.settled()
    assert len(_from_bot(budi.messages())) == 2  # the greeting and one answer


async def test_a_lonely_fragment_is_answered_when_nothing_follows(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("min")
    await stage.reads(budi, "Selamat datang")


async def test_a_photo_alone_is_asked_about_kindly(stage: Stage) -> None:
    from sandbox.files import Upload
    from tests.sandbox.pictures import png

    budi = stage.resident("Budi")
    budi.send_file("photo", Upload(png()))
    asked = await stage.reads(budi, "tidak dapat membaca isi gambar")
    assert labels(asked) == ["Hubungi petugas"]


async def test_a_changed_question_is_answered_again_and_a_cosmetic_change_is_not(stage: Stage) -> None:
    budi = stage.resident("Budi")
    sent = budi.send_text("syarat kk hilang apa aja min")
    first = await stage.reads(budi, "Dasar:")
    budi.edit_text(sent["message_id"], "syarat ktp hilang apa aja min")
    second = await stage.reads(budi, "Dasar:", after=first["message_id"])
    assert shown(second) != shown(first)
    budi.edit_text(sent["message_id"], "syarat ktp hilang apa aja min 🙏")
    await stage.settled()
    assert budi.messages()[-1]["message_id"] == second["message_id"]


async def test_adverts_are_ignored_and_other_agencies_named(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("SLOT GACOR MAXWIN daftar di link bio")
    budi.send_text("cara perpanjang SIM gimana ya?")
    named = await stage.reads(budi, "SIM")
    assert "Satpas" in shown(named) or "kepolisian" in shown(named).lower() or "Polr" in shown(named)


def _from_bot(messages: list[dict[str, object]]) -> list[object]:
    return [message for message in messages if isinstance(sender := message.get("from"), dict) and sender.get("is_bot")]


def _number(message: dict[str, object]) -> str:
    start = shown(message).index("PKU-")
    return shown(message)[start : start + 15]
