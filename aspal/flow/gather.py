"""What the stations gather before they decide: a disposition with its people, calendar, ladder and earlier notices.

Not a station: scan, bundle, deliver and `aspal why` all ask the same questions, so they are asked in one place.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.case import Case, Sent
from aspal.core.ladder import Basis, Ladder
from aspal.core.switches import PAUSES
from aspal.core.turns import responsible
from aspal.core.words import OFFICE_ROLES, Role
from aspal.core.workdays import Calendar
from aspal.records import cases, directory, health, ladders, notes, notices
from aspal.records.calendar import Calendars
from aspal.records.cases import CaseRow
from aspal.records.directory import Person, Staff


@dataclass(slots=True)
class Gathered:
    """Everything that bears on one disposition at one moment."""

    row: CaseRow
    case: Case
    ladder: Ladder
    calendar: Calendar
    sent: list[Sent]
    people: Mapping[int, Person]  # by contact id, whoever holds a role, reachable or not
    held: Mapping[Role, tuple[int, ...]]  # who holds which role, reachable or not
    said: str | None = None  # the unit's own words, where it hands the case back or asks for time

    def holders(self, roles: Collection[Role]) -> frozenset[int]:
        """Everybody who holds one of these roles for the case, reachable or not."""
        return frozenset(contact_id for role, ids in self.held.items() if role in roles for contact_id in ids)

    def calendar_for(self, role: Role, calendars: Calendars) -> Calendar:
        """Whose office hours govern a message: the office's own people keep the office's."""
        return calendars.of(None) if role in OFFICE_ROLES else self.calendar


@dataclass(frozen=True, slots=True)
class _Staff:
    """Who acts in the cases of one unit on one day, the office's own people included."""

    people: Mapping[int, Person]
    held: Mapping[Role, tuple[int, ...]]
    told: Mapping[Role, tuple[int, ...]]  # those of them who can be told
    lost: Mapping[Role, datetime | None]  # roles held by somebody who cannot, and since when, if that is known

    def beyond_unit(self) -> dict[Role, tuple[int, ...]]:
        """Who can be told without anybody who acts for the unit, whatever else they are. The admins dispose the
        complaints and know of each anyway."""
        own = {contact for role, ids in self.held.items() if role not in OFFICE_ROLES for contact in ids}
        return {
            role: ids if role is Role.ADMIN else tuple([contact for contact in ids if contact not in own])
            for role, ids in self.told.items()
        }

    def lost_at(self, roles: Collection[Role]) -> datetime | None:
        """When the last of those who hold these roles was lost."""
        return max((at for role, at in self.lost.items() if at and role in roles), default=None)

    @classmethod
    def of(cls, by_role: Staff, office: "_Staff | None" = None) -> "_Staff":
        """`office`: those who act in every case."""
        people = dict(office.people) if office else {}
        held, told = (dict(office.held), dict(office.told)) if office else ({}, {})
        lost = dict(office.lost) if office else {}
        for role, persons in by_role.items():
            people |= {person.contact_id: person for person in persons}
            held[role] = tuple([person.contact_id for person in persons])
            told[role] = tuple([person.contact_id for person in persons if reachable(person)])
            if len(told[role]) < len(persons):
                lost[role] = max((p.lost_at for p in persons if p.lost_at and not reachable(p)), default=None)
        return cls(people, held, told, lost)


class Gatherer:
    """Reads what is the same for many dispositions once per run."""

    def __init__(self, conn: Connection, calendars: Calendars, now: datetime) -> None:
        self._conn = conn
        self._calendars = calendars
        self._now = now
        self._ladders = ladders.all_versions(conn)
        newest = max(self._ladders.values(), key=lambda ladder: ladder.version, default=None)
        self.in_force = newest or ladders.in_force(conn)
        self._days: dict[str | None, tuple[Calendar, date]] = {}
        self._office: dict[date, _Staff] = {}
        self._units: dict[tuple[int, date], Staff] = {}
        self._staffs: dict[tuple[int | None, date], _Staff] = {}
        self._paused_until = self._office_pause()

    def rows(self, rows: Iterable[CaseRow]) -> dict[int, Gathered]:
        """Gathers what a decision needs, for dispositions that are already read."""
        listed = list(rows)
        found = self._all(listed, notices.sent(self._conn, [row.id for row in listed]))
        self._note_vacancies([one for one in found.values() if _vacant(one) and _was_told_of_people(one)])
        lost = [one for one in found.values() if one.case.lost_at]
        told = notices.sent(self._conn, [one.row.id for one in lost], timed=True) if lost else {}
        for one in lost:
            one.sent = told.get(one.row.id, [])
        return found

    def ids(self, disposition_ids: Iterable[int]) -> dict[int, Gathered]:
        """Gathers what is asked after a decision, for dispositions by id: `sent` stays empty."""
        return self._all(list(cases.by_id(self._conn, disposition_ids).values()), {})

    def recaps(self) -> frozenset[tuple[str, str]]:
        """Code and message kind of each recap, under any version of the rules."""
        versions = (self.in_force, *self._ladders.values())
        return frozenset([(recap.id, recap.template) for ladder in versions for recap in ladder.recaps])

    def _all(self, rows: list[CaseRow], sent: Mapping[int, list[Sent]]) -> dict[int, Gathered]:
        self._read_people(rows)
        asking = [row.id for row in rows if row.case.claim in ("not_ours", "extension")]
        said = notes.last_words(self._conn, asking) if asking else {}
        return {row.id: self._one(row, sent.get(row.id, []), said.get(row.id)) for row in rows}

    def _one(self, row: CaseRow, sent: list[Sent], said: str | None) -> Gathered:
        calendar, day = self._today(row.zone)
        staff, case = self._staff(row.unit_id, day), row.case
        case.people, case.unreachable = staff.told, tuple(staff.lost)
        if staff.lost:
            case.lost_at = staff.lost_at(responsible(case))
        if case.is_supervised:  # those it speaks of must not learn of it, also as somebody's substitute elsewhere
            case.people = staff.beyond_unit()
        if self._paused_until and (case.paused_until is None or case.paused_until < self._paused_until):
            case.paused_until = self._paused_until
        ladder = self._ladders.get(row.ladder_id or 0, self.in_force)
        return Gathered(row, case, ladder, calendar, sent, staff.people, staff.held, said)

    def _note_vacancies(self, cases: list[Gathered]) -> None:
        """A role that fell vacant is a loss as well: what an admin heard of the case's people before cannot tell it."""
        units = {one.row.unit_id for one in cases if one.row.unit_id is not None}
        ends = directory.ends(self._conn, units) if units else []
        for one in cases:
            vacant = _vacant(one)
            left = [
                _left(ended_at, last_day, one.calendar)
                for unit_id, role, ended_at, last_day in ends
                if unit_id == one.row.unit_id and role in vacant
            ]
            left = [at for at in left if at <= self._now]
            one.case.lost_at = max([*left, *filter(None, [one.case.lost_at])], default=None)

    def _today(self, zone: str | None) -> tuple[Calendar, date]:
        if zone not in self._days:
            calendar = self._calendars.of(zone)
            self._days[zone] = calendar, calendar.local_day(self._now)
        return self._days[zone]

    def _staff(self, unit_id: int | None, day: date) -> _Staff:
        if (unit_id, day) not in self._staffs:
            unit_people = self._units.get((unit_id, day), {}) if unit_id is not None else {}
            own = {role: persons for role, persons in unit_people.items() if role not in OFFICE_ROLES}
            self._staffs[unit_id, day] = _Staff.of(own, self._office[day])
        return self._staffs[unit_id, day]

    def _read_people(self, rows: Iterable[CaseRow]) -> None:
        wanted: dict[date, set[int]] = {}
        for row in rows:
            day = self._today(row.zone)[1]
            units = wanted.setdefault(day, set())
            if row.unit_id is not None and (row.unit_id, day) not in self._units:
                units.add(row.unit_id)
        for day, unit_ids in wanted.items():
            if unit_ids or day not in self._office:
                found, office = directory.staff(self._conn, unit_ids, OFFICE_ROLES, day)
                self._office.setdefault(day, _Staff.of(office))
                self._units |= {(unit_id, day): found.get(unit_id, {}) for unit_id in unit_ids}

    def _office_pause(self) -> datetime | None:
        """Open-ended pauses are looked at again every day, so that lifting one needs no further step."""
        values = health.switches_set(self._conn, PAUSES, self._now).values()
        ends = [value.get("until") if isinstance(value, dict) else None for value in values if value]
        tomorrow = self._now + timedelta(days=1)
        return max((datetime.fromisoformat(end) if end else tomorrow for end in ends), default=None)


def _vacant(one: Gathered) -> tuple[Role, ...]:
    """The roles that somebody of the unit must hold for the case, and nobody does."""
    if one.case.is_supervised or one.row.unit_id is None:
        return ()
    first_line = one.held.get(Role.LIAISON) or one.held.get(Role.OPERATOR)
    vacant = () if first_line else (Role.LIAISON, Role.OPERATOR)
    return vacant if one.held.get(Role.HEAD) else (*vacant, Role.HEAD)


def _was_told_of_people(one: Gathered) -> bool:
    steps = _about_people(one.ladder)
    return any(s.counts and s.step in steps for s in one.sent)


@lru_cache(maxsize=64)
def _about_people(ladder: Ladder) -> frozenset[str]:
    return frozenset(step.id for step in ladder.steps if step.basis is Basis.CONTACT)


def _left(ended_at: datetime | None, last_day: date | None, calendar: Calendar) -> datetime:
    """When somebody's office ended: by an admin's hand, or with the last day of the SK."""
    ends = [ended_at] if ended_at else []
    if last_day:
        ends.append(datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(calendar.zone)))
    return min(ends)


def reachable(person: Person) -> bool:
    """Whether WhatsApp can be expected to reach this person."""
    return bool(person.address) and not person.opted_out and not person.unreachable
