"""Learns the index from the phrasings: run when they or the lexicon change, never while messages are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from knowledge.concepts import ConceptBook, lexicon_words
from knowledge.features import features
from knowledge.index import Floats, Index, softmax
from knowledge.normalise import Normaliser, plain
from knowledge.variations import Variations

if TYPE_CHECKING:
    from knowledge.lexicon import Lexicon
    from knowledge.phrasings import Phrasing, Phrasings

#: A word that this many samples use is left as it is, however near it comes to a word of the lexicon.
USUAL_WORD = 4
#: A feature must occur in so many samples; of all features so many are kept, those that weigh most.
FEWEST_SAMPLES, MOST_FEATURES = 2, 40_000
#: How closely the weights follow the samples (LogisticRegression's C), and when they are good enough (its tol).
CLOSENESS, TOLERANCE = 40.0, 0.1
#: Of so many samples one is also learned as varied by rule, except what is itself a courtesy or no matter of ours.
VARIED, UNVARIED = 4, frozenset({"sapaan", "oos"})
#: How much a sample counts for a topic that would do as well as its own.
ALSO = 0.5
#: One of so many samples is held out to take the sharpness of the probabilities from, and the sharpnesses tried.
HELD_OUT, SHARPNESSES = 5, np.geomspace(0.1, 4, 40)
#: How much a sample counts against a misconception that nobody has looked for in it.
UNLOOKED = 0.05
#: A column without samples speaks for its topic this much.
NO_SAMPLES = -12.0


@dataclass(frozen=True, slots=True)
class _Sample:
    """One labelled message in features.

    `number` is that of its phrasing, `topic` and `also` are columns of the index, `states` and `denies` misconceptions.
    """

    number: int
    features: frozenset[str]
    topic: int
    also: frozenset[int]
    states: str
    denies: str


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """Weights in full precision: a row a feature of the vocabulary, a column a topic."""

    vocabulary: dict[str, int]
    rarity: Floats
    weights: Floats
    bias: Floats

    def scores(self, samples: Sequence[_Sample]) -> Floats:
        """The raw scores of samples, a row each."""
        found: Floats = _rows(samples, self.vocabulary, self.rarity) @ self.weights + self.bias
        return found


def learn(lexicon: Lexicon, phrasings: Phrasings) -> Index:
    """The index of these phrasings; the same phrasings give the same index."""
    topics = tuple(sorted(phrasings))
    words = _usual_words(lexicon, phrasings)
    samples = _samples(lexicon, phrasings, topics, words)
    beliefs = tuple(sorted({sample.states for sample in samples} - {""}))
    sharpness = _sharpness(samples, len(topics))
    fitted = _lighter(_fit(samples, len(topics), beliefs))
    scale = np.maximum(np.abs(fitted.weights).max(axis=0), 1e-6) / 127
    return Index(
        topics=topics,
        beliefs=beliefs,
        words=words,
        vocabulary=fitted.vocabulary,
        rarity=fitted.rarity.astype(np.float16).astype(np.float32),
        weights=np.rint(fitted.weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=fitted.bias,
        sharpness=sharpness,
        accepts=_accepts(samples, len(topics)),
    )


def _usual_words(lexicon: Lexicon, phrasings: Phrasings) -> frozenset[str]:
    """Words that many samples use and that nothing leads to a word of the lexicon."""
    texts = [entry.text for entries in phrasings.values() for entry in entries]
    counted = Counter(word for text in texts for word in set(plain(text).split()))
    normaliser = Normaliser(lexicon.spellings, lexicon_words(lexicon))
    return frozenset(word for word, count in counted.items() if count >= USUAL_WORD and not normaliser.knows(word))


def _samples(lexicon: Lexicon, phrasings: Phrasings, topics: tuple[str, ...], usual: frozenset[str]) -> list[_Sample]:
    normaliser = Normaliser(lexicon.spellings, lexicon_words(lexicon), usual)
    book = ConceptBook(lexicon, normaliser)
    columns = {topic: at for at, topic in enumerate(topics)}
    variations = Variations(lexicon)

    def sample(number: int, text: str, topic: str, entry: Phrasing) -> _Sample:
        letters = plain(text)
        words = normaliser.words(letters)
        named = frozenset(features(letters, words, book.concepts(words)))
        also = frozenset(columns[other] for other in entry.also)
        return _Sample(number, named, columns[topic], also, entry.states, entry.denies)

    entries = list(enumerate((topic, entry) for topic in topics for entry in phrasings[topic]))
    found = [sample(number, entry.text, topic, entry) for number, (topic, entry) in entries]
    varied = [item for item in entries[::VARIED] if item[1][0] not in UNVARIED]
    return found + [sample(number, variations.vary(entry.text), topic, entry) for number, (topic, entry) in varied]


def _accepts(samples: Sequence[_Sample], topics: int) -> Floats:
    """For each topic (row) the share of its samples for which another topic (column) would do."""
    counted = np.zeros((topics, topics), np.float32)
    for sample in samples:
        counted[sample.topic, [sample.topic, *sample.also]] += 1
    shares = (counted / np.maximum(counted.diagonal(), 1)[:, None]).astype(np.float32)
    np.fill_diagonal(shares, 1)
    return shares


def _rows(samples: Sequence[_Sample], vocabulary: dict[str, int], rarity: Floats) -> csr_matrix:
    """Each sample as a row of unit length over the vocabulary."""
    found, ends = [], [0]
    for sample in samples:
        found.extend(sorted(vocabulary[feature] for feature in sample.features if feature in vocabulary))
        ends.append(len(found))
    weights = rarity[found]
    lengths = np.sqrt(np.add.reduceat(np.append(weights**2, 0), ends[:-1])) if samples else np.ones(0)
    counts = np.diff(ends)
    lengths[counts == 0] = 1
    shape = (len(samples), len(vocabulary))
    return csr_matrix((weights / np.repeat(lengths, counts).astype(np.float32), found, ends), shape=shape)


def _fit(samples: Sequence[_Sample], topics: int, beliefs: Sequence[str] = ()) -> _Fitted:
    """One logistic regression a column: the topics, then the misconceptions.

    Samples for which a topic would do as well count for it, but less than its own; those that nobody has looked at for
    a misconception count a little against it.
    """
    counted = Counter(feature for sample in samples for feature in sample.features)
    names = sorted(feature for feature, count in counted.items() if count >= FEWEST_SAMPLES)
    vocabulary = {name: at for at, name in enumerate(names)}
    holders = np.array([counted[name] for name in names], dtype=np.float32)
    rarity = (np.log((1 + len(samples)) / (1 + holders)) + 1).astype(np.float32)
    rows = _rows(samples, vocabulary, rarity)
    columns = topics + len(beliefs)
    weights, bias = np.zeros((len(names), columns), np.float32), np.full(columns, NO_SAMPLES, np.float32)

    def separate(column: int, inside: Sequence[bool], counts: Sequence[float]) -> None:
        if any(inside):
            model = LogisticRegression(C=CLOSENESS, solver="liblinear", dual=True, tol=TOLERANCE, random_state=0)
            model.fit(rows, inside, sample_weight=counts)
            weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]

    for topic in range(topics):
        counts = [ALSO if topic in sample.also else 1.0 for sample in samples]
        separate(topic, [topic == sample.topic or topic in sample.also for sample in samples], counts)
    for column, belief in enumerate(beliefs, topics):
        counts = [1.0 if belief in (sample.states, sample.denies) else UNLOOKED for sample in samples]
        separate(column, [sample.states == belief for sample in samples], counts)
    return _Fitted(vocabulary, rarity, weights, bias)


def _lighter(fitted: _Fitted) -> _Fitted:
    """The same without the features that weigh least, which cost more to carry than they tell."""
    names = sorted(fitted.vocabulary, key=fitted.vocabulary.__getitem__)
    told = fitted.rarity * np.abs(fitted.weights).max(axis=1)
    kept = np.sort(np.argsort(-told, kind="stable")[:MOST_FEATURES])
    vocabulary = {names[old]: new for new, old in enumerate(kept)}
    return _Fitted(vocabulary, fitted.rarity[kept], fitted.weights[kept], fitted.bias)


def _sharpness(samples: Sequence[_Sample], topics: int) -> float:
    """The factor for scores by which held-out samples find their own topic most probable (least log loss).

    A sample is held out together with its variation.
    """
    inside = [sample for sample in samples if sample.number % HELD_OUT]
    outside = [sample for sample in samples if not sample.number % HELD_OUT]
    if not inside or not outside:
        return 1.0
    scores = _fit(inside, topics).scores(outside)

    def loss(sharpness: float) -> float:
        found = [
            softmax(row * np.float32(sharpness))[sample.topic] for row, sample in zip(scores, outside, strict=True)
        ]
        return float(-np.log(np.maximum(found, 1e-9)).mean())

    return float(min(SHARPNESSES, key=loss))
