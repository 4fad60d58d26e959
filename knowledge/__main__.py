"""`python -m knowledge`: learns the index of the data that ship with the program anew, and keeps it beside them."""

from __future__ import annotations

from pathlib import Path

from knowledge.pack import keep_index

keep_index(Path(__file__).parent)
