"""The invented office of a training: units, people with sample numbers, complaints. Handed in by the real doors."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from aspal.bootstrap import House
from aspal.core.rows import Cells
from aspal.flow import intake

BY = "latihan"
MOST_SEATS = 100
_TITLES = (
    "Lampu jalan di depan pasar padam",
    "Air PDAM tidak mengalir sejak tiga hari",
    "Sampah menumpuk di tepi jalan",
    "Antrean pengambilan obat terlalu lama",
    "Jalan berlubang di dekat sekolah",
    "Permohonan informasi jadwal posyandu",
    "Pohon tumbang menutup jalan desa",
    "Pelayanan KTP tutup sebelum waktunya",
    "Saluran air tersumbat dan meluap",
    "Usul tempat penyeberangan di depan pasar",
)
_FIELDS = (
    "OPD",
    "Singkatan",
    "Jenis",
    "Nama",
    "Jabatan",
    "Peran",
    "No WA",
    "Nomor SK",
    "Berlaku Mulai",
    "Berlaku Sampai",
)


def furnish(house: House, seats: int, folder: Path, today: date) -> None:
    """As many units as there are seats, each with a liaison, a head, and two complaints disposed today."""
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    common: dict[str, Any] = {"now": house.clock.now(), "calendars": calendars, "by": BY}
    path = folder / "direktori.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target, delimiter=";")
        rows.writerow(_FIELDS)
        rows.writerows(_people(seats, today.year))
    intake.apply_directory(house.db, path, **common)
    intake.apply_rows(house.db, _complaints(seats, today), source="latihan", disposed_on="received", **common)


def _people(seats: int, year: int) -> Iterator[tuple[str, ...]]:
    until = ("1/LATIHAN", f"01/01/{year}", f"31/12/{year}")
    for seat in range(1, seats + 1):
        unit = (f"Perangkat Daerah Latihan {seat:02}", f"PD {seat:02}", "OPD")
        liaison = (f"Peserta {seat:02}", "Sekretaris", "pejabat_penghubung", f"0812-0000-{1000 + seat}")
        head = (f"Kepala PD {seat:02}", "Kepala", "kepala_opd", f"0812-0000-{2000 + seat}")
        yield (*unit, *liaison, *until)
        yield (*unit, *head, *until)
    office = ("Perangkat Daerah Latihan 01", "PD 01", "OPD")  # who serves all units is listed under any of them
    yield (*office, "Pelatih", "Admin instansi", "admin_instansi", "0812-0000-3001", *until)
    yield (*office, "Sekretaris Daerah Latihan", "Sekda", "sekda", "0812-0000-3002", *until)


def _complaints(seats: int, today: date) -> Iterator[Cells]:
    for number in range(2 * seats):
        seat = number % seats + 1
        yield Cells.of(
            number + 1,
            {
                "tracking_id": str(9_900_001 + number),
                "judul": _TITLES[number % len(_TITLES)],
                "jenis": "Permintaan Informasi" if number % 7 == 5 else "Pengaduan",
                "kategori": "Latihan",
                "berkadar": "Tidak",
                "opd": f"Perangkat Daerah Latihan {seat:02}",
                "status": "Belum ditindaklanjuti",
                "tgl_masuk": today,
                "tgl_disposisi": today,
                "rahasia": "Tidak",
            },
        )
