"""/simulator: the officers' phones in the browser. What is typed here goes through the same signed webhook as Twilio's.

Several phones stand side by side, so that a room can watch a reminder climb from the liaison to the head.
"""

from typing import Any
from zlib import crc32

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.clock import RunningClock
from aspal.core.words import Status
from aspal.records import browse, journal
from aspal.web import story
from aspal.web.auth import allow, may
from aspal.web.house import House, house
from aspal.web.simulation import demo_clock, handsets, lapor, postman, writing
from aspal.web.simulation.handsets import Phone
from aspal.web.simulation.phone_links import Links

MOST_PHONES = 3
_TOO_SMALL = frozenset({"message.accepted", "message.sent"})  # the ticks on the phones show them

blueprint = Blueprint("simulator", __name__, url_prefix="/simulator")


def set_up(app: Flask, the_house: House) -> None:
    """Adds the pages; only a house with simulated phones has them."""
    app.register_blueprint(blueprint)
    handsets.set_up(app, the_house.db)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The list of phones, up to three open ones, the clock, and what happens."""
    phones = handsets.listed()
    opened = _opened(phones)
    return render_template(
        "simulation/index.html",
        opened=opened,
        screens={phone.key: handsets.screen(phone) for phone in opened},
        links_of=_links,
        **_list(phones, [phone.key for phone in opened]),
        **_clock(),
        **_story(),
    )


@blueprint.get("/daftar")
def phone_list() -> ResponseReturnValue:
    """The list alone, for polling; 204 while nothing has changed, so that nothing jumps under the finger."""
    return _changed("simulation/list.html", _list(handsets.listed(), _keys()), "version")


@blueprint.get("/hp/<key>")
def screen(key: str) -> ResponseReturnValue:
    """One screen alone, for polling."""
    phone = handsets.by_key(key)
    shown = handsets.screen(phone)
    if request.args.get("v") == shown["version"]:
        return "", 204
    return render_template("simulation/screen.html", phone=phone, screen=shown, links=_links(phone))


@blueprint.get("/kejadian")
def events() -> ResponseReturnValue:
    """What happens, newest first."""
    return _changed("simulation/events.html", _story(), "newest")


@blueprint.get("/jam")
def clock() -> ResponseReturnValue:
    """The clock's face alone."""
    return render_template("simulation/face.html", **_clock())


@blueprint.post("/detak")
@allow("admin", "approver")
def pulse() -> ResponseReturnValue:
    """The phone network's heartbeat: reports that are due are delivered, open phones read what has come."""
    now, gateway = house().clock.now(), house().gateway
    postman.carry(gateway.advance(now))
    for key in request.form.getlist("hp")[:MOST_PHONES]:
        postman.carry(gateway.open_phone(handsets.by_key(key).address, now))
    return render_template("simulation/face.html", **_clock()) if "HX-Request" in request.headers else _back()


@blueprint.post("/jam")
@allow("admin", "approver")
def turn_clock() -> ResponseReturnValue:
    """A knob of the clock."""
    clock = house().clock
    if not isinstance(clock, RunningClock):
        abort(404)
    try:
        demo_clock.turn(clock, request.form.get("tombol", ""))
    except ValueError:
        abort(400)
    if "HX-Request" in request.headers:
        return render_template("simulation/clock.html", keys=_keys(), **_clock())
    return _back()


@blueprint.post("/hp/<key>")
@allow("admin", "approver")
def write(key: str) -> ResponseReturnValue:
    """The owner of a phone types, presses a button, quotes, or sends a photo."""
    phone = handsets.by_key(key)
    if not writing.send(phone):
        abort(503)
    if "HX-Request" not in request.headers:
        return _back()
    return render_template("simulation/screen.html", phone=phone, screen=handsets.screen(phone), links=_links(phone))


@blueprint.post("/lapor/<int:complaint_id>")
@allow("admin", "approver")
def mark(complaint_id: int) -> ResponseReturnValue:
    """As if an operator had changed the status in LAPOR."""
    wanted = request.form.get("status", "")
    with house().db.read() as conn:
        row = browse.complaint(conn, complaint_id) or abort(404)
    if wanted not in lapor.MARKS:
        abort(400)
    if lapor.mark(row, Status(wanted), current_user.email):
        flash("Ekspor LAPOR simulasi sudah diimpor.", "success")
    else:
        flash("Impor menahan perubahan ini; lihat halaman Impor.", "warning")
    return redirect(url_for("complaints.detail", complaint_id=row.id))


@blueprint.get("/lampiran/<sid>/<ref>")
def attachment(sid: str, ref: str) -> ResponseReturnValue:
    """A photo that was sent from a phone."""
    return writing.photo(sid, ref)


def _keys() -> list[str]:
    return [*request.args.getlist("hp"), *request.form.getlist("hp")][:MOST_PHONES]


def _opened(phones: list[Phone]) -> list[Phone]:
    """The phones named in the address, or else a liaison, the head above, and the office's admin."""
    by_key = {phone.key: phone for phone in phones}
    named = [by_key[key] for key in dict.fromkeys(_keys()) if key in by_key]
    return named if named or "hp" in request.args else handsets.telling(phones)


def _links(phone: Phone) -> Links:
    keys = _keys()
    return Links(
        poll=lambda version: url_for("simulator.screen", key=phone.key, v=version, hp=keys),
        write=url_for("simulator.write", key=phone.key),
        photo=lambda sid, ref: url_for("simulator.attachment", sid=sid, ref=ref),
        quote=lambda sid: url_for("simulator.index", hp=keys, kutip=sid),
        open_phones=tuple(keys),
    )


def _list(phones: list[Phone], keys: list[str]) -> dict[str, Any]:
    seen = repr([(phone.key, phone.unread) for phone in phones])
    return {"phones": phones, "keys": keys, "version": f"{crc32(seen.encode()):x}"}


def _story() -> dict[str, Any]:
    with house().db.read() as conn:
        entries = journal.recent(conn, 80)
        lines = [line for line in story.tell(conn, entries) if line.action not in _TOO_SMALL]
    return {"lines": lines, "newest": str(entries[0].id if entries else 0)}


def _clock() -> dict[str, Any]:
    return {"face": demo_clock.face(), "speeds": demo_clock.SPEEDS, "moves": may("admin", "approver")}


def _changed(template: str, shown: dict[str, Any], version: str) -> ResponseReturnValue:
    if request.args.get("v") == shown[version]:
        return "", 204
    return render_template(template, **shown)


def _back() -> ResponseReturnValue:
    return redirect(url_for("simulator.index", hp=_keys()))
