"""Laporan: the roster as a list, its filters in the address, and the lists that somebody saved."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.lateness import lateness
from aspal.core.rapor import UNNAMED
from aspal.records import browse, journal, ladders, listing, overview, saved_views
from aspal.records.journal import Entry
from aspal.records.listing import Filters, Seen, Slice
from aspal.web.auth import allow, may
from aspal.web.house import house
from aspal.web.pages.complaints import filters as in_address
from aspal.web.pages.complaints.actions import ACTIONS, FOR_MANY
from aspal.web.words import INTENT, channel

blueprint = Blueprint("complaints", __name__, url_prefix="/aduan")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The list. Filter, search and page stand in the address, so that a view can be shared."""
    filters = in_address.read(request.args)
    the_house = house()
    with the_house.db.read() as conn:
        calendars = the_house.calendars(conn)
        page = _slice(conn, filters, seen(conn, calendars))
        rows = browse.by_ids(conn, page.ids)
        units = dict(overview.unit_choices(conn))
        views = saved_views.for_user(conn, current_user.email)
        none = (UNNAMED, "Tidak disebut")
        categories, channels = (
            [*((one, said(one)) for one in listing.choices(conn, c)), none]
            for c, said in (("category", str), ("channel", channel))
        )
        empty = not rows and not listing.any_at_all(conn)
    calendar, now = calendars.of(None), the_house.clock.now()
    return render_template(
        "complaints/index.html",
        page=page, rows=rows, filters=filters, query=in_address.write(filters), units=units, views=views, empty=empty,
        categories=categories, channels=channels, chips=in_address.chips(filters, units), levels=in_address.LEVELS,
        claim_words=[(claim, INTENT[claim]) for claim in in_address.CLAIMS], stretch=listing.STRETCH,
        today=calendar.local_day(now), calendar=calendar, now=now,
        statuses=in_address.STATUSES, hidden=in_address.hidden(filters),
        for_many=[(slug, ACTIONS[slug].title) for slug in FOR_MANY],
    )  # fmt: skip


def seen(conn: Any, calendars: Any) -> Seen:
    """As whom, when and by which rules the list is read."""
    return Seen(lateness(ladders.in_force(conn), calendars.of(None), house().clock.now()), may("admin", "approver"))


def _slice(conn: Any, filters: Filters, as_seen: Seen) -> Slice:
    after = request.args.get("sesudah", type=int)
    if after is not None:
        return listing.newer_than(conn, filters, as_seen, after)
    return listing.older_than(conn, filters, as_seen, request.args.get("sebelum", type=int))


@blueprint.post("/tampilan")
@allow("admin", "approver", "viewer")
def save_view() -> ResponseReturnValue:
    """Keeps the list that is shown under a name; the same name again replaces it."""
    query = form_query()
    name = request.form.get("nama", "").replace("\0", "").strip()[:80]
    shared = request.form.get("bersama") == "1" and may("admin", "approver")
    if not name:
        flash("Beri nama tampilan yang ingin disimpan.", "warning")
        return redirect(url_for("complaints.index", **query), 303)
    now, owner = house().clock.now(), current_user.email
    with house().db.act() as conn:
        kept = saved_views.save(conn, owner, name, urlencode(query), shared=shared, now=now)
        if kept:
            detail = {"name": name, "query": query, "shared": shared}
            journal.append(conn, [Entry(now, owner, "view.saved", "view:roster", detail)])
    if kept:
        flash(f"Tampilan “{name}” disimpan.", "success")
    else:
        flash(f"Paling banyak {saved_views.MOST} tampilan. Hapus salah satu lebih dulu.", "warning")
    return redirect(url_for("complaints.index", **query), 303)


@blueprint.post("/tampilan/<int:view_id>/hapus")
@allow("admin", "approver", "viewer")
def forget_view(view_id: int) -> ResponseReturnValue:
    """Takes away a list of one's own; a second press finds nothing and says so."""
    now, owner = house().clock.now(), current_user.email
    with house().db.act() as conn:
        view = saved_views.forget(conn, view_id, owner) or abort(404)
        detail = {"name": view.name, "query": view.query}
        journal.append(conn, [Entry(now, owner, "view.forgotten", "view:roster", detail)])
    flash(f"Tampilan “{view.name}” dihapus.", "success")
    return redirect(url_for("complaints.index"), 303)


def form_query() -> dict[str, Any]:
    """The list that the form was sent from, read as strictly as an address is."""
    return in_address.write(in_address.read(dict(parse_qsl(request.values.get("saringan", "")[:1000]))))
