"""One run of one job: is it due, do it, say how it went. Whatever it raises ends here."""

import logging
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from aspal.bootstrap import House
from aspal.records import due, health, schema
from jobs.timetable import Job, in_force

log = logging.getLogger("jobs")


@dataclass(frozen=True)
class Outcome:
    """What a run counted, and whether all of it went well."""

    counts: dict[str, Any]
    ok: bool


def look_at_database(house: House) -> None:
    """Raises what the database raises when it is not there or has no schema: then nothing could run. And WrongSchema:
    with an older one some stations would do their work and others fail half-way."""
    with house.db.read() as conn:
        schema.demand(conn)
        health.heartbeats(conn)


def jobs_due(house: House, now: datetime) -> frozenset[str]:
    """The jobs that would find something to do now, by rows that wait or by the clock."""
    with house.db.read() as conn:
        waiting = due.stations(conn, now)
        beats = {beat.name: beat for beat in health.heartbeats(conn)}
    by_clock = (job.name for job in in_force(house.settings) if job.slot and _new_slot(job, beats.get(job.name), now))
    return waiting.union(by_clock)


def _new_slot(job: Job, last: health.Heartbeat | None, now: datetime) -> bool:
    if last is None or last.failing_since is not None:
        return True
    return int(now.timestamp()) // job.slot != int(last.at.timestamp()) // job.slot


def run(house: House, job: Job, expected_every: int) -> Outcome:
    """Runs the job, logs one line, and leaves a heartbeat or a failure."""
    now = house.clock.now()
    try:
        counts: dict[str, Any] = import_module(f"jobs.{job.name}").run(house, now)
    except Exception as error:
        told(log, "job failed", error, job=job.name)
        _note_failure(house, job, expected_every, type(error).__name__)
        return Outcome({"error": type(error).__name__}, ok=False)
    log.info("job done", extra={"job": job.name} | counts)
    with house.db.write() as conn:
        health.beat(conn, job.name, house.clock.now(), _seconds(house, job, expected_every))
    return Outcome(counts, ok=not (counts.get("errors") or counts.get("parked")))


@contextmanager
def stopped_by_signals(house: House) -> Iterator[None]:
    """SIGTERM or Ctrl-C during a run: the item in hand is finished, no other is begun."""
    told = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: house.stopping.set()) for number in told}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def beat(house: House, jobs: Iterable[Job], expected_every: int) -> None:
    """Says that these jobs are alive. Not for those with slots: theirs tells when they last did their work."""
    now = house.clock.now()
    with house.db.write() as conn:
        for job in jobs:
            if not job.slot:
                health.beat(conn, job.name, now, _seconds(house, job, expected_every))


def _seconds(house: House, job: Job, expected_every: int) -> int:
    return job.slot or max(1, round(expected_every * house.pace))


def _note_failure(house: House, job: Job, expected_every: int, failure: str) -> None:
    try:
        with house.db.write() as conn:
            health.fail(conn, job.name, house.clock.now(), _seconds(house, job, expected_every), failure)
    except Exception as error:  # the database itself is the trouble: the silence of the heartbeat will tell
        told(log, "failure not noted", error, job=job.name)


def told(logger: logging.Logger, what: str, error: Exception, **ids: str) -> None:
    """One line in the log for a database that is away or full: that comes every few seconds while it lasts, and would
    fill the disk that is full. Anything else with its traceback."""
    if cause := schema.cause(error):
        logger.error(what, extra={**ids, "cause": cause})
    else:
        logger.error(what, extra=ids, exc_info=error)
