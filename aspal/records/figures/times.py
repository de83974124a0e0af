"""When complaints came in, were first answered and were finished: pairs of days, counted."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, case, func, select

from aspal.conditions import of_officials
from aspal.core.rapor.brief import Answers
from aspal.core.rapor.times import Dated
from aspal.core.words import UNFINISHED, Status
from aspal.records.figures.scope import Scope, roster


def responses(conn: Connection, scope: Scope) -> Mapping[tuple[date, date], int]:
    """Receipt and first follow-up; finishing was the first one where no other is known."""
    c = roster(scope).c
    first = func.coalesce(c.responded_on, c.finished_on)
    query = select(c.received_on, first, func.count()).where(first >= c.received_on).group_by(c.received_on, first)
    return {(received, answered): count for received, answered, count in conn.execute(query)}


def answers(conn: Connection, scope: Scope) -> Answers:
    """Receipt and first follow-up, where there was one, by status."""
    c = roster(scope).c
    keys = (c.status, c.received_on, func.coalesce(c.responded_on, c.finished_on))
    rows = conn.execute(select(*keys, func.count()).group_by(*keys))
    return {(Status(status), received, answered): count for status, received, answered, count in rows}


def dated(conn: Connection, scope: Scope) -> list[Dated]:
    """What the legal limit asks of finished and unfinished complaints; put aside ones have no limit any more."""
    those = roster(scope)
    c = those.c
    # The ladder's name of the limit, as Ladder.limit_of has it.
    limit = case((of_officials(those), "berkadar"), else_=c.kind).label("limit_name")
    finished = c.status == str(Status.FINISHED)
    done_on, is_done = case((finished, c.finished_on)).label("done_on"), finished.label("is_done")
    query = (
        select(limit, c.received_on, done_on, is_done, func.count())
        .where(c.status.in_((Status.FINISHED, *UNFINISHED)))
        .group_by("limit_name", c.received_on, "done_on", "is_done")
    )
    return [Dated(name, received, done, bool(is_done), n) for name, received, done, is_done, n in conn.execute(query)]


def pace(conn: Connection, scope: Scope, first: date, last: date) -> tuple[int, int]:
    """Complaints of the scope that came in on these days, and that were finished on them and are still."""
    c = roster(scope).c
    received = c.received_on.between(first, last)
    finished = (c.status == str(Status.FINISHED)) & c.finished_on.between(first, last)
    query = select(func.count().filter(received), func.count().filter(finished)).where(received | finished)
    came, ended = conn.execute(query).one()
    return came, ended
