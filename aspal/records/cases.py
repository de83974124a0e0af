"""Dispositions as the escalation sees them: what is due to be looked at, and what a look leaves behind."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, and_, bindparam, cast, func, or_, select, update

from aspal.among import among
from aspal.bulk import bulk_update
from aspal.conditions import of_officials
from aspal.core.case import Case, Rest
from aspal.core.codes import as_typed
from aspal.core.replay import Past
from aspal.core.words import Kind, Status
from aspal.tables import complaints, dispositions, units


@dataclass(slots=True)
class CaseRow:
    """A disposition with its complaint and unit; `case` lacks only the people."""

    case: Case
    complaint_id: int
    unit_id: int | None
    unit_name: str
    zone: str | None
    ladder_id: int | None
    level: int
    number: str  # the tracking id, or the provisional one
    has_tracking_id: bool
    code: str
    title: str | None
    confidential: bool
    link: str | None

    @property
    def id(self) -> int:
        """The disposition."""
        return self.case.disposition_id


@dataclass(slots=True)
class Looked:
    """What a look at a disposition changed."""

    disposition_id: int
    next_look_at: datetime | None
    level: int
    ladder_id: int


_KINDS, _STATUSES = {kind.value: kind for kind in Kind}, {status.value: status for status in Status}

# By name: what a decision needs, and no more.
_OF_DISPOSITION = (
    "id", "complaint_id", "unit_id", "code", "disposed_on", "status", "responded_on", "ended_at", "ladder_id", "level",
    "claim", "claimed_at", "claim_denied_at", "replied_at", "paused_until", "exempt_at",
)  # fmt: skip
_NONE, _NO_DAYS = "[]", frozenset[date]()
_QUERY: Select[Any] = select(
    *[dispositions.c[name] for name in _OF_DISPOSITION],
    cast(dispositions.c.rests, Text).label("rests"),  # as text: nearly always there are none to be read
    cast(dispositions.c.snoozed_days, Text).label("snoozed_days"),
    complaints.c.tracking_id,
    complaints.c.provisional_id,
    complaints.c.title,
    complaints.c.kind,
    complaints.c.supervised,
    complaints.c.category,
    complaints.c.confidential,
    complaints.c.link,
    units.c.name.label("unit_name"),
    units.c.kind.label("unit_kind"),
    units.c.time_zone,
    units.c.paused_until.label("unit_paused_until"),
).select_from(
    dispositions.join(complaints, complaints.c.id == dispositions.c.complaint_id).outerjoin(
        units, units.c.id == dispositions.c.unit_id
    )
)
_BY_ID = _QUERY.where(among(dispositions.c.id, "ids"))
# The first look at the clock reads this alone, so that an idle scan costs one index probe.
_DUE_IDS = (
    select(dispositions.c.id)
    .where(dispositions.c.next_look_at.is_not(None), dispositions.c.next_look_at <= bindparam("now"))
    .order_by(dispositions.c.next_look_at, dispositions.c.id)
    .limit(bindparam("most"))
)


_LOOKED = bulk_update(dispositions, "id", ("next_look_at", "level", "ladder_id"))


def due(conn: Connection, now: datetime, limit: int) -> tuple[list[CaseRow], dict[int, str]]:
    """Up to `limit` dispositions whose time to be looked at has come, whoever waits longest first, locked for this
    transaction; and those among them that cannot be read, with the reason."""
    query = _DUE_IDS if conn.dialect.name == "sqlite" else _DUE_IDS.with_for_update(skip_locked=True)
    ids = list(conn.scalars(query, {"now": now, "most": limit}))
    found, broken = _read(conn, ids)
    return list(found.values()), broken


def by_id(conn: Connection, ids: Iterable[int]) -> dict[int, CaseRow]:
    """The named dispositions, in any order of asking; those that cannot be read are left out."""
    return _read(conn, sorted(set(ids)))[0]


def _read(conn: Connection, ids: Sequence[int]) -> tuple[dict[int, CaseRow], dict[int, str]]:
    """In the order of the ids. One bad row must not hide the others: it is named instead."""
    found: dict[int, CaseRow] = {}
    broken: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        rows = conn.execute(_BY_ID, {"ids": ids[start : start + 500]}).all()
        found |= {row.id: row for row in _readable(rows, broken)}
    return {number: found[number] for number in ids if number in found}, broken


def _readable(rows: Iterable[Row[Any]], broken: dict[int, str]) -> list[CaseRow]:
    """The rows that can be read; the others go into `broken`, each with its reason."""
    found = []
    for row in rows:
        try:
            found.append(_case_row(row))
        except (ValueError, KeyError, TypeError) as error:
            broken[row.id] = f"{type(error).__name__}: {error}"
    return found


def complaint_id(conn: Connection, number: str) -> int | None:
    """The complaint with that tracking id or provisional id."""
    wanted = as_typed(number)
    return conn.scalar(
        select(complaints.c.id).where(
            or_(complaints.c.tracking_id == wanted, complaints.c.provisional_id == wanted),
            complaints.c.merged_into_id.is_(None),
        )
    )


def of_complaint(conn: Connection, complaint_id: int) -> list[CaseRow]:
    """Every disposition of a complaint, oldest first."""
    rows = conn.execute(_QUERY.where(dispositions.c.complaint_id == complaint_id).order_by(dispositions.c.id))
    return _readable(rows, {})


def looked(conn: Connection, looks: Sequence[Looked]) -> None:
    """Moves the next look forward and keeps the highest level told."""
    _LOOKED(conn, [(x.disposition_id, x.next_look_at, x.level, x.ladder_id) for x in looks])


def park(conn: Connection, disposition_id: int, reason: str, now: datetime) -> None:
    """Takes a disposition that cannot be looked at out of the scan until an admin has dealt with it."""
    conn.execute(
        update(dispositions)
        .where(dispositions.c.id == disposition_id)
        .values(parked_at=now, parked_reason=reason[:500], next_look_at=None)
    )


def wake(conn: Connection, disposition_ids: Iterable[int], now: datetime) -> None:
    """Something about these dispositions changed: the next scan looks at them."""
    ids = sorted(set(disposition_ids))
    for start in range(0, len(ids), 500):
        conn.execute(
            update(dispositions)
            .where(
                dispositions.c.id.in_(ids[start : start + 500]),
                dispositions.c.ended_at.is_(None),
                or_(dispositions.c.next_look_at.is_(None), dispositions.c.next_look_at > now),
                dispositions.c.parked_at.is_(None),
            )
            .values(next_look_at=now)
        )


def open_of_unit(conn: Connection, unit_id: int) -> list[CaseRow]:
    """The open dispositions of one unit, for its recap; supervised ones are left out, so that nobody is tipped off."""
    where = and_(
        dispositions.c.unit_id == unit_id,
        dispositions.c.ended_at.is_(None),
        ~of_officials(),
    )
    return _readable(conn.execute(_QUERY.where(where).order_by(dispositions.c.disposed_on)), {})


def past(conn: Connection, since: datetime, most: int | None = None) -> list[tuple[CaseRow, Past]]:
    """Dispositions that were open at some time since then, the newest first, at most so many."""
    query = _QUERY.where(_was_open(since)).order_by(dispositions.c.id.desc()).limit(most)
    found = []
    for row in conn.execute(query):
        one = _case_row(row)
        case = replace(one.case, ended=False, claim=None, rests=(), snoozed=frozenset(), paused_until=None)
        found.append((one, Past(case, row.responded_on, row.ended_at.date() if row.ended_at else None)))
    return found


def past_count(conn: Connection, since: datetime, most: int) -> int:
    """How many were open at some time since then, counted up to `most`."""
    some = select(dispositions.c.id).where(_was_open(since)).limit(most).subquery()
    return conn.scalar(select(func.count()).select_from(some)) or 0


def running(conn: Connection, most: int) -> list[CaseRow]:
    """The newest open dispositions that the scan looks at, at most so many."""
    open_ones = and_(dispositions.c.ended_at.is_(None), dispositions.c.parked_at.is_(None))
    return _readable(conn.execute(_QUERY.where(open_ones).order_by(dispositions.c.id.desc()).limit(most)), {})


def _was_open(since: datetime) -> ColumnElement[bool]:
    return or_(dispositions.c.ended_at.is_(None), dispositions.c.ended_at >= since)


def _case_row(row: Any) -> CaseRow:
    """By place, in the order of _QUERY: by name it costs three times as much, and a morning reads thousands."""
    (
        number, complaint, unit, code, disposed_on, status, _responded_on, ended_at, ladder, level, claim, claimed_at,
        denied_at, replied_at, own_pause, exempt_at, rests, snoozed, tracking_id, provisional_id, title, kind,
        supervised, category, confidential, link, unit_name, unit_kind, zone, units_pause,
    ) = row  # fmt: skip
    case = Case(
        number, _KINDS[kind], supervised, _STATUSES[status], disposed_on, ended_at is not None, unit_kind or "", unit,
        category, claim, claimed_at, denied_at, replied_at,
        tuple(map(_rest, json.loads(rests))) if rests != _NONE else (),
        frozenset(map(date.fromisoformat, json.loads(snoozed))) if snoozed != _NONE else _NO_DAYS,
        max(own_pause, units_pause) if own_pause and units_pause else own_pause or units_pause,
        exempt_at is not None,
    )  # fmt: skip
    return CaseRow(
        case, complaint, unit, unit_name or "", zone, ladder, level, tracking_id or provisional_id or "-",
        tracking_id is not None, code or "", title, confidential, link,
    )  # fmt: skip


def _rest(item: dict[str, str | None]) -> Rest:
    last = item.get("last")
    return Rest(date.fromisoformat(str(item["first"])), date.fromisoformat(last) if last else None, str(item["why"]))
