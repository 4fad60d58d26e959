"""Misconceptions: each can be put right from law in force, and is heard in the messages of those who hold it."""

from __future__ import annotations

import json

import pytest

from conversation.language import Language
from knowledge import Knowledge, KnowledgeError, load_pack, pack_builtin
from knowledge.checking import EDITORS_WORDS
from knowledge.evaluation import read_example
from knowledge.misconceptions import read_misconceptions
from knowledge.trial import bundled_examples
from tests.knowledge import small_office

#: So many statements of each one belong among the phrasings, and such a share of them is to be heard.
STATEMENTS, HEARD = 10, 0.7
#: Such a share of messages that only sound like it may be taken for it at most.
MISHEARD = 0.25
#: Such a share of ordinary messages at most gets a word about a misconception.
CORRECTED = 0.15


def test_all_are_about_known_topics_and_can_be_put_right(knowledge: Knowledge) -> None:
    assert len(knowledge.misconceptions) == 27
    for name, belief in knowledge.misconceptions.items():
        assert belief.id == name
        assert belief.topics
        assert set(belief.topics) <= set(knowledge.topics)
        assert all(knowledge.regulations[cited.regulation].citable for cited in belief.citations), name
        for language, start in ((Language.INDONESIAN, "Perlu diketahui:"), (Language.ENGLISH, "Please note:")):
            told = knowledge.correct(name, language)
            assert told
            assert told.text.startswith(f"<b>{start}</b>")
            assert not [words for words in EDITORS_WORDS if words.lower() in told.text.lower()]
            assert len(told.text) < 600, name


def test_phrasings_name_only_known_ones(knowledge: Knowledge) -> None:
    named = {
        name for entries in knowledge.phrasings.values() for entry in entries for name in (entry.states, entry.denies)
    }
    assert named - {""} <= set(knowledge.misconceptions)


@pytest.fixture(scope="module")
def stated(knowledge: Knowledge) -> dict[str, list[tuple[str, bool]]]:
    """The statements of each misconception among the phrasings, and whether each is heard."""
    found: dict[str, list[tuple[str, bool]]] = {name: [] for name in knowledge.misconceptions}
    for entries in knowledge.phrasings.values():
        for entry in entries:
            if entry.states:
                found[entry.states].append((entry.text, entry.states in knowledge.decide(entry.text).beliefs))
    return found


def test_each_is_stated_in_the_phrasings_and_heard_there(stated: dict[str, list[tuple[str, bool]]]) -> None:
    few = {name: len(messages) for name, messages in stated.items() if len(messages) < STATEMENTS}
    assert few == {}
    shares = {name: sum(heard for _, heard in messages) / len(messages) for name, messages in stated.items()}
    assert {name: share for name, share in shares.items() if share < HEARD} == {}


def test_what_only_sounds_like_one_is_seldom_taken_for_it(knowledge: Knowledge) -> None:
    denied = [entry for entries in knowledge.phrasings.values() for entry in entries if entry.denies]
    assert denied
    misheard = [entry.text for entry in denied if entry.denies in knowledge.decide(entry.text).beliefs]
    assert len(misheard) / len(denied) <= MISHEARD


@pytest.mark.parametrize(
    ("belief", "text"),
    [
        ("ktp-kedaluwarsa", "KTP saya tertulis berlaku sampai 2019, berarti harus diperpanjang kan?"),
        ("pengantar-rt-rw", "bikin KK baru wajib pakai surat pengantar RT dulu ya?"),
        ("berbayar", "ganti ktp hilang kena biaya berapa ratus ribu?"),
        ("legalisir", "KK saya mau dilegalisir dulu buat syarat kerja"),
        ("kertas-hvs", "kok KK nya cuma kertas HVS putih, palsu ya ini"),
        ("bawa-pas-foto-ktp", "bikin ktp harus bawa pas foto latar merah kan?"),
        ("foto-ktp-tak-boleh-ganti", "foto ktp tidak bisa diganti seumur hidup ya"),
        ("pulang-kampung", "ktp saya hilang di sini, harus pulang kampung dulu buat cetak ulang?"),
        ("nik-ikut-pindah", "kalau pindah kota NIK saya ikut berubah ya"),
        ("akta-di-kota-lahir", "akta lahir harus diurus di kota tempat anak lahir kan"),
    ],
)
def test_statements_nobody_taught_are_heard(knowledge: Knowledge, belief: str, text: str) -> None:
    assert belief in knowledge.decide(text).beliefs


@pytest.mark.parametrize("text", ["jam buka kantor", "halo", "terima kasih", "", "slot gacor"])
def test_who_asks_nothing_about_law_is_not_corrected(knowledge: Knowledge, text: str) -> None:
    assert knowledge.decide(text).beliefs == ()


def test_most_who_ask_are_not_corrected(knowledge: Knowledge) -> None:
    decided = [knowledge.decide(read_example(line, at).text) for at, line in enumerate(bundled_examples(), 1)]
    corrected = [decision for decision in decided if decision.beliefs]
    assert len(corrected) / len(decided) <= CORRECTED


def test_one_that_rests_on_repealed_law_is_no_longer_told() -> None:
    pack = json.loads(pack_builtin())
    next(entry for entry in pack["regulations"]["regulations"] if entry["id"] == "uu-24-2013")["status"] = "dicabut"
    knowledge = load_pack(json.dumps(pack))
    assert knowledge.correct("ktp-kedaluwarsa") is None
    assert knowledge.correct("tidak-ada") is None


def test_a_belief_without_a_correction_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="correction must be text"):
        read_misconceptions({small_office.BELIEF: {"topics": ["kk-hilang"], "english": "Free."}})
