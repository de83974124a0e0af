"""A thread of the web process that looks, every few minutes, whether anybody still runs the jobs.

And whether the database still answers: alarms are rows of it, so nobody else could tell that it does not.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from aspal.db import UNAVAILABLE
from aspal.flow.watch import of_worker
from aspal.gateways import mail
from aspal.records import schema
from aspal.settings import Settings
from aspal.web.house import House

EVERY = 300.0  # seconds: as often as the watch itself
AGAIN = timedelta(days=1)
log = logging.getLogger(__name__)


@contextmanager
def on_watch(house: House, every: float = EVERY) -> Iterator[None]:
    """For as long as the web answers. `every`: seconds between two looks."""
    stop = Event()
    thread = Thread(target=_watch, args=(house, stop, every), daemon=True, name="watchman")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=1)


@dataclass(slots=True)
class Outage:
    """How long the database has kept silent, and when that was last mailed: known to this process alone."""

    settings: Settings
    looks: int = 0
    told_at: datetime | None = None

    def goes_on(self, error: Exception, now: datetime) -> None:
        """Mails it from the second look on, so that a restart is no news, and once a day while it lasts."""
        self.looks += 1
        if self.looks == 1 or (self.told_at is not None and now - self.told_at < AGAIN):
            return
        why = schema.explain(error) or "basis data tidak menjawab"
        lines = f"{why}. Selama itu tidak ada pengingat yang keluar, dan balasan tidak dapat disimpan."
        if self._mail("ASPAL: basis data tidak dapat dipakai", f"{lines}\nDi server: aspal doctor"):
            self.told_at = now

    def is_over(self) -> None:
        """It answers; who was told otherwise hears of it."""
        if self.told_at is None or self._mail("ASPAL: sudah pulih", "Basis data kembali menjawab."):
            self.looks, self.told_at = 0, None

    def _mail(self, subject: str, text: str) -> bool:
        asked = self.settings
        if not (asked.smtp_url and asked.alert_emails):
            return True  # the log has to do
        whole = f"Yth. pengelola ASPAL di {asked.office_name},\n\n{text}\n"
        try:
            mail.send(asked.smtp_url, asked.smtp_from, asked.alert_emails, subject, whole)
        except mail.MailFailed as failure:
            log.warning("mail failed: %s", failure)
            return False
        return True


def _watch(house: House, stop: Event, every: float) -> None:
    outage = Outage(house.settings)
    while not stop.wait(every):
        try:
            with house.db.read() as conn:
                calendars = house.calendars(conn)
            of_worker.look(house.db, house.settings, calendars, house.clock.now())
            outage.is_over()
        except UNAVAILABLE as error:
            log.warning("watchman failed: %s", schema.cause(error) or type(error).__name__)
            outage.goes_on(error, house.clock.now())
        except Exception as error:  # whatever it is, the next look must come
            log.warning("watchman failed: %s", type(error).__name__)
