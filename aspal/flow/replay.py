"""What other rules would have done. Not a station: it decides about the past, and writes nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aspal.core.ladder import ladder_from
from aspal.core.replay import replay
from aspal.db import Database
from aspal.records import cases, ladders
from aspal.records.calendar import Calendars


@dataclass(slots=True)
class Replayed:
    """Notices by step and by audience, under the rules in force and under the draft."""

    days: int
    cases: int = 0
    now: Counter[str] = field(default_factory=Counter)
    draft: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """Counts as plain data; `difference` is draft minus now, only where they differ."""
        keys = sorted({*self.now, *self.draft})
        return {
            "days": self.days,
            "cases": self.cases,
            "notices_now": sum(self.now.values()),
            "notices_draft": sum(self.draft.values()),
            "by_step_now": dict(sorted(self.now.items())),
            "by_step_draft": dict(sorted(self.draft.items())),
            "difference": {k: self.draft[k] - self.now[k] for k in keys if self.draft[k] != self.now[k]},
        }


def run(db: Database, calendars: Calendars, data: Mapping[str, Any], *, days: int, now: datetime) -> Replayed:
    """Replays the last `days` calendar days under both ladders. Raises LadderProblem for an unusable draft."""
    draft = ladder_from(data)
    result = Replayed(days)
    with db.read() as conn:
        current = ladders.in_force(conn)
        past = cases.past(conn, now - timedelta(days=days))
    for zone, one in past:
        calendar = calendars.of(zone)
        last = calendar.local_day(now)
        first = last - timedelta(days=days)
        result.cases += 1
        for ladder, counter in ((current, result.now), (draft, result.draft)):
            counter.update(f"{s.step} {s.audience}" for s in replay(one, ladder, calendar, first, last))
    return result
