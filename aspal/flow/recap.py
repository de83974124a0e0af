"""Station 7: roster -> recaps for heads and Sekda.

Each recap of the ladder is told once a period, on its day and after its hour, within office hours. A recap whose day
was missed is not made up for: the next one says the same, newer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
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
from aspal.records import cases, directory, health, journal, ladders, notices, outbox, recaps
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
    cases: Mapping[int, str] = field(default_factory=dict)  # disposition -> how it is listed; a person hears it once


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
        by_case = recap.when.startswith(("senin", "awal_bulan"))
        listed_cases = _left_undone(conn, unit.id, calendars, now) if by_case else {}
        values = _values(list(listed_cases.values())) if by_case else _arrears(conn, [unit.id], today)
        if values:
            scope = f"unit-{unit.id}"
            yield _Sheet(recap, period, scope, heads, values, today, calendar.closing(today), listed_cases)


def _left_undone(conn: Connection, unit_id: int, calendars: Calendars, now: datetime) -> dict[int, str]:
    """The unit's open cases. What was disposed today is news for the liaison, not yet something left undone."""
    gathered = Gatherer(conn, calendars, now).rows(cases.open_of_unit(conn, unit_id))
    ages = {
        g.row.id: (g.row.number, g.calendar.workdays_between(g.case.disposed_on, g.calendar.local_day(now)))
        for g in gathered.values()
    }
    return {case: f"{number} ({workdays(age)})" for case, (number, age) in ages.items() if age > 0}


def _office_values(conn: Connection, recap: Recap, today: date) -> Mapping[str, str] | None:
    if recap.when != "awal_bulan":
        return _arrears(conn, None, today)
    last = today.replace(day=1) - timedelta(days=1)
    tally = recaps.received_between(conn, last.replace(day=1), last)
    items = [f"{status.replace('_', ' ')} {n}" for status, n in sorted(tally.items())]
    return _values(items, sum(tally.values()))


def _arrears(conn: Connection, unit_ids: list[int] | None, today: date) -> Mapping[str, str] | None:
    by_year = recaps.arrears(conn, unit_ids, today.year)
    return _values([f"{year}: {count}" for year, count in sorted(by_year.items())], sum(by_year.values()))


def _values(items: list[str], total: int | None = None) -> Mapping[str, str] | None:
    count = len(items) if total is None else total
    return {"jumlah": str(count), "daftar": listed(items, CAPS["daftar"])} if count else None


def _tell(conn: Connection, sheet: _Sheet, texts: Texts, settings: Settings, now: datetime) -> int:
    return sum(
        _tell_one(conn, sheet, person, texts, settings, now)
        for person in sheet.people
        if reachable(person) and (settings.recipients == "all" or person.guest)
    )


def _tell_one(conn: Connection, sheet: _Sheet, person: Person, texts: Texts, settings: Settings, now: datetime) -> bool:
    """A person hears of a case once a day and of a digest once a day, this one included."""
    fresh = notices.not_told_today(conn, list(sheet.cases), person.contact_id, sheet.workday)
    told = outbox.told_today(conn, [person.contact_id], sheet.workday).get(person.contact_id)
    if (sheet.cases and not fresh) or (told and told.digests):
        return False
    values: Mapping[str, str] = sheet.values
    if sheet.cases:
        values = _values([sheet.cases[case] for case in fresh]) or values
    kind = sheet.recap.template
    filled = {**values, "penerima": person.name, "kantor": settings.office_name}
    words = texts.render(kind, {v.name: filled[v.name] for v in texts.kind(kind).variables})
    key = f"recap:{sheet.recap.id}:{sheet.period}:{sheet.scope}:{person.contact_id}"
    message = outbox.NewMessage(
        person.contact_id, person.address, kind, words.variables, words.text, sheet.workday, State.WAITING,
        PRIORITY, now, sheet.closing, None, key,
    )  # fmt: skip
    message_id = outbox.put(conn, [message], now)[0]
    if message_id is None:
        return False
    notices.put_told(conn, fresh, sheet.recap.id, person.contact_id, sheet.workday, kind, message_id, now)
    detail = {"recap": sheet.recap.id, "contact": person.contact_id, "scope": sheet.scope}
    journal.append(conn, [journal.Entry(now, "recap", "message.planned", f"message:{message_id}", detail)])
    return True
