"""One office: what it is called, when it is open, its bidang and seksi, and which section a matter belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from conversation.errors import SettingsError
from escalation.data_file import Entry, packaged
from escalation.hours import Schedule, Span
from escalation.roles import Desk, Role

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HEADS = (Role.SECTION_HEAD, Role.DIVISION_HEAD)


@dataclass(frozen=True, slots=True)
class Unit:
    """A bidang (`division` "") or a seksi, with the bidang it is part of."""

    id: str
    title: str
    division: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One snapshot of `office.yaml`. `silent_close` is in office hours."""

    name: str
    short: str
    city: str
    case_prefix: str
    hours: Schedule
    hours_confirmed: bool
    silent_close: timedelta
    units: Mapping[str, Unit]
    routing: Mapping[str, str]

    def section(self, topic: str) -> str:
        """The seksi that a topic's cases belong to, "" if none is named."""
        return self.routing.get(topic, "")

    def sections(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units.values() if unit.division)

    def divisions(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units.values() if not unit.division)

    def division_of(self, unit: str) -> str:
        """The bidang of a seksi; of a bidang itself, that bidang; "" for a unit that the office does not have."""
        known = self.units.get(unit)
        return (known.division or known.id) if known else ""

    def title(self, unit: str) -> str:
        """The unit as people read it; its id if a later office no longer has it."""
        known = self.units.get(unit)
        return known.title if known else unit

    def desk(self, role: Role, unit: str = "") -> Desk:
        """The desk of a role for a case of `unit`: the section's head, the head of its division, or the only desk."""
        if role is Role.DIVISION_HEAD:
            return Desk(role, self.division_of(unit))
        return Desk(role, unit if role is Role.SECTION_HEAD and unit in self.units else "")

    def desk_title(self, desk: Desk) -> str:
        """ "Kepala Seksi Kelahiran", "Operator Editor"."""
        if not desk.unit:
            return desk.role.label
        title = self.title(desk.unit)
        return f"Kepala {title}" if desk.role in _HEADS else f"{desk.role.label} ({title})"

    def check_desk(self, desk: Desk) -> None:
        """A post to be given to an officer. Raises SettingsError if the unit is unknown or not of the role's kind."""
        if not desk.unit:
            return
        unit = self.units.get(desk.unit)
        if unit is None:
            raise SettingsError(f"unit {desk.unit}: {self.short} has no such unit; units are {', '.join(self.units)}")
        if desk.role in _HEADS and bool(unit.division) is not (desk.role is Role.SECTION_HEAD):
            kind = "seksi" if desk.role is Role.SECTION_HEAD else "bidang"
            raise SettingsError(f"unit {desk.unit}: a {desk.role} heads a {kind}")


def default_office() -> str:
    """The text of the `office.yaml` that comes with Loket: Kota Pekanbaru."""
    return packaged("office.yaml")


def load_office(text: str) -> Office:
    """Reads and checks an `office.yaml`. Raises SettingsError, one line, naming the key and what is wrong with it."""
    top = Entry.parse(text, "office.yaml").only(
        *("name", "short", "city", "case_prefix", "timezone", "hours", "closures"),
        *("silent_close_hours", "divisions", "routing"),
    )
    units = _units(top.entry("divisions"))
    prefix = top.text("case_prefix")
    if not (prefix.isascii() and prefix.isalnum() and prefix.isupper() and 2 <= len(prefix) <= 6):
        raise top.wrong("case_prefix", f"must be 2 to 6 capital letters or digits, found {prefix!r}")
    return Office(
        name=top.text("name"),
        short=top.text("short"),
        city=top.text("city"),
        case_prefix=prefix,
        hours=_schedule(top),
        hours_confirmed=top.entry("hours").flag("confirmed"),
        silent_close=timedelta(hours=top.whole("silent_close_hours", least=1)),
        units=units,
        routing=_routing(top.entry("routing"), units),
    )


def _units(divisions: Entry) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for identity in divisions.names():
        division = divisions.entry(identity).only("title", "sections")
        sections = division.pairs("sections")
        for unit in (
            Unit(identity, division.text("title")),
            *(Unit(section, title, identity) for section, title in sections.items()),
        ):
            if unit.id in units or ":" in unit.id:
                raise division.wrong(unit.id, "a unit's id must be unique and without colon")
            units[unit.id] = unit
    return units


def _routing(entry: Entry, units: Mapping[str, Unit]) -> dict[str, str]:
    routing: dict[str, str] = {}
    for section in entry.names():
        if section not in units or not units[section].division:
            raise entry.wrong(section, "no section has this id")
        for topic in entry.texts(section):
            if topic in routing:
                raise entry.wrong(section, f"topic {topic} is routed to {routing[topic]} already")
            routing[topic] = section
    return routing


def _schedule(top: Entry) -> Schedule:
    hours = top.entry("hours").only("confirmed", *_WEEK)
    try:
        zone = ZoneInfo(top.text("timezone"))
    except (KeyError, ValueError, OSError):
        raise top.wrong("timezone", f"no such time zone: {top.text('timezone')!r} (such as Asia/Jakarta)") from None
    week = tuple(tuple(_span(hours, day, text) for text in hours.texts(day)) for day in _WEEK)
    try:
        return Schedule(zone, week, dict(_closure(entry) for entry in top.entries("closures")))
    except ValueError as error:
        raise top.wrong("hours", str(error)) from None


def _span(hours: Entry, day: str, text: str) -> Span:
    opening, dash, closing = text.partition("-")
    try:
        if not dash:
            raise ValueError
        return time.fromisoformat(opening.strip()), time.fromisoformat(closing.strip().replace("24:00", "00:00"))
    except ValueError:
        raise hours.wrong(day, f"must be spans such as 08:00-12:00, found {text!r}") from None


def _closure(entry: Entry) -> tuple[date, str]:
    entry.only("date", "label")
    return entry.day("date"), entry.text("label")
