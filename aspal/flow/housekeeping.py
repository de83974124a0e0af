"""Care that no row asks for: days off of the coming years, warnings for the admin, what may be forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.clock import SystemClock
from aspal.db import Database
from aspal.flow import refused_webhooks, rule_spread, upload_shelf
from aspal.records import accounts, calendar, coverage, doubt, evidence, health, sessions
from aspal.settings import Settings

ENDING_WITHIN = 14  # days: time enough for a new SK
EVIDENCE_KEPT_FOR = timedelta(days=7)  # the file of what was removed


@dataclass(slots=True)
class HousekeepingCount:
    """What one round did."""

    calendar_rows: int = 0
    alarms: int = 0  # open after the round
    forgotten: int = 0  # failed attempts to log in that no longer count


def run(db: Database, settings: Settings, now: datetime) -> HousekeepingCount:
    """One round; repeating it changes nothing."""
    count = HousekeepingCount()
    zone = ZoneInfo(settings.office_time_zone)
    today = now.astimezone(zone).date()
    rule_spread.spread(db, now)  # what was left when somebody published rules for running chains
    with db.write() as conn:
        count.calendar_rows = calendar.ensure_seeded(conn, now)
        missing = calendar.missing_decrees(conn, today)
        _warn(conn, "decree", [str(year) for year in missing], DECREE, now)
        near = {f"{DUE}{year}": [str(year)] for year in missing if _is_near(year, today)}
        told = {alarm.key for alarm in health.open_alarms(conn) if alarm.key.startswith(DUE)}
        for key in near.keys() | told:  # each by itself; also of years long over, or seen only by a clock that leapt
            _warn(conn, key, near.get(key, []), DECREE_DUE, now)
        ends = [f"{one.unit} ({one.last_day:%d-%m-%Y})" for one in coverage.ending(conn, today, ENDING_WITHIN)]
        _warn(conn, "appointments_ending", ends, ENDING, now)
        _warn_of_gaps(conn, {gap.unit for gap in coverage.gaps(conn, today)}, now)
        made = health.set_at(conn, health.LAST_BACKUP)  # whoever never made one is told by the doctor
        old = [f"{made.astimezone(zone):%d-%m-%Y}"] if made and now - made > BACKUP_STALE else []
        _warn(conn, "backup", old, BACKUP, now)
        _mend_clock(conn, now, today)
        refused_webhooks.settle(conn, now)
        count.forgotten = accounts.forget_failures(conn, now)
        sessions.forget(conn, min(now, SystemClock().now()))  # they go by real time, also where a demo's clock is ahead
        count.alarms = len(health.open_alarms(conn))
    upload_shelf.purge(db, settings.media_dir, now)
    _forget_evidence(db, settings.media_dir, now)
    db.fold()
    return count


HIGH_WATER, BACKWARDS, QUIET_AGAIN = "latest_moment", timedelta(minutes=5), timedelta(minutes=30)
CLOCK = "Jam server pernah maju lalu mundur kembali; jadwal pengingat sudah dihitung ulang. Periksa NTP di server."
DECREE = "SKB cuti bersama tahun {} belum ada di kalender; tambahkan setelah terbit."
DUE = "skb_due:"
DECREE_DUE = (
    "Cuti bersama {} belum ada di kalender, sehingga pengingat akan keluar juga pada hari-hari itu. Masukkan dari SKB "
    "di halaman Kalender, sebagai cuti bersama."
)
BACKUP_STALE = timedelta(days=2)  # one is made every night
BACKUP = "Cadangan terakhir dibuat {}. Periksa jadwal `aspal backup` di server, dan ruang di tempat menyimpannya."
ENDING = "SK penugasan segera berakhir: {}."
GAPS_KNOWN = "coverage_gaps"
GAPS = "OPD tanpa pejabat penghubung atau kepala yang dapat dihubungi: {}."


def _warn_of_gaps(conn: Connection, bare: set[str], now: datetime) -> None:
    """Raised anew when it grows: whoever has read of some units must hear of the next one. That one stands first."""
    known = set(health.get_switch(conn, GAPS_KNOWN) or ())
    if bare - known:
        health.clear_alarm(conn, "coverage", now)
    _warn(conn, "coverage", [*sorted(bare - known), *sorted(bare & known)], GAPS, now)
    if bare != known:
        health.set_switch(conn, GAPS_KNOWN, sorted(bare), by="housekeeping", now=now)


def _is_near(year: int, today: date) -> bool:
    """In October the decree is only awaited; from December on its lack makes people hear from us on days off."""
    return year == today.year or today.month == 12


def _mend_clock(conn: Connection, now: datetime, today: date) -> None:
    """The machine's clock was ahead and went back: what was put off until that future would sleep until it comes."""
    latest = health.get_switch(conn, HIGH_WATER)
    if latest and datetime.fromisoformat(latest) - now > BACKWARDS:
        calendar.reconsider_all(conn, now)
        doubt.wake_from_future(conn, now, today)
        health.raise_alarm(conn, "clock", CLOCK, now)
    elif latest and now - datetime.fromisoformat(latest) > QUIET_AGAIN:
        health.clear_alarm(conn, "clock", now)
    health.set_switch(conn, HIGH_WATER, now.isoformat(), by="housekeeping", now=now)


def _forget_evidence(db: Database, media_dir: Path, now: datetime) -> None:
    """Whoever removed a document may have had a reason; a week is time enough to notice that it was the wrong one."""
    with db.read() as conn:
        removed = evidence.removed_files(conn, now - EVIDENCE_KEPT_FOR)
    for path in removed.values():
        (media_dir / path).unlink(missing_ok=True)
    if removed:
        with db.write() as conn:
            evidence.forget_files(conn, removed)


def _warn(conn: Connection, key: str, found: Sequence[str], sentence: str, now: datetime) -> None:
    """One alarm for all of a kind, open as long as there are any."""
    if found:
        more = f" dan {len(found) - 10} lainnya" if len(found) > 10 else ""
        health.raise_alarm(conn, key, sentence.format(", ".join(found[:10]) + more), now)
    else:
        health.clear_alarm(conn, key, now)
