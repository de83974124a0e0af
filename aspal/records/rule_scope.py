"""What a step can be narrowed to: the categories that really come in, and the kinds of unit there are."""

from sqlalchemy import Connection, select

from aspal.tables import complaints, units

LOOKED_AT, OFFERED = 2000, 40


def categories(conn: Connection) -> list[str]:
    """The categories of the newest complaints, the way a step compares them; a few dozen at most."""
    newest = select(complaints.c.category).order_by(complaints.c.id.desc()).limit(LOOKED_AT).subquery()
    found = conn.scalars(select(newest.c.category).where(newest.c.category.is_not(None)).distinct())
    return sorted({name.strip().casefold() for name in found if name.strip()})[:OFFERED]


def unit_kinds(conn: Connection) -> list[str]:
    """The kinds of unit in the directory."""
    return sorted(conn.scalars(select(units.c.kind).distinct()))
