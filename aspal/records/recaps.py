"""Counts for the recaps: what one unit, or the whole office, has done and has left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, extract, func, select

from aspal.core.words import Kind, Status
from aspal.tables import complaints, dispositions, units


@dataclass(frozen=True, slots=True)
class UnitWithCases:
    """A unit that has something open."""

    id: int
    name: str
    zone: str | None


# What concerns officials themselves is never told to the head of their unit, not even as a count.
_TELLABLE = and_(complaints.c.supervised.is_(False), complaints.c.kind != str(Kind.WHISTLE))
_UNFINISHED = (Status.UNVERIFIED, Status.OPEN, Status.IN_PROCESS)


def units_with_cases(conn: Connection) -> list[UnitWithCases]:
    """Units whose head has something to hear about."""
    query = (
        select(units.c.id, units.c.name, units.c.time_zone)
        .join(dispositions, dispositions.c.unit_id == units.c.id)
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(dispositions.c.ended_at.is_(None), dispositions.c.track == "follow_up", _TELLABLE)
        .distinct()
        .order_by(units.c.id)
    )
    return [UnitWithCases(*row) for row in conn.execute(query)]


def received_between(conn: Connection, first: date, last: date) -> dict[Status, int]:
    """Complaints received in that span, both days included, by where they stand now."""
    query = (
        select(complaints.c.status, func.count())
        .where(complaints.c.received_on.between(first, last), complaints.c.merged_into_id.is_(None))
        .group_by(complaints.c.status)
    )
    return {Status(row[0]): row[1] for row in conn.execute(query)}


def arrears(conn: Connection, unit_ids: Sequence[int] | None, before_year: int) -> dict[int, int]:
    """Unfinished complaints by the year they came in, up to and including `before_year`; None: of every unit."""
    year = extract("year", complaints.c.received_on)
    query = (
        select(year, func.count(complaints.c.id.distinct()))
        .where(
            complaints.c.status.in_(_UNFINISHED),
            complaints.c.merged_into_id.is_(None),
            complaints.c.received_on <= date(before_year, 12, 31),
        )
        .group_by(year)
    )
    if unit_ids is not None:
        query = query.join(dispositions, dispositions.c.complaint_id == complaints.c.id).where(
            dispositions.c.unit_id.in_(unit_ids), dispositions.c.ended_at.is_(None), _TELLABLE
        )
    return {int(row[0]): row[1] for row in conn.execute(query)}
