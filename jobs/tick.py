"""Every station that is due, once, in order: the line for cron."""

from typing import Any

from aspal.bootstrap import House
from jobs import once
from jobs.once import Outcome
from jobs.timetable import TIMETABLE

EVERY = 300  # seconds between two ticks that `/healthz` still takes for normal; cron may run more often


def run(house: House) -> Outcome:
    """Runs what is due. What one station did may be the next one's work, so after the first all follow."""
    due = once.jobs_due(house, house.clock.now())
    counts: dict[str, Any] = {}
    idle, ok, began = [], True, False
    for job in TIMETABLE:
        if job.name in due or (began and not job.slot):
            outcome = once.run(house, job, EVERY)
            counts[job.name], ok = outcome.counts, ok and outcome.ok
            began = began or any(outcome.counts.values())
        else:
            counts[job.name] = dict(job.idle)
            idle.append(job)
    once.beat(house, idle, EVERY)
    return Outcome(counts, ok)
