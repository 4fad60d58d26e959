"""A process of its own that loads a stored pack and decides: python -m benchmarks.ready PACK QUESTIONS, on one core.

Prints one line of JSON: seconds until the pack was loaded and the first decision made, megabytes in memory (0 if
unknown), and milliseconds of the core a decision.
"""

from __future__ import annotations

import json
import os
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
    knowledge.decide(texts[0])
    ready = time.perf_counter()
    spent = []
    for text in texts * ROUNDS:
        before = time.process_time()  # not the time that other programs take from this core
        knowledge.decide(text)
        spent.append((time.process_time() - before) * 1000)
    print(json.dumps({"ready": ready - started, "mb": _megabytes(), "ms": sorted(spent)}))


def _megabytes() -> float:
    """The most memory that was in use; getrusage would count what the starting process had before this one began."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


if __name__ == "__main__":
    main()
