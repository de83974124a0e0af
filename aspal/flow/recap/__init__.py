"""Station 7: roster -> recaps for heads and Sekda.

Each recap of the ladder is told once a period and person, on its day and after its hour, within office hours. A recap
whose day was missed is not made up for: the next one says the same, newer.

A person gets one digest a day. Whoever was sent another one on the recap's day hears the recap on the next working day,
beside whatever else that day brings: waiting for a day without a digest, the heads with the most cases would never
hear theirs, and holding back that day's digest would hold back escalations. Where the period has no other working day,
it is told on its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from sqlalchemy import Connection

from aspal.core.delivery import State
from aspal.core.ladder import Ladder, Recap
from aspal.core.recap_time import Due, due
from aspal.core.rollout import Rollout
from aspal.core.switches import PAUSES, RESTORED
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import recap_audience
from aspal.flow.gather import reachable
from aspal.flow.recap import of_units
from aspal.flow.recap import words as recap_words
from aspal.flow.recap.words import Said
from aspal.gateways.texts import Texts
from aspal.records import health, journal, ladders, outbox, recaps, rollout, told_on_day
from aspal.records.calendar import Calendars
from aspal.records.directory import Person
from aspal.records.recaps import OFFICE, UNITS, Unit
from aspal.settings import Settings

PRIORITY = 9  # everything else goes first


@dataclass(slots=True)
class RecapCount:
    """What one run planned; scripts rely on the name."""

    messages: int = 0


@dataclass(frozen=True, slots=True)
class _Listener:
    """One recap for one person."""

    recap: Recap
    person: Person
    due: Due
    closing: datetime
    say: Callable[[], Said | None]
    units: tuple[Unit, ...]  # none: it speaks of the whole office
    shadowed: bool

    @property
    def scope(self) -> str:
        return UNITS if self.units else OFFICE


@dataclass(frozen=True, slots=True)
class _Run:
    """What all recaps of one run share."""

    conn: Connection
    calendars: Calendars
    texts: Texts
    settings: Settings
    reach: Rollout
    now: datetime


def run(db: Database, calendars: Calendars, texts: Texts, settings: Settings, now: datetime) -> RecapCount:
    """Plans every recap whose time has come."""
    with db.read() as conn:
        if any(health.get_switch(conn, name, now) for name in PAUSES) or _may_have_been_told(conn, calendars, now):
            return RecapCount()
        ladder = ladders.in_force(conn)
        zones = {None, *(unit.zone for unit in recaps.every_unit(conn))}
    if not any(due(recap, calendars.of(zone), now) for recap in ladder.recaps for zone in zones):
        return RecapCount()
    with db.write() as conn:
        outbox.lock_station(conn, "recap")
        the_run = _Run(conn, calendars, texts, settings, rollout.read(conn, settings.recipients), now)
        return RecapCount(_plan(the_run, ladder))


def _may_have_been_told(conn: Connection, calendars: Calendars, now: datetime) -> bool:
    """Whether a backup came back and is still held, or was let go today only: heads and Sekda may have heard this
    period's recap, and one that is missed is not made up for."""
    changed, calendar = health.set_at(conn, RESTORED), calendars.of(None)
    if changed is None:
        return False
    return bool(health.get_switch(conn, RESTORED)) or calendar.local_day(changed) == calendar.local_day(now)


def _plan(run: _Run, ladder: Ladder) -> int:
    """One recap after the other, since one that is told is a digest that the next one sees."""
    count = 0
    for recap in ladder.recaps:
        # Who hears it for the whole office does not hear it for a unit too.
        listeners = {one.person.contact_id: one for one in (*_of_heads(run, recap), *_of_the_office(run, recap))}
        count += sum(_tell(run, one) for one in _whose_turn_it_is(run, recap, listeners))
    return count


def _of_the_office(run: _Run, recap: Recap) -> Iterator[_Listener]:
    calendar = run.calendars.of(None)
    its_time = due(recap, calendar, run.now)
    if its_time is None:
        return
    today = its_time.today
    of_office = partial(recap_words.of_office, run.conn, recap.template, recap.when, run.calendars, today, run.now)
    say, closing = cache(of_office), calendar.closing(today)  # all hear the same, so it is counted once
    for person in recap_audience.of_the_office(run.conn, recap, today):
        shadowed = run.reach.shadows((), guest=person.guest, whole_office=True)
        yield _Listener(recap, person, its_time, closing, say, (), shadowed)


def _of_heads(run: _Run, recap: Recap) -> Iterator[_Listener]:
    """Whoever heads several units hears of all of them at once, as soon as it is time at one of them. About a unit
    that is paused nobody hears anything."""
    if Role.HEAD not in recap.audience:
        return
    units = [unit for unit in recaps.every_unit(run.conn) if not (unit.paused_until and unit.paused_until > run.now)]
    calendars = {unit.zone: run.calendars.of(unit.zone) for unit in units}
    times = {zone: its_time for zone, calendar in calendars.items() if (its_time := due(recap, calendar, run.now))}
    if not times:
        return
    led: dict[int, list[Unit]] = {}
    people: dict[int, Person] = {}
    for unit, person in recap_audience.heads(run.conn, run.calendars, units, run.now):
        led.setdefault(person.contact_id, []).append(unit)
        people.setdefault(person.contact_id, person)
    for contact_id, theirs in led.items():
        ready = [unit.zone for unit in theirs if unit.zone in times]
        if not ready:
            continue
        person, its_time, calendar = people[contact_id], times[ready[0]], calendars[ready[0]]
        told, shadowed = _as_far_as_live(run.reach, person, theirs)
        say = partial(of_units.said, run.conn, recap, told, its_time, contact_id, run.calendars, run.now)
        yield _Listener(recap, person, its_time, calendar.closing(its_time.today), say, told, shadowed)


def _as_far_as_live(reach: Rollout, person: Person, units: Sequence[Unit]) -> tuple[tuple[Unit, ...], bool]:
    """The units that have gone live; while none has, all of them, and only written down."""
    live = tuple(unit for unit in units if not reach.shadows([unit.id], guest=person.guest))
    return live or tuple(units), not live


def _whose_turn_it_is(run: _Run, recap: Recap, listeners: dict[int, _Listener]) -> list[_Listener]:
    """Who can be told, has not been told, and need not wait."""
    days = {(one.due.period, one.due.own_day) for one in listeners.values()}
    heard = {period: recaps.heard(run.conn, recap.id, period, listeners) for period, _ in days}
    told = {day: outbox.told_today(run.conn, list(listeners), day) for _, day in days}
    off = recaps.switched_off(run.conn, listeners)
    found = []
    for contact_id, one in listeners.items():
        barred = contact_id in off or not reachable(one.person) or run.reach.bars(guest=one.person.guest)
        before = told[one.due.own_day].get(contact_id)
        had_a_digest = bool(before and before.digests)
        its_turn = had_a_digest if one.due.is_late else not (had_a_digest and one.due.may_wait)
        if its_turn and not barred and contact_id not in heard[one.due.period]:
            found.append(one)
    return found


def _tell(run: _Run, one: _Listener) -> bool:
    said = one.say()
    if said is None:
        return False
    kind, person, workday = one.recap.template, one.person, one.due.today
    filled = {**said.values, "penerima": person.name, "kantor": run.settings.office_name}
    words = run.texts.render(kind, {v.name: filled[v.name] for v in run.texts.kind(kind).variables})
    key = recaps.key(one.recap.id, one.due.period, one.scope, person.contact_id)
    message = outbox.NewMessage(
        person.contact_id, person.address, kind, words.variables, words.text, workday, State.WAITING, PRIORITY, run.now,
        one.closing, None, key,
    )  # fmt: skip
    message_id = outbox.put(run.conn, [message], run.now)[0]
    if message_id is None:
        return False
    told_on_day.put(run.conn, said.cases, one.recap.id, person.contact_id, workday, kind, message_id, run.now)
    if one.shadowed:
        rollout.shadow(run.conn, [message_id])
    detail = {
        "recap": one.recap.id, "contact": person.contact_id, "scope": one.scope, "units": [u.id for u in one.units]
    }  # fmt: skip
    action = "message.shadowed" if one.shadowed else "message.planned"
    journal.append(run.conn, [journal.Entry(run.now, "recap", action, f"message:{message_id}", detail)])
    return True
