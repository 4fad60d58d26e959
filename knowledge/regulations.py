"""The registry of regulations that answers may rest on, with what is in force and how far it was verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.errors import KnowledgeError
from knowledge.fields import Fields


class RegulationStatus(StrEnum):
    """Standing of a regulation; the words are those that editors write."""

    IN_FORCE = "berlaku"
    AMENDED = "diubah"
    REPEALED = "dicabut"
    UNVERIFIED = "belum-terverifikasi"


class Verification(StrEnum):
    """How far somebody has seen the text: wholly, in part or by secondary sources, not at all."""

    YES = "ya"
    PARTLY = "sebagian"
    NO = "tidak"


@dataclass(frozen=True, slots=True)
class Regulation:
    """One law, decree or letter; `changed_by` names the ids that amended or repealed it."""

    id: str
    short: str
    title: str
    year: int
    status: RegulationStatus
    changed_by: tuple[str, ...]
    verified: Verification
    local: bool
    scope: str
    note: str
    sources: tuple[str, ...]

    @property
    def citable(self) -> bool:
        """Whether an answer may rest on it: in force (also as amended) and seen by somebody."""
        in_force = self.status in (RegulationStatus.IN_FORCE, RegulationStatus.AMENDED)
        return in_force and self.verified is not Verification.NO


def read_regulations(document: object) -> Mapping[str, Regulation]:
    """The registry by id. Raises KnowledgeError on a malformed entry, a double id or an unknown `changed_by`."""
    found: dict[str, Regulation] = {}
    for entry in Fields(document, "regulations").mappings("regulations"):
        regulation = _read(entry)
        if regulation.id in found:
            raise KnowledgeError(f"regulations: {regulation.id} appears twice")
        found[regulation.id] = regulation
    for regulation in found.values():
        for other in regulation.changed_by:
            if other not in found:
                raise KnowledgeError(f"regulations: {regulation.id} is changed by unknown {other}")
    return found


def _read(entry: Fields) -> Regulation:
    entry.only("id", "short", "title", "year", "status", "changed_by", "verified", "local", "scope", "note", "sources")
    identity = entry.text("id")
    try:
        status, verified = RegulationStatus(entry.text("status")), Verification(entry.text("verified"))
    except ValueError as error:
        raise KnowledgeError(f"regulations: {identity}: {error}") from None
    return Regulation(
        id=identity,
        short=entry.text("short"),
        title=entry.text("title"),
        year=entry.whole("year"),
        status=status,
        changed_by=entry.texts("changed_by"),
        verified=verified,
        local=entry.flag("local"),
        scope=entry.text("scope", ""),
        note=entry.text("note", ""),
        sources=entry.texts("sources"),
    )
