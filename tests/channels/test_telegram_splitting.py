"""Long texts in pieces: each fits, each is whole markup, and together they are the text."""

from __future__ import annotations

import html
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels.telegram.splitting import cut, split, to_plain
from conversation.markup import width

WORDS = st.one_of(
    st.sampled_from(["Syarat", "akta", " ", "  ", "\n", "\n\n", "🏛️", "𝔸", "&", "<", ">", "&amp;", "1 < 2", "a" * 50]),
    st.text(max_size=12),
)
TEXTS = st.recursive(
    WORDS.map(lambda text: html.escape(text, quote=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=8).map("".join),
        st.tuples(st.sampled_from(["b", "i", "code", "tg-spoiler"]), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
    ),
    max_leaves=40,
)


class Reader(HTMLParser):
    """An independent reader of the subset: words, and tags that must be balanced."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.words = ""
        self.open: list[str] = []
        self.formats: list[tuple[str, frozenset[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        self.formats += [(character, frozenset(self.open)) for character in data]

    def handle_entityref(self, name: str) -> None:
        self.handle_data(html.unescape(f"&{name};"))


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, limit=st.integers(3, 60))
@example(text="<b>" + "𝔸" * 30 + "</b>", limit=3)
@example(text=" " * 50 + "akta", limit=7)
@example(text=" " * 50, limit=7)
def test_pieces_fit_are_balanced_and_keep_words_and_formatting(text: str, limit: int) -> None:
    pieces = [read(piece) for piece in split(text, limit)]
    assert all(width(piece.words) <= limit for piece in pieces)
    together = [item for piece in pieces for item in piece.formats if not item[0].isspace()]
    assert together == [item for item in read(text).formats if not item[0].isspace()]
    rest = to_plain(text)
    for piece in pieces:
        before, _, rest = rest.partition(piece.words) if piece.words else ("", "", rest)
        assert not before.strip(), "only white space may be lost between pieces"
    assert not rest.strip()


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, limit=st.integers(3, 60))
def test_a_cut_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    shown = read(cut(text, limit)).words
    assert width(shown) <= limit
    if width(to_plain(text)) > limit:
        assert shown.endswith("…")
        assert to_plain(text).startswith(shown[:-1])
    else:
        assert cut(text, limit) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("satu dua\n\ntiga empat", ("satu dua", "tiga empat")),
        ("satu dua\ntiga empat", ("satu dua", "tiga empat")),
        ("satu dua tiga empat", ("satu dua", "tiga empat")),
        ("satuduatigaempat", ("satuduatiga", "empat")),
        ("<b>satu dua tiga empat</b>", ("<b>satu dua</b>", "<b>tiga empat</b>")),
        ("a<i><b>bcdefghijkl</b>m</i>", ("a<i><b>bcdefghijk</b></i>", "<i><b>l</b>m</i>")),
        ("1 &lt; 2 dan 3 &gt; 2", ("1 &lt; 2 dan 3", "&gt; 2")),
        ("pendek", ("pendek",)),
        (" " * 50, ("",)),
    ],
)
def test_borders(text: str, pieces: tuple[str, ...]) -> None:
    assert split(text, 11) == pieces


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<b>Syarat</b> &amp; <i>biaya</i>", "Syarat & biaya"),
        ("umur < 17, pakai <kk>", "umur < 17, pakai <kk>"),
        ("lupa </b> menutup <i>ini", "lupa </b> menutup ini"),
        ("R&D &nbsp; &#39;x&#x27;", "R&D &nbsp; 'x'"),
    ],
)
def test_plain_words(text: str, plain: str) -> None:
    assert to_plain(text) == plain
