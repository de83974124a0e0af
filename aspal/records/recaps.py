"""Counts for the recaps: what somebody's units have done and have left; and the recaps that were written down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, func, or_, select

from aspal.conditions import of_officials
from aspal.core.rapor.follow import Promise
from aspal.tables import complaints, contacts, dispositions, journal, messages, notes, units


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit whose head hears recaps."""

    id: int
    name: str
    short_name: str | None
    zone: str | None
    paused_until: datetime | None

    @property
    def short(self) -> str:
        """The name where there is little room."""
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class Told:
    """A recap that was written down."""

    recap: str  # the ladder's name for it
    contact_id: int | None
    workday: date
    template: str
    whole_office: bool
    unit_ids: tuple[int, ...] = ()  # else the units that it spoke of


# What concerns officials themselves is never told to the head of their unit, not even as a count.
_TELLABLE = ~of_officials()
OFFICE, UNITS = "office", "units"  # what a recap speaks of, as its key has it; before: "unit-7", of one unit alone
_ONE_UNIT = "unit-"
_OLD_NEWS = timedelta(days=7)  # beside the week itself: nobody exports later than that and means this week


def every_unit(conn: Connection) -> list[Unit]:
    """Units that can have something to hear about."""
    has_open = exists().where(dispositions.c.unit_id == units.c.id, dispositions.c.ended_at.is_(None))
    columns = units.c.id, units.c.name, units.c.short_name, units.c.time_zone, units.c.paused_until
    return [Unit(*row) for row in conn.execute(select(*columns).where(units.c.active | has_open).order_by(units.c.id))]


def finished_between(conn: Connection, unit_ids: Sequence[int], since: datetime, until: datetime) -> int:
    """Cases of these units that LAPOR has called finished in that span, as far as we have seen it happen.

    When we heard of it decides which recap tells it, so that an import after the weekend loses nothing. What was over
    when we first heard of it, or had been finished for weeks, is no work of that span: a first import, a late one.
    """
    long_since = (since - _OLD_NEWS).date()
    query = (
        select(func.count(complaints.c.id.distinct()))
        .join_from(dispositions, complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(
            dispositions.c.unit_id.in_(unit_ids), dispositions.c.end_reason == "finished",
            dispositions.c.ended_at >= since, dispositions.c.ended_at < until, _TELLABLE,
            dispositions.c.created_at < dispositions.c.ended_at,
            or_(complaints.c.finished_on.is_(None), complaints.c.finished_on >= long_since),
        )
    )  # fmt: skip
    return conn.scalar(query) or 0


def topic(conn: Connection, unit_ids: Sequence[int], since: date) -> str | None:
    """The category that most of these units' cases have: those still open, and those that came since that day."""
    query = (
        select(complaints.c.category)
        .join_from(dispositions, complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(
            dispositions.c.unit_id.in_(unit_ids), complaints.c.category.is_not(None), _TELLABLE,
            complaints.c.confidential.is_(False),
            or_(dispositions.c.ended_at.is_(None), dispositions.c.disposed_on >= since),
        )
        .group_by(complaints.c.category)
        .order_by(func.count(complaints.c.id.distinct()).desc(), complaints.c.category)
        .limit(1)
    )  # fmt: skip
    return conn.scalar(query)


def promises_due(conn: Connection, unit_ids: Sequence[int], first: date, last: date, zone: str) -> list[Promise]:
    """These units' promises for these days, with what LAPOR recorded of their case."""
    query = (
        select(notes.c.received_at, notes.c.promise_until, dispositions.c.responded_on, complaints.c.finished_on)
        .join_from(notes, dispositions, dispositions.c.id == notes.c.disposition_id)
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(dispositions.c.unit_id.in_(unit_ids), notes.c.promise_until.between(first, last), _TELLABLE)
    )
    local = ZoneInfo(zone)
    return [Promise(at.astimezone(local).date(), *days) for at, *days in conn.execute(query)]


def switched_off(conn: Connection, contact_ids: Collection[int]) -> set[int]:
    """Who wants no recaps."""
    off = contacts.c.id.in_(sorted(contact_ids)) & contacts.c.recaps_off_at.is_not(None)
    return set(conn.scalars(select(contacts.c.id).where(off)))


def key(recap: str, period: date, scope: str, contact_id: int) -> str:
    """What makes a recap happen once a period and person. Whose head somebody is may change meanwhile, so the units
    stand in the journal and not here."""
    return f"recap:{recap}:{period.isoformat()}:{scope}:{contact_id}"


def heard(conn: Connection, recap: str, period: date, contact_ids: Collection[int]) -> set[int]:
    """Who has this recap written down already, whatever units it spoke of."""
    query = select(messages.c.contact_id).where(
        messages.c.contact_id.in_(sorted(contact_ids)),
        messages.c.workday >= period,
        messages.c.dedupe_key.startswith(f"recap:{recap}:{period.isoformat()}:", autoescape=True),
    )
    return set(conn.scalars(query))


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
    m = messages.c
    query = select(m.dedupe_key, m.contact_id, m.workday, m.template).where(
        m.id == message_id, m.dedupe_key.startswith("recap:")
    )
    row = conn.execute(query).first()
    if row is None or row.template is None:
        return None
    recap, _, scope, _ = row.dedupe_key.removeprefix("recap:").rsplit(":", 3)
    if scope.startswith(_ONE_UNIT):
        unit_ids: tuple[int, ...] = (int(scope.removeprefix(_ONE_UNIT)),)
    else:
        unit_ids = _units_of(conn, message_id) if scope == UNITS else ()
    return Told(recap, row.contact_id, row.workday, row.template, scope == OFFICE, unit_ids)


def _units_of(conn: Connection, message_id: int) -> tuple[int, ...]:
    """The units that a recap spoke of, as its planning was journalled."""
    query = select(journal.c.detail).where(journal.c.subject == f"message:{message_id}", journal.c.actor == "recap")
    return tuple(unit_id for detail in conn.scalars(query) for unit_id in detail.get("units", ()))
