"""When complaints came in, were first answered and were finished: pairs of days, counted."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, case, func, or_, select

from aspal.core.rapor_times import Dated
from aspal.core.words import Kind, Status
from aspal.records.figures.scope import Scope, roster

_UNFINISHED = (Status.UNVERIFIED, Status.OPEN, Status.IN_PROCESS)


def responses(conn: Connection, scope: Scope) -> Mapping[tuple[date, date], int]:
    """Receipt and first follow-up; finishing was the first one where no other is known."""
    c = roster(scope).c
    first = func.coalesce(c.responded_on, c.finished_on)
    query = select(c.received_on, first, func.count()).where(first >= c.received_on).group_by(c.received_on, first)
    return {(received, answered): count for received, answered, count in conn.execute(query)}


def dated(conn: Connection, scope: Scope) -> list[Dated]:
    """What the legal limit asks of finished and unfinished complaints; put aside ones have no limit any more."""
    c = roster(scope).c
    # The ladder's name of the limit, as Ladder.limit_of has it.
    limit = case((or_(c.supervised, c.kind == str(Kind.WHISTLE)), "berkadar"), else_=c.kind).label("limit_name")
    finished = c.status == str(Status.FINISHED)
    done_on, is_done = case((finished, c.finished_on)).label("done_on"), finished.label("is_done")
    query = (
        select(limit, c.received_on, done_on, is_done, func.count())
        .where(c.status.in_((Status.FINISHED, *_UNFINISHED)))
        .group_by("limit_name", c.received_on, "done_on", "is_done")
    )
    return [Dated(name, received, done, bool(is_done), n) for name, received, done, is_done, n in conn.execute(query)]


def received_between(conn: Connection, scope: Scope, first: date, last: date) -> int:
    """Complaints of the scope that came in on these days."""
    c = roster(scope).c
    return conn.scalar(select(func.count()).where(c.received_on.between(first, last))) or 0


def finished_between(conn: Connection, scope: Scope, first: date, last: date) -> int:
    """Complaints of the scope that were finished on these days and are still."""
    c = roster(scope).c
    which = (c.status == str(Status.FINISHED)) & c.finished_on.between(first, last)
    return conn.scalar(select(func.count()).where(which)) or 0
