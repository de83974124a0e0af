"""The directory as a file in the import's own format: exported, corrected in a spreadsheet, imported again."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aspal.db import Database
from aspal.records import journal, staffing
from aspal.records.journal import Entry
from aspal.records.staffing import Appointment, Contact, Unit

HEADER = (
    "OPD", "Singkatan", "Jenis", "Induk", "Zona Waktu", "Nama", "Jabatan", "Peran", "No WA", "Nomor SK", "Tanggal SK",
    "Berlaku Mulai", "Berlaku Sampai", "Persetujuan WA",
)  # fmt: skip
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
Row = Sequence[str | None]


def rows(db: Database, *, now: datetime, zone: str, by: str) -> list[Row]:
    """Every active unit with everybody who has not been taken out of office. That it was asked for is journalled."""
    with db.act() as conn:
        units = {int(unit.id or 0): unit for unit in staffing.all_units(conn) if unit.active}
        contacts = {int(contact.id or 0): contact for contact in staffing.all_contacts(conn)}
        held = [its for its in staffing.all_appointments(conn) if its.ended_at is None and its.contact_id in contacts]
        told = _lines(units, contacts, held, zone)
        journal.append(conn, [Entry(now, by, "directory.exported", "directory", {"rows": len(told)})])
    return told


def _lines(units: dict[int, Unit], contacts: dict[int, Contact], held: Sequence[Appointment], zone: str) -> list[Row]:
    by_unit: dict[int, list[Appointment]] = {}
    for its in held:
        by_unit.setdefault(its.unit_id, []).append(its)
    lines: list[Row] = []
    for unit_id, unit in sorted(units.items(), key=lambda item: item[1].name_key):
        about = _unit(unit, units)
        people = by_unit.get(unit_id, [])
        lines += [[*about, *_person(contacts[its.contact_id], its, zone)] for its in people] or [[*about, *_NOBODY]]
    return lines


_NOBODY = (None,) * 9


def _unit(unit: Unit, units: dict[int, Unit]) -> Row:
    parent = units.get(unit.parent_id or 0)
    zone = _ZONES.get(unit.time_zone or "")
    return [unit.name, unit.short_name, unit.kind, parent.name if parent else None, zone]


def _person(contact: Contact, its: Appointment, zone: str) -> Row:
    role = f"{its.acting.capitalize()}. {its.role}" if its.acting else its.role
    consent = contact.consent_at.astimezone(ZoneInfo(zone)).date() if contact.consent_at else None
    days = [_day(day) for day in (its.sk_date, its.valid_from, its.valid_until, consent)]
    # Written as one types it: a leading "+" would be taken for a formula.
    phone = "0" + contact.phone.removeprefix("+62")
    return [contact.name, contact.position, role, phone, its.sk_number, *days]


def _day(day: date | None) -> str | None:
    return f"{day:%d/%m/%Y}" if day else None
