"""One training at a time: its own database, its own fast clock, its own worker, all inside the web process.

The room is built from settings that know nothing of the office's: no Twilio, no mail, no watchdog, no LAPOR. So nothing
that happens in it can leave it.
"""

import logging
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import cast

from flask import Flask

from aspal.bootstrap import House
from aspal.clock import RunningClock
from aspal.core.workdays import Calendar
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records import calendar, schema
from aspal.settings import Settings, load
from aspal.training.invented import MOST_SEATS, furnish
from aspal.web import factory
from aspal.web.simulation import classroom, postman
from aspal.web.training_door import PREFIX
from jobs import tick

# A Monday without a holiday in the two weeks that follow; the 17th of August then shows what a day off does.
START = datetime(2026, 8, 3, 7, 0, tzinfo=timezone(timedelta(hours=7)))
DAY_SECONDS = 20  # of real time that one day of the room lasts
LONGEST = 3 * 3600  # seconds after which a forgotten training ends by itself
PULSE = 0.5  # seconds between two looks at what is due
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Class:
    """The training that is going on."""

    code: str  # what participants type to get in
    seats: int
    house: House
    app: Flask
    clock: RunningClock
    begun: float
    stop: threading.Event


class TrainingRoom:
    """What the page Latihan opens and closes."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, threading.Lock()
        self._class: Class | None = None

    @property
    def app(self) -> Flask | None:
        """The web of the training; None while none goes on."""
        return self._class.app if self._class else None

    @property
    def code(self) -> str:
        """What participants type to get in; empty while no training goes on."""
        return self._class.code if self._class else ""

    def begin(self, seats: int) -> None:
        """Opens the room; a training that goes on is ended first. Raises ValueError for an odd number of seats."""
        if not 1 <= seats <= MOST_SEATS:
            raise ValueError(f"Jumlah peserta 1 sampai {MOST_SEATS}.")
        with self._lock:
            self._end()
            self._class = self._furnished(seats)
            threading.Thread(target=self._live, args=(self._class,), daemon=True, name="training").start()

    def end(self) -> None:
        """Closes the room and forgets everything that happened in it."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._class:
            ended, self._class = self._class, None
            ended.stop.set()

    def _furnished(self, seats: int) -> Class:
        trainings = self._settings.media_dir.parent / "latihan"
        _sweep(trainings)
        folder = trainings / secrets.token_hex(4)
        folder.mkdir(parents=True)
        settings, clock = _apart(self._settings, folder), RunningClock(START, 0)
        house = House(settings, clock, durable=False)
        schema.upgrade(house.db)
        with house.db.write() as conn:
            calendar.ensure_seeded(conn, START)
        furnish(house, seats, folder, START.date())
        code = "".join(secrets.choice(_LETTERS) for _ in range(6))
        app = factory.create_app(house)
        classroom.set_up(app, house, code)
        clock.set(factor=24 * 3600 / DAY_SECONDS)
        return Class(code, seats, house, app, clock, time.monotonic(), threading.Event())

    def _live(self, going_on: Class) -> None:
        """Worker and phone network of the room, until it is closed or forgotten."""
        phones = cast(SimulatorGateway, going_on.house.gateway)  # the room has no other
        while not going_on.stop.wait(PULSE):
            if time.monotonic() - going_on.begun > LONGEST:
                self.end()
            try:
                _skip_days_off(going_on)
                tick.run(going_on.house)
                with going_on.app.app_context():
                    postman.carry(phones.advance(going_on.clock.now()))
            except Exception:  # the lesson goes on
                log.exception("training hiccup")
        going_on.house.close()
        shutil.rmtree(going_on.house.settings.media_dir.parent, ignore_errors=True)


def _sweep(trainings: Path) -> None:
    """What a killed process left behind; a room that somebody else has open is younger."""
    if trainings.is_dir():
        for folder in trainings.iterdir():
            if time.time() - folder.stat().st_mtime > LONGEST:  # noqa: TID251 - a file's age goes by the machine's time
                shutil.rmtree(folder, ignore_errors=True)


def _apart(office: Settings, folder: Path) -> Settings:
    """Settings of the room: nothing of the office's environment but its name's zone and address."""
    return load(
        {
            "DATABASE_URL": f"sqlite:///{folder}/latihan.db",
            "MEDIA_DIR": str(folder / "media"),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PUBLIC_BASE_URL": office.public_base_url,
            "OFFICE_NAME": "Ruang latihan",
            "OFFICE_TIME_ZONE": office.office_time_zone,
            "LAPOR_LINK_BASE": f"{office.public_base_url}{PREFIX}/hp/lapor",
            "WHATSAPP_GATEWAY": "simulator",
            "RECIPIENTS": "all",
            "RECIPIENTS_PER_DAY": "1000000",
            "SEND_RATE": "5000",
            "VOLUME_BRAKE": "off",
            "ACKNOWLEDGE": "always",
            "ALERT_WHATSAPP": "off",
            "TWO_FACTOR": "optional",
        },
        dotenv=None,
    )


def _skip_days_off(going_on: Class) -> None:
    """Nobody wants to watch a weekend pass: the clock jumps to an hour before the next opening."""
    with going_on.house.db.read() as conn:
        office: Calendar = going_on.house.calendars(conn).of(None)
    now = going_on.clock.now()
    today = office.local_day(now)
    if not office.is_workday(today):
        going_on.clock.set(moment=office.opening(office.next_workday(today)) - timedelta(hours=1))
