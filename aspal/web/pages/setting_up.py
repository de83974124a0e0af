"""How far the office has come towards going live: one list, for Kantor and for the Beranda of an office that begins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from aspal.core import go_live
from aspal.core.rollout import Mode, Rollout
from aspal.records import coverage, health, rollout, templates, vitals
from aspal.web.house import house
from aspal.web.words import local_day


def steps(conn: Connection, reach: Rollout, now: datetime) -> Sequence[go_live.Step]:
    """Every step, done or not; `reach`: what is in force."""
    settings = house().settings
    today, ready, beats = local_day(now, settings.office_time_zone), vitals.readiness(conn), health.heartbeats(conn)
    return go_live.steps(
        go_live.State(
            mode=reach.mode,
            recipients=settings.recipients,
            simulator=settings.whatsapp_gateway == "simulator",
            has_cases=ready.cases,
            units=ready.units,
            live_units=len(reach.live_units),
            gaps=len(coverage.gaps(conn, today)),
            office_admin=coverage.has_office_admin(conn, today),
            texts_missing=_texts_missing(conn),
            worker=bool(beats) and not any(beat.is_late(now) for beat in beats),
            guests=ready.guests,
            guests_heard=ready.guests_heard,
            shadows=rollout.shadows(conn),
            held=ready.held,
        )
    )


def of_beginners(conn: Connection, now: datetime, *, begun: bool) -> Sequence[go_live.Step]:
    """The same until everybody receives; `begun`: there are units and complaints."""
    reach = rollout.read(conn, house().settings.recipients)
    return () if begun and reach.mode is Mode.LIVE else steps(conn, reach, now)


def _texts_missing(conn: Connection) -> int:
    if not house().gateway.needs_approval:
        return 0
    known, texts = templates.known(conn), house().texts
    wanted = [texts.kind(kind) for kind in texts.kinds() if not texts.kind(kind).is_session]
    stored = [known.get((template.kind, template.fingerprint)) for template in wanted]
    return sum(one is None or one.status != "approved" or one.stopped_at is not None for one in stored)
