"""A form that comes filled with what is there, in the hands of two: whoever saves the older page would quietly take
back what the other has just changed, such as a number that is somebody else's by now."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from aspal.core.refused import Stale


def mark(thing: Any, fields: Mapping[str, str]) -> str:
    """What the form carries of a row as it was shown."""
    return sha256(repr([getattr(thing, name) for name in fields]).encode()).hexdigest()[:16]


def must_stand(thing: Any, fields: Mapping[str, str], said: Mapping[str, Any], seen: str | None) -> None:
    """Whether a form may still be saved that was filled with the row as it bore the mark `seen`; the command line has
    none. `fields`: the column of each field, and its name for people. Raises Stale, unless saving changes nothing."""
    other = {name: getattr(thing, name) for name in fields if getattr(thing, name) != said[name]}
    if seen is None or not other or seen == mark(thing, fields):
        return
    there = "; ".join(fields[name] + _word(value) for name, value in other.items())
    raise Stale(
        "Data ini sudah diubah sejak halaman Anda dibuka, dan isian Anda belum disimpan. Bila disimpan lagi, isian "
        f"Anda menggantikan yang kini tercatat, yaitu {there}."
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return ": ya" if value else ": tidak"
    if isinstance(value, int):  # the id of another row
        return ""
    return f": {value:%d-%m-%Y}" if isinstance(value, date) else f": {value or '(kosong)'}"
