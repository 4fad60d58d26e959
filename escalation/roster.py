"""A roster file: officers to be taken on, each with one post, for an office that has just been set up."""

from __future__ import annotations

from dataclasses import dataclass

from escalation.data_file import Entry, packaged
from escalation.office import Office
from escalation.roles import Desk, Role


@dataclass(frozen=True, slots=True)
class Recruit:
    """An officer who has no id yet; `external_id` is their account in the staff channel."""

    external_id: str
    name: str
    initials: str
    post: Desk


def sandbox_roster() -> str:
    """The text of the invented roster that the sandbox starts with."""
    return packaged("sandbox_roster.yaml")


def read_roster(text: str, office: Office) -> tuple[Recruit, ...]:
    """Reads a roster. Raises SettingsError on unknown roles and units, and on an account or initials used twice."""
    recruits: list[Recruit] = []
    for entry in Entry.parse(text, "roster").only("officers").entries("officers"):
        entry.only("telegram_id", "name", "initials", "role", "unit")
        role = entry.text("role")
        if role not in set(Role):
            raise entry.wrong("role", f"must be one of {', '.join(Role)}, found {role!r}")
        post = Desk(Role(role), entry.text("unit", ""))
        office.check_desk(post)
        recruit = Recruit(entry.text("telegram_id"), entry.text("name"), entry.text("initials"), post)
        if any(recruit.external_id == other.external_id for other in recruits):
            raise entry.wrong("telegram_id", f"{recruit.external_id} is used twice")
        if any(recruit.initials == other.initials for other in recruits):
            raise entry.wrong("initials", f"{recruit.initials} is used twice; a paraf must tell officers apart")
        recruits.append(recruit)
    return tuple(recruits)
