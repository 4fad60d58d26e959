"""Learning from phrasings: the same input gives the same index, words and slips find their topic."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from knowledge import DecisionKind, Knowledge
from knowledge.index import load_index
from knowledge.learning import MOST_FEATURES
from knowledge.pack import INDEX, gather, learn_text, source_of, with_index
from tests.knowledge import small_office

if TYPE_CHECKING:
    from knowledge.index import Index


def test_the_same_phrasings_give_the_same_index(small_index: Index) -> None:
    assert small_office.learned().dump() == small_index.dump()


def test_the_order_of_topics_does_not_matter(small_index: Index) -> None:
    turned = dict(reversed(list(small_office.phrasings().items())))
    assert small_office.learned(entries=turned).dump() == small_index.dump()


def test_another_phrasing_gives_another_index(small_index: Index) -> None:
    more = small_office.phrasings()
    more["kia-hilang"].append("kartu anak tercecer di pasar")
    assert small_office.learned(entries=more).dump() != small_index.dump()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ktp hilang", "ktp-hilang"),
        ("ktp sy ilang gimana", "ktp-hilang"),
        ("ktpnya hlng, syrat?", "ktp-hilang"),
        ("kartu keluarga hilangg", "kk-hilang"),
        ("kia hilnag", "kia-hilang"),
        ("ktp robek", "ktp-rusak"),
        ("kecewaa", "pengaduan"),
        ("ada petugs", "minta-petugas"),
    ],
)
def test_words_and_slips_find_their_topic(small: Knowledge, text: str, topic: str) -> None:
    assert small.understanding.understand(text).candidates[0][0] == topic


def test_a_taught_phrasing_is_understood() -> None:
    text, topic = "kartu identitas si kecil lenyap entah ke mana", "kia-hilang"
    before = small_office.opened().understanding.understand(text).probability(topic)
    more = small_office.phrasings()
    more[topic] += [text, f"min {text}"]
    after = small_office.opened(phrasings=more)
    assert after.understanding.understand(text).probability(topic) > max(before, 0.9)
    assert after.decide(text).topics == (topic,)


def test_an_answer_that_would_do_as_well_is_accepted(small: Knowledge) -> None:
    understanding = small.understanding
    torn = understanding.understand("ktp rusak")
    assert torn.candidates[0][0] == "ktp-rusak"
    assert understanding.accepted(torn, "ktp-rusak") == pytest.approx(torn.probability("ktp-rusak"), abs=1e-3)
    lost = torn.probability("ktp-hilang") + torn.probability("ktp-rusak") / 2
    assert understanding.accepted(torn, "ktp-hilang") == pytest.approx(lost, abs=1e-3)
    assert understanding.accepted(torn, "kia-hilang") == pytest.approx(torn.probability("kia-hilang"), abs=1e-3)


def test_a_topic_without_phrasings_is_never_likely(small: Knowledge) -> None:
    fewer = small_office.phrasings() | {"kia-hilang": []}
    found = small_office.opened(phrasings=fewer).understanding.understand("kia hilang")
    assert found.probability("kia-hilang") < 0.1
    assert small.understanding.understand("kia hilang").probability("kia-hilang") > 0.9


def test_what_is_believed_is_heard_and_what_only_sounds_so_is_not(small: Knowledge) -> None:
    assert small.decide("katanya kk hilang bayar ya").beliefs == (small_office.BELIEF,)
    assert small.decide("kk hilang gratis kan").beliefs == ()
    assert small.decide("ktp hilang syaratnya apa").beliefs == ()


def test_an_index_is_learned_only_for_other_words_or_phrasings() -> None:
    pack = small_office.pack()
    kept = learn_text(pack)
    assert kept.partition("\n")[0] == source_of(pack["lexicon"], pack["phrasings"])
    marked = f"{kept.partition(chr(10))[0]}\nnot learned anew"
    assert "not learned anew" in with_index(pack, marked)
    assert "not learned anew" in with_index(small_office.pack(articles={}), marked)
    more = small_office.phrasings()
    more["oos"].append("bola")
    assert "not learned anew" not in with_index(small_office.pack(phrasings=more), marked)
    words = small_office.lexicon()
    words["fillers"].append("dong")
    assert "not learned anew" not in with_index(small_office.pack(lexicon=words), marked)


def test_the_index_shipped_was_learned_from_the_words_and_phrasings_shipped(knowledge: Knowledge) -> None:
    data = files("knowledge")
    pack = gather(data)
    text = data.joinpath(INDEX).read_text(encoding="ascii")
    assert text.partition("\n")[0] == source_of(pack["lexicon"], pack["phrasings"]), "learn it anew: it is stale"
    index = load_index(text)
    assert set(index.topics) == set(knowledge.topics)
    assert set(index.beliefs) <= set(knowledge.misconceptions)
    assert len(index.vocabulary) <= MOST_FEATURES


def test_the_phrasings_shipped_find_their_topic(knowledge: Knowledge) -> None:
    """A sample of what the index was learned from; far fewer would mean that it was not."""
    sampled = [
        (topic, entry) for topic, entries in knowledge.phrasings.items() for entry in entries[:: len(entries) // 4 or 1]
    ]
    found = 0
    for topic, entry in sampled:
        best = knowledge.understanding.understand(entry.text).candidates[0][0]
        found += best in (topic, *entry.also)
    assert len(sampled) >= 4 * len(knowledge.topics)
    assert found / len(sampled) >= 0.9


def test_a_decision_does_not_depend_on_what_was_decided_before(small: Knowledge) -> None:
    first = small.decide("kk hilang")
    small.decide("slot gacor")
    assert small.decide("kk hilang") == first
    assert first.kind is DecisionKind.ANSWER
