"""What the children do: workers, cron, the web, one station with a death sentence, and the quiet end of a day."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import event, func, select

from aspal import tables as t
from aspal.bootstrap import House
from aspal.flow.deliver import sender
from aspal.web.factory import create_app
from aspal.web.server import serve
from jobs import once, tick
from jobs.timetable import BY_NAME, TIMETABLE
from jobs.worker import Rhythm, Worker
from torture.clock import SharedClock
from torture.provider import Misbehaving

_HURRIED = tuple(replace(job, every=0.15) for job in TIMETABLE)  # type: ignore[arg-type]
_SPINE = ("scan", "bundle", "deliver", "reconcile")
_STEPS = 400  # of the clock until a day must be quiet
UNTIL_ASKED = timedelta(minutes=3)


def provider(clock: SharedClock, seed: int, port: int) -> None:
    """The provider; never killed."""
    twilio = Misbehaving(clock, seed)
    twilio.port = port
    with twilio:
        signal.pause()


def web(house: House, port: int) -> None:
    """The real web app, for the signed reports."""
    serve(create_app(house), "127.0.0.1", port, threads=3)


def cron(house: House) -> None:
    """`aspal run tick` every moment, beside whoever else works."""
    while True:
        tick.run(house)
        time.sleep(0.02)


def worker(house: House) -> None:
    """The elected worker or its standby."""
    Worker(house, Rhythm(lease=1.0, renew=0.2), _HURRIED).run()


def once_until(house: House, jobs: tuple[str, ...], fatal: int) -> None:
    """Runs these jobs; at the `fatal`-th boundary between two statements, commits or requests it is killed."""
    if fatal:
        reach = _at(fatal, signal.SIGKILL)
        for name in ("before_cursor_execute", "commit", "rollback"):
            event.listen(house.db.engine, name, reach)
        _before_and_after_requests(house, reach, reach)
    for name in jobs:
        once.run(house, BY_NAME[name], tick.EVERY)


def oversleep(house: House, place: int) -> None:
    """Delivers, one request at a time, but after the `place`-th it is stopped until somebody wakes it."""
    sender.THREADS = 1  # with more, whoever was just about to send could not be told from who overslept
    _before_and_after_requests(house, lambda: None, _at(place, signal.SIGSTOP))
    once.run(house, BY_NAME["deliver"], tick.EVERY)


def templates_approved(house: House) -> None:
    """Every text is known to the provider and approved."""
    from aspal.flow import templates

    for station in (templates.push, templates.refresh):
        run = station(house.db, house.texts, house.gateway, house.clock.now())
        assert not run.failed, run.failed


def quiet_down(house: House, clock: SharedClock, until: datetime) -> None:
    """Lets time pass from one moment at which something can happen to the next, until nothing is in the air."""
    for _ in range(_STEPS):
        for name in _SPINE:
            once.run(house, BY_NAME[name], tick.EVERY)
        now = house.clock.now()
        moment = _next_moment(house, now)
        if moment is None or moment > until:
            return
        clock.set(max(moment, now + timedelta(seconds=1)))


def _next_moment(house: House, now: datetime) -> datetime | None:
    """None: nothing waits, is being sent, or is in doubt."""
    with house.db.read() as conn:
        waiting = conn.scalar(select(func.min(t.messages.c.not_before)).where(t.messages.c.state == "waiting"))
        doubtful = conn.scalar(
            select(func.min(t.messages.c.lease_until)).where(t.messages.c.state.in_(("sending", "unknown")))
        )
        notices = conn.scalar(select(func.count()).where(t.notices.c.state == "waiting"))
        looks = conn.scalar(select(func.count()).where(t.dispositions.c.next_look_at <= now))
    moments = [moment for moment in (waiting, doubtful) if moment is not None]
    if notices or looks:
        moments.append(now + timedelta(minutes=1))
    return min(moments, default=None)


def _at(place: int, fate: signal.Signals) -> Callable[..., None]:
    """Something to be called at every boundary, by whichever thread comes to it; at the `place`-th comes the signal."""
    boundary = count(1)

    def reach(*_: Any, **__: Any) -> None:
        if next(boundary) == place:
            os.kill(os.getpid(), fate)
            time.sleep(0.1)  # a signal takes a moment; nothing may happen in it

    return reach


def _before_and_after_requests(house: House, before: Callable[..., None], after: Callable[..., None]) -> None:
    send = house.gateway.send

    def send_between(out: Any) -> Any:
        before()
        accepted = send(out)
        after()
        return accepted

    house.gateway.send = send_between  # type: ignore[method-assign]
