"""Cases: a LAPOR export imported by the product (preview, then apply), and the same file read and inserted bare."""

import csv
import random
import resource
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import office
from bench.machine import Meter, peak_mb

UNITS = 40
HEADERS = (
    "Tracking ID", "Judul Laporan", "Klasifikasi", "Kategori", "Kadar Pengawasan", "Instansi Terdisposisi",
    "Status Laporan", "Tanggal Laporan", "Tanggal Disposisi", "Tanggal Tindak Lanjut", "Tanggal Selesai", "Rahasia",
    "Anonim",
)  # fmt: skip
_STATUSES = {"Selesai": 70, "Proses": 10, "Belum Ditindaklanjuti": 18, "Belum Terverifikasi": 2}


def write_files(folder: str, rows: int) -> dict[str, Any]:
    """An export of so many complaints, and the directory of the units that it names."""
    dice = random.Random(7)
    with Path(folder, "roster.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(HEADERS)
        for number in range(rows):
            out.writerow(_row(number, rows, dice.choices([*_STATUSES], [*_STATUSES.values()])[0]))
    with Path(folder, "directory.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["OPD", "Jenis", "Nama", "Peran", "No WA"])
        for unit in range(UNITS):
            out.writerow(
                [f"Dinas Contoh {unit}", "Dinas", f"Petugas {unit}", "pejabat_penghubung", f"0812{10_000_000 + unit}"]
            )
    return {}


def _row(number: int, rows: int, status: str) -> list[str]:
    came_in = date(2020, 1, 1) + timedelta(days=number * 2300 // rows)
    verified = status != "Belum Terverifikasi"
    return [
        str(1_000_000 + number), f"Jalan rusak di depan pasar nomor {number} mohon segera diperbaiki", "Pengaduan",
        "Infrastruktur", "Tidak", f"Dinas Contoh {number % UNITS}" if verified else "", status, _day(came_in),
        _day(came_in + timedelta(days=1)) if verified else "",
        _day(came_in + timedelta(days=2)) if status in ("Selesai", "Proses") else "",
        _day(came_in + timedelta(days=4)) if status == "Selesai" else "", "Tidak", "Ya",
    ]  # fmt: skip


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def bare(folder: str, database: str) -> dict[str, Any]:
    """The unit: csv.reader and executemany into one table with a unique number."""
    meter = Meter()
    with sqlite3.connect(database) as conn, Path(folder, "roster.csv").open(encoding="utf-8", newline="") as file:
        conn.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
        names = [f"c{n}" for n in range(len(HEADERS))]
        conn.execute(f"CREATE TABLE rows ({names[0]} TEXT UNIQUE, {', '.join(names[1:])})")
        rows = csv.reader(file, delimiter=";")
        next(rows)
        conn.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(names))})", rows)
        conn.commit()
    return meter.read()


def product(folder: str, url: str) -> dict[str, Any]:
    """Preview and apply. The reader of the file is a process of its own: its CPU and memory count too."""
    from aspal.flow import intake

    house = office.house(url)
    now, roster = office.FIRST_DAY, Path(folder, "roster.csv")
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    same: dict[str, Any] = {"now": now, "calendars": calendars, "by": "bench"}
    intake.apply_directory(house.db, Path(folder, "directory.csv"), **same)
    meter = Meter()
    intake.preview_roster(house.db, roster, **same)
    previewed = meter.read()
    report = intake.apply_roster(house.db, roster, **same)
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = meter.read()
    whole["cpu_s"] += reader.ru_utime + reader.ru_stime
    counted = {"rows": report.rows, "new": report.new, "held": len(report.held), "rejected": len(report.rejected)}
    house.close()
    memory = peak_mb() + (reader.ru_maxrss / 1024 if reader.ru_utime else 0)
    return whole | {"counts": counted, "peak_mb": memory, "preview_s": previewed["wall_s"]}
