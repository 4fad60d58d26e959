"""Whole conversations as residents lead them: in pieces, with short replies, corrections, thanks, and details given in
any order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from escalation.roles import Role
from sandbox.files import Upload
from sandbox.person import Person
from tests.dialogs.stage import Stage, labels, shown

NIK = "1471990101010001"
TYPO = "siang kak, akta lahir anak saya salah ketik, di berkas yang saya kasih sudah benar"
NOT_ISSUED = "ktp saya sudah 3 bulan diajukan belum jadi juga, kenapa?"


def said(person: Person) -> Sequence[str]:
    """What the bot has said to a person after the greeting."""
    from_bot = [message for message in person.messages() if message.get("from", {}).get("is_bot")]
    return [text for message in from_bot if "Selamat datang" not in (text := shown(message))]


@pytest.mark.parametrize(
    "pieces",
    [
        ("min", "mau nanya", "anak saya lahir di bangkinang", "tapi kk pekanbaru", "akta kelahirannya urus dimana ya"),
        ("ktp saya hilang", "di pasar tadi pagi", "syarat gantinya apa ya"),
        ("assalamualaikum", "kami baru pindah dari medan", "mau ganti ktp", "syaratnya apa saja?"),
    ],
)
async def test_a_matter_told_in_pieces_gets_one_reply(stage: Stage, pieces: tuple[str, ...]) -> None:
    budi = stage.resident("Budi")
    for piece in pieces:
        budi.send_text(piece)
    await stage.reads(budi, "Selamat datang")
    await stage.sandbox.wait_for(lambda: said(budi), 5.0)
    await stage.settled()
    assert len(said(budi)) == 1
    assert "PKU-" not in said(budi)[0]


async def test_who_opened_in_pieces_is_given_time_for_the_matter(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.resident.QUESTION_WAIT", 0.0)
    budi = stage.resident("Budi")
    for piece in ("min", "mau nanya", "anak saya lahir di bangkinang"):
        budi.send_text(piece)
    await stage.sandbox.wait_for(lambda: list(stage.inbox_states()).count("held") == 3, 5.0)
    budi.send_text("akta kelahirannya diurus dimana?")
    await stage.reads(budi, "Dasar:")
    await stage.settled()
    assert len(said(budi)) == 1


@pytest.mark.parametrize("typed", ["2", "yang kedua", "nomor 2 kak", "title"])
async def test_a_choice_may_be_typed_in_many_ways(stage: Stage, typed: str) -> None:
    budi = stage.resident("Budi")
    budi.send_text("kartu saya hilang")
    question = await stage.reads(budi, "Maksud Anda yang mana?")
    second = labels(question)[1].removeprefix("2. ")
    budi.send_text(second if typed == "title" else typed)
    await stage.reads(budi, second, after=question["message_id"])


async def test_a_choice_may_be_named_by_its_document(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("kartu saya hilang")
    question = await stage.reads(budi, "Maksud Anda yang mana?")
    assert sum("KTP" in label for label in labels(question)) == 1
    budi.send_text("eh yang ktp")
    await stage.reads(budi, "KTP-el hilang", after=question["message_id"])


@pytest.mark.parametrize("typed", ["bukan itu", "bukan itu semua kak"])
async def test_none_of_the_choices_may_be_typed(stage: Stage, typed: str) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text("kartu saya hilang")
    await stage.reads(budi, "Maksud Anda yang mana?")
    budi.send_text(typed)
    assert "Bicara dengan petugas" in shown(await stage.reads(budi, "PKU-"))


async def test_an_answer_to_something_else_is_put_right_before_a_person_is_called(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text("syarat ganti ktp rusak apa?")
    answer = await stage.reads(budi, "Dasar:")
    budi.send_text("bukan itu maksud saya")
    asked = await stage.reads(budi, "Mohon tuliskan dokumen apa", after=answer["message_id"])
    assert stage.calls_in_group() == {}
    budi.send_text("bukan itu")
    await stage.reads(budi, "PKU-", after=asked["message_id"])


async def test_details_of_a_case_come_in_pieces_and_are_acknowledged_once(stage: Stage) -> None:
    stage.officer("Eka", Role.EDITOR)
    budi = stage.resident("akun_lama")
    budi.send_text(TYPO)
    opened = await stage.reads(budi, "PKU-")
    assert "tulisan yang benar" in shown(opened)
    await stage.reads(budi, "melalui apa sebaiknya")
    budi.send_text("saya Novita Ramadani, tertulis YULIANTI harusnya YULIATI. no resi 0912/AKL")
    thanks = await stage.reads(budi, "sudah diteruskan kepada petugas")
    assert "Terima kasih, Novita Ramadani" in shown(thanks)
    assert "PKU-" in shown(thanks)
    budi.send_text("akta itu terbit minggu lalu")
    budi.send_text("emailnya novita.r@contoh.id")
    await stage.reads(budi, "kontak Anda sudah dicatat")
    budi.send_text("berkas aslinya lengkap di rumah")
    topic = await stage.topic_of(_number(opened))
    await stage.topic_shows(topic, "berkas aslinya")
    await stage.topic_shows(topic, "Warga: Novita Ramadani")
    await stage.settled()
    assert stage.calls_in_group()["createForumTopic"] == 1
    assert sum("diteruskan kepada petugas untuk" in text for text in said(budi)) <= 2  # with the name, and without


async def test_name_and_address_given_with_the_matter_are_not_asked_again(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("…")
    budi.send_text(f"Selamat siang, saya Rahmat Hidayat (rahmat@contoh.id). {NOT_ISSUED}")
    opened = await stage.reads(budi, "PKU-")
    card = await stage.card(await stage.topic_of(_number(opened)))
    assert "Warga: Rahmat Hidayat" in shown(card)
    assert "r•••@contoh.id" in shown(card)
    assert not any("nama Anda" in text or "melalui apa" in text for text in said(budi))


@pytest.mark.parametrize("text", ["nama saya jangan disebut", "nama saya salah di kk", "saya belum pernah dihubungi"])
async def test_what_is_no_name_is_not_taken_for_one(stage: Stage, text: str) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    budi.send_text(text)
    await stage.topic_shows(topic, text)
    await stage.settled()
    assert "Warga: Budi" in shown(await stage.card(topic))


async def test_while_a_case_waits_thanks_and_calls_are_answered_and_statements_are_no_questions(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    number, topic = await stage.case_of(budi)
    budi.send_text("makasih ya")
    await stage.reads(budi, "Sama-sama")
    budi.send_text("halo?")
    assert number in shown(await stage.reads(budi, "menunggu petugas\n"))
    budi.send_text("ktp saya hilang")
    await stage.topic_shows(topic, "ktp saya hilang")
    await stage.settled()
    assert not any("kepolisian" in text for text in said(budi))


@pytest.mark.parametrize(("typed", "answered"), [("sudah selesai", "kami tutup"), ("belum bu", "kami lanjutkan")])
async def test_whether_it_is_settled_may_be_typed(stage: Stage, typed: str, answered: str) -> None:
    rina = stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    await stage.presses(rina, topic, "Ambil", "Selesai")
    await stage.reads(budi, "sudah selesai menurut Anda")
    budi.send_text(typed)
    await stage.reads(budi, answered)


async def test_a_sticker_is_not_asked_about(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("syarat ktp hilang apa saja?")
    answer = await stage.reads(budi, "Dasar:")
    budi.send_file("sticker", Upload(b"RIFF"))
    budi.send_text("makasih")
    await stage.reads(budi, "Sama-sama", after=answer["message_id"])
    assert not any("tidak dapat membaca" in text for text in said(budi))


async def test_a_correction_into_a_matter_for_a_person_brings_one(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    sent = budi.send_text("syarat ktp baru apa?")
    await stage.reads(budi, "Dasar:")
    budi.edit_text(sent["message_id"], NOT_ISSUED)
    await stage.reads(budi, "PKU-")


async def test_numbers_of_persons_are_never_repeated_and_warned_of_once(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("syarat kk hilang apa?")
    await stage.reads(budi, "Dasar:")
    for question in ("biayanya berapa?", "berapa lama?"):
        before = budi.messages()[-1]["message_id"]
        budi.send_text(f"NIK saya {NIK}, {question}")
        await stage.reads(budi, "Dasar:", after=before)
    await stage.settled()
    assert sum("tidak menuliskan NIK" in text for text in said(budi)) == 1
    assert not any(NIK[:12] in text for text in said(budi))


async def test_choices_for_somebody_upset_come_with_an_apology(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("payah kali lah semua dilempar2")
    await stage.sandbox.wait_for(lambda: said(budi), 5.0)
    assert "Mohon maaf" in said(budi)[0]


async def test_a_name_and_address_do_not_change_the_language(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    john = stage.resident("John")
    john.send_text("I want to talk to an officer please")
    await stage.reads(john, "PKU-")
    john.send_text("John Sihombing, john@contoh.id")
    await stage.reads(john, "your contact has been noted")


def _number(message: dict[str, object]) -> str:
    start = shown(message).index("PKU-")
    return shown(message)[start : start + 15]
