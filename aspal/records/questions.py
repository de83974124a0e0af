"""What was asked of a contact and what each possible answer stands for; and absences, which are asked about too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, update

from aspal.tables import absences, contacts, messages, questions


@dataclass(frozen=True, slots=True)
class Question:
    """An open question."""

    id: int
    contact_id: int
    topic: str  # which_case | substitute | promise_date
    options: Mapping[str, Any]
    reply_ids: tuple[int, ...]
    asked_at: datetime
    provider_sid: str | None  # of the message that asked


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave with the substitute who was asked."""

    id: int
    contact_id: int
    substitute_id: int
    first_day: date
    last_day: date
    state: str
    contact_name: str
    substitute_name: str
    contact_address: str
    contact_heard_at: datetime | None  # None also for who does not want to hear from us


def ask(
    conn: Connection, contact_id: int, topic: str, options: Mapping[str, Any], *, now: datetime, expires_at: datetime,
    reply_ids: Sequence[int] = (), message_id: int | None = None,
) -> int:  # fmt: skip
    """Remembers what was asked."""
    row = {
        "contact_id": contact_id, "topic": topic, "options": dict(options), "reply_ids": list(reply_ids),
        "message_id": message_id, "asked_at": now, "expires_at": expires_at,
    }  # fmt: skip
    return int(conn.execute(insert(questions).values(row).returning(questions.c.id)).scalar_one())


def pending(conn: Connection, contact_id: int, now: datetime) -> list[Question]:
    """The contact's open questions, newest first."""
    query = (
        select(questions, messages.c.provider_sid)
        .outerjoin(messages, messages.c.id == questions.c.message_id)
        .where(
            questions.c.contact_id == contact_id, questions.c.answered_at.is_(None), questions.c.expires_at > now
        )
        .order_by(questions.c.id.desc())
    )  # fmt: skip
    return [_question(row) for row in conn.execute(query)]


def answered_since(conn: Connection, contact_id: int, since: datetime) -> Question | None:
    """The last "which one?" of this contact that is over since then."""
    query = (
        select(questions, messages.c.provider_sid)
        .outerjoin(messages, messages.c.id == questions.c.message_id)
        .where(
            questions.c.contact_id == contact_id, questions.c.topic == "which_case", questions.c.answered_at >= since
        )
        .order_by(questions.c.answered_at.desc(), questions.c.id.desc())
    )  # fmt: skip
    row = conn.execute(query.limit(1)).first()
    return _question(row) if row else None


def was_sent_last(conn: Connection, question_id: int) -> bool:
    """Whether its message has left, and none after it to the same person."""
    later = messages.alias("later")
    query = (
        select(messages.c.id)
        .join(questions, questions.c.message_id == messages.c.id)
        .join(later, (later.c.contact_id == messages.c.contact_id) & (later.c.id > messages.c.id), isouter=True)
        .where(questions.c.id == question_id, messages.c.accepted_at.is_not(None), later.c.id.is_(None))
    )
    return conn.scalar(query) is not None


def asked_about(conn: Connection, provider_sid: str) -> list[int]:
    """The dispositions that our quoted question "which one?" offered; none when it was no such question."""
    query = (
        select(questions.c.options)
        .join(messages, messages.c.id == questions.c.message_id)
        .where(messages.c.provider_sid == provider_sid, questions.c.topic == "which_case")
    )
    return [int(i) for options in conn.scalars(query) for i in options.values()]


def expired(conn: Connection, now: datetime) -> list[Question]:
    """Questions that nobody answered in time."""
    query = (
        select(questions, messages.c.provider_sid)
        .outerjoin(messages, messages.c.id == questions.c.message_id)
        .where(questions.c.answered_at.is_(None), questions.c.expires_at <= now)
        .order_by(questions.c.id)
    )
    return [_question(row) for row in conn.execute(query)]


def join(conn: Connection, question: Question, reply_id: int) -> None:
    """Another reply waits for the same answer."""
    waiting = [*question.reply_ids, reply_id]
    conn.execute(update(questions).where(questions.c.id == question.id).values(reply_ids=waiting))


def close(conn: Connection, question_id: int, now: datetime) -> None:
    """Answered, replaced or over: it is not asked any more."""
    conn.execute(update(questions).where(questions.c.id == question_id).values(answered_at=now))


# --- absences -------------------------------------------------------------------------------------------------


def propose_absence(
    conn: Connection, contact_id: int, substitute_id: int, first_day: date, last_day: date, now: datetime
) -> int:
    """A leave that holds only once the substitute accepts. An earlier proposal for these days is withdrawn."""
    overlapping = (
        (absences.c.contact_id == contact_id)
        & (absences.c.state == "proposed")
        & (absences.c.first_day <= last_day)
        & (absences.c.last_day >= first_day)
    )
    conn.execute(update(absences).where(overlapping).values(state="cancelled", answered_at=now))
    row = {
        "contact_id": contact_id, "substitute_id": substitute_id, "first_day": first_day, "last_day": last_day,
        "state": "proposed", "asked_at": now,
    }  # fmt: skip
    return int(conn.execute(insert(absences).values(row).returning(absences.c.id)).scalar_one())


def absence(conn: Connection, absence_id: int) -> Absence | None:
    """A leave with both names."""
    substitute = contacts.alias("substitute")
    query = (
        select(
            absences, contacts.c.name.label("contact_name"), substitute.c.name.label("substitute_name"),
            func.coalesce(contacts.c.phone, contacts.c.whatsapp_id).label("contact_address"),
            case((contacts.c.opted_out_at.is_(None), contacts.c.last_inbound_at)).label("contact_heard_at"),
        )
        .join(contacts, contacts.c.id == absences.c.contact_id)
        .join(substitute, substitute.c.id == absences.c.substitute_id)
        .where(absences.c.id == absence_id)
    )  # fmt: skip
    row = conn.execute(query).first()
    return Absence(**{name: getattr(row, name) for name in Absence.__dataclass_fields__}) if row else None


def answer_absence(conn: Connection, absence_id: int, state: str, now: datetime) -> bool:
    """The substitute answered; False when the proposal was withdrawn meanwhile."""
    proposed = (absences.c.id == absence_id) & (absences.c.state == "proposed")
    return conn.execute(update(absences).where(proposed).values(state=state, answered_at=now)).rowcount == 1


def _question(row: Any) -> Question:
    return Question(
        row.id, row.contact_id, row.topic, row.options, tuple(row.reply_ids or ()), row.asked_at, row.provider_sid
    )
