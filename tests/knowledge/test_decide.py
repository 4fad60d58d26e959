"""Decisions on single messages and on follow-ups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversation.language import Language
from knowledge import Context, DecisionKind, Knowledge, SmallTalk, same_question


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ktp saya hilang, gantinya gimana", "ktp-hilang"),
        ("min kk robek kena hujan", "kk-rusak"),
        ("mau pecah KK tapi masih serumah dengan orang tua", "kk-pisah"),
        ("surek pindah lah ado dari Solok, ka ma lai", "pindah-datang"),
        ("mau pindah dari Pekanbaru ke Jambi, urus apa", "pindah-keluar"),
        ("daftar antrean online di mana", "layanan-online"),
        ("apakah bikin kk bayar", "biaya"),
        ("buka jam berapa hari jumat", "jam-layanan"),
        ("ktp saya tidak hilang cuma patah", "ktp-rusak"),
        ("syarat bikin akta lahir anak apa saja", "akta-lahir"),
        ("bapak saya meninggal, cara buat akta kematiannya?", "akta-kematian"),
        ("syarat membuat KIA untuk anak umur 3 tahun", "kia-baru"),
    ],
)
def test_clear_questions_are_answered(knowledge: Knowledge, text: str, topic: str) -> None:
    decision = knowledge.decide(text)
    assert (decision.kind, decision.topics) == (DecisionKind.ANSWER, (topic,))
    assert (decision.language, decision.gave_up) == (Language.INDONESIAN, False)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("I lost my ID card", "ktp-hilang"),
        ("how do I replace a lost family card?", "kk-hilang"),
        ("what are the requirements for a birth certificate for my baby", "akta-lahir"),
    ],
)
def test_english_is_understood_and_noticed(knowledge: Knowledge, text: str, topic: str) -> None:
    decision = knowledge.decide(text)
    assert (decision.kind, decision.topics, decision.language) == (DecisionKind.ANSWER, (topic,), Language.ENGLISH)


@pytest.mark.parametrize("text", ["KTP", "ktp saya hilang, can u help min", "mau urus KIA online", ""])
def test_a_few_english_words_make_no_english_message(knowledge: Knowledge, text: str) -> None:
    assert knowledge.decide(text).language is Language.INDONESIAN


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("KK baru jadi tapi nama anak salah ketik", "salah-input"),
        ("sudah tiga bulan ktp saya belum jadi", "belum-terbit"),
        ("akta saya sudah bisa diambil belum", "pengambilan"),
        ("saya dimintai uang oleh oknum di loket", "pengaduan"),
        ("tolong sambungkan ke petugas manusia", "minta-petugas"),
    ],
)
def test_matters_for_a_person_are_handed_over(knowledge: Knowledge, text: str, route: str) -> None:
    decision = knowledge.decide(text)
    assert (decision.kind, decision.topics, decision.gave_up) == (DecisionKind.HANDOFF, (route,), False)


def test_who_wants_a_person_is_noticed_whatever_else_is_asked(knowledge: Knowledge) -> None:
    assert knowledge.decide("tolong sambungkan ke petugas manusia").wants_person
    assert not knowledge.decide("ktp saya hilang, gantinya gimana").wants_person


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("syarat ktp hilang apa? dan syarat akta kematian apa?", ("ktp-hilang", "akta-kematian")),
        ("KTP saya hilang syaratnya apa? syarat akta kematian apa?", ("ktp-hilang", "akta-kematian")),
        ("cara buat akta kematian bagaimana? terus cara bikin KIA anak bagaimana?", ("akta-kematian", "kia-baru")),
    ],
)
def test_two_questions_are_answered_in_their_order(knowledge: Knowledge, text: str, topics: tuple[str, ...]) -> None:
    decision = knowledge.decide(text)
    assert (decision.kind, decision.topics) == (DecisionKind.ANSWER, topics)


def test_one_event_on_two_documents_is_answered_or_offered_for_both(knowledge: Knowledge) -> None:
    decision = knowledge.decide("KK dan KTP saya hilang, syaratnya apa")
    assert decision.kind in (DecisionKind.ANSWER, DecisionKind.ASK)
    assert set(decision.topics) == {"kk-hilang", "ktp-hilang"}


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
    assert decision.agency.english.endswith(".")


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
        ("🙏🙏", SmallTalk.PING, True),
    ],
)
def test_courtesies(knowledge: Knowledge, text: str, kind: SmallTalk, fragment: bool) -> None:
    decision = knowledge.decide(text)
    assert (decision.kind, decision.smalltalk, decision.fragment) == (DecisionKind.SMALLTALK, kind, fragment)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("pagi min, ktp saya hilang, makasih", "ktp-hilang"),
        ("assalamualaikum kak, kk saya hilang syaratnya apa ya, terima kasih banyak", "kk-hilang"),
        ("halo min syarat akta kematian apa, makasih", "akta-kematian"),
    ],
)
def test_a_question_between_courtesies_is_a_question(knowledge: Knowledge, text: str, topic: str) -> None:
    decision = knowledge.decide(text)
    assert decision.kind in (DecisionKind.ANSWER, DecisionKind.ASK)
    assert decision.topics[0] == topic


@pytest.mark.parametrize("text", ["mau nanya dong", "assalamualaikum kak mau tanya", "ktp", "permisi mau nanya"])
def test_unfinished_pieces_may_wait(knowledge: Knowledge, text: str) -> None:
    assert knowledge.decide(text).fragment


def test_a_clear_question_does_not_wait(knowledge: Knowledge) -> None:
    assert not knowledge.decide("ktp saya hilang, gantinya gimana").fragment


@pytest.mark.parametrize("document", ["ktp", "kk", "akta"])
def test_a_bare_document_is_asked_about(knowledge: Knowledge, document: str) -> None:
    decision = knowledge.decide(document)
    assert decision.kind is DecisionKind.ASK
    assert 2 <= len(decision.topics) <= 4
    assert {knowledge.topics[topic].document for topic in decision.topics} == {document}


@pytest.mark.parametrize(
    "text", ["mau urus dokumen", "saya mau urus surat", "kartu saya hilang", "surat hilang", "hilang"]
)
def test_what_is_vague_is_asked_about_and_opens_no_case(knowledge: Knowledge, text: str) -> None:
    decision = knowledge.decide(text)
    assert decision.kind is DecisionKind.ASK
    assert len(decision.topics) != 1


def test_anger_alone_opens_no_case(knowledge: Knowledge) -> None:
    decision = knowledge.decide("payah kali, dilempar-lempar terus")
    assert (decision.kind, decision.anger) == (DecisionKind.ASK, True)
    assert "pengaduan" in decision.topics


def test_anger_after_a_miss_brings_a_person(knowledge: Knowledge) -> None:
    decision = knowledge.decide("payah kali, dilempar-lempar terus", Context("ktp-hilang", misses=1))
    assert (decision.kind, decision.topics, decision.about) == (DecisionKind.HANDOFF, ("minta-petugas",), "ktp-hilang")
    assert (decision.gave_up, decision.anger) == (True, True)


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


@pytest.mark.parametrize("text", ["mau ganti alamat", "kia anak hilang", "buka jam berapa hari jumat"])
def test_another_matter_is_not_answered_with_the_previous_one(knowledge: Knowledge, text: str) -> None:
    decision = knowledge.decide(text, Context(previous_topic="ktp-hilang"))
    assert "ktp-hilang" not in decision.topics[:1]


@pytest.mark.parametrize("text", ["surat hilang", "saya mau urus surat", "hmm gimana itu"])
def test_two_misses_bring_a_person(knowledge: Knowledge, text: str) -> None:
    assert knowledge.decide(text).kind is not DecisionKind.HANDOFF
    after = knowledge.decide(text, Context(misses=2))
    assert (after.kind, after.topics, after.gave_up) == (DecisionKind.HANDOFF, ("minta-petugas",), True)


def test_a_clear_question_after_misses_is_answered(knowledge: Knowledge) -> None:
    assert knowledge.decide("ktp saya hilang, gantinya gimana", Context(misses=4)).kind is DecisionKind.ANSWER


def test_a_topic_whose_article_is_out_of_service_goes_to_a_person(knowledge: Knowledge) -> None:
    without = replace(knowledge, in_service=knowledge.in_service - {"ktp-hilang"})
    decision = without.decide("ktp saya hilang, syaratnya apa")
    assert (decision.kind, decision.topics, decision.about) == (DecisionKind.HANDOFF, ("minta-petugas",), "ktp-hilang")
    assert decision.gave_up


def test_of_two_questions_the_one_out_of_service_is_left_out(knowledge: Knowledge) -> None:
    without = replace(knowledge, in_service=knowledge.in_service - {"ktp-hilang"})
    text = "KTP saya hilang syaratnya apa? syarat akta kematian apa?"
    assert "ktp-hilang" in knowledge.decide(text).topics
    decision = without.decide(text)
    assert decision.kind is not DecisionKind.ANSWER or decision.topics == ("akta-kematian",)


def test_suggestions_for_officers_are_topics_of_ours(knowledge: Knowledge) -> None:
    suggested = knowledge.suggest("ktp hilang dan kk rusak", n=3)
    assert 0 < len(suggested) <= 3
    assert set(suggested) & {"ktp-hilang", "kk-rusak", "ktp-rusak", "kk-hilang"}
    assert not set(suggested) & {"oos", "sapaan"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("syarat ktp hilang apa saja", "Syarat KTP hilang apa saja??", True),
        ("syarat ktp hilang apa saja", "apa saja syarat ktp hilang", True),
        ("syarat ktp hilang apa saja", "buka jam berapa hari jumat", False),
        ("", "syarat ktp hilang apa saja", False),
    ],
)
def test_the_same_question_in_other_order_or_case_is_the_same(one: str, other: str, same: bool) -> None:
    assert same_question(one, other) is same
