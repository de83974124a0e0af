"""The other half of a demonstration: an operator changes a status in SP4N-LAPOR!, and the next export tells us.

It goes through the same intake as a real export, so that reminders stop, claims are denied and promises end as always.
"""

from datetime import date
from typing import Any

from aspal.core.rows import Cells
from aspal.core.words import Status
from aspal.flow import intake
from aspal.records.browse import ComplaintRow
from aspal.web.house import house
from aspal.web.words import local_day

MARKS = (Status.OPEN, Status.IN_PROCESS, Status.FINISHED)


def mark(row: ComplaintRow, status: Status, by: str) -> bool:
    """Imports the complaint once more with another status; False when the intake held or refused the row."""
    the_house = house()
    now = the_house.clock.now()
    today = local_day(now, the_house.settings.office_time_zone)
    with the_house.db.read() as conn:
        calendars = the_house.calendars(conn)
    cells = Cells.of(1, _cells(row, status, today))
    report = intake.apply_rows(
        the_house.db, [cells], source="simulasi LAPOR", now=now, calendars=calendars, by=by, disposed_on="received"
    )
    return not report.held and not report.rejected


def _cells(row: ComplaintRow, status: Status, today: date) -> dict[str, Any]:
    running = [part for part in row.parts if part.unit_name] or []
    return {
        "tracking_id": row.number,
        "judul": row.title,
        "jenis": row.kind,
        "berkadar": "Ya" if row.supervised else "Tidak",
        "kategori": row.category,
        "opd": "; ".join(dict.fromkeys(part.unit_name or "" for part in running)),
        "status": status.value.replace("_", " "),
        "tgl_masuk": row.received_on,
        "tgl_disposisi": max((part.disposed_on for part in running), default=None),
        "tgl_tindak_lanjut": today if status is not Status.OPEN else None,
        "tgl_selesai": today if status is Status.FINISHED else None,
        "rahasia": "Ya" if row.confidential else "Tidak",
    }
