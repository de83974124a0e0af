"""A backup came back. What was told since it was taken is not known, so nothing leaves before somebody has compared."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from aspal.core.alarm_keys import RESTORED as ALARM
from aspal.core.bundling import BRAKE
from aspal.core.switches import RESTORED
from aspal.core.wording import long_moment
from aspal.records import health, held_messages, journal
from aspal.records.journal import Entry

AT_ONCE = timedelta(minutes=2)  # a house that works leaves a heartbeat every minute


def hold(conn: Connection, *, now: datetime, by: str, zone: str) -> datetime | None:
    """Holds what waits and what will be planned, until an admin lets it go like what the volume brake holds.

    Returns since when nothing is known; None where nothing can have been told since, and nothing is held: the backup
    is of a house that never worked, or that was at work a moment ago and is only moving.
    """
    last = max((beat.at for beat in health.heartbeats(conn)), default=None)
    if last is None or abs(now - last) < AT_ONCE:  # a machine whose clock is behind knows no more
        return None
    health.set_switch(conn, RESTORED, True, by=by, now=now)
    held = held_messages.hold_waiting(conn, BRAKE, now)
    text = (
        f"Data dipulihkan dari cadangan. Pesan yang keluar sesudah {long_moment(last, zone)} tidak tercatat, "
        "karena itu semua pengingat ditahan. Bandingkan dengan daftar pesan di konsol Twilio, batalkan yang sudah "
        "terkirim, lalu lepaskan sisanya di halaman Pesan (rem volume)."
    )
    health.raise_alarm(conn, ALARM, text, now)
    detail = {"unknown_since": last.isoformat(), "held": held}
    journal.append(conn, [Entry(now, by, "backup.restored", f"switch:{RESTORED}", detail)])
    return last
