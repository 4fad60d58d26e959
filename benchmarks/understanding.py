"""How well messages are understood, and what that costs: every table of docs/understanding.md, and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy import print_accuracy, print_decisions
from benchmarks.cost import print_cost
from benchmarks.embedding import print_embedding
from benchmarks.folds import fold, held_out, print_held_out
from benchmarks.questions import BUNDLED, all_questions
from benchmarks.reliability import curve, print_curve
from benchmarks.reliability_picture import picture
from knowledge import load_pack, pack_builtin
from knowledge.evaluation import evaluate

#: The parts, by the name that --only takes.
PARTS = ("peers", "cost", "folds", "embedding")


def measure_understanding(parts: Sequence[str], others: Sequence[Path], drawn: Path | None) -> None:
    """Prints the named parts. All see one state of the data; `others` are further files of labelled messages, `drawn`
    is where `folds` puts the reliability picture."""
    text = pack_builtin()
    knowledge = load_pack(text)
    sets = all_questions(knowledge, others)
    if "peers" in parts:
        print_accuracy(knowledge, sets)
        print_decisions(knowledge, sets)
    if "cost" in parts:
        print_cost(knowledge, text, [example.text for questions in sets for example in questions.examples])
    if "folds" in parts:
        found = held_out(knowledge)
        print_held_out(found)
        curves = [curve("phrasings kept aside", found.evaluation)]
        bundled = [line for questions in sets if questions.name.startswith(BUNDLED) for line in questions.lines]
        curves.append(curve("bundled questions", evaluate(knowledge, bundled)))
        for one in curves:
            print_curve(one)
        print_accuracy(*fold(knowledge))
        if drawn:
            drawn.write_text(picture(curves), encoding="utf-8")
            print(f"picture written to {drawn}")
    if "embedding" in parts:
        print_embedding(knowledge, sets)
