"""What an admin decides about a case: one page an action, with what it will do, a reason, and a day or a unit.

The form carries a mark of the case as it was shown. Where somebody was quicker nothing is done: the page comes back
with what was typed and with how the case stands now.
"""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.refused import Refused
from aspal.core.replies import Intent
from aspal.records import browse, dossier, overview
from aspal.web.auth import may
from aspal.web.house import house
from aspal.web.pages.complaints import blueprint
from aspal.web.pages.complaints.actions import ACTIONS, Typed


def asked(form: Typed) -> dict[str, Any]:
    """Who asks for a change, when, why, and of the case as it was shown."""
    return {
        "now": house().clock.now(),
        "zone": house().settings.office_time_zone,
        "by": current_user.email,
        "reason": form.get("alasan", ""),
        "seen": form.get("dilihat", "-"),
    }


@blueprint.get("/disposisi/<int:disposition_id>/<slug>")
def ask(disposition_id: int, slug: str) -> ResponseReturnValue:
    """The page of an action."""
    if not may("admin"):
        abort(403)
    return _page(disposition_id, slug, {}, None)


@blueprint.post("/disposisi/<int:disposition_id>/<slug>")
def act(disposition_id: int, slug: str) -> ResponseReturnValue:
    """Does it, or says why not and keeps what was typed."""
    action = ACTIONS.get(slug) or abort(404)
    typed = {name: value.replace("\0", "") for name, value in request.form.items()}
    try:
        action.do(house(), disposition_id, typed, asked(typed))
    except Refused as refused:
        return _page(disposition_id, slug, typed, refused), 409
    flash(action.done, "success")
    with house().db.read() as conn:
        row = browse.of_disposition(conn, disposition_id) or abort(404)
    return redirect(url_for("complaints.detail", complaint_id=row.id), 303)


def _page(disposition_id: int, slug: str, typed: Typed, problem: Refused | None) -> str:
    action = ACTIONS.get(slug) or abort(404)
    with house().db.read() as conn:
        row = browse.of_disposition(conn, disposition_id) or abort(404)
        mark = dossier.mark(conn, disposition_id)
        units = overview.unit_choices(conn) if "unit" in action.asks else []
    part = next(part for part in row.parts if part.id == disposition_id)
    fits = action.fits(part, house().clock.now()) and (slug == "catatan" or not part.ended)
    return render_template(
        "complaints/act.html", action=action, slug=slug, row=row, part=part, mark=mark, typed=typed, problem=problem,
        fits=fits, units=[unit for unit in units if unit[0] != part.unit_id], intents=list(Intent),
        now=house().clock.now(),
    )  # fmt: skip
