"""Which complaints a report speaks of: one period, everybody's or one unit's."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.sql import FromClause

from aspal.core.rapor_period import Period
from aspal.core.words import Kind
from aspal.tables import complaints, dispositions

# A disposition that ended so was never the unit's to answer.
NOT_THEIRS = ("redisposed", "returned", "merged", "undone")
_SHORT = 100  # days: a quarter is still looked up
SECRET = or_(complaints.c.supervised, complaints.c.kind == str(Kind.WHISTLE))
_SHARED = ("id", "kind", "supervised", "category", "channel", "confidential", "received_on", "finished_on")


@dataclass(frozen=True, slots=True)
class Scope:
    """Complaints received from `first` to `last`; of one unit: as that unit's disposition stands."""

    first: date
    last: date
    unit_id: int | None = None
    tellable: bool = False  # for the unit's own eyes: nothing about its officials, not even as a count

    @classmethod
    def of(cls, period: Period, unit_id: int | None = None, *, tellable: bool = False) -> "Scope":
        return cls(period.first, period.last, unit_id, tellable)


def within(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Conditions on complaints: received in the period, and each counted once after a merge."""
    day: ColumnElement[date] = complaints.c.received_on
    alive: ColumnElement[bool] = complaints.c.merged_into_id.is_(None)
    if (scope.last - scope.first).days > _SHORT:
        # Most of the table. SQLite cannot know, and going from an index to each row costs four times a plain reading;
        # so the columns are told in words that no index has.
        day, alive = func.coalesce(day, day), func.coalesce(complaints.c.merged_into_id, 0) == 0
    found: tuple[ColumnElement[bool], ...] = (day.between(scope.first, scope.last), alive)
    return (*found, ~SECRET) if scope.tellable else found


def theirs() -> ColumnElement[bool]:
    """Dispositions that are, or were to their end, the unit's own."""
    return and_(dispositions.c.track == "follow_up", func.coalesce(dispositions.c.end_reason, "").not_in(NOT_THEIRS))


def roster(scope: Scope) -> FromClause:
    """The complaints of the scope with the status and first follow-up that count there."""
    query: Select[tuple[object, ...]]
    columns = [complaints.c[name] for name in _SHARED]
    if scope.unit_id is None:
        query = select(*columns, complaints.c.status, complaints.c.responded_on).where(*within(scope))
        return query.subquery("roster")
    newest = (  # a complaint that came back to the unit counts once, as it stands now
        select(func.max(dispositions.c.id))
        .where(dispositions.c.unit_id == scope.unit_id, theirs())
        .group_by(dispositions.c.complaint_id)
    )
    query = (
        select(*columns, dispositions.c.status, dispositions.c.responded_on)
        .join(dispositions, dispositions.c.complaint_id == complaints.c.id)
        .where(*within(scope), dispositions.c.id.in_(newest))
    )
    return query.subquery("roster")
