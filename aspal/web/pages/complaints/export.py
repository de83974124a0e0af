"""The list that is shown, as a file. Read page by page, so that its length costs no memory; the journal says who."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.db import Database
from aspal.gateways import roster_file
from aspal.records import browse, journal, listing
from aspal.records.browse import ComplaintRow
from aspal.records.journal import Entry
from aspal.records.listing import Filters, Seen
from aspal.web.auth import allow
from aspal.web.house import house
from aspal.web.pages.complaints import blueprint, form_query, seen
from aspal.web.pages.complaints import filters as in_address
from aspal.web.words import INTENT, KIND, LEVEL, STATUS

MOST_XLSX = 50_000  # rows of a workbook: it is complete before its first byte leaves. CSV has no end
_PAGE = 500
_CUT = "Daftar dipotong di sini. Unduh sebagai CSV untuk seluruhnya."
HEADER = (
    "Nomor", "Nomor sementara", "Judul", "Jenis", "Kategori", "Kanal", "Status", "Rahasia", "Berkadar pengawasan",
    "Diterima", "Tindak lanjut pertama", "Selesai", "Unit", "Didisposisikan", "Tingkat", "Kata unit", "Janji",
    "Perpanjangan sampai", "Dijeda", "Dikecualikan",
)  # fmt: skip


@blueprint.post("/ekspor/<kind>")
@allow("admin", "approver", "viewer")
def export(kind: str) -> ResponseReturnValue:
    """CSV or XLSX. Titles of confidential complaints leave only for those who see them on the page."""
    if kind not in ("csv", "xlsx"):
        abort(404)
    query, now, the_house = form_query(), house().clock.now(), house()
    with the_house.db.write() as conn:
        as_seen = seen(conn, the_house.calendars(conn))
        detail = {"query": query, "format": kind, "titles": as_seen.titles}
        journal.append(conn, [Entry(now, current_user.email, "roster.exported", "roster:export", detail)])
    rows = _rows(the_house.db, in_address.read(query), as_seen)
    name = f"laporan-{as_seen.lateness.today:%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        return _workbook(rows, name)
    lines = roster_file.csv_lines(HEADER, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _workbook(rows: Iterator[roster_file.Row], name: str) -> Response:
    with tempfile.TemporaryDirectory(prefix="aspal-ekspor-") as folder:
        path = Path(folder) / name
        roster_file.write_xlsx(path, HEADER, _cut_off(rows))
        file = path.open("rb")  # read while it is sent, also after its name is gone
    return send_file(file, download_name=name, as_attachment=True)


def _cut_off(rows: Iterator[roster_file.Row]) -> Iterator[roster_file.Row]:
    yield from islice(rows, MOST_XLSX)
    if next(rows, None) is not None:
        yield (_CUT,)


def _rows(db: Database, filters: Filters, as_seen: Seen) -> Iterator[roster_file.Row]:
    before: int | None = None
    while True:
        with db.read() as conn:
            page = listing.older_than(conn, filters, as_seen, before, _PAGE)
            rows = browse.by_ids(conn, page.ids)
        for row in rows:
            yield _cells(row, as_seen, filters.unit)
        if page.older is None:
            return
        before = page.older


def _cells(row: ComplaintRow, as_seen: Seen, unit_id: int | None) -> roster_file.Row:
    """The status is the one that the list shows."""
    parts = [part for part in row.parts if part.unit_name or not part.ended]
    live, now = [part for part in parts if not part.ended], as_seen.lateness.now
    return (
        row.tracking_id, row.provisional_id,
        row.title if as_seen.titles or not row.secret else "(judul tidak ditampilkan)",
        KIND.get(row.kind, row.kind), row.category, row.channel, STATUS[row.status_at(unit_id)].label,
        _yes(row.confidential), _yes(row.supervised),
        _day(row.received_on), _day(row.responded_on), _day(row.finished_on),
        _each(part.unit for part in parts), _each(_day(part.disposed_on) for part in parts),
        _each(LEVEL.get(part.level, str(part.level)) for part in live),
        _each(INTENT.get(part.claim, part.claim) for part in live if part.claim),
        _each(_day(part.promise_until) for part in live), _each(_day(part.extended_until) for part in live),
        _yes(any(part.paused_until and part.paused_until > now for part in live)),
        _yes(any(part.exempt_at for part in live)),
    )  # fmt: skip


def _each(said: Iterable[str | None]) -> str | None:
    return "; ".join(one for one in said if one) or None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _yes(value: object) -> str:
    return "ya" if value else "tidak"
