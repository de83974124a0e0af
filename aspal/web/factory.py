"""Puts the web together: webhooks, health, login, pages. The house comes from outside."""

import errno
import logging
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from aspal.db import UNAVAILABLE, UNSTORABLE
from aspal.records import schema
from aspal.web import api, auth, health, menu, security, webhooks, words
from aspal.web.house import House
from aspal.web.pages import BLUEPRINTS, training
from aspal.web.simulation import page as simulation
from aspal.web.training_door import Room

UPLOAD_LIMIT = 20_000_000
_log = logging.getLogger(__name__)


def create_app(house: House, room: Room | None = None) -> Flask:
    """The WSGI app of one house; with a room, trainings can be opened beside it."""
    app = Flask("aspal.web")
    app.extensions["aspal"] = house
    app.config.update(MAX_CONTENT_LENGTH=UPLOAD_LIMIT, SEND_FILE_MAX_AGE_DEFAULT=86400)
    # A redirect makes Twilio repeat a POST as a GET and lose its form.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.before_request(security.limit_form)
    auth.set_up(app, house)
    security.set_up(app, https=house.settings.public_base_url.startswith("https:"))
    words.set_up(app, house.settings.office_time_zone)
    menu.set_up(app)
    webhooks.set_up(app, house)
    for blueprint in (health.blueprint, api.blueprint, *BLUEPRINTS):
        app.register_blueprint(blueprint)
    auth.csrf.exempt(api.blueprint)  # no cookie opens it, so no browser can be made to carry one there
    if house.settings.whatsapp_gateway == "simulator":
        simulation.set_up(app, house)
    if room is not None:
        training.set_up(app, room)
    app.jinja_env.globals["settings"] = house.settings
    app.register_error_handler(HTTPException, _explain)
    for unavailable in UNAVAILABLE:
        app.register_error_handler(unavailable, _unavailable)
    for odd in UNSTORABLE:
        app.register_error_handler(odd, lambda _error: _page(400, _CAUSES[400]))
    app.register_error_handler(OSError, _not_written)
    return app


_CAUSES = {
    400: ("Permintaan tidak dapat dibaca", "Muat ulang halaman, lalu coba sekali lagi."),
    403: ("Anda tidak berhak membuka ini", "Peran akun Anda tidak mencakup tindakan ini. Hubungi admin bila perlu."),
    404: ("Halaman tidak ditemukan", "Alamatnya salah, atau datanya sudah tidak ada."),
    405: ("Cara ini tidak dikenal", "Kembali ke halaman sebelumnya."),
    413: ("Kiriman terlalu besar", "Berkas paling besar 20 MB, isian formulir paling besar 1 MB."),
    500: ("Terjadi kesalahan", "Kesalahan sudah dicatat. Coba lagi sebentar lagi."),
    503: ("Basis data sedang tidak menjawab", "Coba lagi sebentar lagi. Pesan WhatsApp tidak hilang."),
}

_NOT_WRITTEN = (
    "Penyimpanan server tidak dapat ditulis",
    "Ruangnya habis atau foldernya terkunci, dan berkas ini tidak disimpan. Beri tahu pengelola server.",
)


def _explain(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, CSRFError):
        return auth.form_is_old()
    if error.response is not None or error.code is None:
        return error.get_response()
    return _page(error.code, _CAUSES.get(error.code, ("Permintaan ditolak", "")))


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


def _not_written(error: OSError) -> Response | tuple[str, int]:
    """A file that could not be put down; any other error of the system is a bug and its traceback is logged."""
    if error.errno not in _NO_ROOM:
        raise error
    where = Path(error.filename).parent if isinstance(error.filename, str) else None
    _log.error("not written", extra={"cause": error.strerror, "folder": where, "endpoint": request.endpoint})
    return _page(503, _NOT_WRITTEN)


def _unavailable(error: Exception) -> Response | tuple[str, int]:
    # What it means or the class, never the text itself: that may hold values of the statement.
    cause = schema.cause(error) or type(error).__name__
    _log.error("database unavailable", extra={"cause": cause, "endpoint": request.endpoint})
    return _page(503, _CAUSES[503])


def _page(code: int, cause: tuple[str, str]) -> Response | tuple[str, int]:
    if request.blueprint == "health":
        return Response(status=code)
    if request.path.startswith("/api/"):  # an unknown address has no blueprint
        return api.answer({"error": ". ".join(filter(None, cause))}, code)
    # Not by render_template: it asks the database who is logged in, which may be just what does not answer.
    page = current_app.jinja_env.get_template("error.html")
    return page.render(code=code, title=cause[0], advice=cause[1]), code
