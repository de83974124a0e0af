"""Documents: asked for, made beside the request, fetched; the letterhead they carry; proof files."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime, timedelta
from io import BytesIO
from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core import signed_link
from aspal.flow.recap import document as recap_document
from aspal.records import documents, journal
from aspal.records.documents import Document
from aspal.report import letters, making, proof
from aspal.web import story
from aspal.web.auth import allow, may
from aspal.web.house import House, house
from aspal.web.pages.reports import asked as in_address
from aspal.web.pages.reports import blueprint
from aspal.web.words import ROLE, local_day

SHOWN = 20
DEAD_AFTER = timedelta(minutes=10)  # no document takes so long: the process that made it is gone
NAMES = {
    "rapor_xlsx": "Rapor (XLSX)", "rapor_pdf": "Rapor (PDF)", "letters": "Surat hasil monitoring (PDF)",
    "evidence": "Arsip bukti dukung (ZIP)",
}  # fmt: skip
_IN_MEMORY = 2_000_000
_STEPS_OF_A_MESSAGE = frozenset(
    f"message.{step}" for step in ("planned", "accepted", "sent", "delivered", "read", "found")
)
# One at a time: a document may take all of a core for seconds, and the pages come first.
_maker = ThreadPoolExecutor(1, thread_name_prefix="dokumen")
public = Blueprint("documents", __name__, url_prefix="/dokumen")


@blueprint.get("/dokumen")
def made() -> ResponseReturnValue:
    """What was asked for lately."""
    with house().db.read() as conn:
        found = documents.newest(conn, SHOWN)
    return render_template("reports/documents.html", found=found, names=NAMES, is_dead=_is_dead)


@blueprint.post("/dokumen")
@allow("admin", "approver", "viewer")
def make() -> ResponseReturnValue:
    """Begins one and shows how far it is."""
    the_house, kind = house(), request.form.get("jenis", "")
    if kind not in NAMES or (kind == "evidence" and not may("admin", "approver")):
        abort(400)
    now = the_house.clock.now()
    what = in_address.asked(local_day(now, the_house.settings.office_time_zone))
    number = making.begin(the_house.db, the_house.settings, kind, what, by=current_user.email, now=now)
    _maker.submit(_make, the_house, number, now)
    return redirect(url_for("reports.document", document_id=number), 303)


def _make(the_house: House, number: int, now: datetime) -> None:
    making.make(the_house.db, the_house.settings, number, ROLE, now)


@blueprint.get("/dokumen/<int:document_id>")
def document(document_id: int) -> ResponseReturnValue:
    """How far it is; asked for again by htmx, or by hand."""
    found = _found(document_id)
    name = "_document.html" if "HX-Request" in request.headers else "document.html"
    return render_template(f"reports/{name}", one=found, names=NAMES, dead=_is_dead(found))


@blueprint.get("/dokumen/<int:document_id>/berkas")
def fetch(document_id: int) -> ResponseReturnValue:
    """The file."""
    found = _found(document_id)
    if found.state != "ready" or not found.path:
        abort(404)
    path = making.folder(house().settings).resolve() / found.path
    if not path.is_file():
        abort(404)
    return send_file(path, as_attachment=True, download_name=found.file_name)


@blueprint.get("/kop")
def letterhead() -> ResponseReturnValue:
    """Whose paper the letters are on."""
    the_house = house()
    with the_house.db.read() as conn:
        head = letters.letterhead(conn, the_house.settings)
    return render_template("reports/letterhead.html", head=asdict(head))


@blueprint.post("/kop")
def change_letterhead() -> ResponseReturnValue:
    """Keeps what was typed."""
    the_house = house()
    letters.change_letterhead(
        the_house.db, request.form, the_house.settings, now=the_house.clock.now(), by=current_user.email
    )
    flash("Kop surat disimpan.", "success")
    return redirect(url_for("reports.letterhead"), 303)


@blueprint.get("/bukti/<int:complaint_id>.zip", endpoint="proof")
def proof_file(complaint_id: int) -> ResponseReturnValue:
    """The proof file of one complaint. It shows texts and evidence, so a viewer does not get it."""
    if not may("admin", "approver"):
        abort(403)
    the_house = house()
    target = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the response closes it
    with the_house.db.read() as conn:
        lines = story.tell(conn, journal.of_complaint(conn, complaint_id))
        # A message has a line of its own there, with all its times.
        said = [(line.at, line.text) for line in lines if line.action not in _STEPS_OF_A_MESSAGE]
        name = proof.write(conn, the_house.settings, complaint_id, said, target, the_house.clock.now())
    if name is None:
        target.close()
        abort(404)
    target.seek(0)
    return send_file(target, mimetype="application/zip", as_attachment=True, download_name=name)


@public.get("/<token>/rekap.pdf")
def recap(token: str) -> ResponseReturnValue:
    """The document behind one recap, for WhatsApp's servers, which have no login: the signed token names the recap and
    says until when."""
    the_house, target = house(), BytesIO()
    now = the_house.clock.now()
    number = signed_link.opened(the_house.secret_key(), token, now)
    if number is None:
        abort(404)
    with the_house.db.read() as conn:
        written = recap_document.write(conn, the_house.calendars(conn), number, target, now)
    if not written:
        abort(404)
    return Response(target.getvalue(), content_type="application/pdf")


def _found(document_id: int) -> Document:
    with house().db.read() as conn:
        found = documents.get(conn, document_id)
    if found is None or (found.kind == "evidence" and not may("admin", "approver")):
        abort(404)
    return found


def _is_dead(one: Document) -> bool:
    return one.state == "making" and house().clock.now() - one.created_at > DEAD_AFTER
