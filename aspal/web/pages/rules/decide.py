"""Aturan: a draft goes to a second person, comes back, comes into force, or is let go."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.ladder import Ladder
from aspal.core.refused import Refused
from aspal.desk import rule_drafts, rule_publishing
from aspal.records.ladder_drafts import EDITING
from aspal.web import sure
from aspal.web.auth import allow, only
from aspal.web.house import house
from aspal.web.pages.rules import blueprint


@blueprint.post("/rancangan/<int:draft_id>/ajukan")
def submit(draft_id: int) -> ResponseReturnValue:
    """Asks a second person."""
    said = "Rancangan diajukan. Admin lain atau penyetuju dapat memeriksa dan menerbitkannya dari halaman Aturan."
    return _do(draft_id, rule_drafts.submit, said, **_asked())


@blueprint.post("/rancangan/<int:draft_id>/terbitkan")
def publish(draft_id: int) -> ResponseReturnValue:
    """Puts a draft in force that concerns no head and nobody above; anything else is refused by the desk."""
    return _published(draft_id, rule_publishing.publish, **_asked())


@blueprint.post("/rancangan/<int:draft_id>/setujui")
@allow("admin", "approver")
def approve(draft_id: int) -> ResponseReturnValue:
    """The second person agrees: the draft comes into force."""
    return _published(draft_id, rule_publishing.approve)


@blueprint.post("/rancangan/<int:draft_id>/kembalikan")
@allow("admin", "approver")
def give_back(draft_id: int) -> ResponseReturnValue:
    """The draft can be written on again."""
    said = "Rancangan dikembalikan kepada penyusunnya."
    return _do(draft_id, rule_drafts.give_back, said, why=request.form.get("alasan", "")[:500])


@blueprint.post("/rancangan/<int:draft_id>/bandingkan")
def acknowledge(draft_id: int) -> ResponseReturnValue:
    """Its author has seen what was published in the meantime."""
    return _do(draft_id, rule_drafts.acknowledge, "Rancangan kini dibandingkan dengan aturan yang berlaku sekarang.")


@blueprint.get("/rancangan/<int:draft_id>/buang")
@only("admin")
def ask_discard(draft_id: int) -> ResponseReturnValue:
    """Which changes are lost with it, and whose."""
    with house().db.read() as conn:
        found = rule_drafts.review(conn, draft_id) or abort(404)
    back = url_for("rules.draft", draft_id=draft_id)
    if found.draft.state != EDITING:
        flash(rule_drafts.OVER, "warning")
        return redirect(back)
    does = [
        f"Rancangan ini tidak dapat dibuka atau diubah lagi. Penyusunnya: {', '.join(found.draft.authors)}.",
        "Aturan yang berlaku tidak berubah. "
        + ("Perubahan ini yang hilang:" if found.differences else "Rancangan ini belum mengubah apa pun."),
    ]
    return sure.ask(
        f"Buang rancangan {draft_id}?", does, "Buang rancangan",
        action=url_for("rules.discard", draft_id=draft_id), back=back,
        things=[f"{one.what}: {one.after or 'dihapus'}" for one in found.differences],
        hidden=[("revisi", found.draft.revision)],
    )  # fmt: skip


@blueprint.post("/rancangan/<int:draft_id>/buang")
def discard(draft_id: int) -> ResponseReturnValue:
    """Lets the draft go."""
    return _do(draft_id, rule_drafts.discard, "Rancangan dibuang. Aturan yang berlaku tidak berubah.", "rules.index")


def _asked() -> dict[str, Any]:
    return {"why": request.form.get("alasan", "")[:500], "running": request.form.get("berlaku") == "berjalan"}


def _published(draft_id: int, act: Callable[..., Ladder], **more: Any) -> ResponseReturnValue:
    return _do(draft_id, act, "Aturan baru berlaku. Versi sebelumnya tetap tersimpan.", "rules.index", **more)


def _do(draft_id: int, act: Callable[..., Any], said: str, then: str = "", **more: Any) -> ResponseReturnValue:
    revision = request.form.get("revisi", -1, type=int)
    try:
        act(house().db, draft_id, revision, now=house().clock.now(), by=current_user.email, **more)
    except Refused as refused:
        flash(str(refused), "warning")
        return redirect(url_for("rules.draft", draft_id=draft_id), 303)
    flash(said, "success")
    return redirect(url_for(then) if then else url_for("rules.draft", draft_id=draft_id), 303)
