"""The directory's side of the intake: units, then the people, then who is appointed to what.

A directory is small, so all of it is in memory. Nobody is taken out of office because a file leaves them out: files are
often about one unit only. It is counted, and told by name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection

from aspal.core import names
from aspal.core.news import Moment
from aspal.core.phone import PhoneError, mask, normalise
from aspal.core.rows import Cells, RowProblem
from aspal.core.rows.directory import DirectoryRow, directory_row
from aspal.core.words import OFFICE_ROLES
from aspal.flow.intake import named as intake_named
from aspal.flow.intake.named import Directory
from aspal.flow.intake.outcome import ImportReport
from aspal.flow.intake.unit_rows import UnitIntake
from aspal.records import imports, journal, roster, staffing
from aspal.records.imports import Change
from aspal.records.journal import Entry
from aspal.records.staffing import Appointment, Contact


@dataclass(frozen=True)
class _Known:
    """A row that could be read: which columns its file has, and the phone in one spelling."""

    row: DirectoryRow
    has: frozenset[str]
    phone: str
    cells: Mapping[str, object]


class DirectoryIntake:
    """One directory import within one transaction."""

    def __init__(self, conn: Connection, batch_id: int, report: ImportReport, at: Moment, by: str) -> None:
        self._conn, self._batch, self._report, self._at, self._by = conn, batch_id, report, at, by
        self._units = UnitIntake(conn, batch_id, report, at, by)
        self._contacts = {contact.phone: contact for contact in staffing.all_contacts(conn)}
        self._appointments = {its.key: its for its in staffing.all_appointments(conn)}
        self._before = Directory(dict(self._contacts), dict(self._appointments), at.today)
        self._grade: dict[int, str] = {}  # row -> new | changed | unchanged
        self._listed: set[tuple[int, int, str]] = set()
        self._entries: list[Entry] = []

    def take(self, cells: Iterable[Cells]) -> None:
        """Takes all rows in."""
        rows = [row for row in map(self._read, cells) if row is not None]
        kept = self._one_name_a_phone(rows)
        refused = self._units.take([(known.row, known.has) for known in kept])
        for known in kept:
            if known.row.number in refused:
                self._hold(known, refused[known.row.number])
        kept = [known for known in kept if known.row.number not in refused]
        self._take_contacts([known for known in kept if known.row.has_person])
        self._take_appointments([known for known in kept if known.row.has_person])
        self._finish(kept)
        self._settle_earlier(rows)

    # --- reading ------------------------------------------------------------------------------------------------

    def _read(self, cells: Cells) -> _Known | None:
        self._report.rows += 1
        row = directory_row(cells, self._at.today)
        if isinstance(row, RowProblem):
            self._report.reject(row.number, row.column, row.reason)
            return None
        try:
            phone = normalise(row.phone) if row.has_person else ""
        except PhoneError as problem:
            self._report.reject(row.number, "no_wa", f"nomor WhatsApp: {problem.reason}")
            return None
        if row.substitute_phone:
            warning = "pengganti tidak dicatat dari berkas; petugas menunjuknya sendiri lewat WhatsApp saat CUTI"
            self._report.warn(row.number, [warning])
        blank_kind = {"jenis_unit"} if not str(cells.values.get("jenis_unit") or "").strip() else set()
        return _Known(row, frozenset(cells.values) - blank_kind, phone, cells.values)

    def _one_name_a_phone(self, rows: Sequence[_Known]) -> list[_Known]:
        """Two names for one number in one file: nobody knows who would receive the messages."""
        first: dict[str, DirectoryRow] = {}
        kept = []
        for known in rows:
            other = first.setdefault(known.phone, known.row) if known.row.has_person else known.row
            if names.key(other.name) == names.key(known.row.name):
                kept.append(known)
            else:
                self._hold(
                    known,
                    f"Nomor {mask(known.phone)} di baris {other.number} tercatat atas nama lain ({other.name}); "
                    "pastikan siapa pemegangnya.",
                )
        return kept

    def _hold(self, known: _Known, reason: str) -> None:
        cells = {name: str(value) for name, value in known.cells.items() if value is not None}
        imports.hold(self._conn, self._batch, [(known.row.number, reason, cells)])
        self._report.held.append((known.row.number, reason))

    def _settle_earlier(self, rows: Sequence[_Known]) -> None:
        """Rows that earlier files had held wait no longer when this file speaks of the same number at the same unit."""
        named = {(names.key(known.row.unit), known.phone) for known in rows}
        waiting = [row for row in imports.held(self._conn, "directory") if row.batch_id != self._batch]
        overtaken = [row.id for row in waiting if _whom(row.cells) in named]
        imports.overtake(self._conn, self._batch, overtaken, self._at.now)

    # --- people -------------------------------------------------------------------------------------------------

    def _take_contacts(self, rows: Sequence[_Known]) -> None:
        for known in rows:
            was = self._contacts.get(known.phone)
            contact = was or Contact(known.row.name, known.phone)
            contact = replace(contact, name=known.row.name, **self._about_contact(known))
            if contact != was:
                self._mark(known, "changed")
            self._contacts[known.phone] = contact
        self._write_contacts()

    def _about_contact(self, known: _Known) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if known.row.position:
            said["position"] = known.row.position
        if known.row.consent_on:
            said["consent_at"] = datetime.combine(known.row.consent_on, time(), self._at.zone)
        return said

    def _write_contacts(self) -> None:
        before = self._before.contacts
        new = [contact for phone, contact in self._contacts.items() if phone not in before]
        rows = [staffing.columns(contact) | {"created_at": self._at.now} for contact in new]
        for contact, row_id in zip(new, imports.insert(self._conn, self._batch, "contacts", rows), strict=True):
            self._contacts[contact.phone] = replace(contact, id=row_id)
        changes = []
        for phone, was in before.items():
            contact = self._contacts[phone]
            if contact != was:
                changes.append(Change(int(was.id or 0), *staffing.difference(was, contact)))
        imports.update_rows(self._conn, self._batch, "contacts", changes)
        self._report.events["contacts"] += len(new)

    # --- appointments -------------------------------------------------------------------------------------------

    def _take_appointments(self, rows: Sequence[_Known]) -> None:
        for known in rows:
            appointment = self._appointment(known)
            was = self._before.appointments.get(appointment.key)
            if was is None:
                self._mark(known, "new")
            elif appointment != was:
                self._mark(known, "changed")
            if appointment != was and appointment.valid_until and appointment.valid_until < self._at.today:
                self._report.events["expired"] += 1
            self._appointments[appointment.key] = appointment
            self._listed.add(appointment.key)
        self._write_appointments()

    def _appointment(self, known: _Known) -> Appointment:
        """What the row says; a column that the file does not have says nothing. Being listed again ends an end."""
        row = known.row
        contact = self._contacts[known.phone]
        fresh = Appointment(int(contact.id or 0), self._units.id_of(row.unit), str(row.role))
        said = {
            "nomor_sk": ("sk_number", row.sk_number),
            "tgl_sk": ("sk_date", row.sk_date),
            "berlaku_mulai": ("valid_from", row.valid_from),
            "berlaku_sampai": ("valid_until", row.valid_until),
        }
        values: dict[str, Any] = {name: value for column, (name, value) in said.items() if column in known.has}
        return replace(self._appointments.get(fresh.key, fresh), acting=row.acting, ended_at=None, **values)

    def _write_appointments(self) -> None:
        before = self._before.appointments
        new = [its for key, its in self._appointments.items() if key not in before]
        ids = imports.insert(self._conn, self._batch, "appointments", [staffing.columns(its) for its in new])
        changed = [(was, self._appointments[key]) for key, was in before.items() if self._appointments[key] != was]
        imports.update_rows(
            self._conn,
            self._batch,
            "appointments",
            [Change(int(was.id or 0), *staffing.difference(was, its)) for was, its in changed],
        )
        self._report.events["appointments"] += len(new)
        touched = [(row_id, its, "new") for row_id, its in zip(ids, new, strict=True)]
        touched += [(int(was.id or 0), its, "changed") for was, its in changed]
        for row_id, its, what in touched:
            detail = {"batch": self._batch, "contact": its.contact_id, "unit": its.unit_id, "role": its.role}
            self._entries.append(
                Entry(self._at.now, self._by, f"import.appointment_{what}", f"appointment:{row_id}", detail)
            )
        everywhere = any(its.role in OFFICE_ROLES for _, its, _ in touched)
        units = {its.unit_id for _, its, _ in touched}
        if touched:
            roster.wake_units(self._conn, None if everywhere else units, self._at.now)

    # --- the end ------------------------------------------------------------------------------------------------

    def _mark(self, known: _Known, grade: str) -> None:
        if self._grade.get(known.row.number) != "new":
            self._grade[known.row.number] = grade

    def _finish(self, rows: Sequence[_Known]) -> None:
        grades = [self._grade.get(known.row.number) or self._units.grade(known.row) for known in rows]
        self._report.new = grades.count("new")
        self._report.changed = grades.count("changed")
        self._report.unchanged = grades.count("unchanged")
        self._name(rows)
        journal.append(self._conn, self._entries)

    def _name(self, rows: Sequence[_Known]) -> None:
        """Says whom the file renames or leaves out; whoever repeats a file has been told."""
        units, after = self._units.all, Directory(self._contacts, self._appointments, self._at.today)
        self._report.name("renamed", intake_named.renamed(self._before, after, units))
        self._report.name("renumbered", intake_named.renumbered(self._before, after, units, self._listed))
        if self._report.same_as_batch is None:
            named = {self._units.id_of(known.row.unit) for known in rows}
            missing = [
                its
                for key, its in self._appointments.items()
                if its.unit_id in named and key not in self._listed and its.in_force(self._at.today)
            ]
            self._report.name("unlisted", intake_named.left_out(missing, self._contacts.values(), units))
            others = sorted(unit.name for unit_id, unit in units.items() if unit.active and unit_id not in named)
            self._report.name("units_unlisted", others)


def _whom(cells: Mapping[str, str]) -> tuple[str, str]:
    try:
        phone = normalise(cells.get("no_wa"))
    except PhoneError:
        phone = ""
    return names.key(cells.get("opd", "")), phone
