"""The list's filters as they stand in the address, and as the page says them. An odd value counts as none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from aspal.core.rapor import UNNAMED
from aspal.core.wording import short_date
from aspal.records.listing import Filters
from aspal.records.listing.behind import IN_TIME, MEASURED, PROMISES, Figure
from aspal.web.words import INTENT, KIND, STATUS, channel

LEVELS = {2: "Sudah ke kepala OPD", 3: "Sudah ke Kominfo", 4: "Sudah ke Sekretaris Daerah"}
CLAIMS = ("done", "in_process", "extension", "not_ours")
STATUSES = {
    **{name: word.label for name, word in STATUS.items()},
    "sudah_tindak_lanjut": "Selesai atau proses",
    "tunggakan": "Tunggakan",
    "berjalan": "Belum ditindaklanjuti atau proses",
}
LIMITS = {
    **{name: f"Batas {word.lower()}" for name, word in KIND.items() if name != "wbs"},
    "berkadar": "Batas berkadar pengawasan",
}


class Chip(NamedTuple):
    """A filter in force: its words, and the address without it."""

    words: str
    without: dict[str, Any]


def _words(value: str) -> str | None:
    return value.replace("\0", "").strip()[:100] or None


def _one_of(known: Mapping[str, Any] | Sequence[str]) -> Callable[[str], str | None]:
    return lambda value: value if value in known else None


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _level(value: str) -> int | None:
    return found if (found := _number(value)) in LEVELS else None


def _day(value: str) -> date | None:
    """A day of the calendar's reach: beyond it no working day can be counted."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None


def _times(value: str) -> int | None:
    return found if (found := _number(value)) in (1, 2) else None


def _flag(value: str) -> bool:
    return value == "1"


_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "cari": ("search", _words),
    "status": ("status", _one_of(STATUSES)),
    "unit": ("unit", _number),
    "kategori": ("category", _words),
    "jenis": ("kind", _one_of(KIND)),
    "saluran": ("channel", _words),
    "dari": ("since", _day),
    "sampai": ("until", _day),
    "tingkat": ("level", _level),
    "klaim": ("claim", _one_of(CLAIMS)),
    "terlambat": ("late", _flag),
    "ingkar": ("broken", _flag),
    "dijeda": ("paused", _flag),
    "dikecualikan": ("exempt", _flag),
}
# The cases behind a figure of the rapor; only its page leads there.
_FIGURE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "akhir": ("at_end", _day),
    "batas": ("limit", _one_of(LIMITS)),
    "waktu": ("in_time", _one_of(IN_TIME)),
    "terukur": ("measured", _one_of(MEASURED)),
    "salah_alamat": ("wrong", _times),
    "janji": ("promise", _one_of(PROMISES)),
    "janji_dari": ("promised", _day),
    "janji_sampai": ("promised_to", _day),
}
_FIGURE_WORDS = {
    "tepat": "Selesai dalam batas",
    "terlambat": "Selesai lewat batas",
    "lewat": "Belum selesai, lewat batas",
    "tindak_lanjut": "Ada tanggal tindak lanjut pertama",
    "selesai": "Ada tanggal selesai",
    1: "Pernah salah alamat",
    2: "Salah alamat dua kali atau lebih",
    "ditepati": "Janji ditepati",
    "dilanggar": "Janji dilanggar",
    "berjalan": "Janji masih berjalan",
}
_FLAGS = {
    "terlambat": "Terlambat",
    "ingkar": "Janji terlewat",
    "dijeda": "Sedang dijeda",
    "dikecualikan": "Dikecualikan dari pengingat",
}


def read(given: Mapping[str, str]) -> Filters:
    """From an address or a form."""
    found = {field: parse(given.get(name, "")) for name, (field, parse) in _READ.items()}
    plain: dict[str, Any] = {field.name: field.default for field in fields(Filters)}
    figure = Figure(**{field: parse(given.get(name, "")) for name, (field, parse) in _FIGURE.items()})
    return Filters(**{name: value or plain[name] for name, value in found.items()}, figure=figure)


def write(filters: Filters) -> dict[str, Any]:
    """For an address: only what is set."""
    found = {name: _value(name, filters) for name in (*_READ, *_FIGURE)}
    return {name: "1" if value is True else str(value) for name, value in found.items() if value}


def hidden(filters: Filters) -> dict[str, Any]:
    """What the form has no field for, so that it stays when somebody searches further."""
    return {name: value for name, value in write(filters).items() if name in _FIGURE}


def chips(filters: Filters, units: Mapping[int, str]) -> list[Chip]:
    """Every filter in force but the search, which stands in its own field."""
    query = write(filters)
    return [
        Chip(_said(name, filters, units), {key: value for key, value in query.items() if key != name})
        for name in query
        if name != "cari"
    ]


def _value(name: str, filters: Filters) -> Any:
    return getattr(filters, _READ[name][0]) if name in _READ else getattr(filters.figure, _FIGURE[name][0])


def _said(name: str, filters: Filters, units: Mapping[int, str]) -> str:
    value = _value(name, filters)
    if name in _FLAGS:
        return _FLAGS[name]
    said: dict[str, Callable[[], str]] = {
        "status": lambda: STATUSES[value],
        "kategori": lambda: "Tanpa kategori" if value == UNNAMED else value,
        "saluran": lambda: "Tanpa kanal" if value == UNNAMED else channel(value),
        "unit": lambda: units.get(value, "Unit tidak dikenal"),
        "jenis": lambda: KIND[value],
        "dari": lambda: f"Diterima sejak {short_date(value)}",
        "sampai": lambda: f"Diterima sampai {short_date(value)}",
        "tingkat": lambda: LEVELS[value],
        "klaim": lambda: f"Kata unit: {INTENT[value].lower()}",
        "akhir": lambda: f"Belum ditindaklanjuti pada akhir {short_date(value)}",
        "batas": lambda: LIMITS[value],
        "janji_dari": lambda: f"Dijanjikan sejak {short_date(value)}",
        "janji_sampai": lambda: f"Dijanjikan sampai {short_date(value)}",
    }
    return said[name]() if name in said else _FIGURE_WORDS[value]
