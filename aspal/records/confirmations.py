"""Rounds of "masih pejabat penghubung?": who was asked, what they answered. One row an appointment and round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, insert, select, update

from aspal.tables import appointments, confirmation_rounds, confirmations, contacts, messages, units

STAYS, MOVED = "stays", "moved"
SHOWN = 20  # rounds that the page lists


@dataclass(frozen=True)
class Round:
    """One round in figures."""

    id: int
    started_at: datetime
    started_by: str
    asked: int
    stays: int
    moved: int


@dataclass(frozen=True)
class Asked:
    """One liaison who was asked."""

    id: int
    round_id: int
    appointment_id: int
    contact_id: int
    name: str
    unit_id: int
    unit: str
    answer: str | None
    answered_at: datetime | None
    ended_at: datetime | None  # of the appointment
    message_state: str | None
    message_reason: str | None


def begin(conn: Connection, now: datetime, by: str) -> int:
    """A new round."""
    new = insert(confirmation_rounds).values(started_at=now, started_by=by).returning(confirmation_rounds.c.id)
    return int(conn.execute(new).scalar_one())


def add(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Who is asked in a round, and by which message."""
    if rows:
        conn.execute(insert(confirmations), [dict(row) for row in rows])


def asked_since(conn: Connection, since: datetime) -> set[int]:
    """Appointments that were asked about since then."""
    lately = select(confirmations.c.appointment_id).join(confirmation_rounds)
    return set(conn.scalars(lately.where(confirmation_rounds.c.started_at > since)))


def rounds(conn: Connection, only: int | None = None) -> list[Round]:
    """The newest rounds, newest first, or only one of them."""
    r, c = confirmation_rounds.c, confirmations.c
    tallies = [func.coalesce(func.sum(case((c.answer == answer, 1), else_=0)), 0) for answer in (STAYS, MOVED)]
    query = (
        select(r.id, r.started_at, r.started_by, func.count(c.id), *tallies)
        .outerjoin(confirmations, c.round_id == r.id)
        .group_by(r.id, r.started_at, r.started_by)
        .order_by(r.id.desc())
        .limit(SHOWN)
    )
    query = query if only is None else query.where(r.id == only)
    return [Round(*row) for row in conn.execute(query)]


def of_round(conn: Connection, round_id: int) -> list[Asked]:
    """Everybody who was asked in a round: who moved first, then who is silent."""
    found = [Asked(*row) for row in conn.execute(_asked().where(confirmations.c.round_id == round_id))]
    order = {MOVED: 0, None: 1, STAYS: 2}
    return sorted(found, key=lambda one: (order[one.answer], one.unit, one.name))


def by_message(conn: Connection, contact_id: int, provider_sid: str) -> Asked | None:
    """What the quoted message of ours asked this contact."""
    quoted = (messages.c.provider_sid == provider_sid) & (appointments.c.contact_id == contact_id)
    row = conn.execute(_asked().where(quoted)).first()
    return Asked(*row) if row else None


def newest_of(conn: Connection, contact_id: int, since: datetime) -> list[Asked]:
    """What the contact was asked since then, newest first."""
    told = (appointments.c.contact_id == contact_id) & (confirmation_rounds.c.started_at > since)
    return [Asked(*row) for row in conn.execute(_asked().where(told).order_by(confirmations.c.id.desc()))]


def answer(conn: Connection, confirmation_id: int, said: str, now: datetime) -> None:
    """What the liaison says; the newest word counts."""
    there = update(confirmations).where(confirmations.c.id == confirmation_id)
    conn.execute(there.values(answer=said, answered_at=now))


def moved(conn: Connection, contact_ids: Sequence[int]) -> dict[int, datetime]:
    """Appointment -> when its holder said to have moved, while it has not been ended."""
    latest = (
        select(confirmations.c.appointment_id, func.max(confirmations.c.id).label("id"))
        .where(confirmations.c.answer.is_not(None))
        .group_by(confirmations.c.appointment_id)
        .subquery()
    )
    query = (
        select(confirmations.c.appointment_id, confirmations.c.answered_at)
        .join(latest, latest.c.id == confirmations.c.id)
        .join(appointments, appointments.c.id == confirmations.c.appointment_id)
        .where(confirmations.c.answer == MOVED, appointments.c.ended_at.is_(None))
        .where(appointments.c.contact_id.in_(list(contact_ids)))
    )
    return {row.appointment_id: row.answered_at for row in conn.execute(query)}


def _asked() -> Select[Any]:
    c, a = confirmations.c, appointments.c
    return (
        select(
            c.id, c.round_id, c.appointment_id, a.contact_id, contacts.c.name, a.unit_id, units.c.name, c.answer,
            c.answered_at, a.ended_at, messages.c.state, messages.c.reason,
        )
        .join_from(confirmations, appointments, a.id == c.appointment_id)
        .join(confirmation_rounds, confirmation_rounds.c.id == c.round_id)
        .join(contacts, contacts.c.id == a.contact_id)
        .join(units, units.c.id == a.unit_id)
        .outerjoin(messages, messages.c.id == c.message_id)
    )  # fmt: skip
