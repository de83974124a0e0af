"""Alarms about one row or one kind of text: which of them have outlived their cause.

An alarm's key ends with what it speaks of: "held:17" of message 17. What only tells of an event is over after a while.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, exists, or_, select

from aspal.core.bundling import BRAKE, UNUSABLE_TEXT
from aspal.tables import appointments, contacts, dispositions, heartbeats, media, messages, notices, replies

_EVENTS: Mapping[str, timedelta] = {
    "loop": timedelta(days=1),
    "gap": timedelta(days=7),
    "replies_found": timedelta(days=7),
    "strange_sends": timedelta(days=7),
    "promise": timedelta(days=7),
    "absence": timedelta(days=7),
    "substitute_unknown": timedelta(days=7),
    "whatsapp_id": timedelta(days=7),
    "unknown_sender": timedelta(days=7),
    "policy": timedelta(days=7),
}
_REMEMBERED = timedelta(days=7)  # so long after its newest refusal a text is thought of as refused


def outlived(conn: Connection, raised_at: Mapping[str, datetime], now: datetime, today: date) -> list[str]:
    """The keys of those open alarms whose cause is gone."""
    speaks_of: dict[str, dict[str, str]] = defaultdict(dict)
    for key in raised_at:
        kind, _, subject = key.rpartition(":")
        speaks_of[kind or key][subject] = key
    over = []
    for kind, keys in speaks_of.items():
        if kind in _EVENTS:
            over += [key for key in keys.values() if now - raised_at[key] >= _EVENTS[kind]]
        elif kind in _CAUSES:
            still = _CAUSES[kind](conn, today, keys)
            over += [key for subject, key in keys.items() if subject not in still]
    return over


def _still(column: Any, *conditions: ColumnElement[bool]) -> Callable[[Connection, date, Collection[str]], set[str]]:
    """Those subjects that are found in that column where the conditions hold."""

    def look(conn: Connection, today: date, subjects: Collection[str]) -> set[str]:
        wanted = select(column).where(cast(column, String).in_(list(subjects)), *conditions).distinct()
        return {str(value) for value in conn.scalars(wanted)}

    return look


def _opted_out(conn: Connection, today: date, subjects: Collection[str]) -> set[str]:
    """Who stopped is missed only while in office."""
    lasting = or_(appointments.c.valid_until.is_(None), appointments.c.valid_until >= today)
    in_office = exists().where(
        and_(appointments.c.contact_id == contacts.c.id, appointments.c.ended_at.is_(None), lasting)
    )
    return _still(contacts.c.id, contacts.c.opted_out_at.is_not(None), in_office)(conn, today, subjects)


def _brake(conn: Connection, today: date, subjects: Collection[str]) -> set[str]:
    held = select(messages.c.id).where(messages.c.state == "held", messages.c.reason == BRAKE)
    return set(subjects) if conn.execute(held.limit(1)).first() else set()


def _refused_text(conn: Connection, today: date, subjects: Collection[str]) -> set[str]:
    lately = and_(messages.c.state == "failed", messages.c.workday >= today - _REMEMBERED)
    held = and_(messages.c.state == "held", messages.c.error_code.is_not(None))
    return _still(messages.c.template, or_(lately, held))(conn, today, subjects)


def _unusable_text(conn: Connection, today: date, subjects: Collection[str]) -> set[str]:
    """A text is asked for by steps and by digests alike, so all of them stand while any notice waits for a text."""
    waits = select(notices.c.id).where(notices.c.state == "waiting", notices.c.reason.startswith(UNUSABLE_TEXT))
    return set(subjects) if conn.execute(waits.limit(1)).first() else set()


def _unfetched(conn: Connection, today: date, subjects: Collection[str]) -> set[str]:
    waits = select(media.c.id).where(media.c.state == "waiting")
    return set(subjects) if conn.execute(waits.limit(1)).first() else set()


_waiting = exists().where(and_(notices.c.contact_id == contacts.c.id, notices.c.state == "waiting"))
_CAUSES: Mapping[str, Callable[[Connection, date, Collection[str]], set[str]]] = {
    "unknown": _still(messages.c.id, messages.c.state.in_(("unknown", "held"))),
    "held": _still(messages.c.id, messages.c.state == "held"),
    "parked:disposition": _still(
        dispositions.c.id, dispositions.c.parked_at.is_not(None), dispositions.c.ended_at.is_(None)
    ),
    "reply": _still(replies.c.id, replies.c.state == "parked"),
    "consent": _still(contacts.c.id, contacts.c.consent_at.is_(None), contacts.c.opted_out_at.is_(None), _waiting),
    "opted_out": _opted_out,
    "moved": _still(appointments.c.id, appointments.c.ended_at.is_(None)),
    "volume_brake": _brake,
    "template": _refused_text,
    "text": _unusable_text,
    "job": _still(heartbeats.c.name),
    "media_dir": _unfetched,
}
