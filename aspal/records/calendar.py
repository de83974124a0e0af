"""Days off and office hours as rows that an admin can change, and the calendars built from them.

National holidays and cuti bersama come from the `holidays` library once a year; what an admin entered or took out is
never overwritten by it. Every change makes the scan look again at each open disposition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, extract, func, insert, select, update

from aspal.core import office_hours
from aspal.core.workdays import Calendar, HoursPeriod
from aspal.db import upsert
from aspal.tables import days_off, dispositions
from aspal.tables import office_hours as hours_table

# How we know the library's rows from an admin's.
LIBRARY = "SKB 3 Menteri (pustaka holidays"
ESTIMATE = " (perkiraan)"
IDUL_FITRI = "Hari Raya Idul Fitri"


class CalendarMissing(Exception):
    """No day off is known: counting now would silently call every weekday a working day."""

    def __init__(self) -> None:
        super().__init__("Kalender hari libur masih kosong. Jalankan: aspal db upgrade")


@dataclass(frozen=True)
class DayOff:
    """One day on the calendar page. `observed` False: worked after all, kept so that no seeding brings it back."""

    day: date
    name: str
    kind: str  # national | collective (cuti bersama) | local
    source: str
    estimated: bool = False
    observed: bool = True


class Calendars:
    """One calendar for each time zone, with the same days off and local hours."""

    def __init__(self, default_zone: str, off: Mapping[date, str], periods: Iterable[HoursPeriod]) -> None:
        self.default_zone = default_zone
        self._off = off
        self._periods = tuple(periods)
        self._known: dict[str, Calendar] = {}

    @property
    def fingerprint(self) -> int:
        """Of the days and hours: what was worked out with it holds as long as this is the same."""
        return hash(repr((sorted(self._off.items()), sorted(self._periods, key=lambda period: period.name))))

    def of(self, zone: str | None) -> Calendar:
        """The calendar of a unit; `None` is the office's own zone."""
        name = zone or self.default_zone
        if name not in self._known:
            self._known[name] = Calendar(name, self._off, self._periods)
        return self._known[name]


def load(conn: Connection, default_zone: str) -> Calendars:
    """The calendars as they stand. Raises CalendarMissing on a database that was never seeded."""
    off, hours_rows = conn.execute(_OFF).all(), conn.execute(_HOURS).all()
    if not off:
        raise CalendarMissing
    known = _latest.get(default_zone)
    stands = [tuple(row) for row in (*off, *hours_rows)]  # rows themselves are slow to compare
    if known is None or known[0] != stands:
        days_off_named = {row.day: row.name for row in off}
        known = _latest[default_zone] = stands, Calendars(default_zone, days_off_named, map(_period, hours_rows))
    return known[1]


_OFF = select(days_off.c.day, days_off.c.name).where(days_off.c.observed).order_by(days_off.c.day)
_HOURS = select(hours_table).order_by(hours_table.c.first_day.is_not(None), hours_table.c.first_day)
# The last reading, by zone. While nothing has changed its calendars stay: what was worked out by them is remembered
# with them, and a worker that reads them every minute must not remember each reading.
_latest: dict[str, tuple[Any, Calendars]] = {}


def days(conn: Connection, year: int | None = None) -> list[DayOff]:
    """Every day off in order, those that are worked after all included; of one year when it is given."""
    columns = [days_off.c[name] for name in DayOff.__dataclass_fields__]
    query = select(*columns).order_by(days_off.c.day)
    if year is not None:
        query = query.where(_within(year, year))
    return [DayOff(*row) for row in conn.execute(query)]


def hours(conn: Connection) -> list[HoursPeriod]:
    """Every period of office hours, the undated one first."""
    return [_period(row) for row in conn.execute(_HOURS)]


def estimated_hours(conn: Connection) -> set[str]:
    """The names of periods whose dates were only counted ahead."""
    return set(conn.scalars(select(hours_table.c.name).where(hours_table.c.estimated)))


def put_days(conn: Connection, rows: Iterable[DayOff], now: datetime) -> None:
    """Each of these days is from now on as it stands here, observed or worked after all."""
    for row in rows:
        values = dict(vars(row))
        day = values.pop("day")
        if not conn.execute(update(days_off).where(days_off.c.day == day).values(values)).rowcount:
            conn.execute(insert(days_off).values(day=day, **values))
    reconsider_all(conn, now)


def put_hours(conn: Connection, period: HoursPeriod, now: datetime) -> None:
    """Adds a period of office hours or changes the one of that name."""
    row = _hours_row(period)
    if not conn.execute(update(hours_table).where(hours_table.c.name == period.name).values(row)).rowcount:
        conn.execute(insert(hours_table).values(row))
    reconsider_all(conn, now)


def remove_hours(conn: Connection, name: str, now: datetime) -> bool:
    """Takes a dated period out; the undated hours stay, because without them nothing could ever be sent."""
    found = delete(hours_table).where(hours_table.c.name == name, hours_table.c.name != office_hours.NORMAL_NAME)
    changed = bool(conn.execute(found).rowcount)
    if changed:
        reconsider_all(conn, now)
    return changed


def ensure_seeded(conn: Connection, now: datetime) -> int:
    """Seeds last year to next year when one of them is missing; one small query when none is. Rows changed."""
    first, last = now.year - 1, now.year + 1
    ours = days_off.c.source.startswith(LIBRARY, autoescape=True)
    query = select(func.count(extract("year", days_off.c.day).distinct())).where(_within(first, last), ours)
    return 0 if conn.scalar(query) == last - first + 1 else seed(conn, first, last, now)


def seed(conn: Connection, first_year: int, last_year: int, now: datetime) -> int:
    """Brings the library's days of those years in and follows its corrections. Repeating it changes nothing.

    Returns how many rows changed. What an admin touched keeps its `source` and stays as it is.
    """
    offered = {row.day: row for row in _library_days(first_year, last_year)}
    stored = {row.day: row for row in days(conn) if first_year <= row.day.year <= last_year}
    ours = [row for row in stored.values() if row.source.startswith(LIBRARY)]
    stale = [row.day for row in ours if not _same(row, offered.get(row.day))]
    rows = [row for day, row in offered.items() if day not in stored or day in stale]
    conn.execute(delete(days_off).where(days_off.c.day.in_(stale)))
    _insert_missing(conn, days_off, [vars(row) for row in rows])
    hours_changed = _seed_hours(conn, offered.values(), {row.day.year for row in ours})
    changed = len({*stale, *(row.day for row in rows)}) + hours_changed
    if changed:
        reconsider_all(conn, now)
    return changed


def missing_decrees(conn: Connection, today: date) -> list[int]:
    """This year, and from October next year, where no cuti bersama is known: the decree is not in."""
    wanted = [today.year] + ([today.year + 1] if today.month >= 10 else [])
    year = extract("year", days_off.c.day)
    query = select(year).where(days_off.c.kind == "collective", year.in_(wanted)).distinct()
    known = {int(found) for found in conn.scalars(query)}
    return [year for year in wanted if year not in known]


def reconsider_all(conn: Connection, now: datetime) -> int:
    """The scan looks again at every open disposition, since ages and due moments may have moved."""
    open_ones = update(dispositions).where(dispositions.c.ended_at.is_(None), dispositions.c.parked_at.is_(None))
    return conn.execute(open_ones.values(next_look_at=now)).rowcount


def _within(first_year: int, last_year: int) -> ColumnElement[bool]:
    return days_off.c.day.between(date(first_year, 1, 1), date(last_year, 12, 31))


def _library_days(first_year: int, last_year: int) -> list[DayOff]:
    from holidays import country_holidays  # 48 ms and 14 MB: only when a year is seeded
    from holidays.version import __version__

    years, source = range(first_year, last_year + 1), f"{LIBRARY} {__version__})"
    found: dict[date, DayOff] = {}
    for category, kind in (("public", "national"), ("government", "collective")):
        for day, name in country_holidays("ID", years=years, categories=(category,), language="id").items():
            plain = name.replace(ESTIMATE, "")
            found.setdefault(day, DayOff(day, plain, kind, source, estimated=plain != name))
    return sorted(found.values(), key=lambda row: row.day)


def _same(ours: DayOff, offered: DayOff | None) -> bool:
    return offered is not None and replace(ours, source=offered.source) == offered


def _seed_hours(conn: Connection, offered: Iterable[DayOff], seeded_years: set[int]) -> int:
    """The ordinary hours, and each Ramadan's.

    A Ramadan is added with its year only, so that one an admin took out stays out; an estimate follows Idul Fitri.
    """
    known = {row.name: row for row in conn.execute(select(hours_table))}
    rows = [] if office_hours.NORMAL_NAME in known else [_hours_row(office_hours.NORMAL)]
    for feast in offered:
        if feast.name != IDUL_FITRI or feast.kind != "national":
            continue
        row = _hours_row(office_hours.ramadan(feast.day))
        row["estimated"] = feast.estimated or office_hours.is_estimate(feast.day)
        old = known.get(row["name"])
        moved = old and old.estimated and (old.last_day, True) != (row["last_day"], row["estimated"])
        if moved:
            conn.execute(delete(hours_table).where(hours_table.c.name == row["name"]))
        if moved or (old is None and feast.day.year not in seeded_years):
            rows.append(row)
    _insert_missing(conn, hours_table, rows)
    return len(rows)


def _insert_missing(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Two processes may seed a new database at the same moment: the second one's rows fall away."""
    if rows:
        conn.execute(upsert(conn, table).on_conflict_do_nothing(), rows)


def _hours_row(period: HoursPeriod) -> dict[str, Any]:
    blocks = {str(day): [[f"{a:%H:%M}", f"{b:%H:%M}"] for a, b in spans] for day, spans in period.blocks.items()}
    span = {"first_day": period.first_day, "last_day": period.last_day}
    return {"name": period.name, "blocks": blocks, "estimated": False, **span}


def _period(row: Any) -> HoursPeriod:
    return HoursPeriod(row.name, row.first_day, row.last_day, _blocks_from(row.blocks))


def _blocks_from(stored: Mapping[str, list[list[str]]]) -> dict[int, tuple[tuple[time, time], ...]]:
    return {
        int(day): tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
        for day, spans in stored.items()
    }
