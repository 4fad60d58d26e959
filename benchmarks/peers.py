"""Other ways to find a message's topic, each learning from the same phrasings: neighbours by letters, and TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union

from knowledge import Knowledge
from knowledge.index import load_index
from knowledge.learning import learn
from knowledge.understanding import Understanding

#: A message with its topic.
Labelled = tuple[str, str]


class Peer(Protocol):
    """Something that learns topics from labelled messages and ranks them for a message."""

    name: str

    def learn(self, samples: Sequence[Labelled]) -> None: ...

    def rank(self, text: str) -> list[str]:
        """The topics of a text, the likeliest first; at least three."""
        ...


class Loket:
    """The learned index of the tree as it is, or the one handed in; what is timed is the whole decision."""

    name = "Loket"

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._understanding = knowledge.understanding

    def learn(self, samples: Sequence[Labelled]) -> None:
        """Learns from the phrasings (the samples, with what else would do for each) as `publish` does."""
        index = load_index(learn(self._knowledge.lexicon, self._knowledge.phrasings).dump())
        self._understanding = Understanding(self._knowledge.lexicon, index)

    def rank(self, text: str) -> list[str]:
        return [topic for topic, _ in self._understanding.understand(text).candidates]

    def decide(self, text: str) -> object:
        return self._knowledge.decide(text)


class Neighbours:
    """The topics of the phrasings most alike in letters: token_set_ratio and ratio added, which here finds half as many
    again as the best scorer alone."""

    name = "rapidfuzz, nearest neighbour"

    def learn(self, samples: Sequence[Labelled]) -> None:
        ordered = sorted(samples, key=lambda sample: sample[1])
        self._texts = [text.lower() for text, _ in ordered]
        self._topics, self._starts = np.unique([topic for _, topic in ordered], return_index=True)

    def rank(self, text: str) -> list[str]:
        asked = [text.lower()]
        scorers = (fuzz.token_set_ratio, fuzz.ratio)
        alike = sum(process.cdist(asked, self._texts, scorer=scorer)[0] for scorer in scorers)
        best = np.maximum.reduceat(alike, self._starts)
        return [str(topic) for topic in self._topics[np.argsort(-best, kind="stable")]]


class Tfidf:
    """Words with their neighbours and runs of letters, weighed by rarity, under logistic regression."""

    name = "scikit-learn, TF-IDF + logistic"

    def learn(self, samples: Sequence[Labelled]) -> None:
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
        logistic = OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear"))
        self._model: Any = make_pipeline(make_union(words, letters), logistic)
        self._model.fit([text for text, _ in samples], [topic for _, topic in samples])

    def rank(self, text: str) -> list[str]:
        shares = self._model.predict_proba([text])[0]
        return [str(topic) for topic in self._model.classes_[np.argsort(-shares, kind="stable")]]


def labelled(knowledge: Knowledge) -> list[Labelled]:
    """Every phrasing with its topic."""
    return [(entry.text, topic) for topic, entries in knowledge.phrasings.items() for entry in entries]
