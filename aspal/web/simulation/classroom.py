"""The training's own web: seats for participants without a login, a board for the wall, and the office's pages.

It exists in the room of a training only (aspal/training), beside the pages and phones that every simulator has.
"""

from hmac import compare_digest
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, login_user

from aspal.core.words import Role, Status
from aspal.records import accounts, browse, lessons
from aspal.web import training_door
from aspal.web.house import House, house
from aspal.web.simulation import handsets, lapor, phone_links, postman, writing

TRAINER = "pelatih@latihan.test"
blueprint = Blueprint("classroom", __name__)


def set_up(app: Flask, the_house: House, code: str) -> None:
    """Adds the seats to a web. Its cookie has a name of its own, so that it ends nobody's session at the office."""
    app.config["SESSION_COOKIE_NAME"] += "-latihan"
    app.extensions["aspal.class"] = code
    app.register_blueprint(blueprint)
    with the_house.db.write() as conn:
        accounts.add(conn, TRAINER, the_house.secret_key(), "admin", the_house.clock.now())


@blueprint.get("/pelatih/<token>")
def trainer(token: str) -> ResponseReturnValue:
    """Who may open trainings at the office is admin in the room."""
    if not training_door.is_invited(current_app, token):
        abort(403)
    login_user(current_app.extensions["security"].datastore.find_user(email=TRAINER))
    return redirect(url_for("classroom.board"))


@blueprint.get("/ikut")
def door() -> ResponseReturnValue:
    """Where participants type the code that stands on the wall."""
    if "seat" in session:
        return redirect(url_for("classroom.seat"))
    return render_template("training/door.html", wrong=False, code=request.args.get("kode", "")[:6])


@blueprint.post("/ikut")
def enter() -> ResponseReturnValue:
    """The next free seat; who comes back keeps his own."""
    typed = request.form.get("kode", "").strip().upper()
    if not compare_digest(typed.encode(), str(current_app.extensions["aspal.class"]).encode()):
        return render_template("training/door.html", wrong=True, code=typed[:6])
    if "seat" not in session:
        with house().db.write() as conn:
            taken = lessons.take_seat(conn, Role.LIAISON, house().clock.now())
        if taken is None:
            return render_template("training/door.html", wrong=False, full=True, code=typed)
        session["seat"] = taken
    return redirect(url_for("classroom.seat"), 303)


@blueprint.get("/hp")
def seat() -> ResponseReturnValue:
    """My phone, and my unit's complaints as LAPOR would show them."""
    phone = _mine()
    return render_template(
        "training/seat.html", phone=phone, screen=handsets.screen(phone), links=_links(), cases=_cases(phone),
        marks=lapor.MARKS, now=house().clock.now(),
    )  # fmt: skip


@blueprint.get("/hp/layar")
def screen() -> ResponseReturnValue:
    """The screen alone, for polling; looking at it is reading."""
    phone = _mine()
    postman.carry(house().gateway.open_phone(phone.address, house().clock.now()))
    shown = handsets.screen(phone)
    if request.args.get("v") == shown["version"]:
        return "", 204
    return render_template("simulation/screen.html", phone=phone, screen=shown, links=_links())


@blueprint.get("/hp/laporan")
def cases() -> ResponseReturnValue:
    """My complaints alone, for polling."""
    phone = _mine()
    return render_template("training/cases.html", cases=_cases(phone), marks=lapor.MARKS, now=house().clock.now())


@blueprint.get("/hp/lapor/<number>")
def lapor_link(number: str) -> ResponseReturnValue:
    """Where the links in the messages lead: to LAPOR's stand-in below the phone."""
    return redirect(url_for("classroom.seat", _anchor="laporan"))


@blueprint.post("/hp")
def write() -> ResponseReturnValue:
    """I answer: text, button, quote or photo."""
    phone = _mine()
    if not writing.send(phone):
        abort(503)
    if "HX-Request" not in request.headers:
        return redirect(url_for("classroom.seat"), 303)
    return render_template("simulation/screen.html", phone=phone, screen=handsets.screen(phone), links=_links())


@blueprint.post("/hp/laporan/<int:complaint_id>")
def mark(complaint_id: int) -> ResponseReturnValue:
    """What a liaison does in LAPOR itself: only that ends the reminders."""
    phone, wanted = _mine(), request.form.get("status", "")
    if wanted not in lapor.MARKS or complaint_id not in {case.complaint_id for case in _cases(phone)}:
        abort(400)
    with house().db.read() as conn:
        row = browse.complaint(conn, complaint_id) or abort(404)
    lapor.mark(row, Status(wanted), phone.name)
    return redirect(url_for("classroom.seat"), 303)


@blueprint.get("/hp/lampiran/<sid>/<ref>")
def attachment(sid: str, ref: str) -> ResponseReturnValue:
    """A photo on my own phone."""
    message = handsets.memory().get(sid)
    if message is None or message.address != _mine().address:
        abort(404)
    return writing.photo(sid, ref)


@blueprint.get("/papan")
def board() -> ResponseReturnValue:
    """For the wall: where every unit stands."""
    if not _is_trainer():
        return redirect(url_for("classroom.door"))
    return render_template("training/board.html", **_board())


@blueprint.get("/papan/isi")
def board_rows() -> ResponseReturnValue:
    """The board alone, for polling."""
    if not _is_trainer():
        abort(403)
    return render_template("training/board_rows.html", **_board())


def _board() -> dict[str, Any]:
    with house().db.read() as conn:
        rows, counts = lessons.board(conn), lessons.counts(conn)
    return {"rows": rows, "counts": counts, "now": house().clock.now(), "code": current_app.extensions["aspal.class"]}


def _is_trainer() -> bool:
    return bool(current_user.is_authenticated)


def _mine() -> handsets.Phone:
    """The phone of the seat that this browser has taken; the door for everybody else."""
    if "seat" not in session:
        abort(redirect(url_for("classroom.door")))
    return handsets.by_key(str(session["seat"]))


def _cases(phone: handsets.Phone) -> list[lessons.Case]:
    with house().db.read() as conn:
        return lessons.cases_of(conn, int(phone.key))


def _links() -> phone_links.Links:
    return phone_links.Links(
        poll=lambda version: url_for("classroom.screen", v=version),
        write=url_for("classroom.write"),
        photo=lambda sid, ref: url_for("classroom.attachment", sid=sid, ref=ref),
        quote=lambda sid: url_for("classroom.seat", kutip=sid),
    )
