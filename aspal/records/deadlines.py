"""Open dispositions by what their legal limit depends on, and those whose next look comes first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from aspal.core.words import Kind
from aspal.tables import complaints, dispositions, units


@dataclass(frozen=True, slots=True)
class Alike:
    """So many open dispositions that have their legal limit on the same day."""

    disposed_on: date
    zone: str | None
    kind: Kind
    supervised: bool
    count: int


def alike(conn: Connection) -> list[Alike]:
    """Every open disposition, counted in groups: there are as many as days and kinds, however many cases there are."""
    what = (dispositions.c.disposed_on, units.c.time_zone, complaints.c.kind, complaints.c.supervised)
    query = (
        select(*what, func.count())
        .select_from(
            dispositions.join(complaints, complaints.c.id == dispositions.c.complaint_id).outerjoin(
                units, units.c.id == dispositions.c.unit_id
            )
        )
        .where(dispositions.c.ended_at.is_(None))
        .group_by(*what)
    )
    return [Alike(row[0], row[1], Kind(row[2]), row[3], row[4]) for row in conn.execute(query)]


def next_looked_at(conn: Connection, most: int) -> list[int]:
    """The open dispositions that something can become due for, the soonest first, at most so many."""
    waiting = (dispositions.c.next_look_at.is_not(None), dispositions.c.ended_at.is_(None))
    query = select(dispositions.c.id).where(*waiting).order_by(dispositions.c.next_look_at, dispositions.c.id)
    return list(conn.scalars(query.limit(most)))
