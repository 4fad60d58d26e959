"""Checks the ledger: its chain against the stored head and anchors, then cases and control cards against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, select

from conversation.errors import CheckFailed
from escalation.cases import Case
from escalation.events import Event
from escalation.handovers import Handover, project
from escalation.ledger import GENESIS, Anchor, Verdict, read_anchor, verify_chain
from reports.case_events import events_of, read_event
from reports.standing import Standing, standing
from reports.streaming import batches, stream
from storage.tables import cases, handovers, ledger, ledger_head

_CASE = TypeAdapter(Case)
_HANDOVER = TypeAdapter(Handover)
#: The stored head says what the last entry is, not since when.
_UNDATED = datetime.fromtimestamp(0, UTC)


def verify(connection: Connection, key: bytes, anchors: Sequence[Anchor] = ()) -> Verdict:
    """The ledger's last entry, if everything holds; the connection must read one consistent state.

    Raises CheckFailed, one line, naming the first entry or case that does not.
    """
    head = read_head(connection)
    verdict = verify_chain(key, _entries(connection), (head, *anchors))
    if not verdict.holds:
        raise CheckFailed(f"ledger: entry {verdict.bad}: {verdict.problem}")
    if verdict.head != head.seq:
        raise CheckFailed(f"ledger: entry {head.seq + 1}: stands after the stored head, entry {head.seq}")
    _check_strays(connection)
    for rows in batches(connection, select(cases).order_by(cases.c.id)):
        identities = [row.id for row in rows]
        events, cards = events_of(connection, identities), _cards(connection, identities)
        for row in rows:
            _check_case(row, events[row.id])
            _check_card(row.number, events[row.id], cards[row.id])
    return verdict


def read_head(connection: Connection) -> Anchor:
    """The stored head of the chain; the beginning if nothing has ever been entered."""
    row = connection.execute(select(ledger_head.c.seq, ledger_head.c.digest)).one_or_none()
    return Anchor(row.seq, row.digest, _UNDATED) if row else Anchor(0, GENESIS, _UNDATED)


def read_anchors(key: bytes, text: str) -> tuple[Anchor, ...]:
    """The anchors of a text, one a line, empty lines apart. Raises CheckFailed naming the line that is none."""
    anchors = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                anchors.append(read_anchor(key, line))
            except CheckFailed as error:
                raise CheckFailed(f"line {number}: {error}") from None
    return tuple(anchors)


def _entries(connection: Connection) -> Iterator[tuple[int, str, str]]:
    """The chain's rows in order. What stands beside an entry for look-ups is checked once the entry itself was."""
    for row in stream(connection, select(ledger).order_by(ledger.c.seq)):
        yield row.seq, row.entry, row.digest
        event = read_event(row.seq, row.entry)
        if (event.case, event.at) != (row.case, row.at):
            raise CheckFailed(f"ledger: entry {row.seq}: is filed under another case or time than it tells")


def _check_strays(connection: Connection) -> None:
    """Everything in the ledger and on cards belongs to a case that is there."""
    known = select(cases.c.id)
    entry = select(ledger.c.seq).where(ledger.c.case.is_not(None), ledger.c.case.not_in(known)).order_by(ledger.c.seq)
    if (seq := connection.execute(entry.limit(1)).scalar_one_or_none()) is not None:
        raise CheckFailed(f"ledger: entry {seq}: tells of a case that is not stored")
    card = select(handovers.c.case).where(handovers.c.case.not_in(known)).limit(1)
    if connection.execute(card).first():
        raise CheckFailed("a stored control card belongs to no case")


def _cards(connection: Connection, identities: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """The stored lines of these cases' cards, as stored."""
    found: dict[int, list[Any]] = {case: [] for case in identities}
    chosen = select(handovers).where(handovers.c.case.in_(identities)).order_by(handovers.c.case, handovers.c.line)
    for row in connection.execute(chosen):
        found[row.case].append(row.body)
    return found


def _check_case(row: Row[Any], events: Sequence[Event]) -> None:
    try:
        case = _CASE.validate_python(row.body)
    except ValidationError:
        raise CheckFailed(f"case {row.number}: the stored case is not readable") from None
    if (case.id, case.number, case.state, case.opened_at) != (row.id, row.number, row.state, row.opened_at):
        raise CheckFailed(f"case {row.number}: is filed under another number, state or time than it tells")
    told = standing(events)
    if told is None:
        raise CheckFailed(f"case {row.number}: the ledger does not tell of its opening")
    if wrong := told.differences(Standing.of(case)):
        raise CheckFailed(f"case {row.number}: {', '.join(wrong)} differ from what the ledger tells")


def _check_card(number: str, events: Sequence[Event], stored: Sequence[Any]) -> None:
    derived = project(events)
    for place, line in enumerate(derived[: len(stored)]):
        try:
            same = _HANDOVER.validate_python(stored[place]) == line
        except ValidationError:
            same = False
        if not same:
            raise CheckFailed(f"case {number}: line {line.line} of its control card differs from what the ledger tells")
    if len(stored) != len(derived):
        raise CheckFailed(
            f"case {number}: its control card has {len(stored)} lines, the ledger tells of {len(derived)}"
        )
