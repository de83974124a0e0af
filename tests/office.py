"""An office with files: writes CSV as an Indonesian Excel would, and hands them to the intake."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select

from aspal.db import Database
from aspal.flow import intake
from aspal.flow.intake.outcome import ImportReport
from aspal.records import casefile
from aspal.records.calendar import Calendars
from aspal.tables import contacts, notices

MONDAY = datetime(2026, 8, 3, 1, tzinfo=UTC)  # 08:00 WIB
DIRECTORY = "OPD;Singkatan;Jenis;Nama;Jabatan;Peran;No WA;Nomor SK;Berlaku Mulai;Berlaku Sampai"
ROSTER = (
    "Tracking ID;Judul Laporan;Klasifikasi;Kategori;Kadar Pengawasan;Instansi Terdisposisi;Status Laporan;"
    "Tanggal Laporan;Tanggal Disposisi;Tanggal Tindak Lanjut;Tanggal Selesai;Rahasia;Anonim"
)
WORKS, HEALTH = "Dinas Pekerjaan Umum dan Penataan Ruang", "Dinas Kesehatan, Pengendalian Penduduk dan KB"
PEOPLE = (
    f"{WORKS};DPUPR;Dinas;Petugas Satu;Sekretaris;pejabat_penghubung;0812-0000-0001;SK/1;01/01/2026;31/12/2026",
    f"{WORKS};DPUPR;Dinas;Kepala Satu;Kepala Dinas;kepala_opd;081200000002;SK/1;01/01/2026;31/12/2026",
    f"{HEALTH};Dinkes;Dinas;Petugas Dua;Kasubbag;admin_penghubung;+6281200000003;SK/2;01/01/2026;31/12/2026",
)


def row(number: str, unit: str = "DPUPR", status: str = "Belum ditindaklanjuti", **more: str) -> str:
    """One line of a LAPOR export."""
    cells = {
        "judul": f"Laporan {number}",
        "jenis": "Pengaduan",
        "berkadar": "Tidak",
        "masuk": "30/07/2026",
        "disposisi": "31/07/2026",
        "respon": "",
        "selesai": "",
        "rahasia": "Tidak",
    } | more
    middle = f"{cells['judul']};{cells['jenis']};Umum;{cells['berkadar']};{unit};{status};{cells['masuk']}"
    return f"{number};{middle};{cells['disposisi']};{cells['respon']};{cells['selesai']};{cells['rahasia']};Tidak"


class Office:
    """A database, a clock that goes on a day with each import, and a folder for files."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.folder, self.now, self._files = db, folder, MONDAY, 0
        self.calendars = Calendars("Asia/Jakarta", {}, [])

    def file(self, header: str, *rows: str) -> Path:
        self._files += 1
        path = self.folder / f"berkas-{self._files}.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return path

    @property
    def options(self) -> dict[str, Any]:
        return {"now": self.now, "calendars": self.calendars, "by": "admin@contoh.test"}

    def directory(self, *rows: str, header: str = DIRECTORY, applied: bool = True) -> ImportReport:
        door = intake.apply_directory if applied else intake.preview_directory
        return door(self.db, self.file(header, *(rows or PEOPLE)), **self.options)

    def roster(self, *rows: str, header: str = ROSTER, applied: bool = True, **answers: Any) -> ImportReport:
        door = intake.apply_roster if applied else intake.preview_roster
        return door(self.db, self.file(header, *rows), **self.options, **answers)

    def day_passes(self, days: int = 1) -> None:
        self.now += timedelta(days=days)

    def told(self, disposition_id: int, state: str = "bundled") -> None:
        """A notice about it to the first person of the directory."""
        contact, day = self.all(contacts)[0].id, self.now.date()
        notice = {
            "disposition_id": disposition_id, "contact_id": contact, "audience": "pejabat_penghubung", "step": "R1",
            "template": "pengingat_tindak_lanjut", "level": 1, "age": 1, "workday": day, "state": state,
            "decided_at": self.now,
        }  # fmt: skip
        with self.db.write() as conn:
            conn.execute(insert(notices).values(notice))

    def complaint(self, number: str) -> dict[str, Any]:
        with self.db.read() as conn:
            found = casefile.complaint(conn, number)
        assert found is not None, number
        return found

    def parts(self, number: str) -> list[tuple[str | None, str, str | None]]:
        """Unit, status and end reason of each disposition."""
        return [(part["unit"], part["status"], part["end_reason"]) for part in self.complaint(number)["dispositions"]]

    def all(self, table: Table) -> list[Any]:
        with self.db.read() as conn:
            return list(conn.execute(select(table).order_by(*table.primary_key.columns)))
