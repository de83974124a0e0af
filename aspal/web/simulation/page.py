"""/simulator: the officers' phones in the browser. What is typed here goes through the same signed webhook as Twilio's.

Several phones stand side by side, so that a room can watch a reminder climb from the liaison to the head.
"""

from typing import Any
from zlib import crc32

from flask import Blueprint, Flask, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.datastructures import FileStorage

from aspal.clock import RunningClock
from aspal.core.words import Status
from aspal.gateways.media import MediaNotYet, MediaRefused, sniff
from aspal.records import browse, journal
from aspal.web import story
from aspal.web.auth import allow, may
from aspal.web.house import House, house
from aspal.web.simulation import demo_clock, handsets, lapor, postman
from aspal.web.simulation.handsets import Phone

MOST_PHONES = 3
_TOO_SMALL = frozenset({"message.accepted", "message.sent"})  # the ticks on the phones show them
_PHOTO = {"image/jpeg", "image/png", "image/webp"}

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
        quoting=request.args.get("kutip", ""),
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
    return render_template("simulation/screen.html", phone=phone, screen=shown, keys=_keys())


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
    button = _button(phone)
    photo = _photo(request.files.get("foto"))
    text = request.form.get("teks", "").strip()[:1600]
    if text or button or photo:
        form = house().gateway.inbound_form(
            phone.address,
            text,
            profile_name=phone.name,
            button=button,
            quoted_sid=request.form.get("kutip") or (request.form.get("dari") if button else None),
            media=photo,
        )
        if not postman.carry([house().gateway.inbound_post(form)]):
            abort(503)
    if "HX-Request" not in request.headers:
        return _back()
    shown = handsets.screen(phone)
    return render_template("simulation/screen.html", phone=phone, screen=shown, keys=_keys())


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
        flash("Impor menahan perubahan ini; lihat laporan impor.", "warning")
    return redirect(url_for("complaints.detail", complaint_id=row.id))


@blueprint.get("/lampiran/<sid>/<ref>")
def attachment(sid: str, ref: str) -> ResponseReturnValue:
    """A photo that was sent from a phone."""
    try:
        data: bytes = house().gateway.fetch_media(sid, ref)
    except (MediaNotYet, MediaRefused):
        abort(404)
    content_type = sniff(data)
    if content_type not in _PHOTO:
        abort(404)
    return Response(data, content_type=content_type)


def _keys() -> list[str]:
    return [*request.args.getlist("hp"), *request.form.getlist("hp")][:MOST_PHONES]


def _opened(phones: list[Phone]) -> list[Phone]:
    """The phones named in the address, or else a liaison, the head above, and the office's admin."""
    by_key = {phone.key: phone for phone in phones}
    named = [by_key[key] for key in dict.fromkeys(_keys()) if key in by_key]
    return named if named or "hp" in request.args else handsets.telling(phones)


def _button(phone: Phone) -> tuple[str, str] | None:
    """The pressed button, only if that message really offers it: a form can be made up."""
    pressed = request.form.get("tombol")
    if pressed is None:
        return None
    message = handsets.memory().get(request.form.get("dari", ""))
    offered = dict(message.buttons) if message and message.address == phone.address else {}
    if pressed not in offered:
        abort(400)
    return pressed, offered[pressed]


def _photo(upload: FileStorage | None) -> list[tuple[str, bytes]]:
    if upload is None or not upload.filename:
        return []
    data = upload.read()
    return [(sniff(data) or "application/octet-stream", data)]


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
