"""How often Loket and its peers find the topic of a message, and how long they take over it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.nlpjs import NlpJs, Unavailable
from benchmarks.peers import Loket, Neighbours, Peer, Tfidf, labelled
from benchmarks.questions import Questions
from knowledge import Knowledge
from knowledge.evaluation import evaluate, wilson


@dataclass(frozen=True, slots=True)
class Found:
    """Shares of questions whose first topic is the label, or acceptable, or whose label is among the first three;
    `fine` tells for each question whether its first topic is acceptable; `ms` are the times of all answers, sorted."""

    exact: float
    acceptable: float
    acceptable_95: list[float]
    top3: float
    fine: tuple[bool, ...]
    ms: list[float]

    def columns(self) -> str:
        low, high = self.acceptable_95
        return (
            f"{self.exact:7.1%} {self.acceptable:10.1%} {f'{low:.0%}-{high:.0%}':>8} {self.top3:6.1%} "
            f"{at_share(self.ms, 0.5):8.2f} {at_share(self.ms, 0.99):8.2f}"
        )


HEADING = f"{'exact':>7} {'acceptable':>10} {'95 %':>8} {'top 3':>6} {'p50 ms':>8} {'p99 ms':>8}"


def ask_all(rank: Callable[[str], tuple[list[str], float]], questions: Questions) -> Found:
    """Asks every question; `rank` gives the topics of a text, the likeliest first, and milliseconds."""
    exact = top3 = 0
    fine, spent = [], []
    for example in questions.examples:
        topics, ms = rank(example.text)
        spent.append(ms)
        exact += topics[0] == example.label
        fine.append(topics[0] in example.good)
        top3 += example.label in topics[:3]
    n = max(1, len(questions.examples))
    return Found(exact / n, sum(fine) / n, wilson(sum(fine), n), top3 / n, tuple(fine), sorted(spent))


def print_accuracy(knowledge: Knowledge, sets: Sequence[Questions]) -> None:
    """One table a set of questions with all peers, learned from the knowledge's phrasings."""
    samples = labelled(knowledge)
    print(f"\nfinding the topic, {len(samples):,} phrasings of {len(knowledge.phrasings)} topics learned by each")
    for questions in sets:
        print(questions.described())
    lines: dict[str, list[str]] = {questions.name: [] for questions in sets}
    ours: dict[str, Found] = {}
    for make in (lambda: Loket(knowledge), Neighbours, Tfidf, NlpJs):
        try:
            with _opened(make()) as peer:
                started = time.perf_counter()
                peer.learn(samples)
                learning = time.perf_counter() - started
                for questions in sets:
                    found = ask_all(_timed(peer), questions)
                    against = _against(ours.setdefault(questions.name, found), found)
                    lines[questions.name].append(f"{peer.name:32} {found.columns()} {learning:8.1f} {against:>9}")
        except Unavailable as why:
            print(why)
    for questions in sets:
        print(f"\n{questions.name:32} {HEADING} {'learn s':>8} {'+/- Loket':>9}")
        print("\n".join(lines[questions.name]))


def print_decisions(knowledge: Knowledge, sets: Sequence[Questions]) -> None:
    """The figures of `loket knowledge evaluate` on every set, a column each."""
    figures = [evaluate(knowledge, questions.lines).figures for questions in sets]
    print(f"\n{'whole decisions':20} " + " ".join(f"{questions.name:>16}" for questions in sets))
    for name in figures[0]:
        print(f"{name:20} " + " ".join(f"{_shown(of[name]):>16}" for of in figures))


def at_share(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of ordered values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _shown(value: float | list[float]) -> str:
    if isinstance(value, list):
        return "-".join(f"{one:.3f}" for one in value)
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _against(ours: Found, other: Found) -> str:
    """How many questions only the other finds, and how many only Loket."""
    pairs = list(zip(ours.fine, other.fine, strict=True))
    return f"+{pairs.count((False, True))} -{pairs.count((True, False))}" if other is not ours else ""


def _timed(peer: Peer) -> Callable[[str], tuple[list[str], float]]:
    """A peer's ranking with its time: Node's own clock for nlp.js, the whole decision for Loket."""

    def rank(text: str) -> tuple[list[str], float]:
        started = time.perf_counter()
        topics = peer.rank(text)
        spent = (time.perf_counter() - started) * 1000
        return topics, peer.ms if isinstance(peer, NlpJs) else spent

    def decide(text: str) -> tuple[list[str], float]:
        assert isinstance(peer, Loket)
        started = time.perf_counter()
        peer.decide(text)
        spent = (time.perf_counter() - started) * 1000
        return peer.rank(text), spent

    return decide if isinstance(peer, Loket) else rank


@contextmanager
def _opened(peer: Peer) -> Iterator[Peer]:
    try:
        yield peer
    finally:
        if isinstance(peer, NlpJs):
            peer.close()
