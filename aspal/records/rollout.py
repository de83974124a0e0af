"""How far the office has gone live, and the messages that were only written down meanwhile."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, func, literal, select, text, true, update

from aspal.conditions import is_told
from aspal.core import rollout
from aspal.core.rollout import Mode, Rollout
from aspal.tables import dispositions, messages, notices, switches, units

SWITCH = "office_mode"
SHADOWED = "Mode bayangan: ditulis untuk diperiksa, tidak dikirim."
_NEVER_TOLD = "Mode bayangan: tidak pernah dikirim; dinilai ulang sejak kantor langsung."


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit, as the page about going live lists it."""

    id: int
    name: str
    live_since: datetime | None
    paused_until: datetime | None
    pause_reason: str | None


def read(conn: Connection, recipients: str) -> Rollout:
    """What holds now, with the setting RECIPIENTS."""
    chosen = chosen_mode(conn)
    live: Sequence[int] = ()
    if chosen is Mode.STEPWISE:
        live = conn.scalars(select(units.c.id).where(units.c.live_since.is_not(None))).all()
    return rollout.in_force(recipients, chosen, live)


def chosen_mode(conn: Connection) -> Mode | None:
    """What the office has chosen; None while it never did."""
    value = conn.scalar(select(switches.c.value).where(switches.c.name == SWITCH))
    return Mode(value["mode"]) if value else None


def listed_units(conn: Connection) -> list[UnitState]:
    """Every active unit, by name."""
    columns = (units.c.id, units.c.name, units.c.live_since, units.c.paused_until, units.c.pause_reason)
    return [UnitState(*row) for row in conn.execute(select(*columns).where(units.c.active).order_by(units.c.name))]


def set_live(conn: Connection, unit_ids: Collection[int], since: datetime | None) -> list[str]:
    """Lets units go live, or takes them back; the names of those for which that is new."""
    changes = units.c.live_since.is_(None) if since else units.c.live_since.is_not(None)
    wanted = update(units).where(units.c.id.in_(sorted(unit_ids)), changes).values(live_since=since)
    return sorted(conn.scalars(wanted.returning(units.c.name)))


def shadow(conn: Connection, message_ids: Collection[int]) -> None:
    """Messages that were only to be written down: cancelled before anybody can claim them."""
    mine = update(messages).where(messages.c.id.in_(list(message_ids)), messages.c.state.in_(("held", "waiting")))
    conn.execute(mine.values(state="cancelled", reason=SHADOWED, shadow=True))


def forget_shadows(conn: Connection, unit_ids: Collection[int] | None, now: datetime) -> int:
    """Nobody heard what stood in the shadow, so it counts for nothing once it is over; how many cases are looked at.

    Their level falls to what was really told. `unit_ids` None: every unit.
    """
    theirs = true() if unit_ids is None else dispositions.c.unit_id.in_(sorted(unit_ids))
    of_units = and_(dispositions.c.ended_at.is_(None), theirs)
    open_ids = select(dispositions.c.id).where(of_units)
    unheard = select(messages.c.id).where(text("shadow"))
    conn.execute(
        update(notices)
        .where(notices.c.message_id.in_(unheard), notices.c.state == "bundled", notices.c.disposition_id.in_(open_ids))
        .values(state="cancelled", reason=_NEVER_TOLD)
    )
    told = (
        select(func.coalesce(func.max(notices.c.level), 0))
        .where(notices.c.disposition_id == dispositions.c.id, is_told())
        .scalar_subquery()
    )
    unheard_of = select(notices.c.disposition_id).where(notices.c.reason == _NEVER_TOLD)
    look = literal(now, dispositions.c.next_look_at.type)
    again = {"level": told, "next_look_at": case((dispositions.c.parked_at.is_(None), look))}
    return conn.execute(update(dispositions).where(of_units, dispositions.c.id.in_(unheard_of)).values(again)).rowcount


def shadows(conn: Connection) -> int:
    """How many messages were only written down, counted up to a thousand."""
    some = select(messages.c.id).where(text("shadow")).limit(1000).subquery()
    return conn.scalar(select(func.count()).select_from(some)) or 0
