"""Bukti dukung: uploads and the log of socialisations, and the team as its SK names it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, extract, func, insert, or_, select, update

from aspal.tables import appointments, contacts, dispositions, evidence_documents, media, notes, units


@dataclass(frozen=True, slots=True)
class Evidence:
    """One upload, or one line of the log."""

    id: int
    year: int
    aspect: str
    title: str
    happened_on: date | None
    participants: int | None
    place: str | None
    file_name: str | None
    path: str | None
    content_type: str | None
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team, by their appointment."""

    name: str
    position: str | None
    role: str
    unit: str
    sk_number: str | None
    sk_date: date | None
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a note."""

    id: int
    path: str
    content_type: str
    sha256: str


_COLUMNS = [evidence_documents.c[name] for name in Evidence.__dataclass_fields__]


def put(conn: Connection, **values: Any) -> int:
    """Adds one; its id."""
    number: int | None = conn.scalar(insert(evidence_documents).values(**values).returning(evidence_documents.c.id))
    assert number is not None
    return number


def of_year(conn: Connection, year: int) -> list[Evidence]:
    """Everything kept for that year, by aspect and day."""
    e = evidence_documents.c
    query = select(*_COLUMNS).where(e.year == year, e.removed_at.is_(None)).order_by(e.aspect, e.happened_on, e.id)
    return [Evidence(*row) for row in conn.execute(query)]


def get(conn: Connection, evidence_id: int) -> Evidence | None:
    """One that was not removed."""
    e = evidence_documents.c
    row = conn.execute(select(*_COLUMNS).where(e.id == evidence_id, e.removed_at.is_(None))).first()
    return Evidence(*row) if row else None


def remove(conn: Connection, evidence_id: int, now: datetime) -> bool:
    """It shows no more; housekeeping takes the file away later. False when it was removed already."""
    e = evidence_documents.c
    mine = update(evidence_documents).where(e.id == evidence_id, e.removed_at.is_(None))
    return conn.execute(mine.values(removed_at=now)).rowcount == 1


def removed_files(conn: Connection, before: datetime) -> dict[int, str]:
    """The files of what was removed before that moment, by id."""
    e = evidence_documents.c
    query = select(e.id, e.path).where(e.removed_at < before, e.path.is_not(None))
    return {row.id: row.path for row in conn.execute(query)}


def forget_files(conn: Connection, evidence_ids: Collection[int]) -> None:
    """The files of these are gone; size and fingerprint stay."""
    gone = update(evidence_documents).where(evidence_documents.c.id.in_(evidence_ids))
    conn.execute(gone.values(path=None))


def years(conn: Connection) -> list[int]:
    """The years for which something is kept."""
    return list(conn.scalars(select(evidence_documents.c.year).distinct().order_by(evidence_documents.c.year.desc())))


def team(conn: Connection, first: date, last: date) -> list[Member]:
    """Everybody whose appointment held on some day of the span, by unit."""
    a = appointments.c
    query = (
        select(contacts.c.name, contacts.c.position, a.role, units.c.name, a.sk_number, a.sk_date, a.valid_from,
               a.valid_until)
        .select_from(appointments.join(contacts, contacts.c.id == a.contact_id).join(units, units.c.id == a.unit_id))
        .where(
            or_(a.valid_from.is_(None), a.valid_from <= last),
            or_(a.valid_until.is_(None), a.valid_until >= first),
            or_(a.ended_at.is_(None), extract("year", a.ended_at) >= first.year),
        )
        .order_by(units.c.name, a.role, func.lower(contacts.c.name))
    )  # fmt: skip
    return [Member(*row) for row in conn.execute(query)]


def attachments(conn: Connection, complaint_ids: Collection[int]) -> list[Attachment]:
    """What was attached to the notes on these complaints and is still kept."""
    query = (
        select(media.c.id, media.c.path, media.c.stored_type, media.c.sha256)
        .join(notes, notes.c.reply_id == media.c.reply_id)
        .join(dispositions, dispositions.c.id == notes.c.disposition_id)
        .where(dispositions.c.complaint_id.in_(complaint_ids), media.c.state == "stored", media.c.path.is_not(None))
        .distinct()
        .order_by(media.c.id)
    )
    return [Attachment(*row) for row in conn.execute(query)]
