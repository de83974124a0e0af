"""Baris ditahan: questions that only somebody of the office can answer, each once and for all its rows."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.columns import FILES
from aspal.desk import held_rows
from aspal.records import batch_pages
from aspal.web import sure
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.pages.imports import blueprint, held_sheet
from aspal.web.refusal import refusal_told
from aspal.web.words import number


@blueprint.get("/tertahan")
def held() -> ResponseReturnValue:
    """What must be settled, the answer that frees most rows first."""
    with house().db.read() as conn:
        questions, known = held_rows.questions(conn)
        count = batch_pages.held_count(conn)
    units = sorted(known.names.items(), key=lambda unit: unit[1])
    labels = {name: words[0] for file in FILES.values() for name, words in file.aliases.items()}
    return render_template("imports/held.html", questions=questions, units=units, count=count, labels=labels)


@blueprint.get("/tertahan.<kind>")
@only("admin", "approver")
def held_download(kind: str) -> ResponseReturnValue:
    """Every held row, for the spreadsheet."""
    with house().db.read() as conn:
        rows = batch_pages.held_rows_of(conn)
    return held_sheet(rows, kind, "baris-ditahan")


@blueprint.post("/tertahan/<int:held_id>/unit")
def settle_unit(held_id: int) -> ResponseReturnValue:
    """Another name for a unit."""
    name, unit_id = request.form.get("nama", ""), request.form.get("unit", 0, type=int)
    return _settled(lambda: held_rows.settle_unit(house().db, name, unit_id, **_asked()))


@blueprint.post("/tertahan/<int:held_id>/status")
def settle_status(held_id: int) -> ResponseReturnValue:
    """What a status word means."""
    word, status = request.form.get("kata", ""), request.form.get("status", "")
    return _settled(lambda: held_rows.settle_status(house().db, held_id, word, status, **_asked()))


@blueprint.post("/tertahan/<int:held_id>/tanggal")
def settle_day(held_id: int) -> ResponseReturnValue:
    """What a blank day of disposition means."""
    meaning = request.form.get("disposed_on", "")
    return _settled(lambda: held_rows.settle_day(house().db, held_id, meaning, **_asked()))


@blueprint.post("/tertahan/baca-ulang")
def read_again() -> ResponseReturnValue:
    """After a unit was added: what has become clear goes on."""
    return _settled(lambda: held_rows.read_again(house().db, **_asked()))


@blueprint.get("/tertahan/<int:held_id>/singkirkan")
@only("admin")
def ask_drop(held_id: int) -> ResponseReturnValue:
    """How many rows, and why they wait."""
    with house().db.read() as conn:
        group = next((one for one in batch_pages.held_groups(conn) if one.id == held_id), None)
    if group is None:
        flash("Baris ini sudah diselesaikan.", "warning")
        return redirect(url_for("imports.held"))
    lost = "laporannya tidak diikuti" if group.kind == "roster" else "orangnya tidak menerima pesan"
    does = [
        f"Baris yang ditahan karena sebab di bawah ini tidak ditanyakan lagi dan tidak dimasukkan: {lost}.",
        "Bila ternyata diperlukan, unggah lagi berkasnya.",
    ]
    action, back = url_for("imports.drop", held_id=held_id), url_for("imports.held", _anchor=f"tanya-{held_id}")
    return sure.ask(
        f"Singkirkan {number(group.rows)} baris?", does, "Singkirkan", action=action, back=back, things=[group.reason]
    )


@blueprint.post("/tertahan/<int:held_id>/singkirkan")
def drop(held_id: int) -> ResponseReturnValue:
    """Rows that nobody needs, or that a corrected file brings again."""
    with refusal_told("warning"):
        rows = held_rows.drop(house().db, held_id, now=house().clock.now(), by=current_user.email)
        flash(f"{rows} baris disingkirkan.", "success")
    return redirect(url_for("imports.held"), 303)


def _asked() -> dict[str, Any]:
    with house().db.read() as conn:
        calendars = house().calendars(conn)
    return {"now": house().clock.now(), "calendars": calendars, "by": current_user.email}


def _settled(settle: Callable[[], int]) -> ResponseReturnValue:
    with refusal_told():
        rows = settle()
        flash(f"Baris yang ditahan dibaca ulang: {rows} diterapkan.", "success" if rows else "warning")
    return redirect(url_for("imports.held"), 303)
