"""Direktori: the tree of units, with what each lacks; and the whole of it as a file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.names import key
from aspal.core.refused import Refused
from aspal.desk import directory_file
from aspal.records import org_chart
from aspal.records.coverage import Hole
from aspal.records.coverage import holes as holes_on
from aspal.records.org_chart import UnitRow
from aspal.web.house import house
from aspal.web.spreadsheet import KINDS, spreadsheet
from aspal.web.words import local_day

blueprint = Blueprint("directory", __name__, url_prefix="/direktori")

UNIT_KIND = {
    "opd": "OPD", "bumd": "BUMD", "kecamatan": "Kecamatan", "kelurahan": "Kelurahan", "desa": "Desa", "rsud": "RSUD",
    "kabupaten": "Pemerintah daerah",
}  # fmt: skip
ZONE = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True)
class Branch:
    """One unit in the tree, how deep it stands, and the roles in which nobody can be reached."""

    unit: UnitRow
    depth: int
    holes: tuple[Hole, ...]


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """All units as a tree, or those that match a search."""
    search, shown = request.args.get("cari", "").strip(), request.args.get("tampil", "")
    day = today()
    with house().db.read() as conn:
        units = org_chart.all_units(conn, day)
        holes = holes_on(conn, day)
    branches = [branch for branch in _tree(units, holes) if _matches(branch, search, shown)]
    return render_template(
        "directory/index.html", branches=branches, total=len(units), search=search, shown=shown, UNIT_KIND=UNIT_KIND,
        ZONE=ZONE, now=house().clock.now(),
    )  # fmt: skip


@blueprint.post("/direktori.<kind>")
def export(kind: str) -> ResponseReturnValue:
    """The directory in the import's own format, whole numbers included: for admins, and journalled, so no GET."""
    if kind not in KINDS:
        abort(404)
    zone = house().settings.office_time_zone
    rows = directory_file.rows(house().db, now=house().clock.now(), zone=zone, by=current_user.email)
    return spreadsheet(f"direktori-{today()}", kind, directory_file.HEADER, rows)


def _tree(units: list[UnitRow], holes: list[Hole]) -> list[Branch]:
    """Parents before their children, each level by name. Whoever stands in a circle is shown at the top."""
    below: dict[int | None, list[UnitRow]] = {}
    known = {unit.id for unit in units}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    lacks: dict[int, list[Hole]] = {}
    for hole in holes:
        lacks.setdefault(hole.unit_id, []).append(hole)
    found: list[Branch] = []
    seen: set[int] = set()

    def grow(unit: UnitRow, depth: int) -> None:
        if unit.id not in seen:
            seen.add(unit.id)
            found.append(Branch(unit, depth, tuple(lacks.get(unit.id, ()))))
            for child in below.get(unit.id, ()):
                grow(child, min(depth + 1, 4))

    for top in [*below.get(None, ()), *units]:
        grow(top, 0)
    return found


def _matches(branch: Branch, search: str, shown: str) -> bool:
    unit = branch.unit
    if shown == "kosong" and not branch.holes:
        return False
    if shown == "nonaktif" and unit.active:
        return False
    return not search or key(search) in key(f"{unit.name} {unit.short_name or ''}")


# --- for the other files of this page --------------------------------------------------------------------------


def today() -> date:
    """The office's day."""
    return local_day(house().clock.now(), house().settings.office_time_zone)


def asked() -> dict[str, Any]:
    """When and by whom something is changed."""
    return {"now": house().clock.now(), "by": current_user.email}


def typed_day(name: str) -> date | None:
    """A day from the form; None when it was left blank. Raises Refused."""
    said = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Refused("Tanggal tidak terbaca; isi hari, bulan, dan tahunnya.") from error
