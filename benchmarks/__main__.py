"""`make bench`: throughput against two echo bots in the same run, and where Loket's time goes."""

from __future__ import annotations

import argparse
import asyncio

from benchmarks.parts import WHOLE, parts
from benchmarks.throughput import measure

_NAMES = {"aiogram": "bare aiogram echo", "ptb": "bare python-telegram-bot echo", "loket": "Loket, durable"}


def main() -> None:
    """Prints one table, then the parts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--updates", type=int, default=2000, help="timed updates per bot")
    given = parser.parse_args()
    measured = [asyncio.run(measure(name, given.updates)) for name in _NAMES]
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
