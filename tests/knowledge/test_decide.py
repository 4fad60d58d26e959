"""Decisions on single messages and on follow-ups."""

from __future__ import annotations

import pytest

from knowledge import Context, DecisionKind, Knowledge, SmallTalk


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ktp saya hilang, gantinya gimana", "ktp-hilang"),
        ("min kk robek kena hujan", "kk-rusak"),
        ("mau pecah KK tapi masih serumah dengan orang tua", "kk-pisah"),
        ("surek pindah lah ado dari Solok, ka ma lai", "pindah-datang"),
        ("mau pindah dari Pekanbaru ke Jambi, urus apa", "pindah-keluar"),
        ("nomor antrean online ambil di mana", "layanan-online"),
        ("apakah bikin kk bayar", "biaya"),
        ("buka jam berapa hari jumat", "jam-layanan"),
        ("ktp saya tidak hilang cuma patah", "ktp-rusak"),
        ("I lost my ID card", "ktp-hilang"),
    ],
)
def test_clear_questions_are_answered(knowledge: Knowledge, text: str, topic: str) -> None:
    decision = knowledge.decide(text)
    assert (decision.kind, decision.topics) == (DecisionKind.ANSWER, (topic,))


@pytest.mark.parametrize(
    ("text", "route", "about"),
    [
        ("KK baru jadi tapi nama anak salah ketik", "salah-input", None),
        ("sudah tiga bulan ktp saya belum jadi", "belum-terbit", None),
        ("akta saya sudah bisa diambil belum", "pengambilan", None),
        ("saya dimintai uang oleh oknum di loket", "pengaduan", None),
        ("tolong sambungkan ke petugas manusia", "minta-petugas", None),
    ],
)
def test_matters_for_a_person_are_handed_over(knowledge: Knowledge, text: str, route: str, about: str | None) -> None:
    decision = knowledge.decide(text)
    assert decision.kind is DecisionKind.HANDOFF
    assert decision.topics == (route,)
    assert about is None or decision.about == about


def test_one_event_on_two_documents_is_answered_for_both_in_order(knowledge: Knowledge) -> None:
    assert knowledge.decide("KK dan KTP saya hilang, syaratnya apa").topics == ("kk-hilang", "ktp-hilang")


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("perpanjang SIM di mana ya", "samsat"),
        ("buku nikah kami hilang, bikin lagi di sini?", "kua"),
        ("cara bikin paspor", "imigrasi"),
        ("kartu BPJS saya hilang", "bpjs"),
        ("jam buka donor darah", "kesehatan"),
    ],
)
def test_matters_of_others_name_the_agency(knowledge: Knowledge, text: str, agency: str) -> None:
    decision = knowledge.decide(text)
    assert decision.kind is DecisionKind.NOT_OURS
    assert decision.agency is not None
    assert decision.agency.id == agency
    assert decision.agency.hint.endswith(".")


def test_a_document_of_ours_for_another_agency_stays_ours(knowledge: Knowledge) -> None:
    assert knowledge.decide("NIK saya tidak ditemukan waktu daftar BPJS").topics == ("nik-tidak-aktif",)


@pytest.mark.parametrize("text", ["SLOT GACOR maxwin cek link bio", "jasa ktp kilat tanpa datang hub wa 08123456"])
def test_adverts_are_ignored(knowledge: Knowledge, text: str) -> None:
    assert knowledge.decide(text).kind is DecisionKind.IGNORE


def test_a_warning_about_an_advert_is_no_advert(knowledge: Knowledge) -> None:
    assert knowledge.decide("ada jasa ktp kilat minta uang, saya mau lapor penipuan").kind is not DecisionKind.IGNORE


@pytest.mark.parametrize(
    ("text", "kind", "fragment"),
    [
        ("selamat pagi", SmallTalk.GREETING, True),
        ("terima kasih banyak kak 🙏", SmallTalk.THANKS, False),
        ("oke siap, mengerti. besok saya ke sana, makasih", SmallTalk.THANKS, False),
        ("p", SmallTalk.PING, True),
        ("min", SmallTalk.PING, True),
        ("", SmallTalk.PING, True),
    ],
)
def test_courtesies(knowledge: Knowledge, text: str, kind: SmallTalk, fragment: bool) -> None:
    decision = knowledge.decide(text)
    assert (decision.kind, decision.smalltalk, decision.fragment) == (DecisionKind.SMALLTALK, kind, fragment)


def test_a_greeting_before_a_question_is_a_question(knowledge: Knowledge) -> None:
    assert knowledge.decide("pagi min, ktp saya hilang, makasih").topics == ("ktp-hilang",)


@pytest.mark.parametrize("text", ["mau nanya dong", "assalamualaikum kak mau tanya", "ktp", "anak saya lahir di duri"])
def test_unfinished_pieces_may_wait(knowledge: Knowledge, text: str) -> None:
    assert knowledge.decide(text).fragment


def test_a_bare_document_offers_its_usual_topics(knowledge: Knowledge) -> None:
    decision = knowledge.decide("ktp")
    assert decision.kind is DecisionKind.ASK
    assert decision.topics == ("ktp-baru", "ktp-rekam", "ktp-hilang", "ktp-rusak")


def test_anger_alone_opens_no_case(knowledge: Knowledge) -> None:
    decision = knowledge.decide("payah kali, dilempar-lempar terus")
    assert (decision.kind, decision.anger) == (DecisionKind.ASK, True)
    assert "pengaduan" in decision.topics


@pytest.mark.parametrize(
    ("previous", "text", "topic", "about"),
    [
        ("ktp-hilang", "kalau yang rusak?", "ktp-rusak", None),
        ("kk-hilang", "kalau yang rusak?", "kk-rusak", None),
        ("ktp-hilang", "kalau KK?", "kk-hilang", None),
        ("ktp-hilang", "biayanya berapa?", "biaya", "ktp-hilang"),
        ("akta-lahir", "berapa lama?", "lama-proses", "akta-lahir"),
        ("ktp-hilang", "perlu pengantar rt ga?", "pengantar-rt-rw", "ktp-hilang"),
        ("akta-kematian", "syaratnya apa?", "akta-kematian", None),
        ("akta-lahir", "sekalian masuk kk bisa?", "kk-tambah-anak", None),
    ],
)
def test_follow_ups(knowledge: Knowledge, previous: str, text: str, topic: str, about: str | None) -> None:
    decision = knowledge.decide(text, Context(previous_topic=previous))
    assert (decision.kind, decision.topics, decision.about) == (DecisionKind.ANSWER, (topic,), about)


def test_two_misses_bring_a_person(knowledge: Knowledge) -> None:
    first = knowledge.decide("hmm gimana itu")
    assert first.kind is DecisionKind.ASK
    second = knowledge.decide("hmm gimana itu", Context(misses=1))
    assert (second.kind, second.topics) == (DecisionKind.HANDOFF, ("minta-petugas",))


def test_a_topic_whose_article_is_out_of_service_goes_to_a_person(knowledge: Knowledge) -> None:
    from dataclasses import replace

    without = replace(knowledge, in_service=knowledge.in_service - {"ktp-hilang"})
    decision = without.decide("ktp saya hilang, syaratnya apa")
    assert (decision.kind, decision.topics, decision.about) == (DecisionKind.HANDOFF, ("minta-petugas",), "ktp-hilang")


def test_suggestions_for_officers_are_topics_of_ours(knowledge: Knowledge) -> None:
    suggested = knowledge.suggest("ktp hilang dan kk rusak", n=3)
    assert 0 < len(suggested) <= 3
    assert set(suggested) & {"ktp-hilang", "kk-rusak", "ktp-rusak", "kk-hilang"}
    assert not set(suggested) & {"oos", "sapaan"}
