"""What the messages cost: how many of each kind the provider took, and how WhatsApp files each kind."""

from datetime import date

from sqlalchemy import Connection, func, select, text

from aspal.tables import messages, templates


def sent_by_day(conn: Connection, first: date, last: date) -> list[tuple[date, str | None, int]]:
    """How many messages of each kind the provider took, by working day; from an index alone."""
    query = (
        select(messages.c.workday, messages.c.template, func.count())
        .where(text("accepted_at IS NOT NULL"), messages.c.workday.between(first, last))
        .group_by(messages.c.workday, messages.c.template)
    )
    return [(day, kind, count) for day, kind, count in conn.execute(query)]


def billed_as(conn: Connection) -> dict[str, str]:
    """The category that WhatsApp last gave each kind, in lower case."""
    query = select(templates.c.kind, templates.c.category).where(templates.c.category.is_not(None))
    return {kind: category.lower() for kind, category in conn.execute(query.order_by(templates.c.id))}
