"""What LAPOR would have exported on other days: the sample files, moved in time. Files in, files out.

The sample tells each complaint's dates, so any day before it can be told as well: what had not happened is left out.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from aspal.bootstrap import House
from aspal.records import browse

SAMPLE = Path(__file__).parents[1] / "sample"
SAMPLE_DAY = date(2026, 8, 13)  # the morning on which the sample roster was exported
NEWER = "ekspor-berikutnya.csv"
FINISHED_NEXT = 2  # complaints in process that LAPOR closes in its next export

Row = dict[str, str]

_DATE = re.compile(r"\d\d/\d\d/\d{4}")
_RECEIVED, _DISPOSED = "Tanggal Laporan", "Tanggal Disposisi"
_FOLLOWED_UP, _FINISHED = "Tanggal Tindak Lanjut", "Tanggal Selesai"
_UNVERIFIED, _OPEN, _IN_PROCESS, _DONE = "Belum Terverifikasi", "Belum Ditindaklanjuti", "Proses", "Selesai"
_NOT_YET_VERIFIED = {"Instansi Terdisposisi", "Tanggal Verifikasi", _DISPOSED, _FOLLOWED_UP, _FINISHED}


def sample(name: str, start: date) -> list[Row]:
    """A sample file with its dates moved, as if it had been made for a demo that starts on that day."""
    return [{column: _moved(cell, start - SAMPLE_DAY) for column, cell in row.items()} for row in read(SAMPLE / name)]


def as_of(rows: Sequence[Row], day: date) -> list[Row]:
    """The roster as the office would have exported it on the morning of that day."""
    return [_as_of(row, day) for row in rows if day_of(row[_RECEIVED]) <= day]


def read(path: Path) -> Iterator[Row]:
    """The rows of an export."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def day_of(cell: str) -> date:
    """The date in a cell. A blank one lies before all others: what has no date of its own is told as it stands."""
    return date(*map(int, reversed(cell.split("/")))) if cell else date.min


def write(path: Path, rows: Sequence[Row]) -> Path:
    """As Excel in Indonesia saves it; a reader never finds half a file."""
    half = path.with_suffix(".sebagian")
    with half.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return half.replace(path)


def newer_export(house: House, folder: Path, today: date) -> Path:
    """LAPOR has moved on: writes its next export into the folder of the demo, or brings the one there up to date.

    What liaisons called done is in process there, a few complaints are finished, and new ones have come. LAPOR forgets
    nothing: what an earlier call wrote stays.
    """
    path = folder / NEWER
    if path.exists():
        rows = list(read(path))
    else:
        rows = _moved_on(sample("roster.csv", today), today) + sample("laporan-baru.csv", today)
    known = {number: (status, done) for number, status, done in _known(house)}
    moved = [_caught_up(row, *known.get(row["Tracking ID"], ("", False)), today) for row in rows]
    return path if path.exists() and moved == rows else write(path, moved)


def _moved_on(rows: Sequence[Row], today: date) -> list[Row]:
    oldest = [row["No"] for row in rows if row["Status Laporan"] == _IN_PROCESS][:FINISHED_NEXT]
    return [row | {"Status Laporan": _DONE, _FINISHED: _cell(today)} if row["No"] in oldest else row for row in rows]


def _caught_up(row: Row, status: str, done: bool, today: date) -> Row:
    """A row that is not behind what the house knows from LAPOR, or has heard from a liaison."""
    followed_up = {_FOLLOWED_UP: row[_FOLLOWED_UP] or _cell(today)}
    if status == "selesai" and row["Status Laporan"] in (_OPEN, _IN_PROCESS):
        return row | {"Status Laporan": _DONE, _FINISHED: _cell(today)} | followed_up
    if (status == "proses" or done) and row["Status Laporan"] == _OPEN:
        return row | {"Status Laporan": _IN_PROCESS} | followed_up
    return row


def _known(house: House) -> Iterator[tuple[str, str, bool]]:
    """Of each complaint: its number, LAPOR's status as last imported, whether a liaison claims that it is done."""
    older: int | None = None
    while True:
        with house.db.read() as conn:
            page = browse.list_complaints(conn, before=older)
        for row in page.rows:
            yield row.number, row.status, any(part.claim == "done" for part in row.parts)
        if page.older is None:
            return
        older = page.older


def _as_of(row: Row, day: date) -> Row:
    """Dispositions of that very morning are in it; follow-ups and ends show up the morning after."""
    disposed, followed_up, finished = (day_of(row[name]) for name in (_DISPOSED, _FOLLOWED_UP, _FINISHED))
    if disposed > day:
        return row | dict.fromkeys(_NOT_YET_VERIFIED, "") | {"Status Laporan": _UNVERIFIED}
    if row["Status Laporan"] in (_IN_PROCESS, _DONE):
        if followed_up >= day:
            return row | {"Status Laporan": _OPEN, _FOLLOWED_UP: "", _FINISHED: ""}
        if finished >= day:
            return row | {"Status Laporan": _IN_PROCESS, _FINISHED: ""}
    return row


def _moved(cell: str, by: timedelta) -> str:
    return _cell(day_of(cell) + by) if _DATE.fullmatch(cell) else cell


def _cell(day: date) -> str:
    return f"{day:%d/%m/%Y}"
