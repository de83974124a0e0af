"""A thread of the web process that looks, every few minutes, whether anybody still runs the jobs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from aspal.flow.watch import of_worker
from aspal.web.house import House

EVERY = 300.0  # seconds: as often as the watch itself
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


def _watch(house: House, stop: Event, every: float) -> None:
    while not stop.wait(every):
        try:
            with house.db.read() as conn:
                calendars = house.calendars(conn)
            of_worker.look(house.db, house.settings, calendars, house.clock.now())
        except Exception as error:  # a database that is away, say: the next look may find it again
            log.warning("watchman failed: %s", type(error).__name__)
