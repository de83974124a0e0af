"""/api/v1: what programs of the office may read and hand in: with a token of an admin's, never with a session."""

import json
import tempfile
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, g, request

from aspal.clock import SystemClock
from aspal.core.delivery import State
from aspal.core.rapor.period import Period
from aspal.core.refused import Refused
from aspal.core.words import ReplyState, Status
from aspal.flow import intake
from aspal.records import api_tokens, feeds, phonebook
from aspal.report import period_report
from aspal.web.health import examine
from aspal.web.house import house
from aspal.web.openapi import DESCRIPTION, parameters

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
_UNKNOWN = "Token tidak ada, salah, dicabut, atau kedaluwarsa. Admin membuatnya di halaman Pengguna."
_APPLY = dict.fromkeys(("true", "1", "yes", "ya"), True) | dict.fromkeys(("", "false", "0", "no", "tidak"), False)


@blueprint.before_request
def ask_for_the_token() -> Response | None:
    """Every route but none without it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    now = SystemClock().now()
    with house().db.read() as conn:
        token = api_tokens.good(conn, secret.strip(), now) if scheme.lower() == "bearer" else None
    if token is None:
        return answer({"error": _UNKNOWN}, 401, {"WWW-Authenticate": "Bearer"})
    if api_tokens.is_stale(token, now):
        with house().db.write() as conn:
            api_tokens.note(conn, token.id, now)
    if request.method != "GET" and token.scope != "import":
        return answer({"error": "Token ini hanya boleh membaca."}, 403)
    g.token = token
    return _unknown_names()


def _unknown_names() -> Response | None:
    """A refusal of what no operation reads: a filter passed over would answer another question than was asked."""
    if request.url_rule is None or request.method not in ("GET", "POST"):
        return None
    path = request.url_rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
    asked, sent = parameters(path, request.method.lower())
    unknown = sorted({*request.args} - {*asked} | {*request.form, *request.files} - {*sent})
    if not unknown:
        return None
    known = ", ".join((*asked, *sent)) or "tidak ada"
    where = "Bagian formulir" if sent else "Parameter"
    return answer({"error": f"{where} tidak dikenal: {', '.join(unknown)[:200]}. Yang dikenal: {known}."}, 400)


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON with ISO dates; never kept by what stands between."""
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    return Response(text, status, headers, mimetype="application/json")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


@blueprint.get("/openapi.json")
def description() -> Response:
    """How to use all this."""
    return answer(DESCRIPTION)


@blueprint.get("/complaints")
def complaints() -> Response:
    return _feed(feeds.complaint_feed, "status", Status)


@blueprint.get("/complaints/<number>")
def complaint(number: str) -> Response:
    with house().db.read() as conn:
        found = phonebook.complaint_id(conn, number.replace("\0", ""))
        page = feeds.complaint_feed(conn, found - 1, 1, None) if found else None
    if page is None or not page.rows or page.rows[0]["id"] != found:
        return answer({"error": f"Tidak ada laporan dengan nomor {number[:20]}."}, 404)
    return answer(page.rows[0])


@blueprint.get("/messages")
def messages() -> Response:
    return _feed(feeds.message_feed, "state", State)


@blueprint.get("/replies")
def replies() -> Response:
    return _feed(feeds.reply_feed, "state", ReplyState)


def _feed(read: Any, filter_name: str, known: type[StrEnum]) -> Response:
    after, limit = _number("after", 0), _number("limit", 100)
    if after is None or limit is None:
        return answer({"error": "after dan limit harus bilangan bulat yang tidak negatif."}, 400)
    chosen = request.args.get(filter_name) or None
    if chosen and chosen not in tuple(known):  # an empty list would read as "there are none"
        return answer({"error": f"{filter_name} tidak dikenal; pilih salah satu: {', '.join(known)}."}, 400)
    with house().db.read() as conn:
        page = read(conn, after, limit, chosen)
    return answer({"rows": page.rows, "next": page.next})


def _number(name: str, default: int) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


@blueprint.get("/reports/rapor")
def rapor() -> Response:
    year = _number("year", 0)
    if year is None or not 2000 <= year <= 2100:
        return answer({"error": "year wajib diisi, misalnya ?year=2026."}, 400)
    with house().db.read() as conn:
        asked = period_report.Asked(Period.of(year))
        found = period_report.compared(conn, house().calendars(conn), asked, house().clock.now())
    return answer(found.as_json())


@blueprint.get("/health")
def health() -> Response:
    parts = examine(house())
    return answer({"parts": [{"name": part.name, "level": part.level, "text": part.text} for part in parts]})


@blueprint.post("/imports/<kind>")
def imports(kind: str) -> Response:
    """The same as the command line's: a preview unless `apply` says so."""
    upload = request.files.get("file")
    if kind not in ("roster", "directory"):
        abort(404)
    if upload is None or not upload.filename:
        return answer({"error": "Sertakan berkasnya di bagian `file`."}, 400)
    applied = _APPLY.get(request.form.get("apply", "").lower())
    if applied is None:
        return answer({"error": "`apply` harus true atau false."}, 400)
    with tempfile.TemporaryDirectory(prefix="aspal-api-") as folder:
        path = Path(folder, f"unggahan{Path(upload.filename.replace(chr(0), '')).suffix[:6].lower()}")
        upload.save(path)
        try:
            return answer(_imported(kind, path, applied=applied))
        except Refused as refused:
            return answer({"error": str(refused)}, 400)


def _imported(kind: str, path: Path, *, applied: bool) -> dict[str, Any]:
    the_house, names = house(), ("disposed_on", "secrecy") if kind == "roster" else ()
    answers = {name: request.form[name] for name in names if request.form.get(name)}
    with the_house.db.read() as conn:
        calendars = the_house.calendars(conn)
    station = getattr(intake, f"{'apply' if applied else 'preview'}_{kind}")
    by = f"api:{g.token.name}"
    found = station(the_house.db, path, now=the_house.clock.now(), calendars=calendars, by=by, **answers)
    return dict(found.as_json())
