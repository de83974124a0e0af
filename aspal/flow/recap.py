"""Station 7: roster -> recaps for heads and Sekda.

Each recap of the ladder is told once a period, on its day and after its hour, within office hours. A recap whose day
was missed is not made up for: the next one says the same, newer.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.delivery import State
from aspal.core.ladder import Ladder, Recap
from aspal.core.rollout import Rollout
from aspal.core.wording import workdays
from aspal.core.words import Role
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.flow import recap_words
from aspal.flow.gather import PAUSES, Gatherer, reachable
from aspal.flow.recap_words import Values
from aspal.gateways.texts import Texts
from aspal.records import cases, directory, health, journal, ladders, notices, outbox, recaps, rollout
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
    unit: int | None  # None: it speaks of the whole office
    people: tuple[Person, ...]
    say: Callable[[list[str]], Values | None]  # its values, given the listed cases that the person has not heard of
    workday: date
    closing: datetime
    cases: Mapping[int, str] = field(default_factory=dict)  # disposition -> how it is listed; a person hears it once

    def key_for(self, person: Person) -> str:
        """What makes it happen once."""
        return f"recap:{self.recap.id}:{self.period}:{self.scope}:{person.contact_id}"


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
        for sheet in _sheets(conn, ladder, calendars, now):
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


def _sheets(conn: Connection, ladder: Ladder, calendars: Calendars, now: datetime) -> Iterator[_Sheet]:
    for recap in ladder.recaps:
        if Role.HEAD in recap.audience:
            yield from _for_heads(conn, recap, calendars, now)
        calendar = calendars.of(None)
        period, today = period_of(recap, calendar, now), calendar.local_day(now)
        people = _of_the_office(conn, recap, today) if period else ()
        if period and people:
            say = _once(partial(recap_words.of_office, conn, recap.template, recap.when, calendars, today, now))
            yield _Sheet(recap, period, "office", None, people, say, today, calendar.closing(today))


def _of_the_office(conn: Connection, recap: Recap, today: date) -> tuple[Person, ...]:
    """Whose role hears it; and with Sekda those who hear the office's recaps without a role."""
    roles = [role for role in recap.audience if role is not Role.HEAD]
    people = [person for role in roles for person in directory.office_people(conn, role, today)]
    if Role.SEKDA in roles:
        people += [Person(*row) for row in recaps.listeners(conn)]
    return tuple({person.contact_id: person for person in people}.values())


def _once(work: Callable[[], Values | None]) -> Callable[[list[str]], Values | None]:
    """What is said to everybody alike is counted once."""
    found = cache(work)
    return lambda _lines: found()


def _for_heads(conn: Connection, recap: Recap, calendars: Calendars, now: datetime) -> Iterator[_Sheet]:
    for unit in recaps.units_with_cases(conn):
        calendar = calendars.of(unit.zone)
        period, today = period_of(recap, calendar, now), calendar.local_day(now)
        if not period:
            continue
        heads = directory.people(conn, [unit.id], today).get(unit.id, {}).get(Role.HEAD, ())
        say: Callable[[list[str]], Values | None] = _once(partial(recap_words.arrears, conn, [unit.id], today))
        undone, by_case = dict[int, str](), recap.when.startswith(("senin", "awal_bulan"))
        if by_case:
            undone = _left_undone(conn, unit.id, calendars, now)
            say = partial(recap_words.of_unit, conn, recap.template, unit.id, len(undone), calendar, now)
        if undone or not by_case:
            yield _Sheet(recap, period, f"unit-{unit.id}", unit.id, heads, say, today, calendar.closing(today), undone)


def _left_undone(conn: Connection, unit_id: int, calendars: Calendars, now: datetime) -> dict[int, str]:
    """The unit's open cases. What was disposed today is news for the liaison, not yet something left undone."""
    gathered = Gatherer(conn, calendars, now).rows(cases.open_of_unit(conn, unit_id))
    ages = {
        g.row.id: (g.row.number, g.calendar.workdays_between(g.case.disposed_on, g.calendar.local_day(now)))
        for g in gathered.values()
    }
    return {case: f"{number} ({workdays(age)})" for case, (number, age) in ages.items() if age > 0}


def _tell(conn: Connection, sheet: _Sheet, texts: Texts, settings: Settings, now: datetime) -> int:
    reach = rollout.read(conn, settings.recipients)
    off = recaps.switched_off(conn, [person.contact_id for person in sheet.people])
    known = recaps.known_keys(conn, [sheet.key_for(person) for person in sheet.people])
    return sum(
        _tell_one(conn, sheet, person, texts, settings, reach, now)
        for person in sheet.people
        if reachable(person) and not reach.bars(guest=person.guest)
        if person.contact_id not in off and sheet.key_for(person) not in known
    )


def _tell_one(
    conn: Connection, sheet: _Sheet, person: Person, texts: Texts, settings: Settings, reach: Rollout, now: datetime
) -> bool:
    """A person hears of a case once a day and of a digest once a day, this one included."""
    fresh = notices.not_told_today(conn, list(sheet.cases), person.contact_id, sheet.workday)
    told = outbox.told_today(conn, [person.contact_id], sheet.workday).get(person.contact_id)
    if (sheet.cases and not fresh) or (told and told.digests):
        return False
    values = sheet.say([sheet.cases[case] for case in fresh])
    if values is None:
        return False
    kind = sheet.recap.template
    filled = {**values, "penerima": person.name, "kantor": settings.office_name}
    words = texts.render(kind, {v.name: filled[v.name] for v in texts.kind(kind).variables})
    message = outbox.NewMessage(
        person.contact_id, person.address, kind, words.variables, words.text, sheet.workday, State.WAITING,
        PRIORITY, now, sheet.closing, None, sheet.key_for(person),
    )  # fmt: skip
    message_id = outbox.put(conn, [message], now)[0]
    if message_id is None:
        return False
    notices.put_told(conn, fresh, sheet.recap.id, person.contact_id, sheet.workday, kind, message_id, now)
    shadowed = reach.shadows([sheet.unit], guest=person.guest, whole_office=sheet.unit is None)
    if shadowed:
        rollout.shadow(conn, [message_id])
    detail = {"recap": sheet.recap.id, "contact": person.contact_id, "scope": sheet.scope}
    action = "message.shadowed" if shadowed else "message.planned"
    journal.append(conn, [journal.Entry(now, "recap", action, f"message:{message_id}", detail)])
    return True
