"""The canary: every working morning a test message to an admin's own number, and an alarm when it does not arrive.

Part of the watch. On days without complaints it is the only proof that anything could be sent at all.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from aspal.core.alarm_keys import CANARY
from aspal.core.delivery import State
from aspal.core.wording import long_date
from aspal.core.workdays import Calendar
from aspal.gateways.texts import Texts
from aspal.records import health, outbox, watch
from aspal.settings import Settings

KIND = "uji_pagi"
ARRIVES_WITHIN = timedelta(minutes=15)
PRIORITY = 1  # ahead of the morning's queue, so that a long queue does not look like a dead sender
_NO_GUEST = (
    "Pesan uji pagi tidak dapat dikirim: pemegang nomor uji (CANARY_PHONE) tidak ada di daftar tamu. "
    "Tambahkan di Direktori, Daftar tamu, atau dengan `aspal guests add`."
)


def look(
    conn: Connection, settings: Settings, calendar: Calendar, texts: Texts, still_open: Collection[str], now: datetime
) -> bool:
    """Sends today's test message when it is time, and judges the newest one. True when one was planned."""
    if not settings.canary_phone:
        health.settle_alarms(conn, {CANARY: None}, still_open, now)
        return False
    owner = watch.owner(conn, settings.canary_phone)
    if settings.recipients == "guests" and not (owner and owner.guest):
        health.raise_alarm(conn, CANARY, _NO_GUEST, now)
        return False
    planned = calendar.is_open(now) and _plan(conn, settings, settings.canary_phone, owner, calendar, texts, now)
    _judge(conn, still_open, now)
    return planned


def _plan(
    conn: Connection, settings: Settings, phone: str, owner: watch.Owner | None, calendar: Calendar, texts: Texts,
    now: datetime,
) -> bool:  # fmt: skip
    today = calendar.local_day(now)
    name = owner.name if owner else "Admin"
    words = texts.render(KIND, {"penerima": name, "tanggal": long_date(today), "kantor": settings.office_name})
    message = outbox.NewMessage(
        owner.contact_id if owner else None, phone, KIND, words.variables, words.text, today, State.WAITING, PRIORITY,
        now, calendar.closing(today), None, f"{watch.CANARY}{today}",
    )  # fmt: skip
    return outbox.put(conn, [message], now)[0] is not None  # its key makes it once a day


def _judge(conn: Connection, still_open: Collection[str], now: datetime) -> None:
    newest = watch.canary(conn)
    if newest is None or newest.arrived:
        health.settle_alarms(conn, {CANARY: None}, still_open, now)
    elif now - newest.created_at >= ARRIVES_WITHIN:
        why = (newest.reason or "belum ada laporan sampai dari WhatsApp").rstrip(".")
        day = long_date(date.fromisoformat(newest.day))
        text = f"Pesan uji {day} tidak sampai: {why}. Periksa ponselnya, akun Twilio, dan alamat webhook."
        health.raise_alarm(conn, CANARY, text, now)
