"""What a decision, loading and learning cost with the phrasings there are, and with ten and a hundred times as many."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_HEADING = (
    f"{'':26} {'phrasings':>10} {'features':>9} {'p50 ms':>7} {'p99 ms':>7} {'ready s':>8} {'memory MB':>10}"
    f" {'pack MB':>8} {'learn s':>8}"
)
_NOTE = """\
ready = stored pack read, loaded, first decision made. 10x and 100x are not learned, which would take over five minutes:
their index is that of 1x with the usual words of 10x or 100x. The last line has besides as many features as would occur
in two samples of 100x, by the growth from 1x to 10x, with weights drawn from 1x."""


@dataclass(frozen=True, slots=True, eq=False)
class _Size:
    """A knowledge base of some size; `learned`: seconds of one core its index took, "-" where it was not learned."""

    name: str
    phrasings: Phrasings
    index: Index
    learned: str


def print_cost(knowledge: Knowledge, text: str, asked: Sequence[str]) -> None:
    """One line a size of the pack `text`; each loads and decides what is `asked` in its own process, on one core."""
    pack = parse_pack(text)
    print(f"\ncost on one core, in a process of its own\n{_HEADING}")
    with tempfile.TemporaryDirectory() as folder:
        stored, questions = Path(folder, "pack.json"), Path(folder, "questions.json")
        questions.write_text(json.dumps(list(asked)), encoding="utf-8")
        for size in _sizes(knowledge, text, Path(folder)):
            stored.write_text(_stored(pack, size.phrasings, size.index), encoding="utf-8")
            measured = json.loads(_in_process("benchmarks.ready", str(stored), str(questions)))
            print(
                f"{size.name:26} {sum(map(len, size.phrasings.values())):10,} {len(size.index.vocabulary):9,}"
                f" {at_share(measured['ms'], 0.5):7.2f} {at_share(measured['ms'], 0.99):7.2f} {measured['ready']:8.2f}"
                f" {measured['mb']:10.0f} {stored.stat().st_size / 1e6:8.1f} {size.learned:>8}",
                flush=True,
            )
    print(_NOTE)


def _sizes(knowledge: Knowledge, text: str, ground: Path) -> Iterator[_Size]:
    """The sizes in turn, so that only one is in memory."""
    stored, learned = ground / "source.json", ground / "index.txt"
    stored.write_text(text, encoding="utf-8")
    for times in (1, 2):
        seconds = float(_in_process("benchmarks.learning_time", str(times), str(stored), str(learned)))
        made = load_index(learned.read_text(encoding="utf-8"))
        yield _Size(f"{times}x", grown(knowledge, times), made, f"{seconds:.0f}")
    index = load_index(parse_pack(text)["index"])
    frequent, tenfold = [_frequent(knowledge, grown(knowledge, times)) for times in (1, 10)]
    for times in (10, 100):
        phrasings = grown(knowledge, times)
        made = _with_words(index, phrasings)
        yield _Size(f"{times}x", phrasings, made, "-")
        if times == 100:
            made = _with_rows(made, tenfold, len(tenfold) ** 2 // len(frequent))
            yield _Size("100x, no feature left out", phrasings, made, "-")


def _in_process(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | _ONE_THREAD)
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


def _frequent(knowledge: Knowledge, phrasings: Phrasings) -> list[str]:
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
