"""`aspal report`."""

from pathlib import Path

import click

from aspal.commands.frame import as_json_option, opened, tell

_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def report() -> None:
    """Angka dan dokumen."""


@report.command()
@click.option("--year", type=click.IntRange(2000, 2100), required=True, help="Tahun laporan masuk.")
@click.option("--xlsx", type=_FILE, help="Tulis juga buku kerja XLSX.")
@click.option("--pdf", type=_FILE, help="Tulis juga PDF.")
@as_json_option
def rapor(year: int, xlsx: Path | None, pdf: Path | None, as_json: bool) -> None:
    """Indikator pengelolaan pengaduan setahun: perhitungan internal, bukan kategori resmi."""
    from aspal.flow import report as station

    with opened() as house:
        with house.db.read() as conn:
            calendar = house.calendars(conn).of(None)
        found = station.run(house.db, calendar, year)
    if xlsx:
        station.to_xlsx(found, xlsx)
    if pdf:
        station.to_pdf(found, pdf)
    tally = found.tally
    lines = [
        f"Laporan {year}: {tally.total}",
        f"Selesai {tally.finished}, proses {tally.in_process}, belum ditindaklanjuti {tally.open}, "
        f"belum terverifikasi {tally.unverified}, lainnya {tally.other}",
        f"Penyelesaian: {_shown(tally.completed)} %   Tindak lanjut: {_shown(tally.followed_up)} %",
        f"Rata-rata tindak lanjut: {_shown(found.average_workdays)} hari kerja, "
        f"{_shown(found.average_days)} hari kalender ({found.answered} laporan)",
    ]
    tell(found.as_json(), lines, as_json=as_json)


def _shown(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.1f}".replace(".", ",")
