"""The ledger's arithmetic: canonical entries, salted commitments, a chain of keyed digests, and signed anchors."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from conversation.errors import CheckFailed
from escalation.events import Scalar

#: The digest before the first entry, whose seq is 1.
GENESIS = "0" * 64

_ENTRY, _ANCHOR = b"loket-entry-1\0", "loket-anchor-1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point of the chain, noted outside it: `digest` of entry `seq`, at `at` (UTC)."""

    seq: int
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found: the last good entry, and the first bad one (`seq` None: there is none)."""

    head: int
    digest: str
    bad: int | None = None
    problem: str = ""

    @property
    def holds(self) -> bool:
        return self.bad is None


def canonical(entry: Mapping[str, Scalar]) -> str:
    """The one JSON text of an entry: keys sorted, no spaces, UTF-8. Raises TypeError on anything but scalars."""
    for key, value in entry.items():
        if not isinstance(value, str | int):
            raise TypeError(f"ledger entry: {key} must be a text, whole number or flag, found {type(value).__name__}")
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def commitment(salt: bytes, text: str) -> str:
    """Binds the ledger to a text without holding it; without the salt nobody can tell which text it was."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


def link(key: bytes, previous: str, seq: int, entry: str) -> str:
    """The digest of entry `seq` (its canonical text) on top of the previous entry's digest: HMAC-SHA256 in hex."""
    content = _ENTRY + bytes.fromhex(previous) + seq.to_bytes(8, "big") + entry.encode()
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def verify_chain(key: bytes, rows: Iterable[tuple[int, str, str]], anchors: Iterable[Anchor] = ()) -> Verdict:
    """Checks rows of (seq, canonical text, digest) in stored order, one at a time, and stops at the first bad one.

    The stored head and anchors kept elsewhere show what the chain itself cannot: a tail cut off, a chain rewritten.
    """
    awaited = sorted((anchor for anchor in anchors if anchor.seq > 0), key=lambda anchor: anchor.seq)
    seq, digest = 0, GENESIS
    for found, entry, stored in rows:
        problem = _misplaced(seq, found) or _altered(link(key, digest, found, entry), stored)
        if problem:
            return Verdict(seq, digest, found if found <= seq else seq + 1, problem)
        seq, digest = found, stored
        while awaited and awaited[0].seq == seq:
            if not hmac.compare_digest(awaited.pop(0).digest, digest):
                return Verdict(seq, digest, seq, f"entry {seq} is not the one anchored: the chain was rewritten")
    if awaited:
        return Verdict(seq, digest, seq + 1, f"the end is cut off: entries up to {awaited[-1].seq} were there")
    return Verdict(seq, digest)


def signed_anchor(key: bytes, seq: int, digest: str, at: datetime) -> str:
    """One line to be kept outside the database: seq, digest, time and a signature, separated by spaces."""
    line = f"{_ANCHOR} {seq} {digest} {at.astimezone(UTC).isoformat(timespec='seconds')}"
    return f"{line} {_signature(key, line)}"


def read_anchor(key: bytes, line: str) -> Anchor:
    """Reads what `signed_anchor` wrote. Raises CheckFailed if it is malformed or not signed with this key."""
    signed, _, signature = line.strip().rpartition(" ")
    if not hmac.compare_digest(_signature(key, signed).encode(), signature.encode()):
        raise CheckFailed("anchor: the signature does not fit; the line was changed or is from another office")
    _, seq, digest, at = signed.split(" ")
    return Anchor(int(seq), digest, datetime.fromisoformat(at))


def _signature(key: bytes, line: str) -> str:
    return hmac.new(key, line.encode(), hashlib.sha256).hexdigest()


def _misplaced(seq: int, found: int) -> str:
    if found <= seq:
        return f"entry {found} stands after entry {seq}: inserted or out of order"
    missing = f"entry {seq + 1} is" if found == seq + 2 else f"entries {seq + 1} to {found - 1} are"
    return "" if found == seq + 1 else f"{missing} missing"


def _altered(expected: str, stored: str) -> str:
    return "" if hmac.compare_digest(expected.encode(), stored.encode()) else "the entry was changed or moved"
