"""The list's filters as they stand in the address, and as the page says them. An odd value counts as none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from aspal.core.wording import short_date
from aspal.records.listing import Filters
from aspal.web.words import INTENT, KIND, STATUS

LEVELS = {2: "Sudah ke kepala OPD", 3: "Sudah ke Kominfo", 4: "Sudah ke Sekretaris Daerah"}
CLAIMS = ("done", "in_process", "extension", "not_ours")


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
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _flag(value: str) -> bool:
    return value == "1"


_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "cari": ("search", _words),
    "status": ("status", _one_of(STATUS)),
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
    return Filters(**{name: value or plain[name] for name, value in found.items()})


def write(filters: Filters) -> dict[str, Any]:
    """For an address: only what is set."""
    found = {name: getattr(filters, field) for name, (field, _) in _READ.items()}
    return {name: "1" if value is True else str(value) for name, value in found.items() if value}


def chips(filters: Filters, units: Mapping[int, str]) -> list[Chip]:
    """Every filter in force but the search, which stands in its own field."""
    query = write(filters)
    return [
        Chip(_said(name, filters, units), {key: value for key, value in query.items() if key != name})
        for name in query
        if name != "cari"
    ]


def _said(name: str, filters: Filters, units: Mapping[int, str]) -> str:
    value = getattr(filters, _READ[name][0])
    if name in _FLAGS:
        return _FLAGS[name]
    said: dict[str, Callable[[], str]] = {
        "status": lambda: STATUS[value].label,
        "unit": lambda: units.get(value, "Unit tidak dikenal"),
        "jenis": lambda: KIND[value],
        "dari": lambda: f"Diterima sejak {short_date(value)}",
        "sampai": lambda: f"Diterima sampai {short_date(value)}",
        "tingkat": lambda: LEVELS[value],
        "klaim": lambda: f"Kata unit: {INTENT[value].lower()}",
    }
    return said[name]() if name in said else str(value)
