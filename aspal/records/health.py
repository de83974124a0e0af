"""How the machine itself is doing: heartbeats, the lease of the one worker, alarms for the admin, and switches."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, text, update

from aspal.db import upsert
from aspal.tables import alarms, leases, switches
from aspal.tables import heartbeats as beats

_SWITCHES = select(switches.c.name, switches.c.value, switches.c.until, switches.c.set_at).where(
    switches.c.name.in_(bindparam("names", expanding=True))
)


LAST_BACKUP = "last_backup"  # the switch that remembers it
# Leases last seconds. One that ends this far ahead was taken by a clock that was wrong (a machine's own in local time,
# say), and its owner died before the clock was set: nobody could lead until that hour.
_FAR = timedelta(hours=1)
_SHORT = timedelta(hours=3)  # what the jobs set by themselves; longer is what a person has decided, such as a pause


@dataclass(frozen=True)
class Heartbeat:
    """The last time a job ended well, and since when it fails, if it does."""

    name: str
    at: datetime
    every_seconds: int
    detail: str | None
    failing_since: datetime | None
    failure: str | None

    def is_late(self, now: datetime) -> bool:
        """Three intervals without a good run: something is dead. So is a clock that was ahead and went back."""
        return now - self.at > timedelta(seconds=3 * self.every_seconds) or self.at - now > timedelta(minutes=5)


@dataclass(frozen=True)
class Alarm:
    """Something an admin must look at, until its cause is gone."""

    key: str
    text: str
    raised_at: datetime


def beat(conn: Connection, name: str, now: datetime, every_seconds: int, detail: str | None = None) -> None:
    """The job ended well."""
    values = {"at": now, "every_seconds": every_seconds, "detail": detail, "failing_since": None, "failure": None}
    into = upsert(conn, beats).values(name=name, **values)
    conn.execute(into.on_conflict_do_update(index_elements=["name"], set_=values))


def fail(conn: Connection, name: str, now: datetime, every_seconds: int, failure: str) -> None:
    """The job ended badly; the time of its last good run stays, so that silence shows."""
    into = upsert(conn, beats).values(
        name=name, at=now, every_seconds=every_seconds, failing_since=now, failure=failure
    )
    since = func.coalesce(beats.c.failing_since, into.excluded.failing_since)
    values = {"failure": failure, "every_seconds": every_seconds, "failing_since": since}
    conn.execute(into.on_conflict_do_update(index_elements=["name"], set_=values))


def heartbeats(conn: Connection) -> list[Heartbeat]:
    """Every job that ever ran, by name."""
    return [Heartbeat(**row._mapping) for row in conn.execute(select(beats).order_by(beats.c.name))]


def take_lease(conn: Connection, name: str, owner: str, now: datetime, seconds: float) -> bool:
    """Takes or renews the lease; False while somebody else holds it. One statement decides, so only one can win."""
    until = now + timedelta(seconds=seconds)
    free = or_(leases.c.owner == owner, leases.c.until <= now, leases.c.until > now + _FAR)
    mine = and_(leases.c.name == name, free)
    if conn.execute(update(leases).where(mine).values(owner=owner, until=until)).rowcount:
        return True
    into = upsert(conn, leases).values(name=name, owner=owner, until=until)
    return conn.scalar(into.on_conflict_do_nothing(index_elements=["name"]).returning(leases.c.name)) is not None


def is_held(conn: Connection, name: str, now: datetime) -> bool:
    """Whether somebody holds the lease: a worker is running somewhere."""
    held = select(leases.c.owner).where(leases.c.name == name, leases.c.until > now, leases.c.until <= now + _FAR)
    return conn.scalar(held) is not None


def release_lease(conn: Connection, name: str, owner: str) -> None:
    """Gives the lease up, so that a standby need not wait for it to expire."""
    conn.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))


def raise_alarm(conn: Connection, key: str, message: str, now: datetime) -> bool:
    """Opens an alarm, or brings the text of the open one up to date. True when it is new."""
    still_open = and_(alarms.c.key == key, alarms.c.cleared_at.is_(None))
    if conn.execute(update(alarms).where(still_open).values(text=message)).rowcount:
        return False
    into = upsert(conn, alarms).values(key=key, text=message, raised_at=now)
    once = into.on_conflict_do_nothing(index_elements=["key"], index_where=text("cleared_at IS NULL"))
    return conn.scalar(once.returning(alarms.c.id)) is not None


def clear_alarm(conn: Connection, key: str, now: datetime) -> bool:
    """The cause is gone. True when the alarm was open."""
    still_open = and_(alarms.c.key == key, alarms.c.cleared_at.is_(None))
    return bool(conn.execute(update(alarms).where(still_open).values(cleared_at=now)).rowcount)


def clear_alarms(conn: Connection, keys: Collection[str], now: datetime) -> None:
    """The causes of all these are gone."""
    if keys:
        gone = and_(alarms.c.key.in_(keys), alarms.c.cleared_at.is_(None))
        conn.execute(update(alarms).where(gone).values(cleared_at=now))


def settle_alarms(
    conn: Connection, found: Mapping[str, str | None], still_open: Collection[str], now: datetime
) -> None:
    """Raises what has a text; of the others those that are open are cleared, so that a quiet round writes nothing."""
    for key, message in found.items():
        if message:
            raise_alarm(conn, key, message, now)
    clear_alarms(conn, [key for key, message in found.items() if not message and key in still_open], now)


def open_alarms(conn: Connection) -> list[Alarm]:
    """What an admin must look at, oldest first."""
    found = select(alarms.c.key, alarms.c.text, alarms.c.raised_at).where(alarms.c.cleared_at.is_(None))
    return [Alarm(*row) for row in conn.execute(found.order_by(alarms.c.raised_at, alarms.c.id))]


def get_switch(conn: Connection, name: str, now: datetime | None = None) -> Any:
    """The switch's value; None when it was never set, or (with `now`) when its time is over."""
    row = conn.execute(_SWITCHES, {"names": [name]}).first()
    return None if row is None or (now is not None and _is_over(row, now)) else row.value


def switches_set(conn: Connection, names: Collection[str], now: datetime) -> dict[str, Any]:
    """Those of these switches that are set and whose time is not over, with their values."""
    found = conn.execute(_SWITCHES, {"names": list(names)})
    return {row.name: row.value for row in found if not _is_over(row, now)}


def _is_over(switch: Any, now: datetime) -> bool:
    """Whether its time has passed, or it was set for some hours by a clock that ran ahead and was put right since: by
    that hour nothing would leave, and nobody be asked, for as long as the clock had been wrong."""
    if switch.until is None or switch.until <= now:
        return switch.until is not None
    return bool(switch.set_at > now + _FAR and switch.until - switch.set_at <= _SHORT)


def set_at(conn: Connection, name: str) -> datetime | None:
    """When a switch was last set."""
    return conn.scalar(select(switches.c.set_at).where(switches.c.name == name))


def set_switch(
    conn: Connection,
    name: str,
    value: Any,
    *,
    by: str,
    now: datetime,
    until: datetime | None = None,
    reason: str | None = None,
) -> None:
    """Sets a switch, for good or until a moment."""
    values = {"value": value, "until": until, "reason": reason, "set_by": by, "set_at": now}
    into = upsert(conn, switches).values(name=name, **values)
    conn.execute(into.on_conflict_do_update(index_elements=["name"], set_=values))


def clear_switch(conn: Connection, name: str) -> bool:
    """Forgets a switch. True when it was set."""
    return bool(conn.execute(delete(switches).where(switches.c.name == name)).rowcount)
