"""Kotak masuk: who wrote what, on both sides, and the answer to it while WhatsApp lets us write freely."""

from typing import Any, NamedTuple
from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core import window
from aspal.core.refused import Refused
from aspal.desk import answering
from aspal.records import threads
from aspal.records.threads import Ours, Reply
from aspal.web.auth import allow, may
from aspal.web.house import house
from aspal.web.message_kinds import may_be_read_by_all
from aspal.web.refusal import refusal_told
from aspal.web.words import local_day

blueprint = Blueprint("inbox", __name__, url_prefix="/kotak-masuk")
WAITS = ("tray", "parked", "unknown_sender")


class Line(NamedTuple):
    """One thing that was said."""

    ours: bool
    said: Ours | Reply
    shown: bool  # whether the one who is logged in may read it
    new_day: Any  # the day, where it is the first line of one


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """People by the newest thing they wrote; what waits to be placed has its own list."""
    if request.args.get("state") in WAITS:  # as the first page links it
        return redirect(url_for("inbox.tray", jenis=request.args["state"]))
    search = request.args.get("cari", "").replace("\0", "").strip()[:100]
    with house().db.read() as conn:
        people, older = threads.threads(conn, search=search, before=request.args.get("sebelum", type=int))
        counts = threads.counts(conn)
    return render_template(
        "inbox/index.html", people=people, older=older, counts=counts, search=search, reads=may("admin", "approver")
    )


@blueprint.get("/orang/<int:contact_id>")
def thread(contact_id: int) -> ResponseReturnValue:
    """One person's thread, with the form to answer."""
    return _thread(contact_id)


@blueprint.post("/orang/<int:contact_id>/jawab")
@allow("admin", "approver")
def answer(contact_id: int) -> ResponseReturnValue:
    """Plans the answer; the late check stands before it as before every message."""
    form_id = request.form.get("form_id", "")
    if not (form_id.isalnum() and len(form_id) == 32):
        abort(400)
    text, here = request.form.get("teks", ""), url_for("inbox.thread", contact_id=contact_id)
    try:
        planned = answering.answer(
            house().db, contact_id, text, form_id, house().settings, now=house().clock.now(), by=current_user.email
        )
    except Refused as refused:
        flash(str(refused), "danger")
        return _thread(contact_id, draft=text), 422  # nothing of what was typed may be lost
    flash("Jawaban dikirim dalam beberapa detik." if planned else "Jawaban ini sudah dikirim tadi.", "success")
    return redirect(f"{here}#akhir", 303)


@blueprint.post("/orang/<int:contact_id>/undang")
@allow("admin", "approver")
def invite(contact_id: int) -> ResponseReturnValue:
    """Plans the template that asks the person to write."""
    with house().db.read() as conn:
        calendars = house().calendars(conn)
    with refusal_told():
        planned = answering.invite(
            house().db, calendars, house().texts, contact_id, house().settings, now=house().clock.now(),
            by=current_user.email,
        )  # fmt: skip
        said = "Permohonan dikirim pada jam kerja." if planned else "Permohonan hari ini sudah dikirim tadi."
        flash(said, "success" if planned else "warning")
    return redirect(url_for("inbox.thread", contact_id=contact_id), 303)


def _thread(contact_id: int, draft: str = "") -> str:
    now = house().clock.now()
    with house().db.read() as conn:
        person = threads.contact(conn, contact_id) or abort(404)
        lines = _lines(threads.replies_of(conn, contact_id), threads.ours_to(conn, contact_id))
        hindrance = answering.hindrance(conn, person, house().settings, now)
    left = window.left(person.last_inbound_at, now)
    return render_template(
        "inbox/thread.html", person=person, lines=lines, hindrance=hindrance,
        left=window.words(left) if left else None, form_id=uuid4().hex, draft=draft,
    )  # fmt: skip


def _lines(theirs: list[Reply], ours: list[Ours]) -> list[Line]:
    every = may("admin", "approver")
    said: list[tuple[Any, bool, Ours | Reply, bool]] = [
        (one.received_at, False, one, every or not one.secret) for one in theirs
    ]
    said += [(one.at, True, one, every or may_be_read_by_all(one.template, secret=one.secret)) for one in ours]
    said.sort(key=lambda line: line[0])
    lines, last, zone = [], None, house().settings.office_time_zone
    for at, is_ours, one, shown in said:
        day = local_day(at, zone)
        lines.append(Line(is_ours, one, shown, day if day != last else None))
        last = day
    return lines
