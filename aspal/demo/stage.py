"""Sets the stage: the settings of a demo, a fresh house, and its history."""

import secrets
import shutil
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from aspal.bootstrap import House
from aspal.clock import RunningClock, clock_from
from aspal.demo import exports
from aspal.demo.history import BY, History
from aspal.records import accounts, calendar, schema
from aspal.settings import Settings, SettingsError
from aspal.training import TrainingRoom
from aspal.web.factory import create_app

# A Thursday: one more working day, then a weekend and the holiday of Monday the 17th. The office opens half a minute
# later, on a clock that runs a minute a second: time to log in. ASPAL_CLOCK begins elsewhere.
START = datetime(2026, 8, 13, 7, 0, tzinfo=timezone(timedelta(hours=7)))
FACTOR = 60.0


def of_demo(settings: Settings) -> Settings:
    """Whatever the environment says: simulated phones only, everybody a recipient, a database of its own."""
    folder = Path("var/demo") if settings.port == Settings.port else Path(f"var/demo-{settings.port}")
    return replace(
        settings,
        database_url=f"sqlite:///{folder}/aspal.db",
        media_dir=folder / "media",
        secret_key=secrets.token_urlsafe(48),
        public_base_url=f"http://{reachable(settings.host)}:{settings.port}",
        whatsapp_gateway="simulator",
        recipients="all",
        volume_brake="off",
        consent_message="off",
        send_rate=5000,
        recipients_per_day=10_000,
        office_name="Dinas Kominfo Kabupaten Teluk Kenanga",
        demo_password=settings.demo_password or secrets.token_hex(5),
    )


def reachable(host: str) -> str:
    """Where a browser on this machine finds what listens there."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # a comparison, nothing is bound  # nosec B104


def folder_of(settings: Settings) -> Path:
    """Where the demo keeps everything; emptied at each start."""
    return settings.media_dir.parent


def beginning(settings: Settings) -> tuple[datetime, float]:
    """When the demo begins, and how fast its clock runs."""
    if settings.aspal_clock is None:
        return START, FACTOR
    given = clock_from(settings.aspal_clock)
    return given.now(), given.factor if isinstance(given, RunningClock) else 0.0


def local(settings: Settings, moment: datetime) -> datetime:
    """The office's own date and time."""
    return moment.astimezone(ZoneInfo(settings.office_time_zone))


def build(settings: Settings, start: datetime) -> tuple[House, Flask, RunningClock]:
    """A fresh house with its history; its clock stands at the beginning. Raises SettingsError."""
    folder = folder_of(settings)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    clock = RunningClock(start, 0)
    house = House(settings, clock, durable=False)
    schema.upgrade(house.db)
    with house.db.write() as conn:
        calendar.ensure_seeded(conn, start)
        try:
            accounts.add(conn, BY, str(settings.demo_password), "admin", start, refuse_guessable=False)
        except ValueError as error:
            raise SettingsError("DEMO_PASSWORD", str(error)) from error
    app = create_app(house, TrainingRoom(settings))
    History(house, app, clock, folder, start).play()
    exports.newer_export(house, folder, local(settings, start).date())
    return house, app, clock
