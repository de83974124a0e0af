"""One group of people while their notices are bundled: what is known, and what becomes of each notice.

Not a station: bundle works on it, with gates (what holds a notice back) and writing (what is written).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from aspal.core.rollout import Rollout
from aspal.flow.gather import Gathered
from aspal.gateways.texts import Texts
from aspal.records.calendar import Calendars
from aspal.records.notices import WaitingNotice
from aspal.settings import Settings


@dataclass(slots=True)
class Round:
    """`cancelled` and `waiting`: why, by notice; what is in neither is written."""

    conn: Connection
    calendars: Calendars
    texts: Texts
    settings: Settings
    now: datetime
    cases: Mapping[int, Gathered]
    rollout: Rollout
    unasked: frozenset[int]  # people who have not agreed to be written to, where the office asks for that
    cancelled: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)

    def in_shadow(self, notice: WaitingNotice) -> bool:
        """Whether the person is to hear of this case only once the office, or the case's unit, has gone live."""
        one = self.cases[notice.disposition_id]
        return self.rollout.shadows([one.row.unit_id], guest=one.people[notice.contact_id].guest)
