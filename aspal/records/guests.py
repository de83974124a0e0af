"""The guest list: the only people that receive anything until the office goes live."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from aspal.tables import contacts

_SHOWN = (contacts.c.id, contacts.c.name, contacts.c.position, contacts.c.phone)


@dataclass(frozen=True)
class Guest:
    """A contact, as the list shows it."""

    id: int
    name: str
    position: str | None
    phone: str | None


def mark(conn: Connection, phone: str, *, guest: bool) -> Guest | None:
    """Puts a contact on the list or takes it off; None when nobody has this number."""
    found = update(contacts).where(contacts.c.phone == phone).values(guest=guest).returning(*_SHOWN)
    row = conn.execute(found).first()
    return Guest(*row) if row else None


def listed(conn: Connection) -> list[Guest]:
    """Everybody on the list, by name."""
    return [Guest(*row) for row in conn.execute(select(*_SHOWN).where(contacts.c.guest).order_by(contacts.c.name))]
