"""The guest list: the only people that receive anything until the office goes live."""

from collections.abc import Sequence

from sqlalchemy import Connection, Row, select, update

from aspal.tables import contacts

_SHOWN = (contacts.c.id, contacts.c.name, contacts.c.position, contacts.c.phone)
Guest = Row[tuple[int, str, str | None, str | None]]


def mark(conn: Connection, phone: str, *, guest: bool) -> Guest | None:
    """Puts a contact on the list or takes it off; None when nobody has this number."""
    return conn.execute(
        update(contacts).where(contacts.c.phone == phone).values(guest=guest).returning(*_SHOWN)
    ).first()


def listed(conn: Connection) -> Sequence[Guest]:
    """Everybody on the list, by name."""
    return conn.execute(select(*_SHOWN).where(contacts.c.guest).order_by(contacts.c.name)).all()
