"""Which complaints a report speaks of: one period, everybody's or one unit's."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.sql import FromClause

from aspal.conditions import is_undone, of_officials, unit_newest, unit_own
from aspal.core.rapor.period import Period
from aspal.tables import complaints, dispositions
from aspal.unindexed import unindexed

_SHORT = 100  # days: a quarter is still looked up
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
    """Conditions on complaints: received in the period, each counted once after a merge, none after an undo."""
    day, merged = scanned(scope, complaints.c.received_on), scanned(scope, complaints.c.merged_into_id)
    found: tuple[ColumnElement[bool], ...] = (day.between(scope.first, scope.last), merged.is_(None), ~is_undone())
    return (*found, ~of_officials()) if scope.tellable else found


def roster(scope: Scope) -> FromClause:
    """The complaints of the scope with the status and first follow-up that count there."""
    if scope.unit_id is not None:
        return at_units(scope)
    status = scanned(scope, complaints.c.status).label("status")
    return select(*_columns(), status, complaints.c.responded_on).where(*within(scope)).subquery("roster")


def at_units(scope: Scope) -> FromClause:
    """The complaints at the unit, or at each of them, as its disposition stands; what came back to it counts once."""
    d = dispositions.c
    query: Select[tuple[object, ...]] = (
        select(*_columns(), d.unit_id, d.status, d.responded_on)
        .join(dispositions, d.complaint_id == complaints.c.id)
        .where(*within(scope), at_unit(scope), unit_own(), unit_newest())
    )
    return query.subquery("roster")


def at_unit(scope: Scope) -> ColumnElement[bool]:
    """Dispositions to the scope's unit; to any where it speaks of all."""
    unit_id = dispositions.c.unit_id
    return unit_id.is_not(None) if scope.unit_id is None else unit_id == scope.unit_id


def _columns() -> list[ColumnElement[Any]]:
    return [complaints.c[name] for name in _SHARED]


def scanned(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column, for a condition or grouping; SQLite reads the whole table for it where the scope is long.

    A long span is most of the table. SQLite cannot know, and going from an index to each row costs it four times a
    plain reading. PostgreSQL does know, by the statistics that it has of the plain column.
    """
    return unindexed(column) if (scope.last - scope.first).days > _SHORT else column
