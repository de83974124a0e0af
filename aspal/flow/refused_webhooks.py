"""Requests that pretended to come from Twilio: an admin is told, so that no forger and no wrong setting is silent.

One alarm for all of them, without a word of what they contained.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from aspal.db import Database
from aspal.records import health

KEY = "webhook_refused"
QUIET = timedelta(hours=24)  # after so long without another one the alarm is over
CAUSES = {"signature": "tanda tangan tidak sah", "account": "akun lain", "sender": "pengirim lain"}


def tell(db: Database, counts: Mapping[str, int], now: datetime) -> None:
    """Adds to what was refused lately, and opens the alarm or brings it up to date."""
    with db.write() as conn:
        known = health.get_switch(conn, KEY, now) or {}
        total = {cause: known.get(cause, 0) + counts.get(cause, 0) for cause in CAUSES}
        health.set_switch(conn, KEY, total, by="web", now=now, until=now + QUIET)
        health.raise_alarm(conn, KEY, _sentence(total), now)


def settle(conn: Connection, now: datetime) -> None:
    """Housekeeping: the alarm ends when nothing was refused for a day."""
    if health.get_switch(conn, KEY, now) is None:
        health.clear_alarm(conn, KEY, now)


def _sentence(counts: Mapping[str, int]) -> str:
    told = ", ".join(f"{CAUSES[cause]}: {count}" for cause, count in counts.items() if count)
    return (
        f"Webhook menolak permintaan yang mengaku dari Twilio ({told}). Bila balasan petugas juga tidak masuk, "
        "jalankan `aspal doctor` lalu periksa PUBLIC_BASE_URL dan token; bila masuk, ada yang mencoba memalsukannya "
        "dan tidak berhasil."
    )
