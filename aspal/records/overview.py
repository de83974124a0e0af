"""What the first page and the metrics count. Reads only; nothing here grows with what was finished long ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, literal_column, or_, select, text

from aspal.conditions import any_undone, is_undone
from aspal.core.words import AT_WORK
from aspal.tables import (
    complaints,
    contacts,
    dispositions,
    held_rows,
    messages,
    notices,
    replies,
    templates,
    units,
)

# As their indexes say it, so that both databases see that they serve.
_DECIDING: ColumnElement[bool] = literal_column("messages.state IN ('held', 'unknown', 'failed', 'cancelled')")
_UNPLACED: ColumnElement[bool] = literal_column("replies.state IN ('tray', 'parked', 'unknown_sender')")
_SICK = ("rejected", "paused", "disabled")


@dataclass(frozen=True)
class Figures:
    """The counts of the metrics."""

    messages: Mapping[str, int]
    replies: Mapping[str, int]
    open_dispositions: int


class Waiting(NamedTuple):
    """What goes no further by itself, and how far the office has come in setting up."""

    held: int  # messages
    unknown: int
    failed: int  # lately, and not sent again
    tray: int  # replies
    strangers: int
    held_rows: int
    sick_texts: int  # message texts that WhatsApp has stopped or refused
    units: int  # 0 or 1 from here on: is there any?
    complaints: int


class Answered(NamedTuple):
    """How many parts of a unit, disposed on one day, were first answered on another."""

    unit_id: int
    disposed_on: date
    responded_on: date
    parts: int


class UnitLoad(NamedTuple):
    """What lies open at one unit."""

    unit_id: int
    name: str
    open: int
    risen: int  # its head, or somebody above, has been told


class PlannedMessage(NamedTuple):
    """A message that is ready and waits for its moment, or for somebody's word."""

    id: int
    to: str | None
    template: str | None
    state: str
    not_before: datetime
    reason: str | None


def figures(conn: Connection) -> Figures:
    """How many of each."""
    is_open = dispositions.c.ended_at.is_(None)
    return Figures(
        messages=_counts(conn, messages.c.state),
        replies=_counts(conn, replies.c.state),
        open_dispositions=sum(_counts(conn, dispositions.c.level, is_open).values()),
    )


def by_status(conn: Connection) -> dict[str, int]:
    """Complaints by LAPOR's status, from an index alone."""
    return _counts(conn, complaints.c.status, complaints.c.merged_into_id.is_(None))


def _counts(conn: Connection, column: Any, *where: ColumnElement[bool]) -> dict[Any, int]:
    return {row[0]: row[1] for row in conn.execute(select(column, func.count()).where(*where).group_by(column))}


def waiting(conn: Connection, since: datetime) -> Waiting:
    """All of it in one question; `since`: failures before that are nobody's worry any more."""
    repeated = messages.alias()
    failed = and_(
        _DECIDING,
        messages.c.state == "failed",
        messages.c.created_at >= since,
        ~exists().where(repeated.c.resend_of_id == messages.c.id),
    )
    newest = select(func.max(templates.c.id)).group_by(templates.c.kind)
    sick = or_(templates.c.stopped_at.is_not(None), templates.c.status.in_(_SICK))
    asked = (
        _number(messages.c.id, _DECIDING, messages.c.state == "held"),
        _number(messages.c.id, _DECIDING, messages.c.state == "unknown"),
        _number(messages.c.id, failed),
        _number(replies.c.id, _UNPLACED, replies.c.state != "unknown_sender"),
        _number(replies.c.id, _UNPLACED, replies.c.state == "unknown_sender"),
        _number(held_rows.c.id, held_rows.c.settled_at.is_(None)),
        _number(templates.c.id, templates.c.id.in_(newest), sick),
        _number(units.c.id, most=1),
        _number(complaints.c.id, most=1),
    )
    return Waiting(*conn.execute(select(*asked)).one())


def _number(key: Any, *where: ColumnElement[bool], most: int = 1000) -> Any:
    some = select(key).where(*where).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def cohorts(conn: Connection, since: date) -> list[tuple[date, str, int]]:
    """What came in on each day since then, by where it stands now, as the rapor counts it."""
    c = complaints.c
    counted = [c.merged_into_id.is_(None), c.received_on >= since]
    if conn.scalar(select(any_undone())):  # else an index alone can tell
        counted.append(~is_undone())
    found = select(c.received_on, c.status, func.count()).where(*counted).group_by(c.received_on, c.status)
    return [(row[0], row[1], row[2]) for row in conn.execute(found)]


def open_by_day(conn: Connection) -> list[tuple[date, str, int]]:
    """What lies open, by the day of disposition and LAPOR's status."""
    d = dispositions.c
    found = select(d.disposed_on, d.status, func.count()).where(d.ended_at.is_(None))
    return [(row[0], row[1], row[2]) for row in conn.execute(found.group_by(d.disposed_on, d.status))]


def answered(conn: Connection, since: date) -> list[Answered]:
    """First answers since then."""
    d = dispositions.c
    found = select(d.unit_id, d.disposed_on, d.responded_on, func.count()).where(
        d.responded_on.is_not(None), d.responded_on >= since, d.unit_id.is_not(None)
    )
    return [Answered(*row) for row in conn.execute(found.group_by(d.unit_id, d.disposed_on, d.responded_on))]


def by_unit(conn: Connection) -> list[UnitLoad]:
    """Units with something open."""
    d = dispositions.c
    live = d.status.in_(AT_WORK)
    load = (
        select(d.unit_id, func.count().label("open"), func.sum(case((d.level >= 2, 1), else_=0)).label("risen"))
        .where(d.ended_at.is_(None), d.unit_id.is_not(None), live)
        .group_by(d.unit_id)
        .subquery()
    )
    found = select(load.c.unit_id, func.coalesce(units.c.short_name, units.c.name), load.c.open, load.c.risen)
    return [UnitLoad(*row) for row in conn.execute(found.join(units, units.c.id == load.c.unit_id))]


def unit_choices(conn: Connection) -> list[tuple[int, str]]:
    """Every unit, by name."""
    found = select(units.c.id, func.coalesce(units.c.short_name, units.c.name)).order_by(units.c.name)
    return [(row[0], row[1]) for row in conn.execute(found)]


def planned_messages(conn: Connection, until: datetime, limit: int) -> list[PlannedMessage]:
    """Messages that are ready, in the order in which they may leave; then those that wait for somebody's word."""
    m = messages.c
    found = select(m.id, contacts.c.name, m.template, m.state, m.not_before, m.reason)
    found = found.join(contacts, contacts.c.id == m.contact_id, isouter=True).where(m.not_before < until)
    ready = found.where(text("messages.state = 'waiting'")).order_by(m.priority, m.id).limit(limit)
    held = found.where(_DECIDING, m.state == "held").order_by(m.id).limit(limit)
    return [PlannedMessage(*row) for wanted in (ready, held) for row in conn.execute(wanted)]


def unbundled(conn: Connection) -> int:
    """Notices that are decided and not yet part of a message."""
    return conn.scalar(select(func.count()).where(notices.c.state == literal_column("'waiting'"))) or 0


def looks(conn: Connection, until: datetime, limit: int) -> Sequence[tuple[int, datetime]]:
    """The cases that will be looked at until then, soonest first."""
    d = dispositions.c
    found = select(d.id, d.next_look_at).where(d.next_look_at.is_not(None), d.next_look_at < until)
    return [(row[0], row[1]) for row in conn.execute(found.order_by(d.next_look_at, d.id).limit(limit))]
