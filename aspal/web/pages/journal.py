"""Jurnal: who or what did what, and why; and whether the chain still holds."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aspal.records import journal, phonebook
from aspal.web import story
from aspal.web.auth import only
from aspal.web.house import house

blueprint = Blueprint("journal", __name__, url_prefix="/jurnal")
KINDS = {
    "message.": "Pesan",
    "notice.": "Pemberitahuan",
    "note": "Catatan tindak lanjut",
    "case.": "Keputusan tentang laporan",
    "import.": "Impor",
    "contact.": "Kontak",
    "unit.": "Unit kerja",
    "appointment.": "Penugasan",
    "absence.": "Cuti dan pengganti",
    "ladder.": "Aturan",
    "calendar.": "Kalender",
    "user.": "Pengguna",
    "token": "Token",
    "pause.": "Jeda",
    "alarms.": "Alarm",
}


@blueprint.get("/")
@only("admin", "approver")
def index() -> ResponseReturnValue:
    """The entries, newest first; the filter stands in the address."""
    asked = request.args
    kind = asked.get("jenis", "") if asked.get("jenis") in KINDS else ""
    actor, number = asked.get("siapa", "").replace("\0", "").strip()[:200], asked.get("laporan", "").strip()[:20]
    with house().db.read() as conn:
        complaint_id = phonebook.complaint_id(conn, number.replace("\0", "")) if number else None
        if number and complaint_id is None:
            entries, older = list[journal.Entry](), None
        else:
            before = asked.get("sebelum", type=int)
            entries, older = journal.page(conn, actor=actor, action=kind, complaint_id=complaint_id, before=before)
        lines = list(zip(entries, story.tell(conn, entries), strict=True))
    chosen = {"jenis": kind, "siapa": actor, "laporan": number}
    return render_template("journal/index.html", lines=lines, older=older, kinds=KINDS, chosen=chosen)


@blueprint.post("/periksa")
@only("admin", "approver")
def verify() -> ResponseReturnValue:
    """Walks the whole chain; a long journal takes some seconds."""
    with house().db.read() as conn:
        broken = journal.verify(conn)
    if broken is None:
        flash("Jurnal utuh: setiap catatan menyambung ke catatan sebelumnya.", "success")
    else:
        flash(f"Jurnal putus di catatan {broken.id}: {broken.reason}. Simpan cadangan dan hubungi auditor.", "danger")
    return redirect(url_for("journal.index"), 303)
