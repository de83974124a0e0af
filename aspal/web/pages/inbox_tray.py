"""The tray: replies that nobody could place, each with its suggestions; strangers; and what could not be understood."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import Connection

from aspal.core import window
from aspal.desk import tray as desk_of_tray
from aspal.desk.tray import Desk
from aspal.records import threads
from aspal.records import tray as records
from aspal.web.auth import allow, may
from aspal.web.house import house
from aspal.web.pages.inbox import WAITS, blueprint
from aspal.web.refusal import refusal_told

SHOWN = 5  # suggestions; the rest is behind a choice


@blueprint.get("/pilah")
def tray() -> ResponseReturnValue:
    """What waits for somebody, newest first."""
    chosen = request.args.get("jenis")
    states = (chosen,) if chosen in WAITS else WAITS
    with house().db.read() as conn:
        found, older = threads.waiting(conn, states, before=request.args.get("sebelum", type=int))
        counts = threads.counts(conn)
    return render_template(
        "inbox/tray.html", found=found, older=older, counts=counts, chosen=chosen if chosen in WAITS else "",
        reads=may("admin", "approver"),
    )  # fmt: skip


@blueprint.get("/balasan/<int:reply_id>")
def one(reply_id: int) -> ResponseReturnValue:
    """One reply with its suggestions: a page of its own, or the part of the list that asks for it."""
    with house().db.read() as conn:
        reply = threads.reply(conn, reply_id) or abort(404)
        offered = []
        if reply.state in ("tray", "parked") and may("admin", "approver"):
            offered = desk_of_tray.suggestions(conn, _desk(conn), reply_id)
        heard = records.heard_at(conn, reply.contact_id) if reply.contact_id else None
    whole = "HX-Request" not in request.headers
    return render_template(
        "inbox/one.html" if whole else "inbox/settle.html", reply=reply, offered=offered, shown=SHOWN,
        open=window.is_open(heard, house().clock.now()), answers=house().settings.acknowledge != "never",
        reads=may("admin", "approver"),
    )  # fmt: skip


@blueprint.post("/balasan/<int:reply_id>/pasang")
@allow("admin", "approver")
def place(reply_id: int) -> ResponseReturnValue:
    """The reply becomes a note on the case that somebody has confirmed."""
    pressed = "other" if request.form.get("disposition") == "other" else "disposition"
    disposition_id = request.form.get(pressed, type=int)
    if disposition_id is None:
        flash("Pilih laporannya dahulu.", "warning")
        return redirect(url_for("inbox.one", reply_id=reply_id), 303)
    acknowledge = bool(request.form.get("balas"))
    return _settled(
        lambda desk: desk_of_tray.place(desk, reply_id, disposition_id, acknowledge=acknowledge),
        "Balasan dicatat pada laporannya.",
    )


@blueprint.post("/balasan/<int:reply_id>/sisihkan")
@allow("admin", "approver")
def set_aside(reply_id: int) -> ResponseReturnValue:
    """Nothing is to be noted of this reply."""
    reason = request.form.get("alasan", "")[:200]
    return _settled(lambda desk: desk_of_tray.set_aside(desk, reply_id, reason), "Balasan disisihkan.")


@blueprint.post("/balasan/<int:reply_id>/ulangi")
@allow("admin", "approver")
def again(reply_id: int) -> ResponseReturnValue:
    """The reply is understood anew."""
    return _settled(lambda desk: desk_of_tray.again(desk, reply_id), "Balasan diproses ulang dalam beberapa detik.")


def _settled(settle: Callable[[Desk], object], said: str) -> ResponseReturnValue:
    """Does it, says so or why not, and goes back to the list that the form came from."""
    with house().db.read() as conn:
        desk = _desk(conn)
    with refusal_told("warning"):
        settle(desk)
        flash(said, "success")
    chosen = request.form.get("jenis")
    return redirect(url_for("inbox.tray", jenis=chosen if chosen in WAITS else None), 303)


def _desk(conn: Connection) -> Desk:
    the_house = house()
    calendars = the_house.calendars(conn)
    return Desk(
        the_house.db, calendars, the_house.texts, the_house.settings, the_house.clock.now(), current_user.email
    )  # fmt: skip
