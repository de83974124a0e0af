"""What a report page asks for, as it stands in the address; and figures that are counted once while nothing changes."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from flask import current_app, request, url_for

from aspal.core.rapor.period import Period
from aspal.core.wording import MONTHS
from aspal.records.calendar import Calendars
from aspal.report.period_report import Asked
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
    quarter = int(part[2:]) if part in ("tw1", "tw2", "tw3", "tw4") else None
    month = int(part) if part.isdecimal() and len(part) < 3 else None
    chosen = year if year is not None and 2000 <= year <= 2100 else today.year
    unit = request.args.get("opd", "")
    return Asked(Period.of(chosen, quarter, month), int(unit) if unit.isdecimal() and len(unit) < 10 else None)


def in_address(what: Asked) -> dict[str, Any]:
    """The same as an address has it."""
    period = what.period
    part = f"tw{period.quarter}" if period.quarter else period.month
    return {"tahun": period.year, "bagian": part, "opd": what.unit_id}


class Target(NamedTuple):
    """The percentage that somebody wants, as it was typed too."""

    typed: str
    percent: Decimal | None
    problem: str | None


def target() -> Target:
    """Of the address; a comma will do."""
    typed = request.args.get("target", "").replace("\0", "").strip()[:20]
    try:
        percent = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        percent = Decimal("NaN")
    if percent.is_finite() and 0 <= percent <= 100:
        return Target(typed, percent.quantize(Decimal("0.1")), None)
    return Target(typed, None, "Tulis angka 0 sampai 100." if typed else None)


@dataclass(frozen=True)
class Behind:
    """Leads from a figure to the list of its complaints, which is exactly as long."""

    first: date
    last: date
    unit_id: int | None

    def cases(self, **filters: Any) -> str:
        """Complaints that came in during the span; a filter of the list replaces what would stand there."""
        days = {"dari": self.first.isoformat(), "sampai": self.last.isoformat()}
        return url_for("complaints.index", **{**days, "unit": self.unit_id, **filters})

    def month(self, number: int) -> dict[str, str]:
        """Only one month of the span."""
        month = Period.of(self.first.year, month=number)
        return {"dari": month.first.isoformat(), "sampai": month.last.isoformat()}

    def arrears(self, year: int) -> dict[str, str]:
        """One year of origin, up to the end of the span."""
        return {"dari": f"{year}-01-01", "sampai": min(date(year, 12, 31), self.last).isoformat()}

    def promises(self, name: str) -> str:
        """Complaints of any day whose promise was given during the span."""
        given = {"janji_dari": self.first.isoformat(), "janji_sampai": self.last.isoformat()}
        return self.cases(janji=name, dari=None, sampai=None, **given)


def behind(what: Asked, until: date | None = None) -> Behind:
    """The period's complaints, or only those up to a day."""
    return Behind(what.period.first, until or what.period.last, what.unit_id)


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
        "belum_terverifikasi": tally.unverified, "ditunda": tally.postponed, "diarsipkan": tally.archived,
        "bukan_kewenangan": tally.not_ours,
    }  # fmt: skip
