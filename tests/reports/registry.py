"""An office's database to report on: residents, cases and messages, written as the program writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from bot.seeds import seed
from bot.versions import Versions
from conversation.inbound import Sender
from conversation.people import Author, Conversation
from escalation import transitions
from escalation.cases import Case, CaseKind, case_number
from escalation.handovers import project
from escalation.roles import Desk, Officer, Role
from escalation.rules import Rules
from escalation.signing import Step
from escalation.sop import load_sop
from reports.source import Source
from storage import schema
from storage.encryption import KeyRing
from storage.engine import open_engine, reading
from storage.ids import Ids
from storage.unit_of_work import UnitOfWork

SECRET_KEY = "c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1mb3ItdGVzdHM="
#: Monday 5 January 2026, 10.00 WIB, while the default office is open.
MONDAY = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
BIRTHS = Desk(Role.SECTION_HEAD, "seksi-kelahiran")


def later(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works there: a front office of two, and the head of a section."""

    rina: Officer
    dedi: Officer
    fitri: Officer


class Registry:
    """One database; what the tests do in it goes through the unit of work, a transaction each."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = open_engine(url)
        self.keys = KeyRing.from_setting(SECRET_KEY)
        self.ids = Ids()
        schema.upgrade(self.engine)
        with self.engine.connect() as connection, connection.begin():
            seed(connection, self.ids, None, MONDAY)
            self.version = Versions().of(connection)
        with self.work() as uow:
            self.staff = Staff(
                uow.officers.add("701", "Rina Marlina", "RM", Desk(Role.FO)),
                uow.officers.add("702", "Dedi Saputra", "DS", Desk(Role.FO)),
                uow.officers.add("703", "Fitri Handayani", "FH", BIRTHS),
            )
        self.rules = Rules(load_sop(), self.version.office, str)

    @contextmanager
    def work(self, now: datetime = MONDAY) -> Iterator[UnitOfWork]:
        with self.engine.connect() as connection, connection.begin():
            uow = UnitOfWork(connection, self.keys, self.ids, now)
            yield uow
            uow.finish()

    @contextmanager
    def source(self, now: datetime = MONDAY) -> Iterator[Source]:
        with reading(self.engine) as connection:
            yield Source.over(connection, self.keys, self.version.office, self.version.knowledge, now)

    def resident(self, name: str = "Budi", username: str = "", at: datetime = MONDAY) -> Conversation:
        with self.work() as uow:
            address = str(self.ids())
            return uow.conversations.register("telegram", address, Sender(address, name, username), "spanduk", at)

    def open(self, conversation: Conversation, at: datetime = MONDAY, topic: str = "akta-lahir") -> Case:
        (case,) = self.open_many(conversation, 1, at, topic)
        return case

    def open_many(
        self, conversation: Conversation, count: int, at: datetime = MONDAY, topic: str = "akta-lahir"
    ) -> list[Case]:
        """Cases opened in one transaction."""
        opened = []
        with self.work(at) as uow:
            for _ in range(count):
                step = transitions.open_case(
                    id=self.ids(), number=case_number("PKU", 2026, uow.cases.next_count(2026)), at=at, rules=self.rules,
                    conversation=conversation.id, kind=CaseKind.REQUEST, route="kebijakan", topic=topic,
                    unit="seksi-kelahiran",
                )  # fmt: skip
                uow.cases.add(step.case)
                _record(uow, step)
                opened.append(step.case)
        return opened

    def act(self, step: Step) -> Case:
        """Writes a transition down, as a handler does."""
        with self.work() as uow:
            _record(uow, step)
        return step.case

    def taken(self, case: Case, minutes: float) -> Case:
        return self.act(transitions.take(case, self.staff.rina, later(minutes), self.rules))

    def whole_course(self, conversation: Conversation) -> Case:
        """A case from opening to closing: to the section, which is late, back, concluded, and agreed to."""
        rina, fitri, rules = self.staff.rina, self.staff.fitri, self.rules
        case = self.taken(self.open(conversation), 2)
        case = self.act(transitions.hand_over(case, rina, later(4), rules, to=BIRTHS, reason="kebijakan"))
        case = self.act(transitions.receive(case, fitri, later(6), rules))
        proposal, answer = self.said(conversation, case, "Usulan", 12), self.said(conversation, case, "Jawaban", 13)
        case = self.act(transitions.propose(case, fitri, later(12), rules, message=proposal))
        sent = transitions.send_proposal(case, rina, later(13), rules, proposal=proposal, message=answer)
        case = self.act(transitions.conclude(self.act(sent), rina, later(14), rules))
        return self.act(transitions.confirm(case, later(20)))

    def said(self, conversation: Conversation, case: Case, text: str, minutes: float) -> int:
        """A stored message of an officer to the resident; returns its id."""
        with self.work() as uow:
            stored = uow.messages.add(
                conversation, Author.OFFICER, text, later(minutes), case=case.id, officer=self.staff.rina.id
            )
        return stored.id


def _record(uow: UnitOfWork, step: Step) -> None:
    uow.cases.save(step.case)
    for event in step.events:
        uow.ledger.append(event)
    uow.cases.keep_handovers(step.case.id, project(uow.ledger.of_case(step.case.id)))
