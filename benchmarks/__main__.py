"""`make bench`: throughput against two echo bots in the same run, where Loket's time goes, understanding against peers.

`--only understanding` measures understanding in every way, which takes about twenty minutes.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from benchmarks.parts import WHOLE, parts
from benchmarks.throughput import measure
from benchmarks.understanding import PARTS, measure_understanding

_NAMES = {"aiogram": "bare aiogram echo", "ptb": "bare python-telegram-bot echo", "loket": "Loket, durable"}


def main() -> None:
    """Prints the tables asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--updates", type=int, default=2000, help="timed updates per bot")
    parser.add_argument(
        "--only",
        choices=("throughput", "understanding", *PARTS),
        help="one matter, or one part of understanding (default: throughput, then peers)",
    )
    parser.add_argument(
        "--questions",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="further labelled messages beside the bundled ones, as loket knowledge evaluate reads them",
    )
    parser.add_argument("--picture", type=Path, metavar="SVG", help="where to put the reliability picture")
    given = parser.parse_args()
    if given.only in (None, "throughput"):
        print_throughput(given.updates)
    if given.only != "throughput":
        chosen = {None: ("peers",), "understanding": PARTS}.get(given.only, (given.only,))
        measure_understanding(chosen, given.questions, given.picture)


def print_throughput(updates: int) -> None:
    """One table, then the parts."""
    measured = [asyncio.run(measure(name, updates)) for name in _NAMES]
    loket = measured[-1]
    heading = "webhook POST to reply received, 32 in flight"
    print(f"{heading:46} {'updates/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'Loket is':>9}")
    for item in measured:
        ratio = loket.per_second / item.per_second
        print(f"{_NAMES[item.name]:46} {item.per_second:10.0f} {item.p50_ms:8.1f} {item.p99_ms:8.1f} {ratio:8.2f}x")
    print("\nwhere one message's time goes (microseconds, one core)")
    measured_parts = parts()
    measured_parts["the rest: HTTP in and out, aiogram, results"] = 1e6 / loket.per_second - measured_parts[WHOLE]
    for part, microseconds in measured_parts.items():
        print(f"{part:46} {microseconds:10.0f}")


if __name__ == "__main__":
    main()
