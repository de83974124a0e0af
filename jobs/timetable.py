"""The timetable as data: what runs, in which order, how often, and what it says when there was nothing to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Job:
    """One scheduled run; `jobs/<name>.py` does it."""

    name: str
    every: int  # seconds of real time between two looks
    slot: int = 0  # due once in each slot of so many seconds of the house's clock; 0: only when a row waits for it
    idle: Mapping[str, int] = field(default_factory=dict)


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
)
BY_NAME = {job.name: job for job in TIMETABLE}
