"""What a change of the knowledge base does to understanding: before and after on the same labelled messages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING

from knowledge.evaluation import acceptable, evaluate, misrouted, wrong_answer

if TYPE_CHECKING:
    from knowledge.catalogue import Knowledge
    from knowledge.evaluation import Evaluation, Example, Row

#: So many examples more may always go wrong; where many change both ways, as many as chance explains in all but one
#: case of twenty (a sign test: standard deviations of the difference).
TOLERATED, CHANCE = 2, 1.64


@dataclass(frozen=True, slots=True)
class Trial:
    """Both evaluations, and the examples whose reaction became acceptable or ceased to be."""

    before: Evaluation
    after: Evaluation
    mended: tuple[tuple[Example, Row], ...]
    broken: tuple[tuple[Example, Row], ...]
    harm: int

    @property
    def worse(self) -> bool:
        """Whether more went wrong than chance explains: reactions not acceptable, or wrong answers and desks."""
        allowed = max(TOLERATED, CHANCE * math.sqrt(len(self.broken) + len(self.mended)))
        return len(self.broken) - len(self.mended) > allowed or self.harm > allowed


def bundled_examples() -> list[str]:
    """The lines of the evaluation set that comes with the program."""
    return files("knowledge").joinpath("evaluation.jsonl").read_text(encoding="utf-8").splitlines()


def compare(before: Knowledge, after: Knowledge, lines: Sequence[str]) -> Trial:
    """The trial of a changed knowledge base against the one in force.

    Both with every article in service: what a repeal closes is understood no worse, and must not keep a version back.
    """
    old, new = (evaluate(replace(one, in_service=frozenset(one.articles)), lines) for one in (before, after))
    mended, broken, harm = [], [], 0
    for example, was, now in zip(old.examples, old.rows, new.rows, strict=True):
        if acceptable(example, now) and not acceptable(example, was):
            mended.append((example, now))
        elif acceptable(example, was) and not acceptable(example, now):
            broken.append((example, now))
        harm += _harms(example, now) - _harms(example, was)
    return Trial(old, new, tuple(mended), tuple(broken), harm)


def _harms(example: Example, row: Row) -> bool:
    return wrong_answer(example, row) or misrouted(example, row)
