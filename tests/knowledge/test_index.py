"""The index as an artefact: shares that add up, and a text that holds all of it or is refused."""

from __future__ import annotations

import base64
import io
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from knowledge import KnowledgeError
from knowledge.index import FORM, Index, load_index, softmax


def _archive(**entries: Any) -> str:
    packed = io.BytesIO()
    np.savez_compressed(packed, **entries)
    return base64.b64encode(packed.getvalue()).decode()


def test_what_is_loaded_is_what_was_dumped(small_index: Index) -> None:
    loaded = load_index(small_index.dump())
    for name in (field.name for field in fields(Index)):
        kept, again = getattr(small_index, name), getattr(loaded, name)
        if isinstance(kept, np.ndarray):
            assert again.dtype == kept.dtype
            np.testing.assert_allclose(again, kept, atol=1e-3)
        else:
            assert again == (pytest.approx(kept) if isinstance(kept, float) else kept), name
    assert loaded.dump() == small_index.dump()


def test_a_line_with_the_source_may_stand_above(small_index: Index) -> None:
    assert load_index(f"0123abcd\n{small_index.dump()}").topics == small_index.topics


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bukan indeks",
        base64.b64encode(b"bukan indeks").decode(),
        base64.b64encode(b"PK\x03\x04 bukan arsip").decode(),
        _archive(apa=np.zeros(3)),
        _archive(form=np.int32(FORM)),
        _archive(form=np.array([object()])),
    ],
    ids=["empty", "no base64", "no archive", "broken archive", "another archive", "only the form", "pickled"],
)
def test_a_foreign_text_is_refused(text: str) -> None:
    with pytest.raises(KnowledgeError, match="index"):
        load_index(text)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_half_an_index_is_refused(small_index: Index, share: float) -> None:
    text = small_index.dump()
    with pytest.raises(KnowledgeError, match="index"):
        load_index(text[: int(len(text) * share) // 4 * 4])


def test_another_form_is_refused_by_its_number() -> None:
    with pytest.raises(KnowledgeError, match=f"form {FORM + 1}, this program reads {FORM}"):
        load_index(_archive(form=np.int32(FORM + 1)))


@pytest.mark.parametrize("named", [set(), {"=tidakada"}, {"=ktp", "=hilang"}])
def test_shares_add_up_to_one(small_index: Index, named: set[str]) -> None:
    shares, _ = small_index.read(named)
    assert len(shares) == len(small_index.topics)
    assert float(shares.sum()) == pytest.approx(1.0, abs=1e-5)
    assert float(shares.min()) >= 0


def test_unknown_features_tell_nothing(small_index: Index) -> None:
    alone, _ = small_index.read({"=ktp", "=hilang"})
    along, _ = small_index.read({"=ktp", "=hilang", "=tidakada", "entah"})
    np.testing.assert_array_equal(alone, along)


def test_softmax_stands_large_numbers() -> None:
    np.testing.assert_allclose(softmax(np.array([1e4, 0, -1e4], np.float32)), [1, 0, 0], atol=1e-6)
