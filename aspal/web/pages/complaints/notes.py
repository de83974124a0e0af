"""A note on the wrong complaint: moved to the right one, with its attachments and its effect."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aspal.core.refused import Refused
from aspal.desk import note_acts
from aspal.records import browse, casefile, dossier
from aspal.web.auth import may
from aspal.web.house import house
from aspal.web.pages.complaints import blueprint
from aspal.web.pages.complaints.act import asked


@blueprint.get("/catatan/<int:note_id>/pindah")
def ask_move(note_id: int) -> ResponseReturnValue:
    """Where it should go."""
    if not may("admin"):
        abort(403)
    return _page(note_id, {}, None)


@blueprint.post("/catatan/<int:note_id>/pindah")
def move_note(note_id: int) -> ResponseReturnValue:
    """Moves it, or says why not and keeps what was typed."""
    typed = {name: value.replace("\0", "") for name, value in request.form.items()}
    try:
        with house().db.read() as conn:
            calendars = house().calendars(conn)
            target = _target(casefile.open_cases(conn, typed.get("tujuan", "").strip().removeprefix("#")))
        complaint_id = note_acts.move(house().db, calendars, note_id, target, **asked(typed))
    except Refused as refused:
        return _page(note_id, typed, refused), 409
    flash("Catatan dipindahkan; hitungan kedua laporan dihitung ulang.", "success")
    return redirect(url_for("complaints.detail", complaint_id=complaint_id), 303)


def _target(found: dict[int, str]) -> int:
    if not found:
        raise Refused("Tidak ada laporan berjalan dengan nomor atau kode itu.")
    if len(found) > 1:
        codes = ", ".join(f"#{code}" for code in found.values())
        raise Refused(f"Laporan itu berada di beberapa unit; tulis kode pendeknya: {codes}.")
    return next(iter(found))


def _page(note_id: int, typed: dict[str, str], problem: Refused | None) -> str:
    with house().db.read() as conn:
        note = dossier.note(conn, note_id) or abort(404)
        row = browse.of_disposition(conn, note.disposition_id) or abort(404)
        mark = dossier.mark(conn, note.disposition_id)
        said = next(one for one in dossier.said(conn, [row.id]) if one.id == note_id)
    return render_template("complaints/move_note.html", note=said, row=row, mark=mark, typed=typed, problem=problem)
