"""The other way round: the web process looks whether anybody still runs the jobs. Part of the watch.

Whoever is dead tells nothing, and the watch dies with the worker. The web mostly lives on, and has the mail server's
address: it tells at once, and again on each working day for as long as nobody does anything about it.
"""

from collections.abc import Sequence
from datetime import datetime

from aspal.core import alarm_keys
from aspal.core.wording import long_moment
from aspal.db import Database
from aspal.flow import vitals
from aspal.flow.watch import alarms_out
from aspal.records import health
from aspal.records.calendar import Calendars
from aspal.records.health import Heartbeat
from aspal.settings import Settings


def look(db: Database, settings: Settings, calendars: Calendars, now: datetime) -> bool:
    """Raises the alarm while the watch is silent, and mails what is new. Whether it is silent.

    The watch itself clears the alarm when it is back. Where no job ever ran, the office has not begun.
    """
    with db.read() as conn:
        beats = health.heartbeats(conn)
        before = [alarm.key for alarm in health.open_alarms(conn) if alarm.key.startswith(alarm_keys.WORKER)]
    own = next((beat for beat in beats if beat.name == "watch"), None)
    if own is None or not own.is_late(now):
        return False
    calendar = calendars.of(None)
    if not before or calendar.is_open(now):  # a new key is news once more
        key = f"{alarm_keys.WORKER}{calendar.local_day(now)}"
        with db.write() as conn:
            health.raise_alarm(conn, key, _text(own, beats, calendar.zone, now), now)
            health.clear_alarms(conn, [old for old in before if old != key], now)
    alarms_out.by_mail(db, settings, now)
    return True


def _text(own: Heartbeat, beats: Sequence[Heartbeat], zone: str, now: datetime) -> str:
    if own.at > now:
        return f"Pekerjaan terjadwal tidak dapat dinilai: {vitals.CLOCK_BACK}."
    often = [beat for beat in beats if beat.every_seconds <= own.every_seconds]
    if not all(beat.is_late(now) for beat in often):  # what runs hourly is not late yet
        return (
            f"Tugas “{vitals.JOBS[own.name]}” tidak berhasil sejak {long_moment(own.at, zone)}: gangguan lain tidak "
            "akan dikabarkan. Minta pengelola server melihat catatan (log) worker dan menjalankan `aspal doctor`."
        )
    last = long_moment(max(beat.at for beat in beats), zone)
    return (
        f"Pekerja latar (worker atau cron) mati: tidak ada tugas yang berjalan sejak {last}, jadi tidak ada pengingat "
        "yang keluar dan balasan tidak dibaca. Jalankan kembali di server: `systemctl restart aspal-worker`, atau "
        "baris cron-nya. Kabar ini diulang setiap hari kerja; bila ASPAL memang dihentikan, hentikan juga webnya."
    )
