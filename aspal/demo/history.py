"""The working days before the demo begins, lived through the real doors: imports, ticks, signed webhooks."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from aspal.bootstrap import House
from aspal.clock import RunningClock
from aspal.demo import exports
from aspal.demo.people import People
from aspal.flow import intake
from jobs import tick

BY = "admin@demo.test"  # who logs in, and who imported what the history imports
DAYS = 8
SET_UP, IMPORT, TICKS, READING = time(7), time(7, 5), (time(7, 31), time(8, 1)), time(8, 20)
DELIVERY = timedelta(seconds=10)  # by then a simulated phone has the message


class History:
    """Plays the days before `start` on a clock that it moves itself."""

    def __init__(self, house: House, app: Flask, clock: RunningClock, folder: Path, start: datetime) -> None:
        self._house, self._clock, self._folder, self._start = house, clock, folder, start
        self._people = People(house, app)
        self._zone = ZoneInfo(house.settings.office_time_zone)
        self._today = start.astimezone(self._zone).date()
        self._roster = exports.sample("roster.csv", self._today)
        self._replies = exports.sample("balasan.csv", self._today)

    def play(self) -> None:
        """Ends on the morning of the demo, with that morning's export imported and nothing sent yet."""
        days = self._workdays_before()
        self._at(days[0], SET_UP)
        self._import("direktori.csv", exports.sample("direktori.csv", self._today), intake.apply_directory)
        for day in days:
            self._at(day, IMPORT)
            self._import_roster(day)
            for moment, act in self._acts(day):
                self._at(day, moment)
                act()
        self._clock.set(moment=self._start - timedelta(minutes=5))
        self._import_roster(self._today)
        self._clock.set(moment=self._start)

    def _acts(self, day: date) -> list[tuple[time, Callable[[], None]]]:
        acts: list[tuple[time, Callable[[], None]]] = [(moment, self._tick) for moment in TICKS]
        acts.append((READING, self._people.read))
        for row in self._replies:
            if row["Hari"] == f"{day:%d/%m/%Y}":
                acts.append((time.fromisoformat(row["Jam"]), partial(self._reply, row)))
        return sorted(acts, key=lambda act: act[0])

    def _tick(self) -> None:
        tick.run(self._house)
        self._clock.set(moment=self._clock.now() + DELIVERY)
        self._people.receive()

    def _reply(self, row: exports.Row) -> None:
        self._people.reply(row)
        self._tick()

    def _import_roster(self, day: date) -> None:
        self._import(f"ekspor-{day}.csv", exports.as_of(self._roster, day), intake.apply_roster)

    def _import(self, name: str, rows: list[exports.Row], apply: Callable[..., object]) -> None:
        with self._house.db.read() as conn:
            calendars = self._house.calendars(conn)
        path = exports.write(self._folder / name, rows)
        apply(self._house.db, path, now=self._clock.now(), calendars=calendars, by=BY)

    def _at(self, day: date, moment: time) -> None:
        self._clock.set(moment=datetime.combine(day, moment, self._zone))

    def _workdays_before(self) -> list[date]:
        with self._house.db.read() as conn:
            calendar = self._house.calendars(conn).of(None)
        return sorted(islice(filter(calendar.is_workday, _days_before(self._today)), DAYS))


def _days_before(day: date) -> Iterator[date]:
    while True:
        day -= timedelta(days=1)
        yield day
