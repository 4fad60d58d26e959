"""The learned index: how much each feature of a message speaks for each topic, as one small artefact."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from knowledge.errors import KnowledgeError

Floats = npt.NDArray[np.float32]

#: A misconception with a higher score than this is taken to be stated (0 lies on the line between the samples;
#: what puts it right is true in any case, so that missing one costs more than a needless word).
BELIEVED = -1.3
#: Counts up whenever an index of an earlier form can no longer be read.
FORM = 1


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Linear weights over features, quantised to one byte each, and the words that samples use often.

    `weights` has a row a feature and a column a topic, then a column a misconception; `scale` turns a column back to
    numbers. `rarity` is the weight of a feature before its topic's. `sharpness` makes scores probabilities that hold on
    messages not learned from. `accepts` tells for each topic (row) how often another topic's answer (column) would
    have done as well.
    """

    topics: tuple[str, ...]
    beliefs: tuple[str, ...]
    words: frozenset[str]
    vocabulary: Mapping[str, int]
    rarity: Floats
    weights: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats
    sharpness: float
    accepts: Floats

    def accepted(self, shares: Mapping[str, float], topic: str) -> float:
        """From the shares of the topics, how probable it is that this one's answer satisfies."""
        column: list[float] = self.accepts[:, self.topics.index(topic)].tolist()
        return min(1.0, sum(shares[name] * satisfied for name, satisfied in zip(self.topics, column, strict=True)))

    def read(self, features: Iterable[str]) -> tuple[Floats, tuple[str, ...]]:
        """For each topic, in the order of `topics`, how probable it is that the message is about it (they add to 1),
        and the misconceptions that it states."""
        scores = self._scores(features)
        count = len(self.topics)
        believed = tuple(name for name, score in zip(self.beliefs, scores[count:], strict=True) if score > BELIEVED)
        return softmax(scores[:count] * np.float32(self.sharpness)), believed

    def _scores(self, features: Iterable[str]) -> Floats:
        """The raw score of each column; without any known feature only what topics are like in general counts."""
        found = [at for at in map(self.vocabulary.get, features) if at is not None]
        if not found:
            return self.bias
        rarity = self.rarity[found]
        total = rarity @ self.weights[found].astype(np.float32)
        scores: Floats = total * self.scale / np.sqrt(rarity @ rarity) + self.bias
        return scores

    def dump(self) -> str:
        """The index as text (base64 of a compressed NumPy archive), the same for the same index."""
        names = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        packed = io.BytesIO()
        np.savez_compressed(
            packed,
            form=np.int32(FORM),
            topics=np.array(self.topics),
            beliefs=np.array("\n".join(self.beliefs)),
            words=np.array("\n".join(sorted(self.words))),
            vocabulary=np.array("\n".join(names)),
            rarity=self.rarity.astype(np.float16),
            weights=self.weights,
            scale=self.scale,
            bias=self.bias,
            sharpness=np.float32(self.sharpness),
            accepts=self.accepts.astype(np.float16),
        )
        return base64.b64encode(packed.getvalue()).decode()


def load_index(text: str) -> Index:
    """The index of a dumped text. Raises KnowledgeError where it is none, or one of another form."""
    try:
        with np.load(io.BytesIO(base64.b64decode(text.rpartition("\n")[2], validate=True)), allow_pickle=False) as kept:
            if int(kept["form"]) != FORM:
                raise KnowledgeError(f"index has form {int(kept['form'])}, this program reads {FORM}")
            names = str(kept["vocabulary"]).split("\n")
            return Index(
                topics=tuple(map(str, kept["topics"])),
                beliefs=tuple(str(kept["beliefs"]).split()),
                words=frozenset(str(kept["words"]).split("\n")),
                vocabulary={name: at for at, name in enumerate(names)},
                rarity=kept["rarity"].astype(np.float32),
                weights=kept["weights"],
                scale=kept["scale"],
                bias=kept["bias"],
                sharpness=float(kept["sharpness"]),
                accepts=kept["accepts"].astype(np.float32),
            )
    except (ValueError, KeyError, OSError, EOFError, BadZipFile, zlib.error) as error:
        raise KnowledgeError(f"index cannot be read: {error}") from None


def softmax(scores: Floats) -> Floats:
    """Numbers of any size as shares of one."""
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares
