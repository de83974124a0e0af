"""Impor: what was imported, by whom, with what effect."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.records import batch_pages, coverage, uploads
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.spreadsheet import KINDS, spreadsheet

blueprint = Blueprint("imports", __name__, url_prefix="/impor")

KIND = {"roster": "Ekspor LAPOR", "directory": "Direktori"}
TABLE = {
    "complaints": "laporan",
    "dispositions": "disposisi",
    "held_rows": "baris yang ditahan",
    "units": "unit kerja",
    "contacts": "kontak",
    "appointments": "penugasan",
    "unit_aliases": "nama lain unit",
    "absences": "cuti",
}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Past imports, newest first, and the door for the next one."""
    with house().db.read() as conn:
        batches, older = batch_pages.listed(conn, request.args.get("sebelum", type=int))
        drafts = uploads.drafts(conn, current_user.email)
        held = batch_pages.held_count(conn)
        first = "roster" if coverage.has_units(conn) else "directory"  # nothing stands without the directory
    asked = request.args.get("jenis", "")
    kind = asked if asked in KIND else first
    return render_template(
        "imports/index.html", batches=batches, older=older, drafts=drafts, held=held, KIND=KIND, kind=kind
    )


@blueprint.get("/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """One import and what it did."""
    with house().db.read() as conn:
        found = batch_pages.find(conn, batch_id) or abort(404)
        touched = batch_pages.touched(conn, batch_id)
        held = batch_pages.held_count(conn, batch_id)
        upload = uploads.of_batch(conn, batch_id)
    mine = upload if upload and upload.uploaded_by == current_user.email else None
    return render_template(
        "imports/batch.html", batch=found, touched=touched, held=held, upload=mine, KIND=KIND, TABLE=TABLE
    )


@blueprint.get("/<int:batch_id>/ditahan.<kind>")
@only("admin", "approver")
def held_of_batch(batch_id: int, kind: str) -> ResponseReturnValue:
    """The rows of this import that still wait, for the spreadsheet."""
    with house().db.read() as conn:
        batch_pages.find(conn, batch_id) or abort(404)
        rows = batch_pages.held_rows_of(conn, batch_id)
    return held_sheet(rows, kind, f"ditahan-impor-{batch_id}")


def held_sheet(rows: list[batch_pages.HeldRow], kind: str, name: str) -> ResponseReturnValue:
    """Held rows with their reasons and cells, which may tell of confidential complaints: not for viewers."""
    if kind not in KINDS:
        abort(404)
    columns = sorted({column for row in rows for column in row.cells})
    lines = [[row.batch_id, row.row_number, row.reason, *(row.cells.get(column) for column in columns)] for row in rows]
    return spreadsheet(name, kind, ["Impor", "Baris", "Alasan", *columns], lines)
