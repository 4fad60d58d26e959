"""Whatever officers, residents and timers do in any order, a case stays sound and its card tells the same story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from conversation.errors import Refusal
from escalation import transitions as table
from escalation.cases import Case, CaseKind, State
from escalation.events import Event, EventKind
from escalation.handovers import Outcome, project
from escalation.roles import FRONT_OFFICE, Desk, Officer, Role
from escalation.signing import Step
from escalation.sop import ASKED, Act
from tests.escalation.house import BIRTHS, BY_ID, EVERYBODY, FITRI, MONDAY, PROPOSAL, RINA, rules

DESKS = st.sampled_from(
    [rules().office.desk(role, unit) for role in Role for unit in ("", "seksi-kelahiran", "seksi-siak")]
)
MESSAGES = st.integers(1, 9)
#: Mostly somebody entitled or a fitting reason (a number into those there are), now and then anybody or anything.
ENTITLED = st.one_of(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.sampled_from(EVERYBODY))
FITTING = st.one_of(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["", "kebijakan", "keliru"]))


def reason_for(act: Act, choice: int | str, to: Role | None = None) -> str:
    fitting = rules().sop.reasons_for(act, to)
    if isinstance(choice, str) or not fitting:
        return str(choice)
    return fitting[choice % len(fitting)].id


def served_by(desk: Desk) -> list[Officer]:
    return [one for one in EVERYBODY if one.serves(desk)]


class Course(RuleBasedStateMachine):
    """Random acts on one case; refused ones must change nothing."""

    case: Case
    now: datetime
    events: list[Event]

    @initialize(steps_done=st.integers(0, 6))
    def opened(self, steps_done: int) -> None:
        self.now = MONDAY
        opened = table.open_case(
            id=1, number="PKU-2026-000001", conversation=41, kind=CaseKind.COMPLAINT, route="pengaduan", topic="",
            unit="", at=MONDAY, rules=rules(),
        )  # fmt: skip
        self.case, self.events = opened.case, list(opened.events)
        standard_course = (
            lambda: table.take(self.case, RINA, self.now, rules()),
            lambda: table.hand_over(self.case, RINA, self.now, rules(), to=BIRTHS, reason="kebijakan"),
            lambda: table.receive(self.case, FITRI, self.now, rules()),
            lambda: table.propose(self.case, FITRI, self.now, rules(), message=PROPOSAL),
            lambda: table.send_proposal(self.case, RINA, self.now, rules(), proposal=PROPOSAL, message=7),
            lambda: table.conclude(self.case, RINA, self.now, rules()),
        )
        for do in standard_course[:steps_done]:
            self.act(do)

    def act(self, do: Callable[[], Step], also: frozenset[str] = frozenset()) -> None:
        before = self.case
        try:
            step = do()
        except Refusal:
            return
        assert before.open, "nothing happens to a closed case any more"
        self.case, self.events = step.case, self.events + list(step.events)
        self.check_clock(before, frozenset(event.kind for event in step.events) | also)

    def check_clock(self, before: Case, happened: frozenset[str]) -> None:
        """Clocks start, stop, pause and resume only where `sop.yaml` says so."""
        sop, old, new = rules().sop, before.clock, self.case.clock
        if new is not None and (old is None or (new.step, new.since) != (old.step, old.since)):
            step = sop.step(new.step)
            assert happened & (step.start | step.resume), (happened, new)
        if old is not None and (new is None or new.step != old.step):
            step = sop.step(old.step)
            assert happened & (step.stop | step.pause | step.resume), (happened, old)

    @rule(minutes=st.integers(0, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def voice(self, choice: int | Officer) -> Officer:
        return BY_ID[self.case.voice or RINA.id] if isinstance(choice, int) else choice

    def holder(self, choice: int | Officer) -> Officer:
        return BY_ID[self.case.holder or RINA.id] if isinstance(choice, int) else choice

    def at_desk(self, choice: int | Officer, desk: Desk) -> Officer:
        servers = served_by(desk)
        return choice if isinstance(choice, Officer) else servers[choice % len(servers)] if servers else RINA

    @rule(who=ENTITLED, reason=FITTING, out_of_order=st.booleans())
    def take(self, who: int | Officer, reason: int | str, *, out_of_order: bool) -> None:
        officer, why = self.at_desk(who, FRONT_OFFICE), reason_for(Act.TAKE, reason)
        ahead = "PKU-2026-000009" if out_of_order else ""
        self.act(lambda: table.take(self.case, officer, self.now, rules(), ahead=ahead, reason=why))

    @rule(who=ENTITLED, message=MESSAGES)
    def answer(self, who: int | Officer, message: int) -> None:
        self.act(lambda: table.answer(self.case, self.voice(who), self.now, rules(), message=message))

    @rule(who=ENTITLED, to=DESKS, reason=FITTING)
    def hand_over(self, who: int | Officer, to: Desk, reason: int | str) -> None:
        officer, why = self.holder(who), reason_for(Act.HAND_OVER, reason, to.role)
        self.act(lambda: table.hand_over(self.case, officer, self.now, rules(), to=to, reason=why))

    @rule(who=ENTITLED)
    def receive(self, who: int | Officer) -> None:
        self.act(lambda: table.receive(self.case, self.at_desk(who, self.case.desk), self.now, rules()))

    @rule(who=ENTITLED, reason=FITTING)
    def refuse(self, who: int | Officer, reason: int | str) -> None:
        officer, why = self.at_desk(who, self.case.desk), reason_for(Act.REFUSE, reason)
        self.act(lambda: table.refuse(self.case, officer, self.now, rules(), reason=why))

    @rule(who=ENTITLED, reason=FITTING)
    def withdraw(self, who: int | Officer, reason: int | str) -> None:
        officer, why = self.voice(who), reason_for(Act.WITHDRAW, reason)
        self.act(lambda: table.withdraw(self.case, officer, self.now, rules(), reason=why))

    @rule(who=ENTITLED, message=MESSAGES)
    def propose(self, who: int | Officer, message: int) -> None:
        self.act(lambda: table.propose(self.case, self.holder(who), self.now, rules(), message=message))

    @rule(who=ENTITLED, stale=st.booleans(), absent=st.booleans())
    def send_proposal(self, who: int | Officer, *, stale: bool, absent: bool) -> None:
        officer = self.at_desk(who, FRONT_OFFICE) if absent else self.voice(who)
        proposal = self.case.proposal or 1
        self.act(
            lambda: table.send_proposal(
                self.case, officer, self.now, rules(), proposal=proposal + stale, message=99, voice_absent=absent
            )
        )

    @rule(who=ENTITLED)
    def conclude(self, who: int | Officer) -> None:
        self.act(lambda: table.conclude(self.case, self.voice(who), self.now, rules()))

    @rule(who=ENTITLED, reason=FITTING)
    def take_over(self, who: int | Officer, reason: int | str) -> None:
        officer, why = self.at_desk(who, FRONT_OFFICE), reason_for(Act.TAKE_OVER, reason)
        self.act(lambda: table.take_over(self.case, officer, self.now, rules(), reason=why))

    @rule()
    def resident_writes(self) -> None:
        if self.case.open:
            self.act(lambda: table.resident_wrote(self.case, self.now, rules()), frozenset({ASKED}))

    @rule(settled=st.booleans())
    def resident_replies(self, *, settled: bool) -> None:
        self.act(lambda: table.confirm(self.case, self.now) if settled else table.reopen(self.case, self.now, rules()))

    @rule()
    def timer(self) -> None:
        self.act(lambda: table.close_silent(self.case, self.now))

    @invariant()
    def one_holder_or_on_the_way(self) -> None:
        case = self.case
        assert (case.transit is not None) is (case.state is State.IN_TRANSIT)
        assert (case.holder is None) is (case.state in (State.WAITING, State.IN_TRANSIT, State.CLOSED))
        if case.holder is not None:
            assert BY_ID[case.holder].serves(case.desk)
        if case.state in (State.WITH_FO, State.AWAITING_RESIDENT):
            assert case.holder == case.voice

    @invariant()
    def the_voice_is_a_front_officer(self) -> None:
        assert (self.case.voice is None) is (self.case.state is State.WAITING)
        if self.case.voice is not None:
            assert BY_ID[self.case.voice].holds(Role.FO)

    @invariant()
    def dates_and_proposals_fit_the_state(self) -> None:
        case = self.case
        assert (case.closed_at is not None) is (case.state is State.CLOSED)
        assert (case.silent_close_at is not None) is (case.state is State.AWAITING_RESIDENT)
        assert case.proposal is None or case.state is State.WITH_DESK
        assert case.clock is None or case.clock.since <= case.clock.due

    @invariant()
    def the_card_tells_where_the_case_is(self) -> None:
        lines = project(self.events)
        assert [line.line for line in lines] == list(range(1, len(lines) + 1))
        assert all(line.outcome is not Outcome.OPEN for line in lines[:-1])
        last, case = lines[-1], self.case
        assert (last.outcome is Outcome.OPEN) is (case.state in (State.WAITING, State.IN_TRANSIT))
        if last.outcome is Outcome.OPEN:
            assert last.to_desk == case.desk
        elif case.open:
            assert last.to_officer == case.holder
        for before, line in pairwise(lines):
            assert line.from_officer == before.to_officer
            assert before.settled_at is not None
            assert before.settled_at <= line.handed_at

    @invariant()
    def the_ledger_can_be_read_back(self) -> None:
        assert [Event.from_entry(event.to_entry()) for event in self.events] == self.events
        assert (self.events[-1].kind is EventKind.CLOSED) is not self.case.open


TestCourse = Course.TestCase
TestCourse.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
