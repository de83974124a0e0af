"""Is the machine alive? `/healthz` for a watchdog, `/metrics` for Prometheus. Silence is the danger: no news is red."""

import json
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from aspal.core import alarm_keys
from aspal.db import UNAVAILABLE
from aspal.flow import vitals
from aspal.flow.vitals import Part, Signs
from aspal.records import overview, schema
from aspal.web.house import House, house

blueprint = Blueprint("health", __name__)
_LEVELS = {"ok": 0, "warning": 1, "red": 2}


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
    return _look(the_house, the_house.clock.now()).parts


@dataclass(frozen=True)
class _Look:
    """Every part and, where the database answered, what they were judged by."""

    parts: list[Part]
    signs: Signs | None = None
    figures: overview.Figures | None = None


def _look(the_house: House, now: datetime, *, count: bool = False) -> _Look:
    settings = the_house.settings
    try:
        with the_house.db.read() as conn:
            version = vitals.version(conn)
            signs = vitals.read(conn, the_house.db, settings, now)
            figures = overview.figures(conn) if count else None
    except Exception as error:
        if schema.is_missing(error):
            return _Look([vitals.NO_SCHEMA])
        if isinstance(error, UNAVAILABLE):
            return _Look([Part("database", "red", "basis data tidak menjawab")])
        raise
    return _Look([vitals.ANSWERS, version, *vitals.judge(signs, settings, now)], signs, figures)


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
    """Also without a database: a page that fails says less than `aspal_up 0`."""
    now = the_house.clock.now()
    look, registry = _look(the_house, now, count=True), CollectorRegistry()

    def gauge(name: str, text: str, value: float) -> None:
        Gauge(f"aspal_{name}", text, registry=registry).set(value)

    def gauges(name: str, text: str, label: str, values: dict[str, float]) -> None:
        family = Gauge(f"aspal_{name}", text, [label], registry=registry)
        for key, value in values.items():
            family.labels(key).set(value)

    gauge("up", "1 while the database answers", float(look.signs is not None))
    levels = {part.name: float(_LEVELS[part.level]) for part in look.parts}
    gauges("part_level", "Each part of /healthz: 0 ok, 1 warning, 2 red", "part", levels)
    if look.signs is None or look.figures is None:
        return generate_latest(registry)
    signs, figures = look.signs, look.figures
    gauges("messages", "Messages by state", "state", {str(k): float(v) for k, v in figures.messages.items()})
    gauges("replies", "Replies by state", "state", {str(k): float(v) for k, v in figures.replies.items()})
    ages = {beat.name: (now - beat.at).total_seconds() for beat in signs.beats}
    gauges("heartbeat_age_seconds", "Seconds since a job last ended well", "job", ages)
    every = {beat.name: float(beat.every_seconds) for beat in signs.beats}
    gauges("heartbeat_interval_seconds", "Seconds between two good runs of a job", "job", every)
    failing = {beat.name: float(beat.failing_since is not None) for beat in signs.beats}
    gauges("job_failing", "1 while a job's newest run ended badly", "job", failing)
    gauge("open_dispositions", "Dispositions that are not ended", figures.open_dispositions)
    gauge("open_alarms", "Alarms that an admin has not settled", len(signs.alarms))
    stopped = signs.stop is not None or any(key in signs.alarms for key in vitals.SENDER_ALARMS)
    gauge("sender_stopped", "1 while nothing is sent because account or sender is refused", float(stopped))
    gauge("templates_stopped", "Message texts that WhatsApp has stopped", _count(signs, alarm_keys.TEMPLATE_STATUS))
    gauge("canary_lost", "1 while the morning's test message has not arrived", float(alarm_keys.CANARY in signs.alarms))
    waited = (now - signs.waiting.since).total_seconds() if signs.waiting else 0.0
    gauge("queue_wait_seconds", "How long the message that may leave has been waiting", waited)
    gauge("disk_free_bytes", "Room left for database and attachments, the scarcer of both", signs.free_bytes)
    return generate_latest(registry)


def _count(signs: Signs, prefix: str) -> int:
    return sum(key.startswith(prefix) for key in signs.alarms)
