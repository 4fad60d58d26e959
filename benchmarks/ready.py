"""A process of its own that loads a stored pack and decides: python -m benchmarks.ready PACK QUESTIONS, on one core.

Prints one line of JSON: seconds to load the pack and to the first decision, megabytes in memory, and milliseconds of
the core a decision.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from knowledge import load_pack

#: Each question is decided so many times.
ROUNDS = 10


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pack, questions = map(Path, sys.argv[1:])
    texts = json.loads(questions.read_text(encoding="utf-8"))
    started = time.perf_counter()
    knowledge = load_pack(pack.read_text(encoding="utf-8"))
    loaded = time.perf_counter()
    knowledge.decide(texts[0])
    ready = time.perf_counter()
    spent = []
    for text in texts * ROUNDS:
        before = time.process_time()  # not the time that other programs take from this core
        knowledge.decide(text)
        spent.append((time.process_time() - before) * 1000)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"load": loaded - started, "ready": ready - started, "mb": memory, "ms": sorted(spent)}))


if __name__ == "__main__":
    main()
