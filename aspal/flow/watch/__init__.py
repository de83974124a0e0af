"""Station W: the machine itself -> its admins. Silence is the danger, so that nothing to say is said too.

Every few minutes: what is broken becomes an alarm, what is whole again clears it; the morning's test message goes out
and must come back; one line a day tells that we are alive; and alarms leave by WhatsApp and e-mail.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core import alarm_keys
from aspal.core.switches import DAILY_LINE
from aspal.core.wording import long_date, long_moment
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.flow import vitals
from aspal.flow.vitals import Signs
from aspal.flow.watch import alarms_out, missed, pauses, provider
from aspal.flow.watch import canary as watch_canary
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import Gateway
from aspal.records import alarms, health, journal, outbox, templates, watch
from aspal.records.calendar import Calendars
from aspal.settings import Settings

AFTER_OPENING = timedelta(minutes=10)  # by then the morning's messages are planned
ON_DAYS_OFF = time(9)
GAP = timedelta(hours=1)  # of office hours without us: somebody must hear of it
STALE = 3  # working days: an import a day is expected, and one missed day is no news
FAILING_FOR = timedelta(minutes=10)  # a hiccup is no news
# So many failures in a row, and so long: of a morning's messages some fail first and others arrive.
ALL_FAIL, ALL_FAIL_FOR = 3, timedelta(minutes=30)
_OWN = "watch"
_TODAY = "Pengingat hari ini yang tertunda menyusul selama jam kerja."
_LATER = "Pengingat yang belum keluar selama itu tidak disusulkan; laporan dinilai lagi mulai sekarang."
log = logging.getLogger(__name__)


@dataclass(slots=True)
class WatchCount:
    """What one round did."""

    canary: int = 0  # test messages planned
    daily: int = 0  # daily lines written
    told: int = 0  # messages to admins planned
    mailed: int = 0


def run(
    db: Database, gateway: Gateway, settings: Settings, calendars: Calendars, texts: Texts, now: datetime
) -> WatchCount:
    """One round; repeating it changes nothing."""
    count, calendar = WatchCount(), calendars.of(None)
    provider.ask(db, gateway, settings, now)
    with db.write() as conn:
        outbox.lock_station(conn, _OWN)
        signs = vitals.read(conn, db, settings, now)
        _tell_the_gap(conn, signs, settings, calendar, now)
        found = _examine(signs, now) | _look_at_the_roster(conn, calendar, now)
        found |= provider.look_at_limits(conn, settings, now) | provider.look_at_idleness(conn, settings, now)
        found |= pauses.look(conn, calendar, now)
        health.settle_alarms(conn, found, signs.alarms, now)
        _clear_what_is_over(conn, now, calendar.local_day(now))
        health.clear_alarms(conn, _approved_meanwhile(conn, gateway, texts, signs), now)
        count.canary += watch_canary.look(conn, settings, calendar, texts, signs.alarms, now)
        count.daily += _tell_the_day(conn, calendar, now)
    count.mailed += alarms_out.by_mail(db, settings, now)
    count.told += alarms_out.by_whatsapp(db, gateway, settings, calendar, texts, now)
    missed.look(db, gateway, now)  # last: once a day it may ask the provider for minutes
    return count


def _tell_the_gap(conn: Connection, signs: Signs, settings: Settings, calendar: Calendar, now: datetime) -> None:
    """Who was dead did not notice; coming back we say for how long, or an office would think that all was quiet.

    Nights and days off are no gap, nor is a restart. A simulator's clock may jump, and nothing leaves there anyway.
    """
    own = _own_beat(signs)
    if own is None or own.failing_since or settings.whatsapp_gateway == "simulator":
        return
    missed_from = max(own.at, calendar.next_open(own.at))
    if now - missed_from < GAP:
        return
    days = calendar.workdays_between(calendar.local_day(missed_from), calendar.local_day(now))
    fate = _TODAY if calendar.local_day(missed_from) == calendar.local_day(calendar.next_open(now)) else _LATER
    text = (
        f"ASPAL tidak berjalan dari {long_moment(own.at, calendar.zone)} sampai {long_moment(now, calendar.zone)}"
        f"{f' ({days} hari kerja)' if days else ''}. {fate} Cari sebab berhentinya, dan pastikan ada "
        "pengawas dari luar (PING_URL)."
    )
    health.raise_alarm(conn, f"gap:{calendar.local_day(now)}", text, now)


def _own_beat(signs: Signs) -> health.Heartbeat | None:
    return next((beat for beat in signs.beats if beat.name == _OWN), None)


def _examine(signs: Signs, now: datetime) -> dict[str, str | None]:
    """Jobs that are dead or failing, a queue that stands still, a disk that fills up; None where all is well."""
    found: dict[str, str | None] = {}
    own = _own_beat(signs)
    awake = own is not None and not own.is_late(now)  # after an outage of all, the others need a moment too
    for beat in signs.beats:
        failing = beat.failing_since is not None and now - beat.failing_since >= FAILING_FOR
        bad = beat.name != _OWN and (failing or (awake and beat.is_late(now)))
        text = (
            f"Tugas “{vitals.JOBS.get(beat.name, beat.name)}” ({beat.name}) tidak berhasil sejak lama. Minta pengelola "
            "server melihat catatan (log) worker dan menjalankan `aspal doctor`."
        )
        found[f"job:{beat.name}"] = text if bad else None
    waiting = signs.waiting
    stuck = awake and waiting is not None and now - waiting.since >= vitals.STUCK_AFTER
    found["queue"] = _stands_still(waiting.why) if waiting and stuck else None
    found[vitals.NONE_ARRIVES] = _none_arrives(signs.failures, now)
    disk = vitals.disk(signs.free_bytes)
    found["disk"] = None if disk.level == "ok" else f"Ruang penyimpanan hampir habis: {disk.text}."
    return found


def _stands_still(why: str) -> str:
    if why:
        return f"Pesan yang sudah boleh keluar tidak keluar: {why} {vitals.NETWORK}"
    return "Pesan yang sudah boleh keluar tidak keluar; lihat di Kesehatan apakah tugas “Mengirim pesan” berjalan."


def _none_arrives(failures: watch.Failures, now: datetime) -> str | None:
    """Each failure blames its own message only. Together they say that nobody hears anything, until one arrives."""
    if failures.count < ALL_FAIL or failures.since is None or now - failures.since < ALL_FAIL_FOR:
        return None
    return (
        f"{failures.count} pesan terakhir semuanya gagal dan tidak ada yang sampai. Lihat sebabnya di halaman "
        "Kesehatan (penolakan WhatsApp) dan di konsol Twilio, Monitor, Logs, Messaging."
    )


def _look_at_the_roster(conn: Connection, calendar: Calendar, now: datetime) -> dict[str, str | None]:
    """Who imports no more reminds people of what they have done long since. An office that only types never did."""
    newest, today = watch.newest_import(conn), calendar.local_day(now)
    days = calendar.workdays_between(calendar.local_day(newest), today) if newest else 0
    text = f"Data LAPOR terakhir diimpor {days} hari kerja lalu; yang sejak itu ditindaklanjuti masih diingatkan."
    cure = " Impor ekspor LAPOR terbaru, sebaiknya setiap hari."
    return {"import": text + cure if days >= STALE else None}


def _clear_what_is_over(conn: Connection, now: datetime, today: date) -> None:
    """A message that arrived after the trouble began proves that it is over; so does an admin who has settled it."""
    open_now = health.open_alarms(conn)
    over = list(alarms.outlived(conn, {alarm.key: alarm.raised_at for alarm in open_now}, now, today))
    over += [alarm.key for alarm in open_now if alarm.key.startswith(alarm_keys.WORKER)]  # we are back
    for alarm in open_now:
        kind = alarm.key.removeprefix(alarm_keys.TEMPLATE) if alarm.key.startswith(alarm_keys.TEMPLATE) else None
        if (kind or alarm.key == alarm_keys.SENDER_FAILING) and watch.arrived_since(conn, alarm.raised_at, kind):
            over.append(alarm.key)
    health.clear_alarms(conn, over, now)


def _approved_meanwhile(conn: Connection, gateway: Gateway, texts: Texts, signs: Signs) -> list[str]:
    """Alarms about texts that may be sent by now, or are gone. A night without such messages proves nothing."""

    def waits(kind: str) -> bool:
        if not gateway.needs_approval or kind not in texts.kinds():
            return False
        return templates.sendable(conn, kind, texts.kind(kind).fingerprint).content_sid is None

    missing = [key for key in signs.alarms if key.startswith(alarm_keys.TEMPLATE_MISSING)]
    return [key for key in missing if not waits(key.removeprefix(alarm_keys.TEMPLATE_MISSING))]


def _tell_the_day(conn: Connection, calendar: Calendar, now: datetime) -> bool:
    """One line a day, also when there is nothing to tell: logged, journalled, and shown on the first page."""
    today = calendar.local_day(now)
    before = health.get_switch(conn, DAILY_LINE)
    if now < _time_for_it(calendar, now) or (before and before["day"] >= today.isoformat()):
        return False
    planned, later = watch.planned(conn, today), watch.notices_waiting(conn)
    counts: dict[str, Any] = {
        "messages": sum(planned.values()) - planned.get("cancelled", 0),
        "held": planned.get("held", 0),
        "failed": planned.get("failed", 0),
        "notices_waiting": later,
        "alarms": len(health.open_alarms(conn)),
    }
    off = calendar.why_off(today)
    paused = "".join(f"; {words}" for words in pauses.told(conn, calendar, now))
    line = (
        f"{long_date(today)}{f' (libur: {off})' if off else ''}: {counts['messages']} pesan, {counts['held']} ditahan, "
        f"{counts['failed']} gagal, {later} pengingat tertunda, {counts['alarms']} alarm terbuka{paused}."
    )
    log.info("day counted", extra={"day": today.isoformat()} | counts)
    health.set_switch(conn, DAILY_LINE, {"day": today.isoformat(), "text": line}, by=_OWN, now=now)
    journal.append(conn, [journal.Entry(now, _OWN, "day.counted", f"day:{today}", counts | {"text": line})])
    return True


def _time_for_it(calendar: Calendar, now: datetime) -> datetime:
    today = calendar.local_day(now)
    opening = calendar.opening(today)
    if calendar.local_day(opening) == today:
        return opening + AFTER_OPENING
    return datetime.combine(today, ON_DAYS_OFF, ZoneInfo(calendar.zone))
