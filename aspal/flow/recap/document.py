"""The document behind one recap, made anew when its link is opened: what the recap was about, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Connection

from aspal.core.ladder.words import joined
from aspal.core.rapor import Rapor, as_words
from aspal.core.rapor.period import Period
from aspal.core.rapor.ranking import FEWEST, ranking
from aspal.core.wording import short_date
from aspal.flow import recap_audience
from aspal.flow.recap import words
from aspal.gateways import documents_pdf
from aspal.gateways.documents import Column, Section
from aspal.records.calendar import Calendars
from aspal.records.figures import closing, counts
from aspal.records.recaps import Told
from aspal.report import period_report
from aspal.report import sections as report_sections
from aspal.report.letters import case_columns, case_row
from aspal.report.period_report import Asked

_Document = tuple[str, Sequence[str], Sequence[Section]]  # title, lines, tables
LISTED = 200  # unfinished cases of one unit; whoever has more reads the page


def write(conn: Connection, calendars: Calendars, message_id: int, target: BinaryIO, now: datetime) -> bool:
    """False when there is no such recap any more, or when it is no longer that person's to read."""
    told = recap_audience.still_theirs(conn, calendars, message_id, now)
    if told is None:
        return False
    title, lines, sections = (_of_office if told.whole_office else _of_units)(conn, calendars, told, now)
    documents_pdf.write_report(target, f"{title}, {short_date(told.workday)}", lines, sections)
    return True


def _of_units(conn: Connection, calendars: Calendars, told: Told, now: datetime) -> _Document:
    names = [counts.names(conn)[unit_id] for unit_id in told.unit_ids]
    lines, sections = list[str](), list[Section]()
    for unit_id, name in zip(told.unit_ids, names, strict=True):
        figures, tables = _of_unit(conn, calendars, told.workday.year, unit_id, now)
        several = f"{name}: " if len(names) > 1 else ""
        lines += [f"{several}{line}" for line in figures]
        sections += [replace(table, title=f"{several}{table.title}") for table in tables]
    return f"Rekap SP4N-LAPOR! {joined(names)}", lines, sections


def _of_unit(
    conn: Connection, calendars: Calendars, year: int, unit_id: int, now: datetime
) -> tuple[Sequence[str], Sequence[Section]]:
    calendar, asked = calendars.of(None), Asked(Period.of(year), unit_id, tellable=True)
    found = period_report.one(conn, calendars, asked, now)
    waiting = closing.oldest(conn, period_report.since_ever(asked), LISTED)
    today = calendar.local_day(now)
    undone = Section("Belum selesai", case_columns(), [case_row(one, calendar, today) for one in waiting])
    return report_sections.headlines(found), [undone, *_beside(found)]


def _of_office(conn: Connection, calendars: Calendars, told: Told, now: datetime) -> _Document:
    if told.template == words.RANKING:
        asked = Asked(words.quarter_before(told.workday), tellable=True)
        found = period_report.one(conn, calendars, asked, now)
        return "Urutan OPD", report_sections.headlines(found), [_ranked(found), report_sections.units(found)]
    period = words.month_before(told.workday)
    if told.template != words.MONTHLY:
        period = Period.of(told.workday.year)
    both = period_report.compared(conn, calendars, Asked(period), now)
    sections = [one for one in report_sections.sections(both.now) if one.rows]
    return "Rekap SP4N-LAPOR!", report_sections.headlines(both.now, both.before), sections


def _beside(found: Rapor) -> list[Section]:
    wanted = ("Waktu", "Tepat waktu", "Tunggakan", "Menurut kategori", "Janji")
    return [one for one in report_sections.sections(found) if one.title in wanted and one.rows]


def _ranked(found: Rapor) -> Section:
    columns = (
        Column("urutan", "Urutan", 8), Column("nama", "OPD", 40), Column("total", "Total"),
        Column("persen_penyelesaian", "% penyelesaian", 14, decimals=1),
        Column("persen_tindak_lanjut", "% tindak lanjut", 14, decimals=1),
        Column("hari", "Rata-rata hari kerja", 12, decimals=1),
    )  # fmt: skip
    rows = [
        {"urutan": place, "nama": one.name, **as_words(one.tally), "hari": one.average_workdays}
        for place, one in ranking(found.units)
    ]
    note = (
        f"Menurut penyelesaian, lalu tindak lanjut, lalu kecepatan; hanya OPD dengan {FEWEST} laporan "
        "atau lebih. Tidak termasuk laporan berkadar pengawasan dan WBS. Perkiraan internal, bukan peringkat resmi."
    )
    return Section("Urutan", columns, rows, note)
