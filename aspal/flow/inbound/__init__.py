"""Station 6: reply -> person -> complaint -> note.

`receive` runs in the web process and only stores. `understand` runs in the worker: each reply in its own transaction,
in order of arrival; one that cannot be understood is parked after a few tries and never stops the others.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core import alarm_keys
from aspal.db import Database
from aspal.flow.inbound import absence, answers, asking, commands, confirming, correcting, sender, which_case
from aspal.flow.inbound.attachments import fetch_media as fetch_media
from aspal.flow.inbound.turn import Turn
from aspal.flow.mailroom import Mailroom
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import clean_form, parse_inbound
from aspal.records import directory, health, notes, replies
from aspal.records.calendar import Calendars
from aspal.settings import Settings

log = logging.getLogger(__name__)
TRIES = 3
BATCH = 200


@dataclass(slots=True)
class Counts:
    """What one run did, by what became of the replies; scripts rely on the names."""

    understood: int = 0
    matched: int = 0
    asked: int = 0
    tray: int = 0
    command: int = 0
    unknown_sender: int = 0
    parked: int = 0
    errors: int = 0


def receive(mailroom: Mailroom, form: Mapping[str, Any], now: datetime) -> None:
    """Stores a reply as it came, once, however often the webhook is called. Raises OddForm when nobody sent it."""
    told = parse_inbound(form)
    mailroom.post(replies.store, replies.Arrival(told.provider_sid, told.address, clean_form(form), now))


def understand(db: Database, now: datetime, calendars: Calendars, texts: Texts, settings: Settings) -> Counts:
    """Understands every stored reply; what fails is tried again by the next runs."""
    counts = Counts()
    with db.write() as conn:
        asking.expire(conn, now)
    last, held_back = 0, set[str]()
    while True:
        with db.read() as conn:
            batch = replies.waiting(conn, last, BATCH)
        if not batch:
            return counts
        for reply_id, address in batch:
            last = reply_id
            if address in held_back:
                continue  # what this person wrote later must not overtake what failed
            try:
                with db.write() as conn:
                    state = _understand_one(conn, reply_id, now, calendars, texts, settings)
            except Exception as error:
                held_back.add(address)
                counts.errors += 1
                counts.parked += _failed(db, reply_id, error, now)
            else:
                if state:
                    counts.understood += 1
                    setattr(counts, state, getattr(counts, state) + 1)


def _understand_one(
    conn: Connection, reply_id: int, now: datetime, calendars: Calendars, texts: Texts, settings: Settings
) -> str | None:
    """One reply from raw to settled; the state it ends in, None when someone else was faster."""
    reply = replies.take(conn, reply_id)
    if reply is None:
        return None
    form = parse_inbound(reply.raw)
    contact = sender.identify(conn, form, now)
    if contact is None:
        sender.point_elsewhere(conn, reply, texts, now)
        return "unknown_sender"
    replies.heard(conn, contact.id, reply.received_at)
    notes.put_media(conn, reply.id, [(m.position, m.content_type, m.ref) for m in form.media], now)
    day = calendars.of(None).local_day(reply.received_at)
    roles = directory.units_of(conn, contact.id, day)
    return _deal_with(Turn(conn, now, calendars, texts, settings, reply, form, contact, roles))


def _deal_with(turn: Turn) -> str:
    """The first part that takes the reply settles it: commands, answers to what we asked, then cases."""
    reading = turn.understood(turn.form)
    return (
        commands.take(turn, reading)
        or confirming.take(turn, reading)
        or absence.take(turn, reading)
        or correcting.take(turn, reading)
        or answers.take(turn, reading)
        or which_case.take(turn, reading)
    )


def _failed(db: Database, reply_id: int, error: Exception, now: datetime) -> int:
    """Only the kind of error is told: its text may quote the message."""
    reason = type(error).__name__
    log.error("reply not understood", extra={"reply": reply_id, "error": reason})
    with db.write() as conn:
        if not replies.failed(conn, reply_id, reason, TRIES, now):
            return 0
        text = f"Balasan {reply_id} tidak dapat diproses ({reason}) dan disisihkan."
        health.raise_alarm(conn, f"{alarm_keys.REPLY}{reply_id}", text, now)
    return 1
