"""What an admin does to contacts in the browser. Each is journalled: by ids and field names, never a name or a number.

A name, position or number that changed is told as "changed": the journal must be able to outlive a person's data.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.alarm_keys import CONSENT
from aspal.core.phone import PhoneError, normalise
from aspal.core.refused import Refused
from aspal.db import Database
from aspal.desk import shown
from aspal.desk.appointing import wake_cases
from aspal.records import health, journal, people
from aspal.records.journal import Entry
from aspal.records.people import Person

CHANGED = "diubah"  # what the journal says of a personal field
WHATSAPP_BEGAN = 2009  # nobody agreed to be written to there before
FIELDS = {"name": "nama", "position": "jabatan", "phone": "nomor WhatsApp"}


class NumberTaken(Refused):
    """The number is somebody else's already."""

    def __init__(self, holder: Person) -> None:
        super().__init__(f"Nomor WhatsApp itu sudah tercatat atas nama {holder.name}. Satu nomor untuk satu orang.")
        self.holder = holder


def add(db: Database, said: Mapping[str, str], *, now: datetime, by: str) -> int:
    """A new contact. Raises Refused."""
    with db.act() as conn:
        values = _checked(conn, said, None)
        try:
            contact_id = people.add(conn, values | {"created_at": now})
        except people.Taken as error:
            raise Refused("Nomor WhatsApp itu sudah dipakai kontak lain.") from error
        journal.append(conn, [Entry(now, by, "contact.added", f"contact:{contact_id}", {})])
    return contact_id


def change(
    db: Database, contact_id: int, said: Mapping[str, str], *, now: datetime, by: str, seen: str | None = None
) -> tuple[bool, int]:
    """Changes name, position or number: whether anything differs, and how many messages follow to a new number.

    A new number has not failed yet, and no 24-hour window is open with it. `seen`: the mark of the contact as a page
    showed it. Raises Refused.
    """
    with db.act() as conn:
        was = _there(conn, contact_id)
        values = _checked(conn, said, was)
        shown.must_stand(was, FIELDS, values, seen)
        before = [name for name in values if getattr(was, name) != values[name]]
        if not before:
            return False, 0
        moved, trouble = 0, was.unreachable_at is not None
        if "phone" in before:
            values |= {"unreachable_at": None, "unreachable_reason": None, "last_inbound_at": None}
            moved = people.readdress(conn, contact_id, values["phone"])
        try:
            people.change(conn, contact_id, values)
        except people.Taken as error:
            raise Refused("Nomor WhatsApp itu sudah dipakai kontak lain.") from error
        wake_cases(conn, contact_id, now)
        detail: dict[str, Any] = dict.fromkeys(before, CHANGED)
        if "phone" in before:
            detail |= {"messages_readdressed": moved, "unreachable_before": trouble}
        _tell(conn, contact_id, "contact.changed", detail, now, by)
    return True, moved


def set_guest(db: Database, contact_id: int, guest: bool, *, now: datetime, by: str) -> None:
    """On the guest list, or off it. Raises Refused."""
    _set(db, contact_id, "contact.guest", {"guest": guest}, now, by)


def record_consent(db: Database, contact_id: int, day: date | None, *, now: datetime, zone: str, by: str) -> None:
    """The day on which the person agreed, as the office has it on paper; None: it was withdrawn. Raises Refused."""
    if day is not None and day > now.astimezone(ZoneInfo(zone)).date():
        raise Refused("Tanggal persetujuan belum terjadi.")
    if day is not None and day.year < WHATSAPP_BEGAN:
        raise Refused("Tahun persetujuan terlalu lama. Periksa tanggalnya.")
    at = None if day is None else datetime.combine(day, time(), ZoneInfo(zone))
    _set(db, contact_id, "contact.consent", {"consent_at": at}, now, by)
    if at is not None:
        with db.act() as conn:
            health.clear_alarm(conn, f"{CONSENT}{contact_id}", now)


def reset_unreachable(db: Database, contact_id: int, *, now: datetime, by: str) -> None:
    """The number works again, the office says: the next message will show. Raises Refused."""
    values = {"unreachable_at": None, "unreachable_reason": None}
    _set(db, contact_id, "contact.unreachable_reset", values, now, by)


def set_recaps(db: Database, contact_id: int, off: bool, *, now: datetime, by: str) -> None:
    """Whether the person gets recaps. Raises Refused."""
    _set(db, contact_id, "contact.recaps", {"recaps_off_at": now if off else None}, now, by)


def set_office_recaps(db: Database, contact_id: int, on: bool, *, now: datetime, by: str) -> None:
    """Whether the person hears the office's recaps without a role in any chain. Raises Refused."""
    _set(db, contact_id, "contact.office_recaps", {"office_recaps": on}, now, by)


def _set(db: Database, contact_id: int, action: str, values: Mapping[str, Any], now: datetime, by: str) -> None:
    with db.act() as conn:
        was = _there(conn, contact_id)
        before = {name: _plain(getattr(was, name)) for name in values if name != "unreachable_reason"}
        after = {name: _plain(value) for name, value in values.items() if name != "unreachable_reason"}
        if before == after:
            return
        people.change(conn, contact_id, values)
        wake_cases(conn, contact_id, now)
        _tell(conn, contact_id, action, {"before": before, "after": after}, now, by)


def _checked(conn: Connection, said: Mapping[str, str], was: Person | None) -> dict[str, Any]:
    name, position = " ".join(said.get("name", "").split()), " ".join(said.get("position", "").split())
    if not name or len(name) > 200 or len(position) > 200:
        raise Refused("Isi nama; nama dan jabatan masing-masing paling panjang 200 huruf.")
    try:
        phone = normalise(said.get("phone", ""))
    except PhoneError as problem:
        raise Refused(f"Nomor WhatsApp: {problem.reason}.") from problem
    holder = people.by_phone(conn, phone)
    if holder is not None and (was is None or holder.id != was.id):
        raise NumberTaken(holder)
    return {"name": name, "position": position or None, "phone": phone}


def _there(conn: Connection, contact_id: int) -> Person:
    found = people.find(conn, contact_id)
    if found is None:
        raise Refused("Kontak ini tidak ada lagi.")
    return found


def _tell(conn: Connection, contact_id: int, action: str, detail: Mapping[str, Any], now: datetime, by: str) -> None:
    journal.append(conn, [Entry(now, by, action, f"contact:{contact_id}", detail)])


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
