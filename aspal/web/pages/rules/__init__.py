"""Aturan: the rules in force as sentences, every earlier version, and the way in and out as a file."""

import json
import tomllib
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.calendar_words import hours_text
from aspal.core.ladder import Ladder, Step
from aspal.core.ladder.data import LadderProblem, ladder_data, ladder_from
from aspal.core.ladder.diff import HIGH, differences, recap_words
from aspal.core.ladder.toml import to_toml
from aspal.core.ladder.words import KINDS, LIMITS, WHOM, chapter, message_words, sentence
from aspal.desk import rule_drafts
from aspal.flow import rule_spread
from aspal.records import calendar, directory, ladder_drafts, ladder_versions, ladders
from aspal.web.house import house

blueprint = Blueprint("rules", __name__, url_prefix="/aturan")
LONGEST_FILE = 500_000  # bytes; the default rules are 4 kB
_OFFICIAL = {"sekda": "red", "inspektorat": "purple", "kepala_opd": "orange", "sekretaris": "orange"}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The rules in force, and the drafts that are being written."""
    with house().db.read() as conn:
        ladder = ladders.in_force(conn)
        version = ladder_versions.by_id(conn, ladder.id)
        units = directory.names_by_id(conn)
        hours = calendar.hours(conn)
        drafts = ladder_drafts.open_drafts(conn)
        spreading = ladder_versions.unspread(conn)
        behind = ladder_versions.running(conn, spreading, 1001) if spreading else 0
    return render_template(
        "rules/index.html", ladder=ladder, version=version, units=units, hours=hours, drafts=drafts, behind=behind
    )


@blueprint.get("/versi")
def versions() -> ResponseReturnValue:
    """Every published version: who, when, why."""
    with house().db.read() as conn:
        found = ladder_versions.newest(conn)
    return render_template("rules/versions.html", versions=found)


@blueprint.get("/versi/<int:ladder_id>")
def version(ladder_id: int) -> ResponseReturnValue:
    """One version: what it changed, or how it differs from another one (`?banding=`), and what it says."""
    with house().db.read() as conn:
        found = ladder_versions.by_id(conn, ladder_id) or abort(404)
        others = ladder_versions.newest(conn)
        units = directory.names_by_id(conn)
    older = next((one for one in others if one.version < found.version), None)
    wanted = request.args.get("banding", type=int)
    other = next((one for one in others if one.id == wanted), older)
    ladder = ladder_from(found.body, ladder_id=found.id, version=found.version)
    changes = differences(ladder_from(other.body), ladder, units) if other else []
    return render_template(
        "rules/version.html", version=found, other=other, others=others, ladder=ladder, changes=changes, units=units
    )


@blueprint.get("/unduh/<form>")
def download(form: str) -> ResponseReturnValue:
    """The rules in force, or of one version, as a file that can be edited and loaded again."""
    writers = {"json": lambda data: json.dumps(data, ensure_ascii=False, indent=2) + "\n", "toml": to_toml}
    if form not in writers:
        abort(404)
    wanted = request.args.get("versi", type=int)
    with house().db.read() as conn:
        row = ladder_versions.by_id(conn, wanted) if wanted is not None else None
        ladder = ladder_from(row.body, version=row.version) if row else ladders.in_force(conn)
    name = f"aturan-aspal-versi-{ladder.version}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = {"json": "application/json", "toml": "application/toml"}[form]
    return Response(writers[form](ladder_data(ladder)), content_type=f"{kind}; charset=utf-8", headers=headers)


@blueprint.post("/rancangan")
def begin() -> ResponseReturnValue:
    """A new draft, of the rules in force."""
    return _begun(None, None)


@blueprint.post("/impor")
def load() -> ResponseReturnValue:
    """A new draft, of a TOML or JSON file."""
    file = request.files.get("berkas")
    raw = file.read(LONGEST_FILE + 1) if file else b""
    name = (file.filename or "").rsplit("/", 1)[-1][:100] if file else ""
    if not raw or len(raw) > LONGEST_FILE:
        flash("Pilih berkas aturan TOML atau JSON, paling besar 500 kB.", "danger")
        return redirect(url_for("rules.index"), 303)
    try:
        text = raw.decode("utf-8-sig")
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError):
        flash("Berkas itu tidak terbaca sebagai TOML atau JSON. Periksa tanda kutip dan kurungnya.", "danger")
        return redirect(url_for("rules.index"), 303)
    return _begun(data, f"Dari berkas {name}")


@blueprint.post("/versi/<int:ladder_id>/kembali")
def roll_back(ladder_id: int) -> ResponseReturnValue:
    """A new draft, of an old version: it comes into force as any other draft does."""
    with house().db.read() as conn:
        old = ladder_versions.by_id(conn, ladder_id) or abort(404)
    return _begun(old.body, f"Kembali ke versi {old.version}")


@blueprint.post("/lanjutkan")
def go_on() -> ResponseReturnValue:
    """Moves more running dispositions to the version in force, where it is for them too."""
    left = rule_spread.spread(house().db, house().clock.now())
    flash(
        "Masih ada yang tersisa; sisanya dikerjakan bertahap." if left else "Semua disposisi memakai versi ini.",
        "success",
    )
    return redirect(url_for("rules.index"), 303)


def _begun(data: Any, why: str | None) -> ResponseReturnValue:
    the_house, now = house(), house().clock.now()
    try:
        draft_id = rule_drafts.begin(the_house.db, the_house.texts, now=now, by=current_user.email, data=data, why=why)
    except LadderProblem as problem:
        flash(str(problem), "danger")
        return redirect(url_for("rules.index"), 303)
    flash("Rancangan dibuat. Aturan yang berlaku tidak berubah sampai rancangan ini diterbitkan.", "success")
    return redirect(url_for("rules.draft", draft_id=draft_id), 303)


def role_colour(role: str) -> str:
    """The higher, the warmer."""
    return _OFFICIAL.get(role, "teal" if role == "admin_instansi" else "azure")


def chapters(ladder: Ladder) -> list[tuple[str, list[Step]]]:
    """The steps under the headings where a reader looks for them."""
    groups: dict[str, list[Step]] = {}
    for step in ladder.steps:
        groups.setdefault(chapter(step), []).append(step)
    return list(groups.items())


@blueprint.context_processor
def words() -> dict[str, Any]:
    """What the pages of the rules need to speak."""
    return {
        "sentence": sentence,
        "recap_words": recap_words,
        "chapters": chapters,
        "hours_words": hours_text,
        "message_words": message_words,
        "role_colour": role_colour,
        "WHOM": {str(role): words for role, words in WHOM.items()},
        "LIMIT_WORDS": LIMITS,
        "KIND_WORDS": {str(kind): words for kind, words in KINDS.items()},
        "HIGH": {str(role) for role in HIGH},
    }
