"""Roster -> rapor, as figures and as documents. Reads only."""

from pathlib import Path

from aspal.core.rapor import Rapor, Tally, rapor
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.gateways import documents
from aspal.gateways.documents import Section
from aspal.records import figures

_COLUMNS = ("Total", "Selesai", "Proses", "Belum ditindaklanjuti", "Belum terverifikasi", "Lainnya")
_SHARES = ("% penyelesaian", "% tindak lanjut")


def run(db: Database, calendar: Calendar, year: int) -> Rapor:
    """The figures of one year from one consistent look at the roster."""
    with db.read() as conn:
        return rapor(year, figures.cases(conn, year), figures.by_unit(conn, year), calendar.workdays_between)


def to_xlsx(found: Rapor, target: Path) -> None:
    """The rapor as a workbook."""
    documents.write_xlsx(target, _title(found), _sections(found))


def to_pdf(found: Rapor, target: Path) -> None:
    """The rapor as a printable page."""
    documents.write_pdf(target, _title(found), _sections(found))


def _title(found: Rapor) -> str:
    return f"Rapor pengelolaan pengaduan tahun {found.year}"


def _sections(found: Rapor) -> tuple[Section, ...]:
    averages = (
        ("Rata-rata tindak lanjut (hari kerja)", found.average_workdays),
        ("Rata-rata tindak lanjut (hari kalender)", found.average_days),
        ("Dihitung dari jumlah laporan", found.answered),
    )
    return (
        Section("Seluruh instansi", (*_COLUMNS, *_SHARES), (_row(found.tally),)),
        Section("Waktu: tanggal laporan sampai tindak lanjut pertama", ("Ukuran", "Nilai"), averages),
        Section("Tunggakan menurut tahun asal", ("Tahun", "Jumlah"), tuple(sorted(found.overdue.items()))),
        Section(
            "Menurut OPD",
            ("OPD", *_COLUMNS, *_SHARES),
            tuple((name, *_row(tally)) for name, tally in found.units.items()),
        ),
    )


def _row(tally: Tally) -> tuple[int | float | None, ...]:
    return (
        tally.total,
        tally.finished,
        tally.in_process,
        tally.open,
        tally.unverified,
        tally.other,
        tally.completed,
        tally.followed_up,
    )
