"""The scheduler process: elected by a lease, stands by until it is its turn, and watches its own scheduler.

One tick missed, doubled or late is harmless: every job derives its work from the database. The election only saves
work. It is a lease row, on the machine's own clock, because a lease must also work through connection poolers.
"""

import logging
import os
import signal
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from time import monotonic
from typing import Any
from uuid import uuid4

from aspal.bootstrap import House
from aspal.clock import SystemClock
from aspal.records import health, schema
from jobs import once
from jobs.timetable import TIMETABLE, Job

log = logging.getLogger("jobs.worker")
LEASE = "worker"
BEAT_EVERY = 15  # seconds between heartbeats of a job that finds nothing to do


@dataclass(frozen=True)
class Rhythm:
    """How long a lease lasts and how often it is renewed, in real seconds; takeover takes at most the sum."""

    lease: float = 20
    renew: float = 5


class Worker:
    """Runs the timetable while it holds the lease."""

    def __init__(self, house: House, rhythm: Rhythm | None = None, timetable: tuple[Job, ...] = TIMETABLE) -> None:
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.leading = threading.Event()
        self._house = house
        self._rhythm = rhythm or Rhythm()
        self._timetable = timetable
        self._stop = threading.Event()
        self._scheduler: Any = None
        self._thread: threading.Thread | None = None
        self._held_until = 0.0
        self._stands_by = False
        self._last_beat: dict[str, tuple[float, datetime]] = {}  # by the machine's clock, and by the house's

    def run(self) -> None:
        """Works until `stop`. Whatever happens to a job or to the scheduler, this loop goes on."""
        log.info("worker started", extra={"owner": self.owner})
        while not self._stop.is_set():
            self._step()
            self._stop.wait(self._rhythm.renew)
        self._halt(wait=True)
        with suppress(Exception), self._house.db.write() as conn:
            health.release_lease(conn, LEASE, self.owner)
        log.info("worker stopped", extra={"owner": self.owner})

    def stop(self) -> None:
        """Asks for the end: the items in hand are finished, no other is begun."""
        self._house.stopping.set()
        self._stop.set()

    def _step(self) -> None:
        if not self._take_lease():
            if self.leading.is_set():
                log.warning("lease lost", extra={"owner": self.owner})
            self._halt(wait=False)
        elif self._thread is None or not self._thread.is_alive():
            if self._thread is not None:
                log.error("scheduler died, starting another", extra={"owner": self.owner})
                self._halt(wait=False)
            if self._is_outdated():
                self.stop()
            else:
                self._start()

    def _is_outdated(self) -> bool:
        """Who stood by while another machine was upgraded must not go on with the code of yesterday."""
        try:
            once.look_at_database(self._house)
        except schema.WrongSchema as wrong:
            log.error(str(wrong))
            return True
        except Exception as error:  # a database that is away: the jobs ask it again
            once.told(log, "database not looked at", error)
        return False

    def _take_lease(self) -> bool:
        asked = monotonic()
        try:
            with self._house.db.write() as conn:
                won = health.take_lease(conn, LEASE, self.owner, SystemClock().now(), self._rhythm.lease)
        except Exception as error:  # no database, no lease; but one hiccup must not throw away the rest of the lease
            once.told(log, "lease not renewed", error)
            return self._holds_lease()
        if not won and not self._stands_by:
            log.info("another worker leads, standing by", extra={"owner": self.owner})
        self._stands_by = not won
        self._held_until = asked + self._rhythm.lease if won else 0.0
        return won

    def _holds_lease(self) -> bool:
        return monotonic() < self._held_until

    def _start(self) -> None:
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.blocking import BlockingScheduler

        for job in self._timetable:  # here, one after the other: ten threads at once met modules that were half there
            with suppress(Exception):  # it is told when the job's turn comes, and the others go on
                import_module(f"jobs.{job.name}")
        scheduler = BlockingScheduler(
            executors={"default": ThreadPoolExecutor(len(self._timetable))},  # no job waits for another
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for job in self._timetable:
            scheduler.add_job(self._look, "interval", [job], id=job.name, seconds=job.every, next_run_time=_at_once())
        self._house.stopping.clear()
        self._scheduler = scheduler
        self._thread = threading.Thread(target=scheduler.start, name="scheduler", daemon=True)
        self._thread.start()
        self.leading.set()
        log.info("leading", extra={"owner": self.owner})

    def _halt(self, *, wait: bool) -> None:
        self.leading.clear()
        self._house.stopping.set()
        scheduler, self._scheduler, self._thread = self._scheduler, None, None
        if scheduler is not None:
            with suppress(Exception):  # it may have died before
                scheduler.shutdown(wait=wait)

    def _look(self, job: Job) -> None:
        """One turn of one job, in a thread of the scheduler."""
        if self._stop.is_set() or not self._holds_lease():
            return
        try:
            if job.name in once.jobs_due(self._house, self._house.clock.now()):
                once.run(self._house, job, BEAT_EVERY)
            elif self._is_silent(job):
                once.beat(self._house, [job], BEAT_EVERY)
            else:
                return
            self._last_beat[job.name] = monotonic(), self._house.clock.now()
        except Exception as error:  # asking what is due needs the database; next turn it is asked again
            once.told(log, "job not looked at", error, job=job.name)

    def _is_silent(self, job: Job) -> bool:
        """Whether the job should say again that it is alive. A simulated clock leaps over a night, a real one goes on
        while its machine sleeps: the watch would call dead what has only not been asked yet."""
        if job.name not in self._last_beat:
            return True
        since, moment = self._last_beat[job.name]
        passed = (self._house.clock.now() - moment).total_seconds()
        return monotonic() - since >= BEAT_EVERY or not 0 <= passed < 2 * BEAT_EVERY * self._house.pace


def run_until_told(house: House) -> int:
    """The worker as a process of its own: SIGTERM or Ctrl-C finishes the item in hand and ends it."""
    worker = Worker(house)
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: worker.stop())
    worker.run()
    return 0


def _at_once() -> Any:
    return SystemClock().now()
