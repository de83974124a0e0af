"""Station 7: roster -> recaps for heads and Sekda.

Each recap of the ladder is told once a period, on its day and after its hour, within office hours. A recap whose day
was missed is not made up for: the next one says the same, newer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.delivery import State
from aspal.core.ladder import Ladder, Recap
from aspal.core.wording import listed, workdays
from aspal.core.words import Role
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.flow.gather import PAUSES, Gatherer, reachable
from aspal.gateways.texts import CAPS, Texts
from aspal.records import cases, directory, health, journal, ladders, outbox, recaps
from aspal.records.calendar import Calendars
from aspal.records.directory import Person
from aspal.settings import Settings

PRIORITY = 9  # everything else goes first


@dataclass(slots=True)
class RecapCount:
    """What one run planned."""

    messages: int = 0

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One recap for the people of one unit, or of the office."""

    recap: Recap
    period: str
    scope: str
    people: tuple[Person, ...]
    values: Mapping[str, str]
    workday: date
    closing: datetime


def run(db: Database, calendars: Calendars, texts: Texts, settings: Settings, now: datetime) -> RecapCount:
    """Plans every recap whose time has come."""
    count = RecapCount()
    with db.read() as conn:
        if any(health.get_switch(conn, name, now) for name in PAUSES):
            return count
        ladder = ladders.in_force(conn)
        zones = {None, *(unit.zone for unit in recaps.units_with_cases(conn))}
    if not any(period_of(recap, calendars.of(zone), now) for recap in ladder.recaps for zone in zones):
        return count
    with db.write() as conn:
        outbox.lock_station(conn, "recap")
        for sheet in _sheets(conn, ladder, calendars, settings, now):
            count.messages += _tell(conn, sheet, texts, settings, now)
    return count


def period_of(recap: Recap, calendar: Calendar, now: datetime) -> str | None:
    """The period that this recap should be told for at this very moment; None when it is not its time."""
    today = calendar.local_day(now)
    begins = calendar.next_workday(_first_day(recap, today) - timedelta(days=1))
    at = datetime.combine(today, time.fromisoformat(recap.at), ZoneInfo(calendar.zone))
    if today != begins or now < at or not calendar.is_open(now):
        return None
    return _first_day(recap, today).isoformat()


def _first_day(recap: Recap, today: date) -> date:
    """The calendar day on which the period of `today` begins."""
    if recap.when == "senin":
        return today - timedelta(days=today.weekday())
    if recap.when == "awal_bulan":
        return today.replace(day=1)
    days = [date(year, *_month_day(text)) for text in recap.when.split(",") for year in (today.year - 1, today.year)]
    return max(day for day in days if day <= today)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.strip().split("-")
    return int(month), int(day)


def _sheets(
    conn: Connection, ladder: Ladder, calendars: Calendars, settings: Settings, now: datetime
) -> Iterator[_Sheet]:
    for recap in ladder.recaps:
        if Role.HEAD in recap.audience:
            yield from _for_heads(conn, recap, calendars, now)
        office_roles = [role for role in recap.audience if role is not Role.HEAD]
        calendar = calendars.of(None)
        period = period_of(recap, calendar, now)
        if office_roles and period:
            today = calendar.local_day(now)
            people = tuple(p for role in office_roles for p in directory.office_people(conn, role, today))
            values = _office_values(conn, recap, today)
            if values:
                yield _Sheet(recap, period, "office", people, values, today, calendar.closing(today))


def _for_heads(conn: Connection, recap: Recap, calendars: Calendars, now: datetime) -> Iterator[_Sheet]:
    for unit in recaps.units_with_cases(conn):
        calendar = calendars.of(unit.zone)
        period, today = period_of(recap, calendar, now), calendar.local_day(now)
        if not period:
            continue
        heads = directory.people(conn, [unit.id], today).get(unit.id, {}).get(Role.HEAD, ())
        values = _unit_values(conn, recap, unit.id, calendars, now)
        if values:
            yield _Sheet(recap, period, f"unit-{unit.id}", heads, values, today, calendar.closing(today))


def _unit_values(
    conn: Connection, recap: Recap, unit_id: int, calendars: Calendars, now: datetime
) -> Mapping[str, str] | None:
    if recap.when.startswith(("senin", "awal_bulan")):
        gathered = Gatherer(conn, calendars, now).rows(cases.open_of_unit(conn, unit_id))
        ages = {
            g.row.number: g.calendar.workdays_between(g.case.disposed_on, g.calendar.local_day(now))
            for g in gathered.values()
        }
        # What was disposed today is news for the liaison, not yet something left undone.
        items = [f"{number} ({workdays(age)})" for number, age in ages.items() if age > 0]
        return _values(len(items), items)
    return _arrears(recaps.arrears(conn, [unit_id], calendars.of(None).local_day(now).year))


def _office_values(conn: Connection, recap: Recap, today: date) -> Mapping[str, str] | None:
    if recap.when == "awal_bulan":
        last = today.replace(day=1) - timedelta(days=1)
        tally = recaps.received_between(conn, last.replace(day=1), last)
        return _values(sum(tally.values()), [f"{status.replace('_', ' ')} {n}" for status, n in sorted(tally.items())])
    return _arrears(recaps.arrears(conn, None, today.year))


def _arrears(by_year: Mapping[int, int]) -> Mapping[str, str] | None:
    return _values(sum(by_year.values()), [f"{year}: {count}" for year, count in sorted(by_year.items())])


def _values(total: int, items: list[str]) -> Mapping[str, str] | None:
    return {"jumlah": str(total), "daftar": listed(items, CAPS["daftar"])} if total else None


def _tell(conn: Connection, sheet: _Sheet, texts: Texts, settings: Settings, now: datetime) -> int:
    planned = 0
    for person in sheet.people:
        if not reachable(person) or (settings.recipients == "guests" and not person.guest):
            continue
        kind = sheet.recap.template
        values = {**sheet.values, "penerima": person.name, "kantor": settings.office_name}
        words = texts.render(kind, {v.name: values[v.name] for v in texts.kind(kind).variables})
        key = f"recap:{sheet.recap.id}:{sheet.period}:{sheet.scope}:{person.contact_id}"
        message = outbox.NewMessage(
            person.contact_id, person.address, kind, words.variables, words.text, sheet.workday, State.WAITING,
            PRIORITY, now, sheet.closing, None, key,
        )  # fmt: skip
        message_id = outbox.put(conn, [message], now)[0]
        if message_id is not None:
            planned += 1
            detail = {"recap": sheet.recap.id, "contact": person.contact_id, "scope": sheet.scope}
            journal.append(conn, [journal.Entry(now, "recap", "message.planned", f"message:{message_id}", detail)])
    return planned
