"""What the pages about messages read: a filtered list by key in both directions, one message whole, what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, text

from aspal.conditions import case_is_secret
from aspal.core.secrecy import is_secret
from aspal.tables import (
    attempts,
    complaints,
    contacts,
    dispositions,
    journal,
    messages,
    notices,
    reports,
    units,
)

PAGE = 50
_FEW = 62  # days
# Spelled out, so that the database sees that the partial index holds all of them.
_DECIDING = frozenset({"held", "unknown", "failed", "cancelled"})
_SHELF = text("messages.state IN ('held', 'unknown', 'failed', 'cancelled')")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; everything empty: all messages."""

    states: tuple[str, ...] = ()
    unit_id: int | None = None
    person: str = ""
    template: str | None = None
    first: date | None = None
    last: date | None = None
    shadow: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the list."""

    id: int
    contact_id: int | None
    to: str | None
    address: str
    template: str | None
    text: str
    workday: date
    state: str
    reason: str | None
    error_code: int | None
    created_at: datetime
    not_before: datetime
    accepted_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    failed_at: datetime | None
    shadow: bool
    secret: bool  # see conditions.case_is_secret

    @property
    def at(self) -> datetime:
        """The newest moment that is known of it."""
        known = (self.read_at, self.delivered_at, self.failed_at, self.sent_at, self.accepted_at)
        return next((moment for moment in known if moment), self.not_before)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page, newest first, and the keys from which its neighbours go on."""

    rows: tuple[Row, ...]
    older: int | None
    newer: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case that a message speaks of."""

    complaint_id: int
    number: str
    unit: str | None
    step: str
    age: int
    confidential: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything about one message."""

    row: Row
    cases: tuple[Case, ...]
    attempts: tuple[tuple[datetime, str | None, str | None], ...]  # when, outcome, detail
    reports: tuple[tuple[datetime, str, int | None], ...]  # when, status, code
    facts: Mapping[str, Any] = field(default_factory=dict)


_ELSEWHERE = {"to": contacts.c.name.label("to"), "secret": case_is_secret().label("secret")}
_COLUMNS = [_ELSEWHERE[name] if name in _ELSEWHERE else messages.c[name] for name in Row.__slots__]


def listed(conn: Connection, wanted: Filters, *, before: int | None = None, after: int | None = None) -> Slice:
    """One page of the messages that fit."""
    query, key = _query(conn, wanted), _order(wanted)
    if after is not None:
        rows = conn.execute(query.where(messages.c.id > after).order_by(key).limit(PAGE + 1)).all()
        more, rows = len(rows) > PAGE, list(reversed(rows[:PAGE]))
        return Slice(tuple(Row(*row) for row in rows), rows[-1].id if rows else None, rows[0].id if more else None)
    if before is not None:
        query = query.where(messages.c.id < before)
    found = conn.execute(query.order_by(key.desc()).limit(PAGE + 1)).all()
    rows = found[:PAGE]
    older = rows[-1].id if len(found) > PAGE else None
    return Slice(tuple(Row(*row) for row in rows), older, rows[0].id if rows and before is not None else None)


def first_to_decide(conn: Connection, limit: int = 5) -> tuple[Row, ...]:
    """In doubt first, then held: what goes no further by itself."""
    doubt = Filters(states=("unknown",)), Filters(states=("held",))
    found: list[Row] = []
    for wanted in doubt:
        query = _query(conn, wanted).order_by(messages.c.id.desc()).limit(limit - len(found))
        found += [Row(*row) for row in conn.execute(query)] if len(found) < limit else []
    return tuple(found)


def count_to_decide(conn: Connection, most: int = 1000) -> dict[str, int]:
    """How many are in doubt, held or failed lately; counted up to `most` each."""
    counts = {}
    for state in ("unknown", "held", "failed"):
        some = select(messages.c.id).where(*_in_states((state,))).limit(most).subquery()
        counts[state] = conn.scalar(select(func.count()).select_from(some)) or 0
    return counts


def by_id(conn: Connection, message_id: int) -> Whole | None:
    """One message with its cases, attempts and reports."""
    query = select(*_COLUMNS).join_from(messages, contacts, contacts.c.id == messages.c.contact_id, isouter=True)
    row = conn.execute(query.where(messages.c.id == message_id)).first()
    if row is None:
        return None
    tried = select(attempts.c.claimed_at, attempts.c.outcome, attempts.c.detail).where(
        attempts.c.message_id == message_id
    )
    heard = select(reports.c.received_at, reports.c.status, reports.c.error_code).where(
        reports.c.message_id == message_id
    )
    names = ("token", "attempts", "provider_sid", "in_reply_to_id", "resend_of_id", "expires_at", "priority")
    facts = conn.execute(select(*(messages.c[name] for name in names)).where(messages.c.id == message_id)).one()
    copy = conn.scalar(select(messages.c.id).where(messages.c.dedupe_key == f"resend:{message_id}"))
    return Whole(
        Row(*row),
        _cases(conn, message_id),
        tuple((at, outcome, detail) for at, outcome, detail in conn.execute(tried.order_by(attempts.c.claimed_at))),
        tuple((at, status, code) for at, status, code in conn.execute(heard.order_by(reports.c.id))),
        {**facts._mapping, "repeated_as": copy},
    )


def by_ids(conn: Connection, message_ids: Sequence[int]) -> tuple[Row, ...]:
    """These messages, oldest first."""
    query = select(*_COLUMNS).join_from(messages, contacts, contacts.c.id == messages.c.contact_id, isouter=True)
    found = conn.execute(query.where(messages.c.id.in_(message_ids)).order_by(messages.c.id))
    return tuple(Row(*row) for row in found)


def decided_by(conn: Connection, message_id: int) -> list[tuple[datetime, str, str]]:
    """Who decided what about a message: when, who, the journal's word."""
    query = select(journal.c.at, journal.c.actor, journal.c.action).where(journal.c.subject == f"message:{message_id}")
    return [(at, who, action) for at, who, action in conn.execute(query.order_by(journal.c.id))]


def _cases(conn: Connection, message_id: int) -> tuple[Case, ...]:
    query = (
        select(
            complaints.c.id, complaints.c.tracking_id, complaints.c.provisional_id, units.c.name, notices.c.step,
            notices.c.age, complaints.c.confidential, complaints.c.supervised, complaints.c.kind,
        )
        .join_from(notices, dispositions, dispositions.c.id == notices.c.disposition_id)
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(notices.c.message_id == message_id)
        .order_by(notices.c.id)
        .limit(200)
    )  # fmt: skip
    return tuple(
        Case(
            r.id, r.tracking_id or r.provisional_id or f"#{r.id}", r.name, r.step, r.age,
            is_secret(confidential=r.confidential, supervised=r.supervised, kind=r.kind),
        )
        for r in conn.execute(query)
    )  # fmt: skip


def _order(wanted: Filters) -> ColumnElement[Any]:
    """A few weeks are found by their days and then put in order; walking back by id from today would read all since."""
    few = wanted.first and wanted.last and (wanted.last - wanted.first).days <= _FEW
    return literal_column("+messages.id") if few else messages.c.id


def _query(conn: Connection, wanted: Filters) -> Select[Any]:
    query = select(*_COLUMNS).join_from(messages, contacts, contacts.c.id == messages.c.contact_id, isouter=True)
    return query.where(*_narrowed(conn, wanted))


def _narrowed(conn: Connection, wanted: Filters) -> list[ColumnElement[bool]]:
    parts: list[Any] = [*_in_states(wanted.states)]
    if wanted.unit_id is not None:
        of_unit = (
            select(notices.c.message_id)
            .join(dispositions, dispositions.c.id == notices.c.disposition_id)
            .where(dispositions.c.unit_id == wanted.unit_id, notices.c.message_id.is_not(None))
        )
        parts.append(messages.c.id.in_(of_unit))
    if wanted.person:
        parts.append(_to(conn, wanted.person))
    if wanted.template == "teks":
        parts.append(messages.c.template.is_(None))
    elif wanted.template:
        parts.append(messages.c.template == wanted.template)
    if wanted.first:
        parts.append(messages.c.workday >= wanted.first)
    if wanted.last:
        parts.append(messages.c.workday <= wanted.last)
    if wanted.shadow:
        parts.append(text("messages.shadow"))
    if wanted.reason:
        parts.append(messages.c.reason == wanted.reason)
    return parts


def _to(conn: Connection, name: str) -> ColumnElement[bool]:
    """Messages to people of that name. Few are found by an index; many are met anyway while walking back by id."""
    named = select(contacts.c.id).where(contacts.c.name.icontains(name, autoescape=True)).limit(200)
    ids = conn.scalars(named).all()
    column: ColumnElement[int] = messages.c.contact_id if len(ids) <= 10 else literal_column("+messages.contact_id")
    return column.in_(ids)


def _in_states(states: Sequence[str]) -> list[Any]:
    if not states:
        return []
    chosen = literal_column("messages.state").in_([literal_column(f"'{_known(state)}'") for state in states])
    return [chosen, _SHELF] if set(states) <= _DECIDING else [chosen]


def _known(state: str) -> str:
    if not state.isalpha():
        raise ValueError("not a state")
    return state
