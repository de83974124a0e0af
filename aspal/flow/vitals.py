"""Is the machine alive? One look at every part of it, for /healthz, the metrics, the watch, the ping and the doctor.

Not a station: it decides nothing and writes nothing. No news is red.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core import alarm_keys
from aspal.core.rollout import Mode
from aspal.core.switches import SENDER_STOP
from aspal.core.wording import ago
from aspal.db import Database
from aspal.records import calendar, health, outbox, rollout, schema, watch
from aspal.settings import Settings

Level = Literal["ok", "warning", "red"]
DISK_LOW, DISK_FULL = 1024**3, 200 * 1024**2  # bytes: time to clean up; and time before SQLite cannot write any more
STUCK_AFTER = timedelta(minutes=30)  # a message that may leave and does not, in a row of many retries
# Alarms that mean nothing leaves at all.
SENDER_ALARMS = (alarm_keys.SENDER_STOP, alarm_keys.SENDER_FAILING, alarm_keys.PROVIDER_ACCOUNT)
NETWORK = "Periksa jaringan, DNS, dan firewall server."
NONE_ARRIVES = "none_arrives"  # all that leaves fails; our own news may get through all the same
FAILURES_OF = timedelta(days=30)  # longer than any holidays: who sends one message a day is noticed too
_TO_KNOW = (
    "import", "recipients_per_day", "recipients_near", "quality", "balance", "messaging_limit",
    alarm_keys.CHANNEL_LIMIT, alarm_keys.SENDER_IDLE,
)  # fmt: skip
JOBS = {  # what each job does, for people
    "inbound": "Membaca balasan",
    "templates": "Menanyakan persetujuan templat",
    "scan": "Memeriksa laporan yang jatuh tempo",
    "recap": "Menyusun rekap",
    "bundle": "Menyusun pesan",
    "deliver": "Mengirim pesan",
    "reconcile": "Memastikan pesan yang belum jelas",
    "housekeeping": "Merapikan",
    "watch": "Menjaga sistem",
    "ping": "Memberi tanda hidup ke luar",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the machine: ok, a warning that an admin should read, or red."""

    name: str
    level: Level
    text: str


CLOCK_BACK = "jam server tertinggal dari catatan terakhirnya; periksa tanggal dan NTP (timedatectl)"
ANSWERS = Part("database", "ok", "menjawab")
NO_SCHEMA = Part("database", "red", "skema belum ada; jalankan: aspal db upgrade")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the parts are judged by, read at one moment."""

    beats: list[health.Heartbeat]
    alarms: dict[str, str]
    stop: str | None  # why sending is stopped
    canary: watch.Canary | None
    waiting: watch.Waiting | None  # the message that should have left longest ago
    failures: watch.Failures
    years_without_decree: list[int]
    has_holidays: bool
    free_bytes: int
    mode: Mode = Mode.LIVE  # how far the office has gone live


def read(conn: Connection, db: Database, settings: Settings, now: datetime) -> Signs:
    """Raises what the database raises when it is not there."""
    today = now.astimezone(ZoneInfo(settings.office_time_zone)).date()
    stop = health.get_switch(conn, SENDER_STOP, now)
    return Signs(
        beats=health.heartbeats(conn),
        alarms={alarm.key: alarm.text for alarm in health.open_alarms(conn)},
        stop=str(stop.get("reason") or stop.get("code")) if stop else None,
        canary=watch.canary(conn) if settings.canary_phone else None,
        waiting=watch.oldest_due(conn, now),
        failures=watch.failures(conn, now - FAILURES_OF, outbox.ABOUT_US),
        years_without_decree=calendar.missing_decrees(conn, today),
        has_holidays=bool(calendar.days(conn, today.year)),
        free_bytes=min(free_bytes(folder) for folder in folders(db, settings)),
        mode=rollout.read(conn, settings.recipients).mode,
    )


def version(conn: Connection) -> Part:
    """Whether the schema is the one that this code needs."""
    found = schema.current(conn)
    if wrong := schema.trouble(found):
        return Part("schema", "red", wrong)
    return Part("schema", "ok", found or "tanpa nomor versi")


def judge(signs: Signs, settings: Settings, now: datetime) -> list[Part]:
    """Every part, ok or not."""
    return [
        *_jobs(signs.beats, now),
        _gateway(signs, settings),
        *_reach(signs, settings),
        _templates(signs),
        _canary(signs, settings),
        *_watchdog(settings),
        *_queue(signs, now),
        _holidays(signs),
        disk(signs.free_bytes),
    ]


def _jobs(beats: list[health.Heartbeat], now: datetime) -> Iterator[Part]:
    if not beats:
        yield Part("worker", "red", "belum pernah berjalan; jalankan `aspal worker` atau `aspal run tick`")
    for beat in beats:
        yield _job(beat, now)


def _job(beat: health.Heartbeat, now: datetime) -> Part:
    name = f"job {beat.name}"
    if beat.is_late(now) and beat.at > now:
        return Part(name, "red", CLOCK_BACK)
    if beat.is_late(now):
        return Part(name, "red", f"terakhir berhasil {ago(beat.at, now)}; apakah worker masih berjalan?")
    if beat.failing_since:
        return Part(name, "red", f"gagal sejak {ago(beat.failing_since, now)}; lihat catatan (log) worker")
    return Part(name, "ok", ago(beat.at, now))


def _gateway(signs: Signs, settings: Settings) -> Part:
    trouble = [signs.alarms[key] for key in (*SENDER_ALARMS, NONE_ARRIVES) if key in signs.alarms]
    if signs.stop and not trouble:
        trouble = [f"Pengiriman dihentikan: {signs.stop}"]
    if trouble:  # the account asked about and the message refused often tell the same
        once = [text for text in trouble if not any(text in other for other in trouble if other != text)]
        return Part("gateway", "red", " ".join(once))
    if settings.whatsapp_gateway == "simulator":
        return Part("gateway", "ok", "simulator, tidak ada pesan yang keluar")
    reach = "semua kontak" if settings.recipients == "all" else "hanya daftar tamu"
    return Part("gateway", "ok", f"twilio, {reach}")


def _reach(signs: Signs, settings: Settings) -> Iterator[Part]:
    """An office that forgets that it is not live would wait for answers to messages that nobody was sent."""
    words = {
        Mode.GUESTS: "mode tamu: hanya daftar tamu yang menerima pesan",
        Mode.SHADOW: "mode bayangan: pesan ditulis tetapi tidak dikirim",
        Mode.STEPWISE: "bertahap: hanya OPD yang sudah langsung yang menerima pesan",
    }
    if settings.recipients == "all" and signs.mode in words:
        yield Part("reach", "warning", words[signs.mode])


def _templates(signs: Signs) -> Part:
    kinds = (alarm_keys.TEMPLATE_STATUS, alarm_keys.TEMPLATE_MISSING)
    stopped = [text for key, text in signs.alarms.items() if key.startswith(kinds)]
    if stopped:
        return Part("templates", "red", " ".join(stopped))
    return Part("templates", "ok", "tidak ada yang dihentikan")


def _canary(signs: Signs, settings: Settings) -> Part:
    if not settings.canary_phone:
        return Part("canary", "ok", "tidak dipakai: belum ada nomor admin yang menerimanya (CANARY_PHONE)")
    if alarm_keys.CANARY in signs.alarms:
        return Part("canary", "red", signs.alarms[alarm_keys.CANARY])
    if signs.canary is None:
        return Part("canary", "ok", "belum ada pesan uji")
    arrived = "sampai" if signs.canary.arrived else "sedang ditunggu"
    return Part("canary", "ok", f"pesan uji {signs.canary.day} {arrived}")


def _watchdog(settings: Settings) -> Iterator[Part]:
    """A machine that is off cannot tell so itself: somebody outside can, or a person who misses the test message."""
    if settings.whatsapp_gateway != "simulator" and not (settings.ping_url or settings.canary_phone):
        text = "belum ada pengawas dari luar (PING_URL) maupun pesan uji pagi (CANARY_PHONE)"
        yield Part("watchdog", "warning", f"tidak ada yang tahu bila server ini mati: {text}")


def _queue(signs: Signs, now: datetime) -> Iterator[Part]:
    """Limits and queues: nothing is broken, but somebody should know."""
    for key in _TO_KNOW:
        if key in signs.alarms:
            yield Part(key, "warning", signs.alarms[key])
    waiting = signs.waiting
    if waiting and now - waiting.since >= STUCK_AFTER:
        text = f"pesan yang sudah boleh keluar menunggu sejak {ago(waiting.since, now)}"
        yield Part("queue", "red", f"{text}: {waiting.why} {NETWORK}" if waiting.why else text)
    else:
        yield Part("queue", "ok", "tidak ada pesan yang tertahan di antrean")


def _holidays(signs: Signs) -> Part:
    if not signs.has_holidays:
        return Part("holidays", "red", "hari libur tahun ini kosong; jalankan `aspal db upgrade`")
    if signs.years_without_decree:
        years = ", ".join(map(str, signs.years_without_decree))
        return Part("holidays", "warning", f"cuti bersama {years} belum ada; tambahkan setelah SKB terbit")
    return Part("holidays", "ok", "hari libur dan cuti bersama lengkap")


def disk(free: int) -> Part:
    """Where the database and the attachments are kept."""
    text = f"sisa ruang {free / 1024**3:.1f} GB".replace(".", ",")
    if free < DISK_FULL:
        return Part("disk", "red", f"{text}; kosongkan ruang sebelum basis data berhenti menulis")
    return Part("disk", "warning" if free < DISK_LOW else "ok", text)


def folders(db: Database, settings: Settings) -> list[Path]:
    """Where we write."""
    file = db.engine.url.database if db.is_sqlite else None
    wanted = [settings.media_dir.absolute()]
    if file and file != ":memory:":
        wanted.append(Path(file).absolute().parent)
    return [next(path for path in (one, *one.parents) if path.exists()) for one in wanted]


def free_bytes(folder: Path) -> int:
    """What is left on that disk."""
    return shutil.disk_usage(folder).free
