"""One decision about several complaints: a page that says what will happen, then each case on its own."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aspal.core.refused import Refused
from aspal.records import browse, dossier, overview
from aspal.records.browse import ComplaintRow, Part
from aspal.web.auth import may
from aspal.web.house import house
from aspal.web.pages.complaints import blueprint, form_query
from aspal.web.pages.complaints.act import asked
from aspal.web.pages.complaints.actions import ACTIONS, FOR_MANY, Action

MOST = 50  # as many as a page of the list shows


@blueprint.get("/pilihan")
def ask_many() -> ResponseReturnValue:
    """What will happen to each of the chosen ones. Nothing has changed yet."""
    if not may("admin"):
        abort(403)
    slug = request.args.get("aksi", "")
    ids = [int(one) for one in request.args.getlist("pilih") if _is_id(one)]
    if slug not in FOR_MANY or not ids:
        flash("Pilih dulu laporan dan tindakannya.", "warning")
        return redirect(url_for("complaints.index", **form_query()), 303)
    return _page(slug, ids[:MOST], {}, None)


@blueprint.post("/pilihan")
def act_many() -> ResponseReturnValue:
    """Does it case by case; what cannot be done is named, what could stays done."""
    slug = request.form.get("aksi", "")
    if slug not in FOR_MANY:
        abort(404)
    typed = {name: value.replace("\0", "") for name, value in request.form.items()}
    marks = [one.partition(":") for one in request.form.getlist("bagian")[:MOST]]
    done, refused = 0, list[str]()
    for number, _, mark in marks:
        if _is_id(number):
            problem = _do(ACTIONS[slug], int(number), typed, mark)
            done += problem is None
            refused += [problem] if problem else []
    if not done and refused and len(set(refused)) == 1:  # the same for all: most likely the form, so it comes back
        ids = [int(one) for one in request.form.getlist("pilih") if _is_id(one)]
        return _page(slug, ids, typed, refused[0]), 409
    if done:
        flash(f"{done} laporan: {ACTIONS[slug].done[0].lower()}{ACTIONS[slug].done[1:]}", "success")
    if refused:
        flash(f"{len(refused)} laporan dilewati: {' '.join(sorted(set(refused)))}", "warning")
    return redirect(url_for("complaints.index", **form_query()), 303)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 15


def _do(action: Action, disposition_id: int, typed: dict[str, str], mark: str) -> str | None:
    try:
        action.do(house(), disposition_id, typed, asked(typed) | {"seen": mark})
    except Refused as refused:
        return str(refused)
    return None


def _page(slug: str, ids: Sequence[int], typed: dict[str, str], problem: str | None) -> str:
    action, now = ACTIONS[slug], house().clock.now()
    with house().db.read() as conn:
        rows = browse.by_ids(conn, ids)
        fitting = [(row, part) for row in rows for part in row.parts if not part.ended and action.fits(part, now)]
        marks = dossier.marks(conn, [part.id for _, part in fitting])
        units = overview.unit_choices(conn) if "unit" in action.asks else []
    return render_template(
        "complaints/many.html", action=action, slug=slug, fitting=fitting, marks=marks, typed=typed, problem=problem,
        skipped=_skipped(rows, fitting), units=units, ids=ids, now=now,
    )  # fmt: skip


def _skipped(rows: Sequence[ComplaintRow], fitting: Sequence[tuple[ComplaintRow, Part]]) -> list[Any]:
    """Those for which there is nothing to do: over, or already so."""
    kept = {row.id for row, _ in fitting}
    return [row for row in rows if row.id not in kept]
