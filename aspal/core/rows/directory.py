"""What one row of the officers' directory says: a unit, and usually a person appointed to it. Pure.

Phone numbers stay as typed, but for what a spreadsheet did to them; making them E.164 is the intake's next step.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aspal.core import far_days
from aspal.core.columns import fold
from aspal.core.rows import Cells, RowProblem, words
from aspal.core.rows.cells import Unreadable, digits, quoted, text, word
from aspal.core.rows.dates import read_day
from aspal.core.words import Role

_ACTING = re.compile(r"^(plt|plh|pelaksana\s+tugas|pelaksana\s+harian)\b[\s.]*", re.IGNORECASE)
_PERSON = ("nama", "peran", "no_wa")
# How offices write "without an end", as a spreadsheet gives it: the last day of a century, its serial number, or words.
_WITHOUT_END = re.compile(
    r"(31\s*[-/. ]\s*(12|des\w*)\s*[-/. ]\s*(2099|2999|9999)|(2099|2999|9999)-12-31)([ t].*)?|(73050|2958465)(\.0)?"
    r"|((s/?d|s\.d\.?|sampai)( dengan)?\s*)?(seterusnya|selamanya|sekarang|dicabut|ada perubahan|(tidak|tak) terbatas)"
)


@dataclass(frozen=True)
class DirectoryRow:
    """A unit and who is appointed to it. A row that names only a unit has no name, role or phone."""

    number: int
    unit: str
    short_name: str | None
    unit_kind: str
    parent: str | None
    time_zone: str | None
    name: str
    position: str | None
    role: Role | None
    acting: str | None  # plt | plh
    phone: str
    sk_number: str | None
    sk_date: date | None
    valid_from: date | None
    valid_until: date | None
    substitute_phone: str | None
    consent_on: date | None

    @property
    def has_person(self) -> bool:
        return self.role is not None


def directory_row(cells: Cells, today: date) -> DirectoryRow | RowProblem:
    """Reads one row of the directory."""
    try:
        return _read(cells, today)
    except Unreadable as problem:
        kept = {name: text(value) for name, value in cells.values.items()}
        return RowProblem(cells.number, problem.column, problem.reason, problem.held, kept)


def _read(cells: Cells, today: date) -> DirectoryRow:
    if cells.problem:
        raise Unreadable(None, cells.problem)
    values = cells.values
    unit = _line(values, "opd", 300)
    if not unit:
        raise Unreadable("opd", "nama OPD kosong; isi nama lengkap perangkat daerah")
    role, acting = _role(values)
    sk_date, valid_from = _sk_day(values, "tgl_sk", today), _sk_day(values, "berlaku_mulai", today)
    valid_until = None if _has_no_end(values) else _sk_day(values, "berlaku_sampai", today)
    if valid_from and valid_until and valid_until < valid_from:
        raise Unreadable("berlaku_sampai", "masa berlaku berakhir sebelum mulai; periksa kedua tanggalnya")
    return DirectoryRow(
        number=cells.number,
        unit=unit,
        short_name=_line(values, "singkatan", 80),
        unit_kind=_unit_kind(values.get("jenis_unit")),
        parent=_line(values, "induk", 300),
        time_zone=_zone(values.get("zona_waktu")),
        name=_line(values, "nama", 200) or "",
        position=_line(values, "jabatan", 200),
        role=role,
        acting=acting,
        phone=digits("no_wa", values.get("no_wa")),
        sk_number=_line(values, "nomor_sk", 120),
        sk_date=sk_date,
        valid_from=valid_from,
        valid_until=valid_until,
        substitute_phone=digits("pengganti", values.get("pengganti")) or None,
        consent_on=_day(values, "persetujuan_wa"),
    )


def _line(values: Mapping[str, object], name: str, cap: int) -> str | None:
    found = text(values.get(name))
    if len(found) > cap:
        raise Unreadable(name, f"isi kolom lebih dari {cap} huruf; persingkat")
    return found or None


def _role(values: Mapping[str, object]) -> tuple[Role | None, str | None]:
    given = {name: text(values.get(name)) for name in _PERSON}
    if not any(given.values()):
        return None, None
    for name, label in zip(_PERSON, ("nama", "peran", "nomor WhatsApp"), strict=True):
        if not given[name]:
            raise Unreadable(
                name, f"{label} kosong; lengkapi, atau kosongkan nama, peran dan nomor bila belum ada petugas"
            )
    bare = _ACTING.sub("", given["peran"])
    role = word(bare, words.ROLES)
    if role is None:
        known = ", ".join(role.value for role in Role)
        raise Unreadable(
            "peran", f"peran {quoted(given['peran'])} tidak dikenal; satu baris satu peran, pilih: {known}"
        )
    return role, _acting(given["peran"]) or _acting_position(role, text(values.get("jabatan")))


def _acting(words_: str) -> str | None:
    found = _ACTING.match(words_)
    if not found:
        return None
    return "plh" if found[1].casefold().endswith(("plh", "harian")) else "plt"


def _acting_position(role: Role, position: str) -> str | None:
    acts_as = fold(_ACTING.sub("", position))
    return _acting(position) if acts_as.startswith(words.POSITIONS.get(role, ("\0",))) else None


def _unit_kind(value: object) -> str:
    return word(value, words.UNIT_KINDS) or text(value).casefold()[:40] or "opd"


def _zone(value: object) -> str | None:
    zone = word(value, words.ZONES)
    if zone is None and text(value):
        raise Unreadable("zona_waktu", f"zona waktu {quoted(value)} tidak dikenal; isi WIB, WITA atau WIT")
    return zone


def _day(values: Mapping[str, object], name: str) -> date | None:
    try:
        return read_day(values.get(name))
    except ValueError as error:
        raise Unreadable(name, f"{quoted(values.get(name))}: {error}") from error


def _has_no_end(values: Mapping[str, object]) -> bool:
    return bool(_WITHOUT_END.fullmatch(str(values.get("berlaku_sampai") or "").strip().lower()))


def _sk_day(values: Mapping[str, object], name: str, today: date) -> date | None:
    day = _day(values, name)
    if trouble := far_days.of_sk([day], today):
        raise Unreadable(name, trouble.rstrip("."))
    return day
