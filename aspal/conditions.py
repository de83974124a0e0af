"""What rows mean, as conditions on them: said once, because several records ask the same."""

from datetime import date

from sqlalchemy import BindParameter, ColumnElement, String, and_, cast, exists, func, or_
from sqlalchemy.sql import FromClause

from aspal.core.words import NOT_THEIRS, RENEWED, Kind
from aspal.tables import appointments, batches, complaints, dispositions, messages, notices


def of_officials(table: FromClause = complaints) -> ColumnElement[bool]:
    """The complaint speaks of officials themselves (berkadar pengawasan, WBS), who must not learn of it."""
    return or_(table.c.supervised, table.c.kind == str(Kind.WHISTLE))


def is_secret(table: FromClause = complaints) -> ColumnElement[bool]:
    """The same as core.secrecy.is_secret, for rows that are not read."""
    return or_(table.c.confidential, of_officials(table))


def case_is_secret() -> ColumnElement[bool]:
    """Of a message about one case: that case is secret by now, whatever it was when the message was written, or the
    message has handed it on to another one, and nothing tells any more which it was."""
    its = and_(dispositions.c.id == notices.c.disposition_id, complaints.c.id == dispositions.c.complaint_id)
    return ~exists().where(notices.c.message_id == messages.c.id, its, ~is_secret())


def any_undone() -> ColumnElement[bool]:
    """Whether any import was ever taken back. In most offices none was, and then no row's flags need to be read."""
    return exists().where(batches.c.undone_at.is_not(None))


def is_undone() -> ColumnElement[bool]:
    """The import that brought the complaint was taken back, and it is kept only because messages speak of it."""
    part = dispositions.alias("open_part")
    is_open = exists().where(part.c.complaint_id == complaints.c.id, part.c.ended_at.is_(None))
    return and_(any_undone(), cast(complaints.c.flags, String).like('%"undone"%'), ~is_open)


def in_force(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The appointment holds on that day; `valid_until` is its last."""
    a = appointments.c
    return and_(
        a.ended_at.is_(None),
        or_(a.valid_from.is_(None), a.valid_from <= day),
        or_(a.valid_until.is_(None), a.valid_until >= day),
    )


def is_told() -> ColumnElement[bool]:
    """The notice was told, or is about to be."""
    return and_(notices.c.state != "cancelled", notices.c.state != "failed")


def unit_own(table: FromClause = dispositions) -> ColumnElement[bool]:
    """The part is, or was to its end, the unit's own: not sent back or taken elsewhere. Nor is it an older round, for
    which the newer one stands: a unit that loses that one has lost the case."""
    gone = (*NOT_THEIRS, RENEWED)
    return and_(table.c.track == "follow_up", func.coalesce(table.c.end_reason, "").not_in(gone))


def unit_newest() -> ColumnElement[bool]:
    """Nothing came to the unit again later: it counts once, as its newest own part stands."""
    d, later = dispositions.c, dispositions.alias("later")
    again = exists().where(
        later.c.complaint_id == d.complaint_id, later.c.unit_id == d.unit_id, later.c.id > d.id, unit_own(later)
    )
    return ~again
