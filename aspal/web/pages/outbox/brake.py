"""Rem volume and everything else that is held: how many, why, about whom; released whole or in part."""

from datetime import datetime
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import Connection

from aspal.core.bundling import BRAKE, brake_limit
from aspal.core.switches import BRAKE_RELEASED, RESTORED
from aspal.desk import outbox_acts
from aspal.flow.bundle.writing import APPROVAL
from aspal.records import coverage, health, held_messages, outbox, outbox_pages
from aspal.records.outbox_pages import Filters
from aspal.web.auth import allow
from aspal.web.house import house
from aspal.web.message_kinds import name_of
from aspal.web.pages.outbox import CHOICES, blueprint, choices_by_state, readable
from aspal.web.words import local_day

KINDS = {"rem": BRAKE, "persetujuan": APPROVAL}


class Sum(NamedTuple):
    """Why so many messages are not ordinary: the day's plan against what it is measured by."""

    planned: int
    limit: int
    contacts: int
    busiest: int


@blueprint.get("/ditahan/<kind>")
def held(kind: str) -> ResponseReturnValue:
    """What is held for that reason, with its examples."""
    reason = KINDS.get(kind) or abort(404)
    now = house().clock.now()
    with house().db.read() as conn:
        page = outbox_pages.listed(
            conn, Filters(states=("held",), reason=reason), before=request.args.get("sebelum", type=int)
        )
        units, kinds = held_messages.held_by_unit(conn, reason), held_messages.held_by_template(conn, reason)
        released = health.get_switch(conn, BRAKE_RELEASED, now)
        restored = kind == "rem" and bool(health.get_switch(conn, RESTORED))
        measured = _measured(conn, now)
    return render_template(
        "outbox/held.html", kind=kind, page=page, units=units, kinds=kinds, count=sum(one.count for one in kinds),
        measured=measured, released=released, restored=restored, name_of=name_of, readable=readable,
        choices=choices_by_state(),
    )  # fmt: skip


@blueprint.post("/ditahan/rem/lepas-semua")
@allow("admin", "approver")
def release_brake() -> ResponseReturnValue:
    """Releases the brake for half a day, with everything that it holds."""
    released = outbox_acts.release_brake(house().db, now=house().clock.now(), by=current_user.email)
    flash(f"Rem volume dilepas 12 jam; {released} pesan dilepas.", "success")
    return redirect(url_for("outbox.index"), 303)


@blueprint.post("/ditahan/<kind>/sebagian/<choice>")
@allow("admin", "approver")
def decide_part(kind: str, choice: str) -> ResponseReturnValue:
    """Releases or cancels one unit's messages, or one kind's."""
    reason, wanted = KINDS.get(kind) or abort(404), CHOICES.get(choice) or abort(404)
    unit = request.form.get("unit", type=int)
    template = request.form.get("jenis") if unit is None else None
    if unit is not None or template:
        done = outbox_acts.decide_part(
            house().db, wanted.decision, reason, unit_id=unit, template=template, now=house().clock.now(),
            by=current_user.email,
        )  # fmt: skip
    else:
        flash("Belum ada pesan yang dipilih.", "warning")
        return redirect(url_for("outbox.held", kind=kind), 303)
    flash(wanted.said(done), "success" if done else "warning")
    return redirect(url_for("outbox.held", kind=kind), 303)


def _measured(conn: Connection, now: datetime) -> Sum:
    today = local_day(now, house().settings.office_time_zone)
    contacts = coverage.appointed(conn, today)
    busiest = outbox.busiest_day(conn, today)
    return Sum(outbox.planned_on(conn, today), brake_limit(contacts, busiest), contacts, busiest)
