"""Who is responsible for what: appointments by SK, absences with a substitute. An admin's doing, each journalled."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core import far_days
from aspal.core.alarm_keys import MOVED
from aspal.core.refused import Refused
from aspal.core.words import OFFICE_ROLES, Role
from aspal.db import Database
from aspal.desk import shown
from aspal.records import health, journal, org_chart, people, roster
from aspal.records.journal import Entry
from aspal.records.org_chart import Duty

ACTING = ("plt", "plh")
FIELDS = {
    "acting": "kedudukan", "sk_number": "nomor SK", "sk_date": "tanggal SK", "valid_from": "berlaku mulai",
    "valid_until": "berlaku sampai",
}  # fmt: skip


def appoint(
    db: Database, contact_id: int, unit_id: int, role: str, said: Mapping[str, Any], *, now: datetime, by: str
) -> int:
    """A new appointment, or an ended one anew. Raises Refused."""
    values = _checked(said, now) | {"ended_at": None}
    if role not in set(Role):
        raise Refused("Pilih perannya.")
    with db.act() as conn:
        if people.find(conn, contact_id) is None or org_chart.unit(conn, unit_id, now.date()) is None:
            raise Refused("Kontak atau unit ini tidak ada lagi.")
        held = [
            duty for duty in org_chart.duties_of(conn, [contact_id]) if (duty.unit_id, duty.role) == (unit_id, role)
        ]
        if held and held[0].standing(now.date()) in ("now", "later"):
            raise Refused("Orang ini sudah memegang peran itu di unit itu. Ubah masa berlakunya di bawah.")
        if held:
            _change(conn, held[0], values, "appointment.renewed", now, by)
            return held[0].id
        try:
            new_id = people.appoint(conn, {"contact_id": contact_id, "unit_id": unit_id, "role": role} | values)
        except people.Taken as error:
            raise Refused("Orang ini sudah memegang peran itu di unit itu.") from error
        detail = {"contact": contact_id, "unit": unit_id, "role": role, "after": _plain(values)}
        _tell(conn, new_id, unit_id, role, "appointment.added", detail, now, by)
    return new_id


def revise(
    db: Database, appointment_id: int, said: Mapping[str, Any], *, now: datetime, by: str, seen: str | None = None
) -> bool:
    """Another SK, another span: also how an appointment is extended. False when nothing differs. `seen`: the mark of
    the appointment as a page showed it. Raises Refused."""
    values = _checked(said, now)
    with db.act() as conn:
        duty = _there(conn, appointment_id)
        if duty.ended_at:
            raise Refused("Penugasan ini sudah diakhiri. Tunjuk lagi sebagai penugasan baru.")
        shown.must_stand(duty, FIELDS, values, seen)
        return _change(conn, duty, values, "appointment.changed", now, by)


def end(db: Database, appointment_id: int, *, now: datetime, by: str) -> None:
    """Out of office from now on; what the person said about having moved is settled. Raises Refused."""
    with db.act() as conn:
        duty = _there(conn, appointment_id)
        if duty.ended_at:
            raise Refused("Penugasan ini sudah diakhiri.")
        health.clear_alarm(conn, f"{MOVED}{appointment_id}", now)
        _change(conn, duty, {"ended_at": now}, "appointment.ended", now, by)


def plan_absence(
    db: Database, contact_id: int, substitute_id: int, first: date, last: date, *, now: datetime, zone: str, by: str
) -> int:
    """The office says who stands in: it holds at once, unlike what an officer asks for by WhatsApp. Raises Refused."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if last < first or last < today:
        raise Refused("Hari terakhir cuti sudah lewat, atau lebih awal daripada hari pertamanya.")
    if trouble := far_days.of_leave((first, last), today):
        raise Refused(trouble)
    with db.act() as conn:
        substitute = people.find(conn, substitute_id)
        if substitute is None or people.find(conn, contact_id) is None or substitute_id == contact_id:
            raise Refused("Pilih pengganti: orang lain yang ada di direktori.")
        if substitute.opted_out_at or substitute.unreachable_at or not substitute.phone:
            raise Refused("Pengganti itu sedang tidak dapat dikirimi pesan. Pilih orang lain.")
        if people.overlapping(conn, contact_id, first, last):
            raise Refused("Sudah ada cuti pada hari-hari itu. Batalkan dahulu yang lama.")
        days = {"first_day": first, "last_day": last}
        whom = {"contact_id": contact_id, "substitute_id": substitute_id}
        answered = {"state": "accepted", "asked_at": now, "answered_at": now}
        absence_id = people.add_absence(conn, whom | days | answered)
        wake_cases(conn, contact_id, now)
        detail = {"contact": contact_id, "substitute": substitute_id, "first": f"{first}", "last": f"{last}"}
        journal.append(conn, [Entry(now, by, "absence.decided", f"absence:{absence_id}", detail)])
    return absence_id


def cancel_absence(db: Database, absence_id: int, *, now: datetime, by: str) -> None:
    """The person is back, or never left: messages go to them again. Raises Refused."""
    with db.act() as conn:
        was = people.absence(conn, absence_id)
        if was is None or not people.cancel_absence(conn, absence_id, now):
            raise Refused("Cuti ini sudah dibatalkan atau tidak ada.")
        wake_cases(conn, was.contact_id, now)
        detail = {"contact": was.contact_id, "before": was.state, "after": "cancelled"}
        journal.append(conn, [Entry(now, by, "absence.cancelled", f"absence:{absence_id}", detail)])


def _checked(said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    first, last, number = said.get("valid_from"), said.get("valid_until"), str(said.get("sk_number") or "").strip()
    if first and last and last < first:
        raise Refused("Masa berlaku berakhir sebelum mulai; periksa kedua tanggalnya.")
    if len(number) > 120:
        raise Refused("Nomor SK paling panjang 120 huruf.")
    acting = said.get("acting") or None
    if acting not in (None, *ACTING):
        raise Refused("Pilih definitif, Plt., atau Plh.")
    dates = {"sk_date": said.get("sk_date"), "valid_from": first, "valid_until": last}
    if trouble := far_days.of_sk(dates.values(), now.date()):
        raise Refused(trouble)
    return {"acting": acting, "sk_number": number or None, **dates}


def _there(conn: Connection, appointment_id: int) -> Duty:
    found = org_chart.duty(conn, appointment_id)
    if found is None:
        raise Refused("Penugasan ini tidak ada lagi.")
    return found


def _change(conn: Connection, duty: Duty, values: Mapping[str, Any], action: str, now: datetime, by: str) -> bool:
    before = {name: getattr(duty, name) for name in values if getattr(duty, name) != values[name]}
    if not before:
        return False
    people.change_appointment(conn, duty.id, values)
    detail = {"before": _plain(before), "after": _plain({name: values[name] for name in before})}
    whom = {"contact": duty.contact_id, "unit": duty.unit_id, "role": duty.role}
    _tell(conn, duty.id, duty.unit_id, duty.role, action, whom | detail, now, by)
    return True


def _tell(
    conn: Connection, appointment_id: int, unit_id: int, role: str, action: str, detail: Mapping[str, Any],
    now: datetime, by: str,
) -> None:  # fmt: skip
    roster.wake_units(conn, None if role in OFFICE_ROLES else {unit_id}, now)
    journal.append(conn, [Entry(now, by, action, f"appointment:{appointment_id}", detail)])


def wake_cases(conn: Connection, contact_id: int, now: datetime) -> None:
    """Who can be told what may have changed: every case that the person acts in is looked at anew."""
    duties = [duty for duty in org_chart.duties_of(conn, [contact_id]) if not duty.ended_at]
    everywhere = any(duty.role in OFFICE_ROLES for duty in duties)
    if duties:
        roster.wake_units(conn, None if everywhere else {duty.unit_id for duty in duties}, now)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
