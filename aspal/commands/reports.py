"""`aspal report`."""

from pathlib import Path

import click

from aspal.commands.files import NewFile
from aspal.commands.frame import as_json_option, opened, refuse, tell


@click.group()
def report() -> None:
    """Angka dan dokumen."""


@report.command()
@click.option("--year", type=click.IntRange(2000, 2100), required=True, help="Tahun laporan masuk.")
@click.option("--quarter", type=click.IntRange(1, 4), help="Hanya triwulan ini.")
@click.option("--month", type=click.IntRange(1, 12), help="Hanya bulan ini.")
@click.option("--xlsx", type=NewFile(), help="Tulis juga buku kerja XLSX.")
@click.option("--pdf", type=NewFile(), help="Tulis juga PDF.")
@as_json_option
def rapor(
    year: int, quarter: int | None, month: int | None, xlsx: Path | None, pdf: Path | None, as_json: bool
) -> None:
    """Indikator pengelolaan pengaduan: perhitungan internal, bukan kategori resmi."""
    from aspal.core.rapor.period import Period
    from aspal.report import letters, rapor_documents, sections
    from aspal.report import period_report as figures

    if quarter and month:
        refuse("--quarter dan --month tidak dapat dipakai bersama; pilih salah satu.")
    asked = figures.Asked(Period.of(year, quarter, month))
    with opened() as house, house.db.read() as conn:
        calendars, now = house.calendars(conn), house.clock.now()
        found = figures.compared(conn, calendars, asked, now)
        effects = figures.reminders(conn, calendars, asked, now) if xlsx or pdf else None
        head = letters.letterhead(conn, house.settings)
    if xlsx and effects:
        rapor_documents.rapor_xlsx(found, effects, xlsx)
    if pdf and effects:
        rapor_documents.rapor_pdf(found, effects, pdf, head)
    tell(found.as_json(), sections.headlines(found.now, found.before), as_json=as_json)
