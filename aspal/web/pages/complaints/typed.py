"""Complaints that LAPOR has not numbered yet: typed in here, joined with LAPOR's number later."""

from collections.abc import Mapping
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.refused import Refused
from aspal.core.words import Kind
from aspal.flow.intake import typed
from aspal.flow.intake.typed import Typed
from aspal.records import browse, cases, overview
from aspal.web.auth import may, only
from aspal.web.house import house
from aspal.web.pages.complaints import blueprint
from aspal.web.words import channel

CHANNELS = ("Media sosial", "whatsapp", "Tatap muka", "Telepon", "Surat", "e-Sukma", "Lainnya")


@blueprint.get("/baru")
def new() -> ResponseReturnValue:
    """An empty form."""
    if not may("admin"):
        abort(403)
    return _form({}, None)


@blueprint.post("/baru")
def type_in() -> ResponseReturnValue:
    """Enters it. A second press of the button finds the first one's complaint and makes no other."""
    form = {name: value.replace("\0", "").strip() for name, value in request.form.items()}
    the_house = house()
    try:
        number = typed.type_in(
            the_house.db, _typed(form), now=the_house.clock.now(), zone=the_house.settings.office_time_zone,
            by=current_user.email, once=True,
        )  # fmt: skip
    except Refused as refused:
        return _form(form, str(refused)), 409
    flash(f"Laporan dicatat dengan nomor sementara {number}.", "success")
    with the_house.db.read() as conn:
        complaint_id = cases.complaint_id(conn, number)
    return redirect(url_for("complaints.detail", complaint_id=complaint_id), 303)


@blueprint.get("/satukan")
@only("admin")
def find_pair() -> ResponseReturnValue:
    """From an import, which knows both by their numbers, to the page that shows them side by side."""
    number = request.args.get("ketikan", "")[:20]
    with house().db.read() as conn:
        complaint_id = cases.complaint_id(conn, number)
    if complaint_id is None:
        flash(f"Laporan ketikan {number} sudah disatukan, atau tidak ada.", "warning")
        return redirect(url_for("complaints.index"))
    return redirect(url_for("complaints.ask_merge", complaint_id=complaint_id, nomor=_number(request.args)))


@blueprint.get("/<int:complaint_id>/gabung")
def ask_merge(complaint_id: int) -> ResponseReturnValue:
    """Which number LAPOR has given it; with the number, both complaints side by side. Nothing has changed yet."""
    if not may("admin"):
        abort(403)
    return _merge_page(complaint_id, _number(request.args), None)


@blueprint.post("/<int:complaint_id>/gabung")
def merge(complaint_id: int) -> ResponseReturnValue:
    """Says that it is LAPOR's complaint, as the page showed both; once done, a second press says so."""
    tracking_id = _number(request.form)
    the_house = house()
    with the_house.db.read() as conn:
        row = browse.complaint(conn, complaint_id) or abort(404)
    try:
        kept = typed.merge(
            the_house.db, row.provisional_id or "", tracking_id, now=the_house.clock.now(), by=current_user.email,
            seen=request.form.get("dilihat", ""),
        )  # fmt: skip
    except Refused as refused:
        return _merge_page(complaint_id, tracking_id, str(refused))
    flash(f"Laporan {row.provisional_id} disatukan dengan nomor LAPOR {tracking_id}.", "success")
    return redirect(url_for("complaints.detail", complaint_id=kept), 303)


def _typed(form: dict[str, str]) -> Typed:
    unit, kind = form.get("unit", ""), form.get("jenis", "")
    return Typed(
        title=form.get("judul", ""),
        unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        received_on=_day(form.get("diterima", ""), "Isi tanggal laporan diterima."),
        disposed_on=_day(form["disposisi"], "Tanggal disposisi tidak terbaca.") if form.get("disposisi") else None,
        kind=Kind(kind) if kind in set(Kind) else Kind.COMPLAINT,
        supervised=form.get("berkadar") == "1",
        confidential=form.get("rahasia") == "1",
        category=form.get("kategori", "")[:200] or None,
        channel=form.get("saluran", "")[:40] or None,
        location=form.get("lokasi", "")[:200] or None,
    )


def _day(text: str, problem: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(problem) from None


def _form(form: dict[str, str], problem: str | None) -> str:
    with house().db.read() as conn:
        units = overview.unit_choices(conn)
    return render_template(
        "complaints/new.html",
        form=form,
        problem=problem,
        units=units,
        channels=[(one, channel(one)) for one in CHANNELS],
    )


def _number(sent: Mapping[str, str]) -> str:
    return sent.get("nomor", "").strip().lstrip("#")[:20]


def _merge_page(complaint_id: int, number: str, problem: str | None) -> ResponseReturnValue:
    """The form; or, where it can be done, what would be joined. 409 where something stands against it."""
    pair = None
    with house().db.read() as conn:
        row = browse.complaint(conn, complaint_id) or abort(404)
        if number and not row.tracking_id:
            try:
                pair = typed.look(conn, row.provisional_id or "", number)
            except Refused as refused:
                problem = str(refused)
    page = render_template("complaints/merge.html", row=row, number=number, pair=pair, problem=problem)
    return page, 409 if problem else 200
