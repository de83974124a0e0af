"""The units that a directory file names: their kinds, parents, zones, and the short names that become aliases."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from aspal.core import names
from aspal.core.news import Moment
from aspal.core.rows.directory import DirectoryRow
from aspal.flow.intake.outcome import ImportReport
from aspal.records import imports, staffing
from aspal.records.imports import Change
from aspal.records.staffing import Unit

Row = tuple[DirectoryRow, frozenset[str]]  # and the columns that its file has


class UnitIntake:
    """Units by every name they go by, before and after the file."""

    def __init__(self, conn: Connection, batch_id: int, report: ImportReport, at: Moment, by: str) -> None:
        self._conn, self._batch, self._report, self._at, self._by = conn, batch_id, report, at, by
        self._units = {int(unit.id or 0): unit for unit in staffing.all_units(conn)}
        self._ids = staffing.aliases(conn) | {unit.name_key: row_id for row_id, unit in self._units.items()}
        self._new: set[int] = set()
        self._changed: set[int] = set()

    def id_of(self, name: str) -> int:
        """The unit of that name; every name of a row that was taken is known."""
        return self._ids[names.key(name)]

    @property
    def all(self) -> Mapping[int, Unit]:
        """Every unit by its id, as the file leaves it."""
        return self._units

    def grade(self, row: DirectoryRow) -> str:
        """What the row did to its unit."""
        unit_id = self.id_of(row.unit)
        return "new" if unit_id in self._new else "changed" if unit_id in self._changed else "unchanged"

    def take(self, rows: Sequence[Row]) -> dict[int, str]:
        """Adds and changes units. Gives back the rows that must be held, with the reason."""
        refused = self._unknown_parents(rows) | self._taken_short_names(rows)
        rows = [(row, has) for row, has in rows if row.number not in refused]
        before = dict(self._units)
        self._insert_new([row for row, _ in rows])
        for row, has in rows:
            unit_id = self.id_of(row.unit)
            self._units[unit_id] = replace(self._units[unit_id], **self._said(row, has))
        changes = []
        for unit_id, unit in self._units.items():
            was = before.get(unit_id, self._bare.get(unit_id, unit))
            if unit != was:
                changes.append(Change(unit_id, *staffing.difference(was, unit)))
                self._changed.add(unit_id)
        imports.update_rows(self._conn, self._batch, "units", changes)
        self._changed -= self._new
        self._add_aliases([row for row, _ in rows])
        return refused

    def _unknown_parents(self, rows: Sequence[Row]) -> dict[int, str]:
        named = {names.key(row.unit) for row, _ in rows} | set(self._ids)
        return {
            row.number: f"Unit induk “{row.parent}” tidak ada di direktori maupun di berkas ini."
            for row, _ in rows
            if row.parent and names.key(row.parent) not in named
        }

    def _taken_short_names(self, rows: Sequence[Row]) -> dict[int, str]:
        """Short names are aliases. One that means another unit already is not taken over."""
        owners = {key: self._units[unit_id].name_key for key, unit_id in self._ids.items()}
        for row, _ in rows:
            owners.setdefault(names.key(row.unit), names.key(row.unit))
        refused = {}
        for row, _ in rows:
            unit, short = owners[names.key(row.unit)], names.key(row.short_name or "")
            if short and owners.setdefault(short, unit) != unit:
                refused[row.number] = f"Singkatan “{row.short_name}” sudah dipakai OPD lain; pastikan nama OPD-nya."
        return refused

    def _insert_new(self, rows: Sequence[DirectoryRow]) -> None:
        """Parents may stand below their children in the file, so units first get nothing but their names."""
        spelled: dict[str, str] = {}
        for row in rows:
            if names.key(row.unit) not in self._ids:
                spelled.setdefault(names.key(row.unit), row.unit)
        bare = [Unit(name, key) for key, name in spelled.items()]
        ids = imports.insert(self._conn, self._batch, "units", [staffing.columns(unit) for unit in bare])
        self._bare = {row_id: replace(unit, id=row_id) for row_id, unit in zip(ids, bare, strict=True)}
        self._units |= self._bare
        self._ids |= {unit.name_key: row_id for row_id, unit in self._bare.items()}
        self._new |= set(ids)
        self._report.name("units", [unit.name for unit in bare])

    def _said(self, row: DirectoryRow, has: frozenset[str]) -> dict[str, Any]:
        """What the row says about its unit; being listed makes it active again."""
        said: dict[str, Any] = {"active": True}
        if "jenis_unit" in has:
            said["kind"] = row.unit_kind
        if row.short_name:
            said["short_name"] = row.short_name
        if row.time_zone:
            said["time_zone"] = row.time_zone
        if row.parent and self.id_of(row.parent) != self.id_of(row.unit):
            said["parent_id"] = self.id_of(row.parent)
        return said

    def _add_aliases(self, rows: Sequence[DirectoryRow]) -> None:
        new: list[dict[str, Any]] = []
        for row in rows:
            key, unit_id = names.key(row.short_name or ""), self.id_of(row.unit)
            if key and key not in self._ids:
                self._ids[key] = unit_id
                confirmed = {"confirmed_by": self._by, "confirmed_at": self._at.now}
                new.append({"unit_id": unit_id, "alias": row.short_name, "alias_key": key} | confirmed)
        imports.insert(self._conn, self._batch, "unit_aliases", new)
