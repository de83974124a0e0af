"""Impor: what was imported, by whom, with what effect; handing in a file; taking an import back."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.flow import intake
from aspal.records import batch_pages, uploads
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.spreadsheet import KINDS, spreadsheet

blueprint = Blueprint("imports", __name__, url_prefix="/impor")

KIND = {"roster": "Ekspor LAPOR", "directory": "Direktori"}
TABLE = {
    "complaints": "laporan",
    "dispositions": "disposisi",
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
    return render_template("imports/index.html", batches=batches, older=older, drafts=drafts, held=held, KIND=KIND)


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


@blueprint.get("/<int:batch_id>/batal")
@only("admin")
def undo_page(batch_id: int) -> ResponseReturnValue:
    """Says what taking it back would do, and what it cannot take back."""
    with house().db.read() as conn:
        found = batch_pages.find(conn, batch_id) or abort(404)
        touched = batch_pages.touched(conn, batch_id)
        held = batch_pages.held_count(conn, batch_id)
    if found.undone_at:
        flash(f"Impor {batch_id} sudah dibatalkan.", "warning")
        return redirect(url_for("imports.batch", batch_id=batch_id))
    return render_template("imports/undo.html", batch=found, touched=touched, held=held, KIND=KIND, TABLE=TABLE)


@blueprint.post("/<int:batch_id>/batal")
def undo(batch_id: int) -> ResponseReturnValue:
    """Takes the import back as a whole, or says why not."""
    try:
        done = intake.undo(house().db, batch_id, house().clock.now(), current_user.email)
    except intake.Refused as refused:
        flash(str(refused), "danger")
    else:
        kept = f" {done.closed} ditutup saja karena sudah ada pesan atau catatannya." if done.closed else ""
        flash(f"Impor {batch_id} dibatalkan: {done.restored} dikembalikan, {done.deleted} dihapus.{kept}", "success")
    return redirect(url_for("imports.batch", batch_id=batch_id), 303)


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
