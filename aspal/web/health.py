"""Is the machine alive? `/healthz` for a watchdog, `/metrics` for Prometheus. Silence is the danger: no news is red."""

import json
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from aspal.db import UNAVAILABLE
from aspal.records import calendar, health, overview
from aspal.web.house import House, house
from aspal.web.words import ago, local_day

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True)
class Part:
    """One part of the machine: ok, a warning that an admin should read, or red."""

    name: str
    level: str  # ok | warning | red
    text: str


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 while nothing is red, else 503; one line a part."""
    parts = examine(house())
    ok = all(part.level != "red" for part in parts)
    lines = {"status": "ok" if ok else "red"} | {part.name: f"{part.level}: {part.text}" for part in parts}
    body = json.dumps(lines, ensure_ascii=False, indent=1) + "\n"
    return Response(body, 200 if ok else 503, content_type="application/json")


def examine(the_house: House) -> list[Part]:
    """Looks at every part. Also for the first page."""
    now = the_house.clock.now()
    try:
        with the_house.db.read() as conn:
            beats = health.heartbeats(conn)
            years = calendar.missing_decrees(conn, local_day(now, the_house.settings.office_time_zone))
    except UNAVAILABLE:
        return [Part("database", "red", "basis data tidak menjawab")]
    return [Part("database", "ok", "menjawab"), *_jobs(beats, now), _gateway(the_house), _holidays(years)]


def _jobs(beats: list[health.Heartbeat], now: datetime) -> list[Part]:
    if not beats:
        return [Part("worker", "red", "belum pernah berjalan; jalankan `aspal worker` atau `aspal run tick`")]
    return [_job(beat, now) for beat in beats]


def _job(beat: health.Heartbeat, now: datetime) -> Part:
    name = f"job {beat.name}"
    if beat.is_late(now):
        return Part(name, "red", f"terakhir berhasil {ago(beat.at, now)}; apakah worker masih berjalan?")
    if beat.failing_since:
        return Part(name, "warning", f"gagal sejak {ago(beat.failing_since, now)}")
    return Part(name, "ok", ago(beat.at, now))


def _gateway(the_house: House) -> Part:
    settings = the_house.settings
    if settings.whatsapp_gateway == "simulator":
        return Part("gateway", "ok", "simulator, tidak ada pesan yang keluar")
    reach = "semua kontak" if settings.recipients == "all" else "hanya daftar tamu"
    return Part("gateway", "ok", f"twilio, {reach}")


def _holidays(years: list[int]) -> Part:
    if years:
        text = f"cuti bersama {', '.join(map(str, years))} belum ada; tambahkan setelah SKB terbit"
        return Part("holidays", "warning", text)
    return Part("holidays", "ok", "hari libur dan cuti bersama lengkap")


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Prometheus text for whoever brings METRICS_TOKEN; without that setting the page does not exist."""
    token = house().settings.metrics_token
    if not token:
        abort(404)
    if not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        abort(401)
    return Response(_measure(house()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _measure(the_house: House) -> bytes:
    now = the_house.clock.now()
    with the_house.db.read() as conn:
        figures, beats, alarms = overview.figures(conn), health.heartbeats(conn), health.open_alarms(conn)
    registry = CollectorRegistry()
    by_state = Gauge("aspal_messages", "Messages by state", ["state"], registry=registry)
    for state, count in figures.messages.items():
        by_state.labels(state).set(count)
    by_state = Gauge("aspal_replies", "Replies by state", ["state"], registry=registry)
    for state, count in figures.replies.items():
        by_state.labels(state).set(count)
    age = Gauge("aspal_heartbeat_age_seconds", "Seconds since a job last ended well", ["job"], registry=registry)
    for beat in beats:
        age.labels(beat.name).set((now - beat.at).total_seconds())
    Gauge("aspal_open_dispositions", "Dispositions that are not ended", registry=registry).set(
        figures.open_dispositions
    )
    Gauge("aspal_open_alarms", "Alarms that an admin has not settled", registry=registry).set(len(alarms))
    return generate_latest(registry)
