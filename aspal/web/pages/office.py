"""Kantor: how far the office has gone live, what is paused, and the settings that stand in the environment."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core import go_live
from aspal.core.rollout import Mode
from aspal.core.switches import SENDER_STOP
from aspal.desk import case_acts, going_live, office_acts
from aspal.records import rollout
from aspal.records import vitals as records
from aspal.settings import Settings
from aspal.web.auth import may
from aspal.web.house import house
from aspal.web.pages import setting_up
from aspal.web.pages.home import PAUSED
from aspal.web.refusal import refusal_told
from aspal.web.words import local_day

blueprint = Blueprint("office", __name__, url_prefix="/pengaturan")
MODES = {
    Mode.GUESTS: ("Tamu", "Hanya orang di daftar tamu yang menerima pesan. Pesan untuk yang lain menunggu.", "users"),
    Mode.SHADOW: (
        "Bayangan", "Semua pesan ditulis untuk diperiksa, tidak satu pun dikirim. Tamu tetap menerima.", "eye-off",
    ),
    Mode.STEPWISE: (
        "Bertahap", "OPD yang ditandai langsung menerima pesan; yang lain masih bayangan.", "adjustments",
    ),
    Mode.LIVE: ("Langsung", "Semua pejabat yang terdaftar menerima pesan.", "send"),
}  # fmt: skip
PAUSES = {
    "kantor": (PAUSED["kantor"], "Tidak ada pengingat yang keluar, misalnya karena keadaan darurat."),
    "lapor": (PAUSED["lapor"], "Pengingat menunggu karena pejabat tidak dapat membuka LAPOR."),
}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Mode, check list, pauses, and the settings of the environment."""
    the_house, now = house(), house().clock.now()
    settings = the_house.settings
    with the_house.db.read() as conn:
        reach, units = rollout.read(conn, settings.recipients), rollout.listed_units(conn)
        on = records.switches_on(conn, [rollout.SWITCH, SENDER_STOP, *office_acts.PAUSES.values()], now)
        steps = setting_up.steps(conn, reach, now)
    return render_template(
        "office/index.html", mode=reach.mode, recipients=settings.recipients, chosen=on.get(rollout.SWITCH),
        modes=MODES, units=units,
        pauses=[(key, *PAUSES[key], on.get(switch)) for key, switch in office_acts.PAUSES.items()],
        stop=on.get(SENDER_STOP),
        steps=steps, next_step=go_live.next_step(steps), settings_shown=_settings(settings),
        today=local_day(now, settings.office_time_zone),
        asked_unit=request.args.get("unit", type=int),
        paused_units=[unit for unit in units if unit.paused_until and unit.paused_until > now],
    )  # fmt: skip


@blueprint.post("/mode")
def choose_mode() -> ResponseReturnValue:
    """Sets the mode; what widens it asks to be confirmed in writing."""
    try:
        mode = Mode(request.form.get("mode", ""))
    except ValueError:
        abort(400)
    reason = request.form.get("alasan", "")[:200]
    return _done(
        lambda **who: going_live.choose_mode(house().db, mode, reason=reason, **who),
        f"Mode kantor kini: {MODES[mode][0].lower()}.", "mode",
    )  # fmt: skip


@blueprint.post("/unit-langsung")
def set_units() -> ResponseReturnValue:
    """Lets the ticked units be live, and no other."""
    ticked = set(request.form.getlist("unit", type=int))
    now, by = house().clock.now(), current_user.email
    with house().db.read() as conn:
        known = {unit.id: unit.live_since is not None for unit in rollout.listed_units(conn)}
    begin = [unit for unit in ticked if unit in known and not known[unit]]
    end = [unit for unit, live in known.items() if live and unit not in ticked]
    began = going_live.set_units(house().db, begin, live=True, now=now, by=by) if begin else []
    ended = going_live.set_units(house().db, end, live=False, now=now, by=by) if end else []
    if began or ended:
        flash(f"{len(began)} OPD menjadi langsung, {len(ended)} kembali ke bayangan.", "success")
    else:
        flash("Tidak ada yang berubah.", "warning")
    return redirect(url_for("office.index", _anchor="mode"), 303)


@blueprint.post("/jeda/<what>")
def pause(what: str) -> ResponseReturnValue:
    """Pauses the office, LAPOR, or one unit."""
    reason, until = request.form.get("alasan", "")[:200], _day(request.form.get("sampai", ""))
    zone = house().settings.office_time_zone
    if what == "unit":
        unit = request.form.get("unit", type=int)
        if unit is None or until is None:
            flash("Pilih OPD dan hari terakhir jedanya.", "danger")
            return redirect(url_for("office.index", _anchor="jeda"), 303)
        return _done(
            lambda **who: case_acts.pause_unit(house().db, unit, until, zone=zone, reason=reason, **who),
            "Pesan tentang OPD itu dijeda.", "jeda",
        )  # fmt: skip
    switch = office_acts.PAUSES.get(what) or abort(404)
    if request.form.get("sampai") and until is None:
        flash("Tanggal akhirnya tidak dapat dibaca.", "danger")
        return redirect(url_for("office.index", _anchor="jeda"), 303)
    return _done(
        lambda **who: office_acts.pause(house().db, switch, until, zone=zone, reason=reason, **who),
        "Pengiriman dijeda; umur laporan tetap dihitung.", "jeda",
    )  # fmt: skip


@blueprint.post("/lanjut/<what>")
def resume(what: str) -> ResponseReturnValue:
    """Ends a pause; every case is looked at again."""
    if what == "unit":
        unit = request.form.get("unit", type=int) or abort(400)
        zone = house().settings.office_time_zone
        return _done(
            lambda **who: case_acts.resume_unit(house().db, unit, zone=zone, **who), "Jeda OPD diakhiri.", "jeda"
        )
    switch = office_acts.PAUSES.get(what) or abort(404)
    return _done(lambda **who: office_acts.resume(house().db, switch, **who), "Jeda diakhiri.", "jeda")


def _done(do: Callable[..., None], said: str, anchor: str) -> ResponseReturnValue:
    with refusal_told():
        do(now=house().clock.now(), by=current_user.email)
        flash(said, "success")
    return redirect(url_for("office.index", _anchor=anchor), 303)


def _settings(settings: Settings) -> list[tuple[str, str]]:
    """What the environment says; secrets only whether they are there. Not for viewers."""
    if not may("admin"):
        return []
    shown = []
    for spec in fields(settings):
        value: Any = getattr(settings, spec.name)
        if not spec.repr:
            value = "diisi (tidak ditampilkan)" if value else "kosong"
        elif isinstance(value, tuple):
            value = ", ".join(value)
        shown.append((spec.metadata["variable"], str(value) if value not in (None, "") else "kosong"))
    return shown


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
