"""A file on its way: mapping, preview, apply. It belongs to whoever handed it in; nobody else sees it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.columns import FILES
from aspal.core.refused import Refused
from aspal.desk import uploads
from aspal.flow import upload_shelf
from aspal.records import uploads as upload_records
from aspal.records.uploads import RUNNING, Upload
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.pages.imports import KIND, blueprint, job
from aspal.web.pages.imports.job import is_stopped
from aspal.web.spreadsheet import KINDS, spreadsheet

STEP = {"mapping": 2, "previewing": 3, "previewed": 3, "applying": 4, "applied": 4, "failed": 2}


@blueprint.post("/")
def hand_in() -> ResponseReturnValue:
    """Takes a file; where nothing needs to be asked, the preview begins at once."""
    file, kind = request.files.get("berkas"), request.form.get("jenis", "")
    if file is None or not file.filename or kind not in KIND:
        flash("Pilih berkas dan jenisnya lebih dahulu.", "warning")
        return redirect(url_for("imports.index"), 303)
    try:
        upload = uploads.hand_in(
            house().db, _shelf(), kind, file.filename, file.stream, now=house().clock.now(), by=current_user.email
        )  # fmt: skip
    except Refused as refused:
        flash(str(refused), "danger")
        return redirect(url_for("imports.index", jenis=kind), 303)
    if uploads.is_clear(upload):
        _begin(upload, "previewing")
    return _to(upload)


@blueprint.get("/berkas/<int:upload_id>")
@only("admin")
def upload(upload_id: int) -> ResponseReturnValue:
    """Wherever the file stands: its questions, its progress, its preview, its end."""
    found = _mine(upload_id)
    if found.state == "applied":
        return redirect(url_for("imports.batch", batch_id=found.batch_id))
    return render_template("imports/upload.html", **_shown(found), mapping_open="pemetaan" in request.args)


@blueprint.get("/berkas/<int:upload_id>/kemajuan")
@only("admin")
def progress(upload_id: int) -> ResponseReturnValue:
    """The progress bar alone, asked for again and again; when there is news the whole page is loaded anew."""
    found = _mine(upload_id)
    if found.state not in RUNNING or is_stopped(house(), found):
        return "", 200, {"HX-Refresh": "true"}
    return render_template("imports/_progress.html", **_shown(found))


@blueprint.post("/berkas/<int:upload_id>/pemetaan")
def answer(upload_id: int) -> ResponseReturnValue:
    """The admin's answers about columns, words, days and secrecy; then the preview, once all there is to ask was."""
    found = _mine(upload_id)
    asked = uploads.open_questions(found)
    try:
        found = uploads.answer(house().db, _shelf(), found, _answers(found))
    except Refused as refused:
        flash(str(refused), "danger")
        return _to(found)
    if found.look.get("problem"):
        return _to(found)
    if uploads.open_questions(found) - asked:  # only columns that are read raise them
        flash("Kolomnya sudah dikenali. Masih ada yang perlu dijawab tentang isinya.", "info")
        return _to(found)
    _begin(found, "previewing")
    return _to(found)


@blueprint.post("/berkas/<int:upload_id>/terapkan")
def apply(upload_id: int) -> ResponseReturnValue:
    """Writes it all down, once, however often it is pressed."""
    found = _mine(upload_id)
    _begin(found, "applying")
    return _to(found)


@blueprint.post("/berkas/<int:upload_id>/ulangi")
def again(upload_id: int) -> ResponseReturnValue:
    """After a step died in the middle."""
    found = _mine(upload_id)
    if is_stopped(house(), found) and uploads.begin_again(house().db, found, house().clock.now()):
        job.begin(house(), _mine(upload_id))
    return _to(found)


@blueprint.post("/berkas/<int:upload_id>/buang")
def discard(upload_id: int) -> ResponseReturnValue:
    """Throws the draft away; nothing was written."""
    if uploads.discard(house().db, _shelf(), _mine(upload_id)):
        flash("Berkas dibuang. Tidak ada data yang berubah.", "success")
    else:
        flash("Berkas sedang diproses dan belum dapat dibuang.", "warning")
    return redirect(url_for("imports.index"), 303)


@blueprint.get("/berkas/<int:upload_id>/tidak-masuk.<kind>")
@only("admin")
def left_out(upload_id: int, kind: str) -> ResponseReturnValue:
    """Rejected and held rows with their reasons, ready to be corrected."""
    found = _mine(upload_id)
    if kind not in KINDS:
        abort(404)
    try:
        header, rows = uploads.left_out(_shelf(), found)
    except Refused as refused:
        flash(str(refused), "warning")
        return _to(found)
    return spreadsheet(f"tidak-masuk-{found.id}", kind, header, rows)


def _shelf() -> Any:
    return upload_shelf.folder(house().settings.media_dir)


def _mine(upload_id: int) -> Upload:
    with house().db.read() as conn:
        found = upload_records.find(conn, upload_id)
    if found is None or found.uploaded_by != current_user.email:
        abort(404)
    return found


def _begin(found: Upload, step: str) -> None:
    """The step, if nobody has begun it already: the second press of a button ends here."""
    if uploads.begin(house().db, found, step, house().clock.now()):
        job.begin(house(), _mine(found.id))


def _to(found: Upload) -> ResponseReturnValue:
    return redirect(url_for("imports.upload", upload_id=found.id), 303)


def _shown(found: Upload) -> dict[str, Any]:
    columns = FILES[found.kind]
    return {
        "upload": found,
        "KIND": KIND,
        "step": STEP[found.state],
        "stopped": is_stopped(house(), found),
        "pulse": job.pulse(house(), found.path) if found.state in RUNNING else None,
        "choices": [(name, words[0]) for name, words in columns.aliases.items()],
        "required": columns.required,
    }


def _answers(found: Upload) -> dict[str, Any]:
    """What the form says. Columns that were left as they were read are not written down as an answer."""
    form = request.form
    chosen = dict(zip(form.getlist("judul"), form.getlist("kolom"), strict=False))
    taken = {header: name for header, name in chosen.items() if name != "-"}
    unchanged = taken == found.look.get("columns") and not set(found.look.get("unknown", ())) & set(chosen)
    words = dict(zip(form.getlist("kata"), form.getlist("status"), strict=False))
    return {
        "columns": found.answers.get("columns", {}) if unchanged else chosen,
        "statuses": {**found.answers.get("statuses", {}), **{word: status for word, status in words.items() if status}},
        "disposed_on": form.get("disposed_on") or found.answers.get("disposed_on"),
        "secrecy": form.get("secrecy") or found.answers.get("secrecy"),
    }
