"""Counts for the recaps: what one unit, or the whole office, has done and has left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, extract, func, or_, select

from aspal.core.rapor_follow import Promise
from aspal.core.words import Kind, Status
from aspal.tables import complaints, contacts, dispositions, messages, notes, units


@dataclass(frozen=True, slots=True)
class UnitWithCases:
    """A unit that has something open."""

    id: int
    name: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A recap that was written down."""

    workday: date
    template: str
    unit_id: int | None  # None: it spoke of the whole office


# What concerns officials themselves is never told to the head of their unit, not even as a count.
_TELLABLE = and_(complaints.c.supervised.is_(False), complaints.c.kind != str(Kind.WHISTLE))
_UNFINISHED = (Status.UNVERIFIED, Status.OPEN, Status.IN_PROCESS)


def units_with_cases(conn: Connection) -> list[UnitWithCases]:
    """Units whose head has something to hear about."""
    query = (
        select(units.c.id, units.c.name, units.c.time_zone)
        .join(dispositions, dispositions.c.unit_id == units.c.id)
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(dispositions.c.ended_at.is_(None), dispositions.c.track == "follow_up", _TELLABLE)
        .distinct()
        .order_by(units.c.id)
    )
    return [UnitWithCases(*row) for row in conn.execute(query)]


def arrears(conn: Connection, unit_ids: Sequence[int] | None, before_year: int) -> dict[int, int]:
    """Unfinished complaints by the year they came in, up to and including `before_year`; None: of every unit."""
    year = extract("year", complaints.c.received_on)
    query = (
        select(year, func.count(complaints.c.id.distinct()))
        .where(
            complaints.c.status.in_(_UNFINISHED),
            complaints.c.merged_into_id.is_(None),
            complaints.c.received_on <= date(before_year, 12, 31),
        )
        .group_by(year)
    )
    if unit_ids is not None:
        query = query.join(dispositions, dispositions.c.complaint_id == complaints.c.id).where(
            dispositions.c.unit_id.in_(unit_ids), dispositions.c.ended_at.is_(None), _TELLABLE
        )
    return {int(row[0]): row[1] for row in conn.execute(query)}


def finished_since(conn: Connection, unit_id: int, since: datetime) -> int:
    """Cases of the unit that LAPOR has called finished since then."""
    query = (
        select(func.count(complaints.c.id.distinct()))
        .join_from(dispositions, complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(
            dispositions.c.unit_id == unit_id, dispositions.c.end_reason == "finished",
            dispositions.c.ended_at >= since, _TELLABLE,
        )
    )  # fmt: skip
    return conn.scalar(query) or 0


def topic(conn: Connection, unit_id: int, since: date) -> str | None:
    """The category that most of the unit's cases have: those still open, and those that came since that day."""
    query = (
        select(complaints.c.category)
        .join_from(dispositions, complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(
            dispositions.c.unit_id == unit_id, complaints.c.category.is_not(None), _TELLABLE,
            complaints.c.confidential.is_(False),
            or_(dispositions.c.ended_at.is_(None), dispositions.c.disposed_on >= since),
        )
        .group_by(complaints.c.category)
        .order_by(func.count(complaints.c.id.distinct()).desc(), complaints.c.category)
        .limit(1)
    )  # fmt: skip
    return conn.scalar(query)


def promises_due(conn: Connection, unit_id: int, first: date, last: date, zone: str) -> list[Promise]:
    """The unit's promises for these days, with what LAPOR recorded of their case."""
    query = (
        select(notes.c.received_at, notes.c.promise_until, dispositions.c.responded_on, complaints.c.finished_on)
        .join_from(notes, dispositions, dispositions.c.id == notes.c.disposition_id)
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(dispositions.c.unit_id == unit_id, notes.c.promise_until.between(first, last), _TELLABLE)
    )
    local = ZoneInfo(zone)
    return [Promise(at.astimezone(local).date(), *days) for at, *days in conn.execute(query)]


def switched_off(conn: Connection, contact_ids: Collection[int]) -> set[int]:
    """Who wants no recaps."""
    off = contacts.c.id.in_(sorted(contact_ids)) & contacts.c.recaps_off_at.is_not(None)
    return set(conn.scalars(select(contacts.c.id).where(off)))


def listeners(conn: Connection) -> list[tuple[Any, ...]]:
    """Who hears the office's recaps without a role in any chain, as directory.Person has it."""
    c = contacts.c
    columns = (
        c.id, c.name, c.position, func.coalesce(c.phone, c.whatsapp_id, ""), c.guest, c.opted_out_at.is_not(None),
        c.unreachable_at.is_not(None), c.last_inbound_at,
    )  # fmt: skip
    return [tuple(row) for row in conn.execute(select(*columns).where(c.office_recaps).order_by(c.id))]


def known_keys(conn: Connection, keys: Collection[str]) -> set[str]:
    """Which of these recaps are written down already."""
    return set(conn.scalars(select(messages.c.dedupe_key).where(messages.c.dedupe_key.in_(sorted(keys)))))


def newest_of(conn: Connection, contact_id: int, since: datetime) -> int | None:
    """The newest recap that has left for this person since then."""
    query = (
        select(messages.c.id)
        .where(
            messages.c.contact_id == contact_id, messages.c.accepted_at >= since,
            messages.c.dedupe_key.startswith("recap:"),
        )
        .order_by(messages.c.id.desc())
        .limit(1)
    )  # fmt: skip
    return conn.scalar(query)


def of_message(conn: Connection, message_id: int) -> Told | None:
    """What a message was, if it was a recap."""
    query = select(messages.c.dedupe_key, messages.c.workday, messages.c.template).where(
        messages.c.id == message_id, messages.c.dedupe_key.startswith("recap:")
    )
    row = conn.execute(query).first()
    if row is None or row.template is None:
        return None
    scope = row.dedupe_key.split(":")[3]
    return Told(row.workday, row.template, int(scope.removeprefix("unit-")) if scope.startswith("unit-") else None)
