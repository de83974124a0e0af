"""Writing to one person by hand: free text within the 24-hour window, or a template that asks them to write.

It only plans: the late check stands before every message, whoever wrote it.
"""

from datetime import datetime

from sqlalchemy import Connection

from aspal.core import window
from aspal.core.alarm_keys import QUESTION
from aspal.core.delivery import State
from aspal.core.refused import Refused
from aspal.core.switches import SENDER_STOP
from aspal.db import Database
from aspal.flow import hours
from aspal.gateways.texts import SESSION_LIMIT, Texts
from aspal.records import health, journal, outbox, rollout, threads
from aspal.records.calendar import Calendars
from aspal.records.journal import Entry
from aspal.records.threads import Writer
from aspal.settings import Settings

INVITATION = "mohon_balas"
_PRIORITY = 8


def hindrance(conn: Connection, person: Writer, settings: Settings, now: datetime) -> str | None:
    """Why nothing at all may be written to this person, in Indonesian."""
    if person.opted_out_at:
        return "Orang ini meminta berhenti (BERHENTI). Ia harus menulis MULAI lebih dahulu."
    if not person.address:
        return "Belum ada nomor WhatsApp."
    reach = rollout.read(conn, settings.recipients)
    if reach.bars(guest=person.guest):
        return "Hanya daftar tamu yang boleh menerima pesan, dan orang ini bukan tamu."
    if reach.shadows([], guest=person.guest):
        return "Kantor dalam mode bayangan; jawaban tidak akan terkirim."
    if health.get_switch(conn, SENDER_STOP, now):
        return "Pengiriman sedang dihentikan; lihat halaman Kesehatan."
    return None


def answer(
    db: Database, contact_id: int, text: str, form_id: str, settings: Settings, *, now: datetime, by: str
) -> bool:
    """Plans free text to this person; False when the very same form was handed in before. Raises Refused."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Refused("Tulis jawabannya dahulu.")
    if len(words) > SESSION_LIMIT:
        raise Refused(f"Jawaban terlalu panjang: {len(words)} dari {SESSION_LIMIT} karakter.")
    with db.act() as conn:
        person = _reachable(conn, contact_id, settings, now)
        if not window.is_open(person.last_inbound_at, now):
            raise Refused("Sudah lebih dari 24 jam sejak pesan terakhirnya; jawaban bebas ditolak WhatsApp.")
        message_id = outbox.put_answer(
            conn, contact_id=contact_id, address=person.address, text=words, now=now,
            dedupe_key=f"desk:{form_id}",
        )  # fmt: skip
        asked = f"{QUESTION}{contact_id}:"
        health.clear_alarms(conn, [one.key for one in health.open_alarms(conn) if one.key.startswith(asked)], now)
        return _planned(conn, message_id, contact_id, "contact.answered", now, by)


def invite(
    db: Database, calendars: Calendars, texts: Texts, contact_id: int, settings: Settings, *, now: datetime, by: str
) -> bool:
    """Plans a template that asks the person to write, so that the window opens; once a day. Raises Refused."""
    with db.act() as conn:
        person = _reachable(conn, contact_id, settings, now)
        calendar = hours.calendar_of(conn, calendars, contact_id, now)
        opening = calendar.next_open(now)
        day = calendar.local_day(opening)
        words = texts.render(INVITATION, {"penerima": person.name, "kantor": settings.office_name})
        message = outbox.NewMessage(
            contact_id, person.address, INVITATION, words.variables, words.text, day, State.WAITING,
            _PRIORITY, opening, calendar.closing(day), dedupe_key=f"invite:{contact_id}:{day}",
        )  # fmt: skip
        return _planned(conn, outbox.put(conn, [message], now)[0], contact_id, "contact.invited", now, by)


def _reachable(conn: Connection, contact_id: int, settings: Settings, now: datetime) -> Writer:
    person = threads.contact(conn, contact_id)
    if person is None:
        raise Refused("Orang ini tidak ada lagi di direktori.")
    if why := hindrance(conn, person, settings, now):
        raise Refused(why)
    return person


def _planned(conn: Connection, message_id: int | None, contact_id: int, action: str, now: datetime, by: str) -> bool:
    if message_id is None:
        return False
    journal.append(conn, [Entry(now, by, action, f"contact:{contact_id}", {"message": message_id})])
    return True
