"""What a report page asks for, as it stands in the address; and figures that are counted once while nothing changes."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import Any, TypeVar

from flask import current_app, request, url_for

from aspal.core.rapor_period import Period
from aspal.core.wording import MONTHS
from aspal.flow.report import Asked
from aspal.records.calendar import Calendars
from aspal.web.house import house

Found = TypeVar("Found")
PARTS = (
    ("", "Setahun"),
    *((f"tw{number}", f"Triwulan {roman}") for number, roman in enumerate(("I", "II", "III", "IV"), 1)),
    *((str(number), name) for number, name in enumerate(MONTHS, 1)),
)
_MOST = 48  # remembered figures; a few kilobytes each


def asked(today: date) -> Asked:
    """The period and unit of the address; this year where it says nothing that makes sense."""
    year = request.args.get("tahun", type=int)
    part = request.args.get("bagian", "")
    quarter = int(part[2:]) if part.startswith("tw") and part[2:].isdecimal() else None
    month = int(part) if part.isdecimal() and len(part) < 3 else None
    chosen = year if year is not None and 2000 <= year <= 2100 else today.year
    unit = request.args.get("opd", "")
    return Asked(Period.of(chosen, quarter, month), int(unit) if unit.isdecimal() and len(unit) < 10 else None)


def in_address(what: Asked) -> dict[str, Any]:
    """The same as an address has it."""
    period = what.period
    part = f"tw{period.quarter}" if period.quarter else period.month
    return {"tahun": period.year, "bagian": part, "opd": what.unit_id}


def target() -> Decimal | None:
    """The percentage that somebody typed; a comma will do."""
    try:
        typed = Decimal(request.args.get("target", "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return typed.quantize(Decimal("0.1")) if typed.is_finite() and 0 <= typed <= 100 else None


def cases(what: Asked, **filters: Any) -> str:
    """The list of the complaints behind a figure."""
    period = what.period
    days = {"dari": period.first.isoformat(), "sampai": period.last.isoformat()}
    return url_for("complaints.index", **{**days, "unit": what.unit_id, **filters})


def counted(
    conn: Any, calendars: Calendars, what: Asked, count: Callable[[Any, Calendars, Asked, datetime], Found], *,
    version: tuple[int, ...],
) -> Found:  # fmt: skip
    """What `count` finds; counted again as soon as anything was written down since, or the day is another."""
    now = house().clock.now()
    remembered: _Remembered = current_app.extensions.setdefault("aspal_reports", _Remembered())
    key = (count.__name__, what, version, calendars.of(None).local_day(now))
    if (known := remembered.get(key)) is None:
        known = remembered.put(key, (count(conn, calendars, what, now),))
    found: Found = known[0]
    return found


class _Remembered:
    """The newest figures of this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, tuple[Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> tuple[Any] | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: object, found: tuple[Any]) -> tuple[Any]:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return found


def words(tally: Any) -> Mapping[str, Any]:
    """A tally's figures by their status, for the columns of a table."""
    return {
        "selesai": tally.finished, "proses": tally.in_process, "belum_ditindaklanjuti": tally.open,
        "belum_terverifikasi": tally.unverified,
    }  # fmt: skip
