"""What the rapor counts: complaints of a year and before, and each unit's part of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, func, select

from aspal.core.rapor import Case, Tally, tally
from aspal.core.words import Status
from aspal.tables import complaints, dispositions, units

# A disposition that ended so was never the unit's to answer.
_NOT_THEIRS = ("redisposed", "returned", "merged", "undone")


def cases(conn: Connection, until_year: int) -> Iterator[Case]:
    """Every complaint that came in by the end of that year; one that was merged into another counts once."""
    c = complaints.c
    query = select(c.status, c.received_on, c.responded_on, c.finished_on).where(
        c.merged_into_id.is_(None), c.received_on <= date(until_year, 12, 31)
    )
    for status, *days in conn.execution_options(yield_per=5000).execute(query):
        yield Case(Status(status), *days)


def by_unit(conn: Connection, year: int) -> dict[str, Tally]:
    """Each unit's dispositions of complaints of that year; a complaint with two units counts at both."""
    query = (
        select(units.c.name, dispositions.c.status, func.count(complaints.c.id.distinct()))
        .join_from(dispositions, complaints, dispositions.c.complaint_id == complaints.c.id)
        .join(units, dispositions.c.unit_id == units.c.id)
        .where(
            complaints.c.received_on.between(date(year, 1, 1), date(year, 12, 31)),
            complaints.c.merged_into_id.is_(None),
            dispositions.c.track == "follow_up",
            func.coalesce(dispositions.c.end_reason, "").not_in(_NOT_THEIRS),
        )
        .group_by(units.c.name, dispositions.c.status)
    )
    found: defaultdict[str, Counter[Status]] = defaultdict(Counter)
    for unit, status, count in conn.execute(query):
        found[unit][Status(status)] += count
    return {unit: tally(found[unit]) for unit in sorted(found)}
