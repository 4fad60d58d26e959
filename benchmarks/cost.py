"""What a decision, loading and learning cost with the phrasings there are, and with ten and a hundred times as many."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy import at_share
from benchmarks.grown import grown
from knowledge import Knowledge
from knowledge.concepts import ConceptBook, lexicon_words
from knowledge.features import features
from knowledge.index import Index, load_index
from knowledge.learning import FEWEST_SAMPLES, USUAL_WORD
from knowledge.normalise import Normaliser, plain
from knowledge.pack import canonical, parse_pack, source_of
from knowledge.phrasings import Phrasing, Phrasings

#: Learning that takes longer than so many seconds is given up.
LEARNING_LIMIT = 600
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def print_cost(knowledge: Knowledge, text: str, asked: Sequence[str]) -> None:
    """One line a size of the pack `text`; each loads and decides what is `asked` in its own process, on one core."""
    pack = parse_pack(text)
    index = load_index(pack["index"])
    print("\ncost on one core, in a fresh process; ready = stored pack read, loaded, first decision made")
    print(
        f"{'phrasings':34} {'p50 ms':>7} {'p99 ms':>7} {'ready s':>8} {'memory MB':>10} {'pack MB':>8} {'features':>9}"
        f" {'learn s':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        ground = Path(folder)
        stored, questions = ground / "pack.json", ground / "questions.json"
        questions.write_text(json.dumps(list(asked)), encoding="utf-8")

        def line(name: str, phrasings: Phrasings, made: Index, learned: str) -> None:
            stored.write_text(_stored(pack, phrasings, made), encoding="utf-8")
            measured = json.loads(_in_process("benchmarks.ready", str(stored), str(questions)))
            print(
                f"{name:34} {at_share(measured['ms'], 0.5):7.2f} {at_share(measured['ms'], 0.99):7.2f}"
                f" {measured['ready']:8.2f} {measured['mb']:10.0f} {stored.stat().st_size / 1e6:8.1f}"
                f" {len(made.vocabulary):9,} {learned:>8}",
                flush=True,
            )

        for times in (1, 10):
            stored.write_text(text, encoding="utf-8")
            seconds, made = _learned(times, stored, ground / "index.txt")
            phrasings = grown(knowledge, times)
            line(f"{times}x, {_count(phrasings):,}", phrasings, made or _with_words(index, phrasings), seconds)
        shares = [_features(knowledge, grown(knowledge, times)) for times in (1, 10)]
        many = grown(knowledge, 100)
        wide = _with_words(index, many)
        line(f"100x, {_count(many):,}", many, wide, "-")
        wide = _with_rows(wide, shares[1], len(shares[1]) ** 2 // len(shares[0]))
        line("100x, no feature left out", many, wide, "-")
    print(
        "100x is not learned: its index is that of 1x with the usual words of 100x. The last line has besides as many"
    )
    print("features as would occur in two samples of 100x, by the growth from 1x to 10x, with weights drawn from 1x.")


def _learned(times: int, stored: Path, path: Path) -> tuple[str, Index | None]:
    """The seconds of learning as text, and the index; none where that takes too long."""
    try:
        seconds = float(
            _in_process("benchmarks.learning_time", str(times), str(stored), str(path), limit=LEARNING_LIMIT)
        )
    except subprocess.TimeoutExpired:
        return f">{LEARNING_LIMIT}", None
    return f"{seconds:.0f}", load_index(path.read_text(encoding="ascii"))


def _in_process(module: str, *arguments: str, limit: float | None = None) -> str:
    command = [sys.executable, "-m", module, *arguments]
    ran = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=limit, env=os.environ | _ONE_THREAD
    )
    return ran.stdout


def _stored(pack: dict[str, Any], phrasings: Phrasings, index: Index) -> str:
    """The pack as the database keeps it, with these phrasings and this index."""
    documents = {topic: [_document(entry) for entry in entries] for topic, entries in phrasings.items()}
    source = source_of(pack["lexicon"], documents)
    return canonical({**pack, "phrasings": documents, "index": f"{source}\n{index.dump()}"})


def _document(entry: Phrasing) -> object:
    if not (entry.also or entry.states or entry.denies):
        return entry.text
    return {"text": entry.text, "also": list(entry.also), "states": entry.states, "denies": entry.denies}


def _count(phrasings: Phrasings) -> int:
    return sum(map(len, phrasings.values()))


def _with_words(index: Index, phrasings: Phrasings) -> Index:
    """The index with the words that the normaliser would leave as they are."""
    counted = Counter(word for text in _texts(phrasings) for word in set(plain(text).split()))
    return replace(index, words=index.words | {word for word, count in counted.items() if count >= USUAL_WORD})


def _with_rows(index: Index, names: Iterable[str], rows: int) -> Index:
    """The index with so many features: its own, then the named ones, then made-up ones; weights drawn from its own."""
    vocabulary = dict(index.vocabulary)
    for name in names:
        vocabulary.setdefault(name, len(vocabulary))
    while len(vocabulary) < rows:
        vocabulary[f"~{len(vocabulary)}"] = len(vocabulary)
    own = len(index.vocabulary)
    drawn = np.r_[np.arange(own), np.random.default_rng(0).integers(0, own, len(vocabulary) - own)]
    return replace(index, vocabulary=vocabulary, rarity=index.rarity[drawn], weights=index.weights[drawn])


def _features(knowledge: Knowledge, phrasings: Phrasings) -> list[str]:
    """The features that as many phrasings hold as learning asks for."""
    normaliser = Normaliser(knowledge.lexicon.spellings, lexicon_words(knowledge.lexicon))
    book = ConceptBook(knowledge.lexicon, normaliser)
    counted: Counter[str] = Counter()
    for text in _texts(phrasings):
        words = normaliser.words(text)
        counted.update(features(plain(text), words, book.concepts(words)))
    return [name for name, count in counted.items() if count >= FEWEST_SAMPLES]


def _texts(phrasings: Phrasings) -> Iterable[str]:
    return (entry.text for entries in phrasings.values() for entry in entries)
