"""The heavier halves of Beranda, fetched after it is shown: figures and trends, and the messages of two days."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue

from aspal.core.lateness import AGES, OLDER, age_group, lateness
from aspal.core.rapor import Tally, tally
from aspal.core.rapor.times import timing
from aspal.core.words import OFFICE_ROLES, Role, Status
from aspal.core.workdays import Calendar
from aspal.desk import office_acts, plan_ahead
from aspal.desk.plan_ahead import Planned
from aspal.records import ladders, listing, overview, vitals
from aspal.web.house import house
from aspal.web.pages.home import blueprint, paused
from aspal.web.words import STATUS

WEEKS = 12
ANSWERED_IN = timedelta(days=90)  # first answers that the medians are taken over
UNITS = 15  # shown at once; the others behind a fold
_OPEN = (Status.UNVERIFIED, Status.OPEN, Status.IN_PROCESS)


class Week(NamedTuple):
    """What came in during a week, and how much of it has been dealt with since."""

    first: date
    tally: Tally


class UnitLine(NamedTuple):
    """How one unit stands."""

    id: int
    name: str
    open: int
    late: int
    risen: int
    median: float | None  # working days to its first answer


@blueprint.get("/angka")
def figures() -> ResponseReturnValue:
    """Figures and trends: a part of Beranda, or a page of its own without JavaScript."""
    the_house = house()
    with the_house.db.read() as conn:
        calendar = the_house.calendars(conn).of(None)
        late = lateness(ladders.in_force(conn), calendar, the_house.clock.now())
        today = late.today
        first = min(_monday(today) - timedelta(weeks=WEEKS - 1), today.replace(month=1, day=1))
        cohorts = overview.cohorts(conn, first)
        lying = overview.open_by_day(conn)
        answered = overview.answered(conn, today - ANSWERED_IN)
        loads = overview.by_unit(conn)
        late_units = listing.late_by_unit(conn, late)
    ages, weeks = _ages(lying, calendar, today), _weeks(cohorts, today)
    units = _units(loads, late_units, answered, calendar)
    return _part(
        "figures", ages=ages, weeks=weeks, units=units, most=UNITS, year=today.year, statuses=_OPEN,
        tally=_tally(cohorts, today.replace(month=1, day=1), today), median=_median(answered, calendar),
        age_chart=_age_chart(ages), week_chart=_week_chart(weeks), rate_chart=_rate_chart(weeks),
    )  # fmt: skip


@blueprint.get("/rencana")
def planned() -> ResponseReturnValue:
    """What will be told to whom today and on the next working day."""
    the_house, now = house(), house().clock.now()
    with the_house.db.read() as conn:
        plan = plan_ahead.plan(conn, the_house.calendars(conn), now)
        on = vitals.switches_on(conn, office_acts.PAUSES.values(), now)
    by_day = {day: _by_person([one for one in plan.planned if one.day == day]) for day in (plan.today, plan.next_day)}
    return _part("plan", plan=plan, by_day=by_day, pauses=list(paused(on)), of_office=OFFICE_ROLES)


def _by_person(planned: Sequence[Planned]) -> list[tuple[tuple[datetime, str, Role], list[Planned]]]:
    """What is due together becomes one message, so it is shown as one."""
    found: defaultdict[tuple[datetime, str, Role], list[Planned]] = defaultdict(list)
    for one in planned:
        found[one.at, one.name, one.role].append(one)
    return sorted(found.items())


def _part(name: str, **given: Any) -> str:
    alone = "HX-Request" not in request.headers
    return render_template(f"home/{name}.html" if alone else f"home/_{name}.html", alone=alone, **given)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _ages(lying: Sequence[tuple[date, str, int]], calendar: Calendar, today: date) -> dict[str, Counter[str]]:
    """Open parts by age and status; every group is there, also an empty one."""
    found: dict[str, Counter[str]] = {words: Counter() for words in (*(words for _, words in AGES), OLDER)}
    for day, status, count in lying:
        found[age_group(calendar.workdays_between(day, today))][status] += count
    return found


def _tally(cohorts: Sequence[tuple[date, str, int]], first: date, last: date) -> Tally:
    counted: Counter[Status] = Counter()
    for day, status, count in cohorts:
        if first <= day <= last:
            counted[Status(status)] += count
    return tally(counted)


def _weeks(cohorts: Sequence[tuple[date, str, int]], today: date) -> list[Week]:
    mondays = [_monday(today) - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    return [Week(monday, _tally(cohorts, monday, monday + timedelta(days=6))) for monday in mondays]


def _median(answered: Sequence[overview.Answered], calendar: Calendar) -> float | None:
    spans: Counter[tuple[date, date]] = Counter()
    for one in answered:
        spans[one.disposed_on, one.responded_on] += one.parts
    return timing(spans, calendar.workdays_between).median_workdays


def _units(
    loads: Sequence[overview.UnitLoad], late: dict[int, int], answered: Sequence[overview.Answered], calendar: Calendar
) -> list[UnitLine]:
    """Worst first: most late ones, then most open ones."""
    by_unit: defaultdict[int, list[overview.Answered]] = defaultdict(list)
    for one in answered:
        by_unit[one.unit_id].append(one)
    lines = [
        UnitLine(unit, name, count, late.get(unit, 0), risen, _median(by_unit[unit], calendar))
        for unit, name, count, risen in loads
    ]
    return sorted(lines, key=lambda line: (-line.late, -line.open, line.name))


def _age_chart(ages: dict[str, Counter[str]]) -> dict[str, Any]:
    sets = [
        {
            "label": STATUS[status].label,
            "colour": STATUS[status].colour,
            "values": [row[status] for row in ages.values()],
        }
        for status in _OPEN
    ]
    return {"type": "bar", "labels": list(ages), "sets": sets, "stacked": True}


def _week_chart(weeks: Sequence[Week]) -> dict[str, Any]:
    groups = (
        ("Selesai", "green", "finished"), ("Proses", "azure", "in_process"), ("Belum ditindaklanjuti", "red", "open"),
        ("Belum terverifikasi", "purple", "unverified"), ("Lainnya", "secondary", "other"),
    )  # fmt: skip
    sets = [
        {"label": label, "colour": colour, "values": [getattr(week.tally, name) for week in weeks]}
        for label, colour, name in groups
    ]
    return {"type": "bar", "labels": _labels(weeks), "sets": sets, "stacked": True}


def _rate_chart(weeks: Sequence[Week]) -> dict[str, Any]:
    sets = [
        {"label": "Ditindaklanjuti", "colour": "azure", "values": [week.tally.followed_up for week in weeks]},
        {"label": "Selesai", "colour": "green", "values": [week.tally.completed for week in weeks]},
    ]
    return {"type": "line", "labels": _labels(weeks), "sets": sets, "percent": True}


def _labels(weeks: Sequence[Week]) -> list[str]:
    return [f"{week.first.day}/{week.first.month}" for week in weeks]
