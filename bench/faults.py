"""Cases: sending while the provider fails or the sender is killed; then time passes until nothing is in doubt."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from aspal import tables as t
from bench import office

IN_DOUBT = ("waiting", "sending", "unknown")
STEP = timedelta(minutes=3)
MOST_STEPS = 100  # five hours: longer than any retry, shorter than the office's day
HANG_SECONDS = 1.0  # instead of the quarter of a minute that the gateway really waits


def plan(url: str, due: int) -> dict[str, Any]:
    """Everything up to the outbox: what the sender then finds."""
    from aspal.flow import bundle, scan

    house = office.house(url)
    with house.db.write() as conn:
        now = office.wake(conn, due)
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    scan.run(house.db, calendars, now)
    planned = bundle.run(house.db, calendars, house.texts, house.settings, now)
    house.close()
    return asdict(planned)


def deliver_once(url: str, provider: str) -> dict[str, Any]:
    """One delivery at the first moment; the parent may kill it."""
    house = office.house(url, provider)
    return _deliver(house)


def settle(url: str, provider: str) -> dict[str, Any]:
    """Delivery and reconcile, three minutes apart, until every message has an end; tells where each one stands."""
    from aspal.flow import reconcile

    house = office.house(url, provider)
    house.clock = clock = office.MovedClock(office.FIRST_DAY)
    _shorten_patience(house.gateway)
    done: Counter[str] = Counter()
    steps = 0
    while steps < MOST_STEPS:
        done.update(_deliver(house))
        done.update(asdict(reconcile.run(house.db, house.gateway, house.clock.now())))
        states = _states(house)
        if not any(states.get(state) for state in IN_DOUBT):
            break
        clock.moment += STEP
        steps += 1
    house.close()
    return {"states": states, "done": dict(done), "minutes": steps * STEP.seconds // 60}


def judged(states: Mapping[str, int], stats: Mapping[str, Any], planned: int) -> dict[str, int]:
    """Doubled: a person told twice. Lost: nobody told. Stuck: left for somebody to untangle by hand."""
    stuck = sum(count for state, count in states.items() if state in (*IN_DOUBT, "held"))
    return {"doubled": stats["duplicates"], "lost": planned - stats["distinct"], "stuck": stuck}


def _deliver(house: Any) -> dict[str, Any]:
    from aspal.flow import deliver

    with house.db.read() as conn:
        calendars = house.calendars(conn)
    return asdict(deliver.run(house.db, house.gateway, house.settings, calendars, house.texts, house.clock))


def _states(house: Any) -> dict[str, int]:
    with house.db.read() as conn:
        rows = conn.execute(select(t.messages.c.state, func.count()).group_by(t.messages.c.state))
        return {row[0]: row[1] for row in rows}


def _shorten_patience(gateway: Any) -> None:
    gateway._wire._seconds = (HANG_SECONDS, HANG_SECONDS)
