"""Whom a directory file renames, gives another number, or leaves out: by name, because a wrong file could rename
everybody, and a figure alone does not show it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from aspal.core import names
from aspal.core.ladder.words import WHOM
from aspal.core.phone import mask
from aspal.core.words import Role
from aspal.records.staffing import Appointment, Contact, Unit

Key = tuple[int, int, str]


@dataclass(frozen=True)
class Directory:
    """The directory on a day: people by their phone, and who is appointed to what."""

    contacts: Mapping[str, Contact]
    appointments: Mapping[Key, Appointment]
    day: date

    @cached_property
    def duties(self) -> Mapping[int | None, Sequence[Appointment]]:
        """What each contact is appointed to that day."""
        found: dict[int | None, list[Appointment]] = defaultdict(list)
        for its in self.appointments.values():
            if its.in_force(self.day):
                found[its.contact_id].append(its)
        return found


def renamed(before: Directory, after: Directory, units: Mapping[int, Unit]) -> list[str]:
    """Numbers that pass to another name."""
    told = []
    for phone, was in before.contacts.items():
        now = after.contacts[phone]
        if names.key(was.name) != names.key(now.name):
            where = _units((its.unit_id for its in before.duties.get(was.id, ())), units)
            told.append(f"{was.name} menjadi {now.name}: {mask(phone)}{where}")
    return told


def renumbered(before: Directory, after: Directory, units: Mapping[int, Unit], listed: set[Key]) -> list[str]:
    """People whom the file names at their unit with a number that was unknown, and no longer with the one they had."""
    gone: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)  # name and unit -> numbers
    for phone, was in before.contacts.items():
        for its in before.duties.get(was.id, ()):
            if its.key not in listed:
                gone[names.key(was.name), its.unit_id][phone] = None
    told: dict[tuple[str, str], list[int]] = defaultdict(list)  # old and new number -> units
    for phone, now in after.contacts.items():
        for its in after.duties.get(now.id, ()) if phone not in before.contacts else ():
            for old in gone.pop((names.key(now.name), its.unit_id), ()):
                told[old, phone].append(its.unit_id)
    return [
        f"{after.contacts[phone].name}: {mask(old)} menjadi {mask(phone)}{_units(at, units)}"
        for (old, phone), at in told.items()
    ]


def left_out(missing: Iterable[Appointment], contacts: Iterable[Contact], units: Mapping[int, Unit]) -> list[str]:
    """Who holds an office of a unit in the file, and is not in the file."""
    known = {contact.id: contact.name for contact in contacts}
    return [
        f"{known.get(its.contact_id, 'kontak tanpa nomor')}, {WHOM[Role(its.role)]}{_units([its.unit_id], units)}"
        for its in missing
    ]


def _units(ids: Iterable[int], units: Mapping[int, Unit]) -> str:
    found: Sequence[str] = sorted({units[unit_id].name for unit_id in ids})
    return f" ({', '.join(found)})" if found else ""
