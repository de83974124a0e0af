"""The timetable as data: what runs, in which order, how often, and what it says when there was nothing to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aspal.settings import Settings


@dataclass(frozen=True)
class Job:
    """One scheduled run; `jobs/<name>.py` does it."""

    name: str
    every: int  # seconds of real time between two looks
    slot: int = 0  # due once in each slot of so many seconds of the house's clock; 0: only when a row waits for it
    idle: Mapping[str, int] = field(default_factory=dict)
    needs: str = ""  # the setting without which it is never due


# In the order of the stations: what one leaves behind is the next one's work within the same tick.
TIMETABLE = (
    Job("inbound", 3, idle={"understood": 0}),
    Job("templates", 60, slot=3600, idle={"templates": 0}),
    Job("scan", 10, idle={"looked_at": 0, "notices": 0}),
    Job("recap", 10, slot=300, idle={"messages": 0}),
    Job("bundle", 10, idle={"messages": 0, "held": 0, "cancelled": 0}),
    Job("deliver", 3, idle={"accepted": 0, "retry": 0, "failed": 0, "unknown": 0}),
    Job("reconcile", 15, slot=3600, idle={"resolved": 0, "resent": 0, "still_unknown": 0}),
    Job("housekeeping", 60, slot=3600, idle={"alarms": 0}),
    Job("watch", 30, slot=300, idle={"canary": 0, "daily": 0, "told": 0, "mailed": 0}),
    Job("ping", 20, slot=60, idle={"pinged": 0}, needs="ping_url"),
)
BY_NAME = {job.name: job for job in TIMETABLE}


def in_force(settings: Settings) -> tuple[Job, ...]:
    """The jobs that this installation has switched on."""
    return tuple(job for job in TIMETABLE if not job.needs or getattr(settings, job.needs))
