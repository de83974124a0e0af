"""Alarms out: by WhatsApp to the office's admins, by e-mail where that is set. Part of the watch.

Each alarm is told once by each way, bundled, and once more when it is cured, not where only time has passed. A sender
that is stopped cannot tell of itself: that goes by e-mail at once, and by WhatsApp when it is over.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection

from aspal.core import alerting
from aspal.core.alerting import News, Told
from aspal.core.delivery import State
from aspal.core.wording import listed, long_moment
from aspal.core.words import Role
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.flow.gather import reachable
from aspal.flow.vitals import SENDER_ALARMS
from aspal.gateways import mail
from aspal.gateways.texts import CAPS, Texts
from aspal.gateways.whatsapp.port import Gateway
from aspal.records import directory, health, journal, outbox, templates, watch
from aspal.records.directory import Person
from aspal.settings import Settings

KIND = "kabar_sistem"
PRIORITY = 2  # after answers and our own test: who looks after the machine must hear of it first
WHATSAPP_EVERY, MAIL_EVERY = timedelta(hours=1), timedelta(minutes=15)
MAIL_ALARM = "mail"
PEN_FOR = 240.0  # seconds: longer than a mail server may think, shorter than until the next look
_LONGEST_LINE = 220
log = logging.getLogger(__name__)


def by_whatsapp(
    db: Database, gateway: Gateway, settings: Settings, calendar: Calendar, texts: Texts, now: datetime
) -> int:
    """Plans one message to each admin when there is news; how many."""
    if settings.alert_whatsapp == "off":
        return 0
    with db.write() as conn:
        outbox.lock_station(conn, "watch")
        told, open_now = _told(conn, "whatsapp"), _open(conn)
        stopped = {key: text for key, text in open_now.items() if key in SENDER_ALARMS}
        if stopped:  # through it nobody would hear; remembered, so that its end is told
            if stopped.keys() - told.alarms.keys():
                _remember(conn, "whatsapp", Told(told.at, {**told.alarms, **stopped}), now)
            return 0
        loud = {key: text for key, text in open_now.items() if not alerting.is_quiet(key)}
        said = alerting.news(told, loud, _cleared(conn, told, loud), now, WHATSAPP_EVERY)
        people = _admins(conn, settings, calendar, now) if said and calendar.is_open(now) else ()
        if not people or not _sendable(conn, gateway, texts):
            return 0
        ids = [_put(conn, person, said, settings, calendar, texts, now) for person in people]
        _remember(conn, "whatsapp", alerting.after(told, said, now), now)
        detail = {"raised": sorted(said.raised), "cured": sorted(said.cured), "people": len(ids)}
        journal.append(conn, [journal.Entry(now, "watch", "alarms.told", "way:whatsapp", detail)])
    return len(ids)


def by_mail(db: Database, settings: Settings, now: datetime) -> int:
    """Sends one e-mail when there is news; no transaction is open meanwhile. 1 when it left.

    The worker looks, and each web process while the worker is dead: whoever takes the pen first writes, for all.
    """
    smtp_url = settings.smtp_url
    if not (smtp_url and settings.alert_emails):
        return 0
    with db.read() as conn:
        if not _mail_news(conn, now)[1]:
            return 0
    owner = token_hex(8)
    with db.write() as conn:
        if not health.take_lease(conn, MAIL_ALARM, owner, now, PEN_FOR):
            return 0
        told, said = _mail_news(conn, now)  # anew: somebody may have written and laid the pen down just now
    try:
        return _send_mail(db, smtp_url, settings, told, said, now) if said else 0
    finally:
        with db.write() as conn:
            health.release_lease(conn, MAIL_ALARM, owner)


def _mail_news(conn: Connection, now: datetime) -> tuple[Told, News]:
    told = _told(conn, "email")
    open_now = {key: text for key, text in _open(conn).items() if key != MAIL_ALARM}
    return told, alerting.news(told, open_now, _cleared(conn, told, open_now), now, MAIL_EVERY)


def _send_mail(db: Database, smtp_url: str, settings: Settings, told: Told, said: News, now: datetime) -> int:
    subject, text = _letter(said, settings)
    try:
        mail.send(smtp_url, settings.smtp_from, settings.alert_emails, subject, text)
    except mail.MailFailed as failure:
        log.warning("mail failed: %s", failure)
        with db.write() as conn:
            alarm = f"Surel pemberitahuan tidak terkirim: {failure}. Periksa SMTP_URL dan ALERT_EMAILS."
            health.raise_alarm(conn, MAIL_ALARM, alarm, now)
        return 0
    with db.write() as conn:
        health.clear_alarm(conn, MAIL_ALARM, now)
        _remember(conn, "email", alerting.after(told, said, now), now)
        detail = {"raised": sorted(said.raised), "cured": sorted(said.cured)}
        journal.append(conn, [journal.Entry(now, "watch", "alarms.told", "way:email", detail)])
    return 1


def _letter(said: News, settings: Settings) -> tuple[str, str]:
    count = len(said.raised)
    subject = f"ASPAL: {count} gangguan" if count else "ASPAL: sudah pulih"
    lines = "\n".join(f"- {line}." for line in said.lines())
    text = f"Yth. pengelola ASPAL di {settings.office_name},\n\n{lines}\n\nBeranda: {settings.public_base_url}\n"
    return subject, text


def _put(
    conn: Connection, person: Person, said: News, settings: Settings, calendar: Calendar, texts: Texts, now: datetime
) -> int | None:
    lines = [line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…" for line in said.lines()]
    values = {
        "penerima": person.name,
        "jumlah": str(len(lines)),
        "waktu": long_moment(now, calendar.zone),  # and no two messages are alike, even about the same trouble
        "daftar": listed(lines, CAPS["daftar"]),
        "kantor": settings.office_name,
    }
    words, today = texts.render(KIND, values), calendar.local_day(now)
    message = outbox.NewMessage(
        person.contact_id, person.address, KIND, words.variables, words.text, today, State.WAITING, PRIORITY, now,
        calendar.closing(today),
    )  # fmt: skip
    return outbox.put(conn, [message], now)[0]


def _admins(conn: Connection, settings: Settings, calendar: Calendar, now: datetime) -> tuple[Person, ...]:
    found = directory.office_people(conn, Role.ADMIN, calendar.local_day(now))
    return tuple(p for p in found if reachable(p) and (settings.recipients == "all" or p.guest))


def _sendable(conn: Connection, gateway: Gateway, texts: Texts) -> bool:
    """While its own text waits for approval the news waits too, instead of growing stale in the outbox."""
    if not gateway.needs_approval:
        return True
    return templates.sendable(conn, KIND, texts.kind(KIND).fingerprint).content_sid is not None


def _open(conn: Connection) -> dict[str, str]:
    return {alarm.key: alarm.text for alarm in health.open_alarms(conn)}


def _cleared(conn: Connection, told: Told, open_now: Collection[str]) -> Mapping[str, datetime]:
    over = told.alarms.keys() - set(open_now)
    return watch.cleared_at(conn, over) if over else {}


def _told(conn: Connection, way: str) -> Told:
    """What that way has said, without what has passed since (of that no end is owed, and what comes back is new) or
    has grown."""
    value: Any = health.get_switch(conn, f"told_{way}")
    if not value:
        return Told()
    at, alarms = datetime.fromisoformat(value["at"]) if value["at"] else None, value["alarms"]
    if at is None or not any(alerting.passes(key) or alerting.grows(key) for key in alarms):
        return Told(at, alarms)
    raised = {alarm.key: alarm.raised_at for alarm in health.open_alarms(conn)}
    anew = {key for key, since in raised.items() if since > at}
    over = {key for key in alarms if alerting.passes(key) and (key in anew or key not in raised)}
    over |= {key for key in alarms if alerting.grows(key) and key in anew}
    return Told(at, {key: text for key, text in alarms.items() if key not in over})


def _remember(conn: Connection, way: str, told: Told, now: datetime) -> None:
    value = {"at": told.at.isoformat() if told.at else None, "alarms": dict(told.alarms)}
    health.set_switch(conn, f"told_{way}", value, by="watch", now=now)
