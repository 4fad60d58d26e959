"""Who may act: the SOP's posts, the desks a card can lie on, and the officers who serve them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A post named by the SOP's columns; `admin` keeps the office's settings and roster and has no part in the SOP."""

    FO = "fo"
    SECTION_HEAD = "kepala-seksi"
    DIVISION_HEAD = "kepala-bidang"
    EDITOR = "editor"
    PICKUP = "pengambilan"
    OFFICE_HEAD = "kepala-dinas"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """As officers and residents read it."""
        return _LABELS[self]


_LABELS = {
    Role.FO: "Front Office",
    Role.SECTION_HEAD: "Kepala Seksi",
    Role.DIVISION_HEAD: "Kepala Bidang",
    Role.EDITOR: "Operator Editor",
    Role.PICKUP: "Petugas Pengambilan Dokumen",
    Role.OFFICE_HEAD: "Kepala Dinas",
    Role.ADMIN: "Admin",
}


@dataclass(frozen=True, slots=True, order=True)
class Desk:
    """A place the card can lie on: a role, and the seksi or bidang it works for ("" = all of them)."""

    role: Role
    unit: str = ""

    def __str__(self) -> str:
        """The form kept in the ledger and in storage: "fo", "kepala-seksi:seksi-kelahiran"."""
        return f"{self.role}:{self.unit}" if self.unit else str(self.role)

    @classmethod
    def parse(cls, text: str) -> Desk:
        """Reads what `str` wrote. Raises ValueError on an unknown role."""
        role, _, unit = text.partition(":")
        return cls(Role(role), unit)


FRONT_OFFICE = Desk(Role.FO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A member of staff; `external_id` is their account in the staff channel, `initials` their paraf on the card."""

    id: int
    external_id: str
    name: str
    initials: str
    posts: tuple[Desk, ...]
    active: bool = True

    def holds(self, role: Role) -> bool:
        """Whether an active officer has a post of this role, whatever its unit."""
        return self.active and any(post.role is role for post in self.posts)

    def serves(self, desk: Desk) -> bool:
        """Whether this officer may sign for the desk: same role, same unit, or one of both without a unit.

        A desk of a division head names the bidang, not the seksi the case belongs to (see `Office.desk`), so the head
        of a bidang serves the cases of all its sections.
        """
        return self.active and any(
            post.role is desk.role and (not post.unit or not desk.unit or post.unit == desk.unit) for post in self.posts
        )
