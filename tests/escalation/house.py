"""A small office to test in: its officers, its rules, and a case in every state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from escalation.cases import Case, CaseKind, State
from escalation.office import default_office, load_office
from escalation.roles import Desk, Officer, Role
from escalation.rules import Rules
from escalation.sop import load_sop
from escalation.transitions import conclude, confirm, hand_over, open_case, propose, receive, take

#: Monday 5 January 2026, 10.00 WIB, an hour and a half after the default office opens.
MONDAY = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def later(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def officer(id: int, name: str, *posts: Desk, active: bool = True) -> Officer:
    initials = "".join(word[0] for word in name.split())
    return Officer(id=id, external_id=f"70{id}", name=name, initials=initials, posts=posts, active=active)


RINA = officer(1, "Rina Marlina", Desk(Role.FO))
DEDI = officer(2, "Dedi Saputra", Desk(Role.FO))
FITRI = officer(3, "Fitri Handayani", Desk(Role.SECTION_HEAD, "seksi-kelahiran"))
ARIF = officer(4, "Arif Rahman", Desk(Role.SECTION_HEAD, "seksi-siak"))
ERNA = officer(5, "Erna Simanjuntak", Desk(Role.DIVISION_HEAD, "bidang-pencatatan-sipil"))
RUDI = officer(6, "Rudi Hartono", Desk(Role.EDITOR))
NURUL = officer(7, "Nurul Aini", Desk(Role.PICKUP))
AHMAD = officer(8, "Ahmad Fauzan", Desk(Role.OFFICE_HEAD))
WATI = officer(9, "Wati Kusuma", Desk(Role.SECTION_HEAD))
GONE = officer(10, "Bekas Petugas", Desk(Role.FO), Desk(Role.SECTION_HEAD), active=False)
EVERYBODY = (RINA, DEDI, FITRI, ARIF, ERNA, RUDI, NURUL, AHMAD, WATI, GONE)
BY_ID = {one.id: one for one in EVERYBODY}

BIRTHS = Desk(Role.SECTION_HEAD, "seksi-kelahiran")
CIVIL = Desk(Role.DIVISION_HEAD, "bidang-pencatatan-sipil")
PROPOSAL = 501


@cache
def rules() -> Rules:
    return Rules(load_sop(), load_office(default_office()), lambda identity: BY_ID[identity].name)


def waiting(id: int = 1, at: datetime = MONDAY) -> Case:
    return open_case(
        id=id,
        number=f"PKU-2026-{id:06d}",
        conversation=40 + id,
        kind=CaseKind.REQUEST,
        route="kebijakan",
        topic="akta-lahir",
        unit="seksi-kelahiran",
        at=at,
        rules=rules(),
    ).case


def with_rina() -> Case:
    return take(waiting(), RINA, later(1), rules()).case


def to_births() -> Case:
    return hand_over(with_rina(), RINA, later(2), rules(), to=BIRTHS, reason="kebijakan").case


def with_fitri() -> Case:
    return receive(to_births(), FITRI, later(3), rules()).case


def proposed() -> Case:
    return propose(with_fitri(), FITRI, later(4), rules(), message=PROPOSAL).case


def concluded() -> Case:
    return conclude(with_rina(), RINA, later(5), rules()).case


def closed() -> Case:
    return confirm(concluded(), later(6)).case


IN_STATE = {
    State.WAITING: waiting,
    State.WITH_FO: with_rina,
    State.IN_TRANSIT: to_births,
    State.WITH_DESK: proposed,
    State.AWAITING_RESIDENT: concluded,
    State.CLOSED: closed,
}
