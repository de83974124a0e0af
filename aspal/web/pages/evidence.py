"""Bukti dukung: what the yearly evaluation form asks for, in one place and as one archive."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.refused import Refused
from aspal.gateways.media import MOST_BYTES
from aspal.records import evidence
from aspal.report import evidence as keeping
from aspal.report.evidence import ASPECTS, Entry
from aspal.web import sure
from aspal.web.auth import may, only
from aspal.web.house import house
from aspal.web.refusal import refusal_told
from aspal.web.words import local_day

blueprint = Blueprint("evidence", __name__, url_prefix="/bukti-dukung")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """One year's evidence, and what is still missing of it."""
    return _page(_year())


def _page(year: int, typed: Mapping[str, str] | None = None, *, file_lost: bool = False) -> str:
    """`typed`: what was refused. No browser fills a file in again, so whoever chose one is told to choose it again."""
    with house().db.read() as conn:
        kept = evidence.of_year(conn, year)
        team = evidence.team(conn, date(year, 1, 1), date(year, 12, 31))
        years = sorted({year, _today().year, _today().year - 1, *evidence.years(conn)}, reverse=True)
    numbered = {one.sk_number for one in team if one.sk_number}
    return render_template(
        "evidence/index.html", year=year, years=years, team=team, numbers=sorted(numbered), aspects=ASPECTS,
        by_aspect={name: [one for one in kept if one.aspect == name] for name in ASPECTS}, today=_today(),
        typed=typed or {}, file_lost=file_lost,
    )  # fmt: skip


@blueprint.post("/")
def add() -> ResponseReturnValue:
    """Keeps an upload, or a line of the socialisation log."""
    the_house, year = house(), _year()
    file = request.files.get("berkas")
    given = (file.filename or "berkas", file.stream.read(MOST_BYTES + 1)) if file and file.filename else None
    try:
        now = the_house.clock.now()
        keeping.add(the_house.db, the_house.settings, _entry(year), given, now=now, by=current_user.email)
    except Refused as refused:
        flash(str(refused), "danger")
        return _page(year, request.form, file_lost=given is not None), 422
    flash("Bukti dukung disimpan.", "success")
    return redirect(url_for("evidence.index", tahun=year), 303)


@blueprint.get("/<int:evidence_id>/hapus")
@only("admin")
def ask_remove(evidence_id: int) -> ResponseReturnValue:
    """Which one, and until when its file could still be found."""
    with house().db.read() as conn:
        found = evidence.get(conn, evidence_id) or abort(404)
    does = [f"Keluar dari daftar, dan tidak masuk arsip {found.year} yang dibuat sesudah ini."]
    if found.path:
        does.append("Berkasnya tidak dapat diunduh lagi, dan dihapus setelah 7 hari. Simpan dahulu bila masih perlu.")
    does.append("Bila ternyata diperlukan, tambahkan lagi.")
    return sure.ask(
        "Keluarkan bukti dukung ini?", does, "Keluarkan",
        action=url_for("evidence.remove", evidence_id=evidence_id, tahun=found.year),
        back=url_for("evidence.index", tahun=found.year),
        things=[" · ".join(filter(None, (ASPECTS.get(found.aspect), found.title, found.file_name)))],
    )  # fmt: skip


@blueprint.post("/<int:evidence_id>/hapus")
def remove(evidence_id: int) -> ResponseReturnValue:
    """Takes one out of the year."""
    with refusal_told("warning"):
        keeping.remove(house().db, evidence_id, now=house().clock.now(), by=current_user.email)
        flash("Bukti dukung dikeluarkan. Berkasnya dihapus setelah 7 hari.", "success")
    return redirect(url_for("evidence.index", tahun=_year()), 303)


@blueprint.get("/<int:evidence_id>/berkas")
def fetch(evidence_id: int) -> ResponseReturnValue:
    """The file. Photos may show people, so a viewer does not get it."""
    if not may("admin", "approver"):
        abort(403)
    with house().db.read() as conn:
        found = evidence.get(conn, evidence_id)
    if found is None or not found.path:
        abort(404)
    path = house().settings.media_dir.resolve() / found.path
    if not path.is_file():
        abort(404)
    return send_file(path, mimetype=found.content_type, as_attachment=True, download_name=found.file_name)


def _entry(year: int) -> Entry:
    form = request.form
    typed = form.get("tanggal", "").strip()
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused("Tanggalnya tidak dikenal.") from None
    people = form.get("peserta", "").strip()
    return Entry(
        year=year,
        aspect=form.get("jenis", ""),
        title=" ".join(form.get("judul", "").replace("\0", " ").split())[:300],
        happened_on=day,
        participants=int(people) if people.isascii() and people.isdecimal() and len(people) < 7 else None,
        place=" ".join(form.get("tempat", "").replace("\0", " ").split())[:200] or None,
    )


def _year() -> int:
    year = request.args.get("tahun", type=int)
    return year if year is not None and 2000 <= year <= 2100 else _today().year


def _today() -> date:
    return local_day(house().clock.now(), house().settings.office_time_zone)
