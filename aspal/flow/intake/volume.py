"""Whether the new complaints of an import would bring more messages on one day than the volume brake lets through.

Part of station 1. Rows that the rules cannot tell apart are decided once, as the scan will, and counted as the
bundling will.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from aspal.core.bundling import brake_limit
from aspal.core.case import Case
from aspal.core.escalation import decide
from aspal.core.news import LIVE
from aspal.core.placing import Placed
from aspal.core.rollout import Rollout
from aspal.core.switches import BRAKE_RELEASED
from aspal.core.words import Kind, Status
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.intake.plan import Plan
from aspal.records import coverage, health, org_chart, outbox, rollout
from aspal.records.calendar import Calendars
from aspal.records.cases import CaseRow
from aspal.records.org_chart import UnitRow
from aspal.settings import Settings

MOST_DECISIONS = 3000  # a fifth of a second; who has more to hear than that hears one digest anyway
Foresee = Callable[[Connection, Plan], str | None]


def foresee(conn: Connection, plan: Plan, *, calendars: Calendars, settings: Settings, now: datetime) -> str | None:
    """One sentence, in Indonesian, when applying that plan would make the brake hold messages."""
    if settings.volume_brake == "off" or health.get_switch(conn, BRAKE_RELEASED, now):
        return None
    office = calendars.of(None)
    day = office.local_day(office.next_open(now))
    limit = brake_limit(coverage.appointed(conn, day), outbox.busiest_day(conn, day))
    new = Counter(one for key, placed in plan.rows.items() if key not in plan.known for one in _of(placed))
    alike = dict(new.most_common(MOST_DECISIONS))
    units = {unit.id: unit for unit in org_chart.all_units(conn, day)}
    rows = [_row(-number, one, units) for number, one in enumerate(alike, start=1)]
    found = Gatherer(conn, calendars, now).rows(rows).values()
    reach = rollout.read(conn, settings.recipients)
    coming = _messages(zip(found, alike.values(), strict=True), reach, now)
    total = outbox.planned_on(conn, day) + coming
    if not coming or total <= limit:
        return None
    return (
        f"Sekitar {total} pesan akan direncanakan sehari, di atas batas wajar {limit}: rem volume akan menahannya "
        "sampai dilepaskan"
    )


class _Alike(NamedTuple):
    """New parts of complaints that the rules cannot tell apart."""

    unit_id: int | None
    status: Status
    since: date
    kind: Kind
    supervised: bool
    category: str | None


def _of(placed: Placed) -> list[_Alike]:
    row = placed.row
    what = row.kind, bool(row.supervised), row.category
    if row.status is Status.UNVERIFIED:
        return [_Alike(None, row.status, row.received_on, *what)]
    if row.status not in LIVE:
        return []
    return [_Alike(unit_id, row.status, placed.disposed_on, *what) for unit_id in placed.units]


def _row(number: int, one: _Alike, units: Mapping[int, UnitRow]) -> CaseRow:
    """As the scan would read it. Its number is nobody's."""
    unit = units.get(one.unit_id or 0)
    case = Case(
        number, one.kind, one.supervised, one.status, one.since, unit_kind=unit.kind if unit else "",
        unit_id=one.unit_id, category=one.category, paused_until=unit.paused_until if unit else None,
    )  # fmt: skip
    zone = unit.time_zone if unit else None
    return CaseRow(case, number, one.unit_id, "", zone, None, 0, "-", False, "", None, False, None)


def _messages(cases: Iterable[tuple[Gathered, int]], reach: Rollout, now: datetime) -> int:
    """How many messages follow from these cases, each so many times there: a few one by one, or one digest a person."""
    single: Counter[int] = Counter()
    digests: set[tuple[int, str]] = set()
    most = 0
    for one, count in cases:
        most = one.ladder.caps.messages_per_day
        for due in decide(one.case, one.ladder, (), one.calendar, one.calendar.next_open(now)).due:
            guest = one.people[due.contact_id].guest
            if reach.bars(guest=guest) or reach.shadows([one.row.unit_id], guest=guest):
                continue
            if due.step.digest:
                digests.add((due.contact_id, due.step.template))
            else:
                single[due.contact_id] += count
    return len(digests) + sum(count if count <= most else 1 for count in single.values())
