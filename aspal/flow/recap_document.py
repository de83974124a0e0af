"""The document behind one recap, made anew when its link is opened: what the recap was about, and nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Connection

from aspal.core import rapor_ranking
from aspal.core.rapor import Rapor, as_words
from aspal.core.rapor_period import Period
from aspal.core.wording import short_date
from aspal.core.workdays import Calendar
from aspal.flow import recap_words, report, report_sections
from aspal.flow.report import Asked
from aspal.flow.report_letters import case_columns, case_row
from aspal.gateways import documents_pdf
from aspal.gateways.documents import Column, Section
from aspal.records import recaps
from aspal.records.calendar import Calendars
from aspal.records.figures import closing, counts
from aspal.records.recaps import Told

LISTED = 200  # unfinished cases of one unit; whoever has more reads the page


def write(conn: Connection, calendars: Calendars, message_id: int, target: BinaryIO, now: datetime) -> bool:
    """False when there is no such recap any more."""
    told = recaps.of_message(conn, message_id)
    if told is None:
        return False
    calendar = calendars.of(None)
    if told.unit_id is not None:
        title, lines, sections = _of_unit(conn, calendars, told, calendar, now)
    else:
        title, lines, sections = _of_office(conn, calendars, told, now)
    documents_pdf.write_report(target, f"{title}, {short_date(told.workday)}", lines, sections)
    return True


def _of_unit(
    conn: Connection, calendars: Calendars, told: Told, calendar: Calendar, now: datetime
) -> tuple[str, Sequence[str], Sequence[Section]]:
    asked = Asked(Period.of(told.workday.year), told.unit_id, tellable=True)
    found = report.one(conn, calendars, asked, now)
    waiting = closing.oldest(conn, report.since_ever(asked), LISTED)
    today = calendar.local_day(now)
    undone = Section("Belum selesai", case_columns(), [case_row(one, calendar, today) for one in waiting])
    name = counts.names(conn).get(told.unit_id or 0, "")
    return f"Rekap SP4N-LAPOR! {name}", report_sections.headlines(found), [undone, *_beside(found)]


def _of_office(
    conn: Connection, calendars: Calendars, told: Told, now: datetime
) -> tuple[str, Sequence[str], Sequence[Section]]:
    if told.template == recap_words.RANKING:
        asked = Asked(recap_words.quarter_before(told.workday), tellable=True)
        found = report.one(conn, calendars, asked, now)
        return "Urutan OPD", report_sections.headlines(found), [_ranked(found), report_sections.units(found)]
    period = recap_words.month_before(told.workday)
    if told.template != recap_words.MONTHLY:
        period = Period.of(told.workday.year)
    both = report.compared(conn, calendars, Asked(period), now)
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
        for place, one in enumerate(rapor_ranking.ranking(found.units), 1)
    ]
    note = f"Menurut penyelesaian, lalu tindak lanjut, lalu kecepatan; hanya OPD dengan {rapor_ranking.FEWEST} laporan "
    return Section("Urutan", columns, rows, f"{note}atau lebih. Perkiraan internal, bukan peringkat resmi.")
