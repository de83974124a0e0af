"""A year of exports through the real import; then every figure against a plain count over the last file's rows.

Whatever earlier files said, whichever of them were taken back, filtered or repeated: LAPOR's last word is what counts.
The count reads rows and docs/rapor.md, and shares no code with the product.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from aspal.core.rapor.period import Period
from aspal.core.rapor.times import Timing
from aspal.db import Database
from aspal.flow import intake
from aspal.records.calendar import Calendars
from aspal.records.figures import counts
from aspal.report import open_data, period_report
from aspal.report.period_report import Asked
from aspal.tables import metadata
from tests.office import HEALTH, WORKS, Office, row

OFF = {date(2025, 12, 25), date(2026, 1, 1), date(2026, 3, 20)}
FIRST, DAYS, EXPORTS = date(2025, 11, 3), 200, 3
LIMITS = {"Pengaduan": 14, "Aspirasi": 5, "berkadar": 60}
OPEN, PROCESS, DONE, NEW = "belum_ditindaklanjuti", "proses", "selesai", "belum_terverifikasi"
NEXT = {
    OPEN: (PROCESS, DONE, "ditunda", "bukan_kewenangan", "moved"), PROCESS: (DONE, DONE, "ditunda"),
    "ditunda": (PROCESS,), DONE: (PROCESS,), "bukan_kewenangan": ("moved",),
}  # fmt: skip


@dataclass
class Part:
    """A unit's part as LAPOR has it."""

    status: str
    disposed_on: date
    responded_on: date | None = None


@dataclass
class Case:
    """A complaint as LAPOR has it."""

    number: int
    came: date
    kind: str
    supervised: bool
    parts: dict[str, Part] = field(default_factory=dict)
    finished_on: date | None = None
    told_finished_on: date | None = None  # as the exports said; a blank cell takes back none that they had said

    def goes_on(self, dice: Random, day: date) -> None:
        if not self.parts:
            units = dice.sample([WORKS, HEALTH], dice.choice((1, 1, 2)))
            self.parts = {unit: Part(OPEN, day) for unit in units}
            return
        unit = dice.choice([*self.parts])
        part, other = self.parts[unit], HEALTH if unit == WORKS else WORKS
        then = dice.choice(NEXT[part.status])
        if then == "moved" and other in self.parts:
            return
        if then == "moved":
            self.parts = {other: Part(OPEN, day)}
            return
        part.status = then
        if then == PROCESS or (then == DONE and dice.random() < 0.7):
            part.responded_on = part.responded_on or day
        is_done = all(one.status == DONE for one in self.parts.values())
        self.finished_on = (self.finished_on or day) if is_done else None

    def rows(self) -> Iterator[str]:
        facts = {"jenis": self.kind, "berkadar": "Ya" if self.supervised else "Tidak", "masuk": _said(self.came)}
        if not self.parts:
            yield row(str(self.number), "", "Belum terverifikasi", disposisi="", **facts)
        for unit, part in self.parts.items():
            days = {"disposisi": _said(part.disposed_on), "respon": _said(part.responded_on)}
            done = _said(self.finished_on) if part.status == DONE else ""
            yield row(str(self.number), unit, part.status.replace("_", " "), selesai=done, **days, **facts)

    def is_told(self) -> None:
        """An export shows it."""
        is_done = (self.stands(None) or (NEW,))[0] == DONE
        self.told_finished_on = (self.finished_on or self.told_finished_on) if is_done else None

    def stands(self, unit: str | None) -> tuple[str, date | None] | None:
        """Status and first follow-up: of the unit's part, or of the whole; None where the unit has none."""
        own = [part for name, part in self.parts.items() if unit in (None, name)]
        if unit and (not own or own[0].status == "bukan_kewenangan"):
            return None
        words = [part.status for part in own] or [NEW]
        leading = next(word for word in (NEW, OPEN, PROCESS, DONE, "ditunda", "bukan_kewenangan") if word in words)
        return leading, min((part.responded_on for part in own if part.responded_on), default=None)


def _said(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _workdays(first: date, last: date) -> int:
    days = (first + timedelta(n + 1) for n in range((last - first).days))
    return sum(day.weekday() < 5 and day not in OFF for day in days)


def _figure(value: Any) -> float:
    """One decimal, halves up."""
    return float(Fraction(value).limit_denominator(10**6) * 10 + Fraction(1, 2)) // 1 / 10


def _timing(spans: Iterable[tuple[date, date]]) -> Timing:
    found = [(Fraction(_workdays(*one)), Fraction((one[1] - one[0]).days)) for one in spans]
    if not found:
        return Timing()
    kinds = [(_figure(mean(days)), _figure(median(days))) for days in zip(*found, strict=True)]
    return Timing(len(found), *kinds[0], *kinds[1])


def _expected(cases: list[Case], period: Period, unit: str | None, today: date) -> dict[str, Any]:
    """docs/rapor.md, by hand."""
    stood = [(case, *how) for case in cases if (how := case.stands(unit))]
    mine = [one for one in stood if period.first <= one[0].came <= period.last]
    firsts = [(case, word, day or case.told_finished_on) for case, word, day in stood]
    in_time: Counter[tuple[str, str]] = Counter()
    for case, word, _ in mine:
        limit = "berkadar" if case.supervised else case.kind
        if word == DONE and case.told_finished_on:
            late = _workdays(case.came, case.told_finished_on) > LIMITS[limit]
            in_time[limit.lower(), "late" if late else "in_time"] += 1
        elif word == DONE:
            in_time[limit.lower(), "undated"] += 1
        elif word in (OPEN, PROCESS, NEW):
            late = _workdays(case.came, today) > LIMITS[limit]
            in_time[limit.lower(), "overdue" if late else "running"] += 1
    until = [one for one in firsts if one[0].came <= period.last]
    return {
        "statuses": Counter(word for _, word, _ in mine),
        "response": _timing((c.came, day) for c, _, day in firsts if day and period.first <= c.came <= period.last),
        "completion": _timing(
            (c.came, c.told_finished_on) for c, word, _ in mine if word == DONE and c.told_finished_on
        ),
        "in_time": in_time,
        "overdue": Counter(case.came.year for case, word, _ in until if word in (OPEN, NEW)),
        "carried": Counter(c.came.year for c, word, day in until if word in (OPEN, NEW) or (day and day > period.last)),
    }


def _found(office: Office, asked: Asked) -> dict[str, Any]:
    with office.db.read() as conn:
        found = period_report.one(conn, office.calendars, asked, office.now)
        told = period_report.of_units(conn, office.calendars, asked)
    own = [(line.tally, line.average_workdays) for line in found.units]
    assert [(line.tally, line.average_workdays) for line in told] == own, "a letter says what the table says"
    if asked.unit_id:
        assert own in ([], [(found.tally, found.response.average_workdays)]), "and what the unit's own rapor says"
    for parts in (found.kinds, found.categories, found.channels, found.months):
        assert sum(tally.total for tally in parts.values()) == found.tally.total  # type: ignore[attr-defined]
    told_of = io.StringIO("".join(open_data.as_csv(office.db, asked)).lstrip("\ufeff"))
    names = ("in_time", "late", "overdue", "running", "undated")
    verdicts = {(one.limit, name): getattr(one, name) for one in found.in_time for name in names}
    statuses = Counter(line["status"] for line in csv.DictReader(told_of, delimiter=";"))
    assert (statuses[DONE], statuses[PROCESS], statuses.total()) == (
        found.tally.finished, found.tally.in_process, found.tally.total,
    )  # fmt: skip
    return {
        "statuses": statuses, "response": found.response, "completion": found.completion,
        "in_time": Counter({key: number for key, number in verdicts.items() if number}),
        "overdue": Counter(found.overdue), "carried": Counter(found.carried),
    }  # fmt: skip


def _empty_office(db: Database, folder: Path) -> Office:
    """The same database again: another one would have to learn every question anew."""
    with db.write() as conn:
        for table in reversed(metadata.sorted_tables):
            conn.execute(delete(table))
    office = Office(db, folder)
    office.calendars = Calendars("Asia/Jayapura", dict.fromkeys(OFF, "libur"), [])
    office.directory()
    return office


def _year(office: Office, dice: Random) -> tuple[list[Case], date]:
    """LAPOR goes on day by day; now and then somebody exports all of it, or the newest, or takes an import back."""
    every = [
        Case(1_900_000 + n, FIRST + timedelta(dice.randrange(DAYS)), dice.choice(["Pengaduan", "Aspirasi"]),
             dice.random() < 0.2)
        for n in range(40)
    ]  # fmt: skip
    exports = {*dice.sample(range(DAYS), EXPORTS), DAYS + 5}
    for day in (FIRST + timedelta(n) for n in range(DAYS + 6)):
        cases = [case for case in every if case.came <= day]
        for case in cases:
            if dice.random() < 0.08 and case.came < day:
                case.goes_on(dice, day)
        if (day - FIRST).days in exports:
            is_last = day == FIRST + timedelta(DAYS + 5)
            office.now = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
            since = date.min if is_last or dice.random() < 0.7 else day - timedelta(60)
            shown = [case for case in cases if case.came >= since]
            known = {case.number: case.told_finished_on for case in shown}
            rows = [line for case in shown for line in case.rows()]
            for case in shown:
                case.is_told()
            if rows:
                done = office.roster(*dice.sample(rows, len(rows)))
                assert not done.held + done.rejected
                if not is_last and done.batch and dice.random() < 0.2:
                    intake.undo(office.db, done.batch, now=office.now + timedelta(minutes=5), by="admin@contoh.test")
                    for case in shown:
                        case.told_finished_on = known[case.number]
    office.now += timedelta(days=dice.choice((0, 30)), hours=11)  # of the evening; in Papua the next day has begun
    return every, (office.now + timedelta(hours=9)).date()


@settings(max_examples=16, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9))
@example(seed=10516207)  # a case that went to another unit and came back to be finished
def test_after_any_year_the_figures_are_those_of_the_last_export(sqlite: Database, tmp_path: Path, seed: int) -> None:
    office = _empty_office(sqlite, tmp_path)
    cases, today = _year(office, Random(seed))
    with office.db.read() as conn:
        ids = {name: number for number, name in counts.names(conn).items()}
    for period in (Period.of(2025), Period.of(2026), Period.of(2026, 1)):
        for unit in (None, WORKS, HEALTH):
            expected = _expected(cases, period, unit, today)
            assert _found(office, Asked(period, ids[unit] if unit else None)) == expected, (period.label, unit)
