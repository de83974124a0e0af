"""Appointments and absences: added, revised, ended, cancelled."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from aspal.core.ladder.words import WHOM
from aspal.core.refused import Refused
from aspal.core.words import Role
from aspal.desk import appointing
from aspal.records import org_chart
from aspal.web import sure
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.pages.directory import asked, blueprint, typed_day
from aspal.web.pages.directory.people import person_page
from aspal.web.refusal import refusal_told
from aspal.web.words import local_day


@blueprint.post("/orang/<int:contact_id>/penugasan")
def duty_add(contact_id: int) -> ResponseReturnValue:
    """Appoints the person."""
    form = request.form
    try:
        unit_id = form.get("unit", 0, type=int)
        appointing.appoint(house().db, contact_id, unit_id, form.get("role", ""), _terms(), **asked())
    except Refused as refused:
        flash(str(refused), "danger")
        return person_page(contact_id, 422, typed_duty=form)
    flash("Penugasan disimpan. Laporan unitnya dinilai ulang pada pemeriksaan berikutnya.", "success")
    return redirect(url_for("directory.person", contact_id=contact_id, _anchor="penugasan"), 303)


@blueprint.post("/penugasan/<int:appointment_id>")
def duty_revise(appointment_id: int) -> ResponseReturnValue:
    """Another SK or span: also an extension."""

    def revise() -> str:
        changed = appointing.revise(house().db, appointment_id, _terms(), seen=request.form.get("dilihat"), **asked())
        return "Penugasan diperbarui." if changed else "Tidak ada yang berubah."

    return _done(appointment_id, revise)


@blueprint.get("/penugasan/<int:appointment_id>/akhiri")
@only("admin")
def ask_end(appointment_id: int) -> ResponseReturnValue:
    """Whom it concerns, and whom the unit still has afterwards."""
    today = local_day(house().clock.now(), house().settings.office_time_zone)
    with house().db.read() as conn:
        duty = org_chart.duty(conn, appointment_id) or abort(404)
        same = [one for one in org_chart.duties_at(conn, duty.unit_id) if one.role == duty.role and one.id != duty.id]
    role = WHOM[Role(duty.role)]
    does = [
        f"{duty.name} tidak lagi menjadi {role} di {duty.unit}, mulai sekarang. Pesan dalam peran itu yang belum "
        "terkirim tidak jadi dikirim; riwayatnya tetap.",
    ]
    if not any(one.standing(today) == "now" for one in same):
        does.append(f"Sesudahnya {duty.unit} tidak punya {role}. Tunjuk penggantinya dahulu.")
    back = url_for("directory.person", contact_id=duty.contact_id, _anchor="penugasan")
    action = url_for("directory.duty_end", appointment_id=appointment_id)
    return sure.ask(f"Akhiri penugasan {duty.name}?", does, "Akhiri penugasan", action=action, back=back)


@blueprint.post("/penugasan/<int:appointment_id>/akhiri")
def duty_end(appointment_id: int) -> ResponseReturnValue:
    """Out of office."""

    def end() -> str:
        appointing.end(house().db, appointment_id, **asked())
        return "Penugasan diakhiri. Tunjuk penggantinya agar unitnya tetap terjangkau."

    return _done(appointment_id, end)


@blueprint.post("/orang/<int:contact_id>/cuti")
def absence_add(contact_id: int) -> ResponseReturnValue:
    """The office decides who stands in."""
    form = request.form
    try:
        first, last = typed_day("first_day"), typed_day("last_day")
        if first is None or last is None:
            raise Refused("Isi hari pertama dan hari terakhir cuti.")
        zone = house().settings.office_time_zone
        appointing.plan_absence(
            house().db, contact_id, form.get("substitute", 0, type=int), first, last, zone=zone, **asked()
        )
    except Refused as refused:
        flash(str(refused), "danger")
        return person_page(contact_id, 422, typed_absence=form)
    flash("Cuti dicatat; selama itu pesannya dikirim kepada pengganti.", "success")
    return redirect(url_for("directory.person", contact_id=contact_id, _anchor="cuti"), 303)


@blueprint.post("/orang/<int:contact_id>/cuti/<int:absence_id>/batal")
def absence_cancel(contact_id: int, absence_id: int) -> ResponseReturnValue:
    """Back again."""
    with refusal_told("warning"):
        appointing.cancel_absence(house().db, absence_id, **asked())
        flash("Cuti dibatalkan.", "success")
    return redirect(url_for("directory.person", contact_id=contact_id, _anchor="cuti"), 303)


def _terms() -> dict[str, Any]:
    days = {name: typed_day(name) for name in ("sk_date", "valid_from", "valid_until")}
    return {"acting": request.form.get("acting"), "sk_number": request.form.get("sk_number"), **days}


def _done(appointment_id: int, change: Callable[[], str]) -> ResponseReturnValue:
    with house().db.read() as conn:
        duty = org_chart.duty(conn, appointment_id) or abort(404)
    with refusal_told():
        flash(change(), "success")
    return redirect(url_for("directory.person", contact_id=duty.contact_id, _anchor="penugasan"), 303)
