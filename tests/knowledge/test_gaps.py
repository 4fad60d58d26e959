"""Gaps: like messages together, the most frequent first, with what residents chose."""

from __future__ import annotations

from knowledge.gaps import Missed, gaps


def missed(at: int, text: str, why: str = "asked back", offered: tuple[str, ...] = (), chosen: str = "") -> Missed:
    return Missed(at, text, why, offered, chosen)


def test_nothing_missed_is_no_gap() -> None:
    assert gaps([]) == []


def test_like_messages_are_one_gap_and_the_most_frequent_comes_first() -> None:
    found = gaps(
        [
            missed(1, "kartu anak tercecer di pasar"),
            missed(2, "apakah dukcapil punya tempat parkir"),
            missed(3, "tempat parkir di dukcapil ada?"),
            missed(4, "Parkir dukcapil: ada tempat?"),
        ]
    )
    assert [{message.id for message in gap.messages} for gap in found] == [{2, 3, 4}, {1}]


def test_every_message_is_in_exactly_one_gap() -> None:
    texts = ["ktp hilang", "ktp hilang di pasar", "kk hilang", "kk hilang di pasar", "parkir", "", "👍"]
    found = gaps([missed(at, text) for at, text in enumerate(texts)])
    assert sorted(message.id for gap in found for message in gap.messages) == list(range(len(texts)))


def test_the_message_most_like_the_others_comes_first() -> None:
    found = gaps(
        [
            missed(1, "ada parkir bus gandeng rombongan di dukcapil"),
            missed(2, "ada parkir di dukcapil"),
            missed(3, "dukcapil ada tempat parkir motor"),
        ]
    )
    assert [message.id for message in found[0].messages] == [2, 1, 3]


def test_of_equal_gaps_the_one_heard_of_first_comes_first() -> None:
    found = gaps([missed(1, "ada parkir"), missed(2, "boleh bawa anjing"), missed(3, "jual map")])
    assert [gap.messages[0].id for gap in found] == [1, 2, 3]


def test_reasons_are_counted_and_a_choice_counts_more_than_offers() -> None:
    (gap,) = gaps(
        [
            missed(1, "kartu rusak", offered=("ktp-rusak", "kia-hilang")),
            missed(2, "kartu rusak", offered=("ktp-rusak", "kia-hilang"), chosen="kia-hilang"),
            missed(3, "kartu rusak", why="given up"),
        ]
    )
    assert gap.why == {"asked back": 2, "given up": 1}
    assert [topic for topic, _ in gap.topics.most_common()] == ["kia-hilang", "ktp-rusak"]
