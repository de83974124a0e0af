"""What an admin does to units in the browser: add, change, give another name. Each is journalled with old and new."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core import names
from aspal.core.refused import Refused
from aspal.core.rows.words import ZONES
from aspal.db import Database
from aspal.desk import shown
from aspal.flow.intake import settling
from aspal.records import directory, journal, org_chart, roster
from aspal.records.journal import Entry

FIELDS = {
    "name": "nama", "short_name": "singkatan", "kind": "jenis", "parent_id": "unit induk", "time_zone": "zona waktu",
    "active": "aktif",
}  # fmt: skip


def add(db: Database, said: Mapping[str, Any], *, now: datetime, by: str) -> int:
    """A new unit; its short name becomes another name. Raises Refused."""
    with db.act() as conn:
        values = _checked(conn, said, None)
        try:
            unit_id = org_chart.add_unit(conn, values)
        except org_chart.Taken as error:
            raise Refused("Unit dengan nama itu sudah ada.") from error
        _learn_short_name(conn, unit_id, values["short_name"], now, by)
        journal.append(conn, [Entry(now, by, "unit.added", f"unit:{unit_id}", {"after": _plain(values)})])
    return unit_id


def change(
    db: Database, unit_id: int, said: Mapping[str, Any], *, now: datetime, by: str, seen: str | None = None
) -> bool:
    """Changes a unit; False when nothing differs. `seen`: its mark as a page showed it. Raises Refused."""
    with db.act() as conn:
        was = org_chart.unit(conn, unit_id, now.date())
        if was is None:
            raise Refused("Unit ini tidak ada lagi.")
        values = _checked(conn, said, unit_id)
        shown.must_stand(was, FIELDS, values, seen)
        before = {name: getattr(was, name) for name in FIELDS if getattr(was, name) != values[name]}
        if not before:
            return False
        if before.get("active") and org_chart.open_cases(conn, unit_id):
            raise Refused("Unit ini masih punya laporan berjalan. Pindahkan disposisinya dahulu, baru dinonaktifkan.")
        try:
            org_chart.change_unit(conn, unit_id, values)
        except org_chart.Taken as error:
            raise Refused("Unit dengan nama itu sudah ada.") from error
        if "name" in before:  # files may still use the old one
            _learn_short_name(conn, unit_id, was.name, now, by)
        _learn_short_name(conn, unit_id, values["short_name"], now, by)
        roster.wake_units(conn, [unit_id], now)
        detail = {"before": before, "after": {name: values[name] for name in before}}
        journal.append(conn, [Entry(now, by, "unit.changed", f"unit:{unit_id}", detail)])
    return True


def add_alias(db: Database, unit_id: int, alias: str, *, now: datetime, by: str) -> None:
    """Another name by which files may call the unit. Raises Refused."""
    settling.confirm_alias(db, alias[:300], unit_id, now=now, by=by)


def drop_alias(db: Database, unit_id: int, alias_id: int, *, now: datetime, by: str) -> str:
    """That name no longer means this unit; the name. Raises Refused."""
    with db.act() as conn:
        alias = org_chart.drop_alias(conn, unit_id, alias_id)
        if alias is None:
            raise Refused("Nama lain itu sudah tidak ada.")
        journal.append(conn, [Entry(now, by, "unit.alias_dropped", f"unit:{unit_id}", {"before": alias})])
    return alias


def _checked(conn: Connection, said: Mapping[str, Any], unit_id: int | None) -> dict[str, Any]:
    name = " ".join(str(said.get("name") or "").split())
    if not names.key(name) or len(name) > 300:
        raise Refused("Isi nama unit, paling panjang 300 huruf.")
    parent, zone = said.get("parent_id"), said.get("time_zone") or None
    if zone is not None and zone not in set(ZONES.values()):
        raise Refused("Pilih zona waktu WIB, WITA, atau WIT.")
    known = directory.unit_names(conn)
    if known.find(name) not in (None, unit_id):
        raise Refused(f"“{name}” sudah menjadi nama unit lain.")
    if parent is not None:
        _check_parent(org_chart.parents(conn), int(parent), unit_id)
    return {
        "name": name,
        "name_key": names.key(name),
        "short_name": " ".join(str(said.get("short_name") or "").split())[:80] or None,
        "kind": str(said.get("kind") or "opd")[:40],
        "parent_id": parent,
        "time_zone": zone,
        "active": bool(said.get("active", True)),
    }


def _check_parent(parents: Mapping[int, int | None], parent: int, unit_id: int | None) -> None:
    """A unit is not below itself, however long the way round."""
    above: int | None = parent
    for _ in range(len(parents) + 1):
        if above is None:
            return
        if above == unit_id or above not in parents:
            break
        above = parents[above]
    raise Refused("Unit induk itu tidak dapat dipakai: tidak ada, atau berada di bawah unit ini sendiri.")


def _learn_short_name(conn: Connection, unit_id: int, short: str | None, now: datetime, by: str) -> None:
    """A name that files use becomes an alias, unless it already means some unit."""
    if short and names.key(short) and directory.unit_names(conn).find(short) is None:
        directory.add_alias(conn, short, names.key(short), unit_id, by, now)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in FIELDS}
