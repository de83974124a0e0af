"""The rapor from the roster: what counts, at whom, and what does not."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.flow import report
from aspal.tables import complaints, dispositions, units

NOW = datetime(2026, 8, 3, tzinfo=UTC)
WEEKDAYS_ONLY = Calendar("Asia/Jakarta", {}, ())


def add(db: Database, number: int, status: str, received: date, *parts: tuple[int, str], **more: Any) -> None:
    with db.write() as conn:
        row = {"kind": "pengaduan", "status": status, "received_on": received, "created_at": NOW, **more}
        conn.execute(insert(complaints).values(id=number, tracking_id=str(1_900_000 + number), **row))
        for day, (unit, word) in enumerate(parts, 1):
            part = {"unit_id": unit, "status": word, "disposed_on": date(2026, 1, day), "created_at": NOW}
            conn.execute(insert(dispositions).values(complaint_id=number, **part))


def roster(db: Database) -> None:
    with db.write() as conn:
        names = [{"id": 1, "name": "Dinas A", "name_key": "a"}, {"id": 2, "name": "Dinas B", "name_key": "b"}]
        conn.execute(insert(units), names)
    add(db, 1, "selesai", date(2026, 1, 2), (1, "selesai"), responded_on=date(2026, 1, 6))  # Friday to Tuesday
    add(db, 2, "proses", date(2026, 1, 5), (1, "proses"), (2, "belum_ditindaklanjuti"))
    add(db, 3, "belum_ditindaklanjuti", date(2025, 12, 31), (2, "belum_ditindaklanjuti"))
    add(db, 4, "belum_terverifikasi", date(2026, 2, 2))
    add(db, 5, "proses", date(2026, 2, 2), (1, "proses"), merged_into_id=2)


def test_the_figures_of_a_small_year(db: Database) -> None:
    roster(db)
    found = report.run(db, WEEKDAYS_ONLY, 2026).as_json()
    assert {key: found[key] for key in ("total", "selesai", "proses", "belum_terverifikasi")} == {
        "total": 3,
        "selesai": 1,
        "proses": 1,
        "belum_terverifikasi": 1,
    }
    assert (found["rata_rata_hari_kerja"], found["rata_rata_hari_kalender"]) == (2.0, 4.0)
    assert found["tunggakan"] == {"2025": 1, "2026": 1}
    assert [(unit["unit"], unit["total"], unit["persen_penyelesaian"]) for unit in found["per_unit"]] == [
        ("Dinas A", 2, 50.0),
        ("Dinas B", 1, 0.0),
    ]


def test_the_rapor_becomes_documents(sqlite: Database, tmp_path: Path) -> None:
    roster(sqlite)
    found = report.run(sqlite, WEEKDAYS_ONLY, 2026)
    report.to_xlsx(found, tmp_path / "r.xlsx")
    report.to_pdf(found, tmp_path / "r.pdf")
    assert (tmp_path / "r.xlsx").stat().st_size > 0
    assert (tmp_path / "r.pdf").stat().st_size > 0
