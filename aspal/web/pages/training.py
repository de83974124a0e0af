"""Latihan: opens and closes the room in which officers practise. The room itself is web/simulation/classroom.py."""

from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.records import journal
from aspal.web import sure
from aspal.web.auth import allow, only
from aspal.web.house import house
from aspal.web.qr import qr_code
from aspal.web.training_door import PREFIX, Door, Room, invitation

blueprint = Blueprint("training", __name__, url_prefix="/latihan")


def set_up(app: Flask, the_room: Room) -> None:
    """Adds the page and the door; only a web that was given a room has them."""
    app.extensions["aspal.room"] = the_room
    app.register_blueprint(blueprint)
    app.wsgi_app = Door(app.wsgi_app, the_room)  # type: ignore[assignment, method-assign]


def room() -> Room:
    """The room behind this web."""
    found: Room = current_app.extensions["aspal.room"]
    return found


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What a training is; while one goes on, how to get in."""
    return render_template("training/index.html", **_state())


@blueprint.get("/ruang/")
@blueprint.get("/ruang/<path:anything>")
def closed(anything: str = "") -> ResponseReturnValue:
    """Answers where the room is not open: the door sends everything else into it."""
    advice = "Minta pelatih membukanya, lalu coba sekali lagi."
    return render_template("error.html", code=404, title="Ruang latihan sedang ditutup", advice=advice), 404


@blueprint.post("/mulai")
@allow("admin", "approver")
def begin() -> ResponseReturnValue:
    """Opens the room."""
    seats = request.form.get("peserta", type=int) or 0
    try:
        room().begin(seats)
    except ValueError as error:
        flash(str(error), "danger")
        return redirect(url_for("training.index"), 303)
    _write("training.begun", {"seats": seats})
    return redirect(url_for("training.index"), 303)


@blueprint.get("/selesai")
@only("admin", "approver")
def ask_end() -> ResponseReturnValue:
    """What is lost with the room."""
    does = [
        "Semua peserta langsung keluar, dan semua isi ruang latihan dihapus: percakapan, jam, dan papan posisi. "
        "Data kantor tidak tersentuh.",
        "Yang sudah dihapus tidak dapat dikembalikan; latihan berikutnya mulai dari awal.",
    ]
    action, back = url_for("training.end"), url_for("training.index")
    return sure.ask("Akhiri latihan?", does, "Akhiri latihan", action=action, back=back)


@blueprint.post("/selesai")
@allow("admin", "approver")
def end() -> ResponseReturnValue:
    """Closes the room; what was practised is forgotten."""
    room().end()
    _write("training.ended", {})
    flash("Latihan diakhiri. Semua isinya sudah dihapus.", "success")
    return redirect(url_for("training.index"), 303)


@blueprint.post("/masuk")
@allow("admin", "approver")
def walk_in() -> ResponseReturnValue:
    """The trainer's way to the board."""
    app = room().app
    if app is None:
        return redirect(url_for("training.index"), 303)
    return redirect(f"{PREFIX}/pelatih/{invitation(app)}", 303)


def _state() -> dict[str, Any]:
    the_room = room()
    if the_room.app is None:
        return {"code": ""}
    address = f"{house().settings.public_base_url}{PREFIX}/ikut"
    return {"code": the_room.code, "address": address, "picture": qr_code(f"{address}?kode={the_room.code}")}


def _write(action: str, detail: dict[str, Any]) -> None:
    with house().db.write() as conn:
        entry = journal.Entry(house().clock.now(), current_user.email, action, "training", detail)
        journal.append(conn, [entry])
