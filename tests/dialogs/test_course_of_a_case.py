"""A resident is helped end to end: answered, taken by FO, handed to a head, answered by the head, concluded."""

from __future__ import annotations

from escalation.roles import Role
from tests.dialogs.stage import Stage, labels


async def test_answers_a_question_at_once_with_its_legal_basis(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("KTP saya hilang, apa syaratnya?")
    await stage.reads(budi, "Selamat datang")
    answer = await stage.reads(budi, "Dasar:")
    assert "kepolisian" in answer["text"]
    assert labels(answer) == ["Membantu", "Belum terjawab", "Hubungi petugas"]


async def test_follows_a_case_to_its_end(stage: Stage) -> None:
    rina = stage.officer("Rina", Role.FO)
    head = stage.officer("Hendra", Role.SECTION_HEAD)
    budi = stage.resident("Budi")
    number, topic = await stage.case_of(budi)
    taken = await stage.presses(rina, topic, "Ambil")
    assert number in (taken.text or "")
    await stage.reads(budi, "sekarang ditangani petugas")
    await stage.presses(
        rina, topic, "Teruskan", "Kepala Seksi", "Seksi Identitas Penduduk", "Pertanyaan kebijakan pelayanan"
    )
    await stage.presses(head, topic, "Terima")
    stage.writes(head, topic, "Boleh, silakan datang ke loket 3 dengan KK asli.")
    await stage.presses(rina, topic, "Kirim ke warga")
    await stage.reads(budi, "silakan datang ke loket 3")
    await stage.presses(rina, topic, "Selesai")
    question = await stage.reads(budi, "sudah selesai menurut Anda")
    await budi.press(question["message_id"], "Sudah selesai")
    await stage.reads(budi, "kami tutup")
    await stage.presses(rina, topic, "Kartu kendali")
    card = await stage.topic_shows(topic, "Diterima")
    assert "HE" in card["text"]
    assert "RI" in card["text"]
