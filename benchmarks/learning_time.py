"""A process of its own that learns: python -m benchmarks.learning_time TIMES PACK INDEX.

It learns from so many times the phrasings of the file PACK, writes the index, without its source, to the file INDEX,
and prints the seconds of one core that took.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.grown import grown
from knowledge import load_pack
from knowledge.learning import learn


def main() -> None:
    times, pack, path = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    knowledge = load_pack(pack.read_text(encoding="utf-8"))
    phrasings = grown(knowledge, times)
    started = time.process_time()
    index = learn(knowledge.lexicon, phrasings)
    print(time.process_time() - started)
    path.write_text(index.dump(), encoding="ascii")


if __name__ == "__main__":
    main()
