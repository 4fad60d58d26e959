"""The features of a message: each kind with its mark, none twice, and no more than a message can tell."""

from __future__ import annotations

from knowledge.features import CONCEPTS_LIMIT, LETTERS_LIMIT, RUN, features


def test_words_neighbours_concepts_pairs_and_runs_of_letters() -> None:
    assert features("ktp ilang", ("ktp", "hilang"), ("ktp", "hilang")) == {
        *("=ktp", "=hilang"),
        *(">^ ktp", ">ktp hilang", ">hilang $"),
        *("#hilang", "#ktp", "&hilang ktp"),
        *(" ktp", "ktp ", "tp i", "p il", " ila", "ilan", "lang", "ang "),
    }


def test_the_order_of_concepts_does_not_matter() -> None:
    words = ("ktp", "hilang")
    assert features("x", words, ("ktp", "hilang")) == features("x", words, ["hilang", "ktp", "hilang"])


def test_nothing_has_only_its_ends() -> None:
    assert features("", (), ()) == {">^ $"}


def test_a_flood_gives_no_more_than_its_beginning() -> None:
    beginning = "".join(chr(97 + at * 7 % 26) for at in range(LETTERS_LIMIT))
    assert features(beginning + "zzzz", (), ()) == features(beginning + "qqqq", (), ())
    runs = {feature for feature in features("abcdefgh" * 1000, (), ()) if len(feature) == RUN}
    assert len(runs) <= LETTERS_LIMIT
    pairs = [feature for feature in features("", (), map(str, range(100, 200))) if feature.startswith("&")]
    assert len(pairs) == CONCEPTS_LIMIT * (CONCEPTS_LIMIT - 1) // 2
