"""The labelled messages that everything is asked, and how many of them are left out because they were learned from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge import Knowledge
from knowledge.evaluation import Example, read_example
from knowledge.normalise import plain
from knowledge.trial import bundled_examples

#: Two messages whose letters are this alike (0 to 100) are nearly the same.
NEARLY = 90
#: How the names of the sets begin that come with the program.
BUNDLED = "bundled "


@dataclass(frozen=True, slots=True)
class Questions:
    """One set: `lines` are JSON as `loket knowledge evaluate` reads them, `examples` the same read; `learned` are the
    texts left out because a phrasing has the same letters; `nearly` counts those kept that come close to one, None if
    nobody looked."""

    name: str
    lines: tuple[str, ...]
    examples: tuple[Example, ...]
    learned: tuple[str, ...]
    nearly: int | None

    def described(self) -> str:
        """In one line how many there are, and what they have to do with the phrasings."""
        left = f"; left out, being phrasings: {', '.join(self.learned)}" if self.learned else ""
        nearly = "" if self.nearly is None else f", {self.nearly} of them {NEARLY} % alike with a phrasing"
        return f"{self.name}: {len(self.examples)} questions{nearly}{left}"


def all_questions(knowledge: Knowledge, others: Sequence[Path]) -> list[Questions]:
    """The bundled messages, a set for each beginning of their ids (h12, own-3, tc-45), then one set a file."""
    known = {plain(entry.text) for entries in knowledge.phrasings.values() for entry in entries}
    named: dict[str, list[str]] = {}
    for at, line in enumerate(bundled_examples(), 1):
        beginning = read_example(line, at).id.rstrip("0123456789-")
        named.setdefault(BUNDLED + beginning, []).append(line)
    named |= {path.stem: path.read_text(encoding="utf-8").splitlines() for path in others}
    return [_unlearned(name, lines, known) for name, lines in named.items()]


def _unlearned(name: str, lines: Iterable[str], known: set[str]) -> Questions:
    read = [(line, read_example(line, at)) for at, line in enumerate(lines, 1) if line.strip()]
    kept = [(line, example) for line, example in read if plain(example.text) not in known]
    texts = [plain(example.text) for _, example in kept]
    return Questions(
        name=name,
        lines=tuple(line for line, _ in kept),
        examples=tuple(example for _, example in kept),
        learned=tuple(example.text for _, example in read if plain(example.text) in known),
        nearly=sum(
            process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=NEARLY) is not None for text in texts
        ),
    )
