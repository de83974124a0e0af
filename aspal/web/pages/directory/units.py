"""One unit: its facts, its other names, who holds what there."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aspal.core.refused import Refused
from aspal.desk import shown, unit_acts
from aspal.records import confirmations, coverage, org_chart
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.pages.directory import UNIT_KIND, ZONE, asked, blueprint, today
from aspal.web.refusal import refusal_told


@blueprint.get("/unit/<int:unit_id>")
def unit(unit_id: int) -> ResponseReturnValue:
    """The unit's page."""
    return _page(unit_id)


@blueprint.get("/unit/baru")
@only("admin")
def unit_new() -> ResponseReturnValue:
    """The form for a new unit; a name may come from elsewhere."""
    given = {"name": request.args.get("nama", ""), "dari": request.args.get("dari", "")}
    return _form(given | {"kind": "opd", "active": "1"})


@blueprint.post("/unit/baru")
def unit_add() -> ResponseReturnValue:
    """Adds it; whoever came from the held rows goes back to them."""
    try:
        unit_id = unit_acts.add(house().db, _said(), **asked())
    except Refused as refused:
        flash(str(refused), "danger")
        return _form(request.form, 422)
    if request.form.get("dari") == "tertahan":
        flash("Unit ditambahkan. Baca ulang barisnya, lalu tunjuk penghubung dan kepalanya di Direktori.", "success")
        return redirect(url_for("imports.held"), 303)
    flash("Unit ditambahkan. Sekarang tunjuk penghubung dan kepalanya.", "success")
    return redirect(url_for("directory.unit", unit_id=unit_id), 303)


@blueprint.post("/unit/<int:unit_id>")
def unit_change(unit_id: int) -> ResponseReturnValue:
    """Changes it."""
    try:
        changed = unit_acts.change(house().db, unit_id, _said(), seen=request.form.get("dilihat"), **asked())
    except Refused as refused:
        flash(str(refused), "danger")
        return _page(unit_id, request.form, 422)
    flash("Perubahan disimpan." if changed else "Tidak ada yang berubah.", "success")
    return redirect(url_for("directory.unit", unit_id=unit_id), 303)


@blueprint.post("/unit/<int:unit_id>/nama-lain")
def alias_add(unit_id: int) -> ResponseReturnValue:
    """Another name."""
    with refusal_told():
        unit_acts.add_alias(house().db, unit_id, request.form.get("nama", ""), **asked())
        flash("Nama lain disimpan; berkas yang memakainya kini dikenali.", "success")
    return redirect(url_for("directory.unit", unit_id=unit_id, _anchor="nama-lain"), 303)


@blueprint.post("/unit/<int:unit_id>/nama-lain/<int:alias_id>/hapus")
def alias_drop(unit_id: int, alias_id: int) -> ResponseReturnValue:
    """Not this unit's name after all."""
    with refusal_told("warning"):
        name = unit_acts.drop_alias(house().db, unit_id, alias_id, **asked())
        flash(f"“{name}” tidak lagi menjadi nama lain unit ini.", "success")
    return redirect(url_for("directory.unit", unit_id=unit_id, _anchor="nama-lain"), 303)


def _said() -> dict[str, Any]:
    form = request.form
    return {
        "name": form.get("name"),
        "short_name": form.get("short_name"),
        "kind": form.get("kind"),
        "parent_id": form.get("parent_id", type=int),
        "time_zone": form.get("time_zone"),
        "active": form.get("active") == "1",
    }


def _form(typed: Any, status: int = 200) -> ResponseReturnValue:
    with house().db.read() as conn:
        choices = org_chart.choices(conn)
    page = render_template("directory/unit_new.html", typed=typed, choices=choices, UNIT_KIND=UNIT_KIND, ZONE=ZONE)
    return page, status


def _page(unit_id: int, typed: Any = None, status: int = 200) -> ResponseReturnValue:
    day = today()
    with house().db.read() as conn:
        found = org_chart.unit(conn, unit_id, day) or abort(404)
        duties = org_chart.duties_at(conn, unit_id)
        page = render_template(
            "directory/unit.html", unit=found, duties=duties, today=day, now=house().clock.now(), UNIT_KIND=UNIT_KIND,
            ZONE=ZONE,
            holes=[hole for hole in coverage.holes(conn, day) if hole.unit_id == unit_id],
            aliases=org_chart.aliases_of(conn, unit_id), children=org_chart.children(conn, unit_id),
            choices=[choice for choice in org_chart.choices(conn) if choice[0] != unit_id],
            cases=org_chart.open_cases(conn, unit_id),
            moved=confirmations.moved(conn, [duty.contact_id for duty in duties]),
            mark=shown.mark(found, unit_acts.FIELDS),
            typed=typed or found.__dict__ | {"active": "1" if found.active else ""},
        )  # fmt: skip
    return page, status
