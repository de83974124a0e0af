"""Going live, step by step: the mode of the office and its live units. Each change with a reason, and journalled.

Who leaves the shadow is told from then on what is due; nothing that stood in the shadow counts as told.
"""

from collections.abc import Collection
from datetime import datetime

from aspal.core.refused import Refused
from aspal.core.rollout import Mode
from aspal.db import Database
from aspal.records import health, journal, rollout
from aspal.records.journal import Entry


def choose_mode(db: Database, mode: Mode, *, now: datetime, by: str, reason: str) -> None:
    """Sets the mode of the office. Raises Refused."""
    if not reason.strip():
        raise Refused("Alasan wajib diisi.")
    with db.act() as conn:
        before = rollout.chosen_mode(conn)
        if before is mode:
            raise Refused("Mode itu sudah berlaku.")
        health.set_switch(conn, rollout.SWITCH, {"mode": str(mode)}, by=by, now=now, reason=reason)
        detail: dict[str, object] = {"before": str(before or Mode.LIVE), "after": str(mode), "reason": reason}
        if mode is Mode.LIVE:
            detail["cases"] = rollout.forget_shadows(conn, None, now)
        elif mode is Mode.STEPWISE:
            live = [unit.id for unit in rollout.listed_units(conn) if unit.live_since]
            detail["cases"] = rollout.forget_shadows(conn, live, now)
        journal.append(conn, [Entry(now, by, "office.mode", f"switch:{rollout.SWITCH}", detail)])


def set_units(db: Database, unit_ids: Collection[int], *, live: bool, now: datetime, by: str) -> list[str]:
    """Lets these units go live, or takes them back; the names of those for which that is new."""
    with db.act() as conn:
        names = rollout.set_live(conn, unit_ids, now if live else None)
        if not names:
            return []
        detail: dict[str, object] = {"units": names, "after": "langsung" if live else "bayangan"}
        if live and rollout.chosen_mode(conn) is Mode.STEPWISE:
            detail["cases"] = rollout.forget_shadows(conn, unit_ids, now)
        journal.append(conn, [Entry(now, by, "units.live" if live else "units.shadow", "switch:office_mode", detail)])
        return names
