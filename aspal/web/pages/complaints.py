"""Aduan: the roster as a list, and one complaint as a timeline."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from aspal.flow import why
from aspal.records import browse, dossier, journal
from aspal.web import story
from aspal.web.auth import may
from aspal.web.house import house
from aspal.web.simulation import lapor
from aspal.web.words import STATUS

blueprint = Blueprint("complaints", __name__, url_prefix="/aduan")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Moment:
    """One thing on the timeline: a line of the journal, a message, or a note."""

    at: datetime
    kind: str  # line | message | note
    thing: Any


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The list. Filter, search and page stand in the address, so that a view can be shared."""
    status = request.args.get("status") if request.args.get("status") in STATUS else None
    search = request.args.get("cari", "").replace("\0", "").strip()[:100]
    before = request.args.get("sebelum", type=int)
    every = may("admin", "approver")
    with house().db.read() as conn:
        page = browse.list_complaints(conn, status=status, search=search, titles=every, before=before)
    return render_template("complaints/index.html", page=page, status=status, search=search)


@blueprint.get("/<int:complaint_id>")
def detail(complaint_id: int) -> ResponseReturnValue:
    """Everything about one complaint, in the order in which it happened."""
    with house().db.read() as conn:
        row = browse.complaint(conn, complaint_id) or abort(404)
        lines = story.tell(conn, journal.of_complaint(conn, row.id))
        told, said = dossier.told(conn, row.id), dossier.said(conn, row.id)
    # What the messages and notes themselves show is left out of the journal's lines.
    moments = [Moment(line.at, "line", line) for line in lines if line.action not in _SHOWN_OTHERWISE]
    moments += [Moment(message.at, "message", message) for message in told]
    moments += [Moment(note.at, "note", note) for note in said]
    moments.sort(key=lambda moment: moment.at, reverse=True)
    explained, marks = _explained(row.number), _marks(row)
    return render_template("complaints/detail.html", row=row, moments=moments, explained=explained, marks=marks)


_SHOWN_OTHERWISE = frozenset(
    {"note", *(f"message.{word}" for word in ("planned", "accepted", "sent", "delivered", "read", "failed"))}
)


@blueprint.get("/bukti/<int:media_id>")
def evidence(media_id: int) -> ResponseReturnValue:
    """An attachment of a note. It may show people, so a viewer does not get it."""
    if not may("admin", "approver"):
        abort(403)
    with house().db.read() as conn:
        found = dossier.evidence_file(conn, media_id) or abort(404)
    folder = house().settings.media_dir.resolve()
    path = (folder / found[0]).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        abort(404)
    shown = found[1].startswith("image/") or found[1] == "application/pdf"
    return send_file(path, mimetype=found[1], as_attachment=not shown, download_name=path.name)


def _marks(row: browse.ComplaintRow) -> list[str]:
    """The statuses that the simulated LAPOR may set: none outside the simulator, for viewers, or without an id."""
    if house().settings.whatsapp_gateway != "simulator" or not may("admin", "approver") or not row.number.isdigit():
        return []
    return [status for status in lapor.MARKS if status != row.status]


def _explained(number: str) -> list[dict[str, Any]]:
    """Why the next step is when it is; nothing where that cannot be worked out, for the page must still open."""
    the_house = house()
    try:
        with the_house.db.read() as conn:
            calendars = the_house.calendars(conn)
        told = why.explain(the_house.db, calendars, number, the_house.clock.now())
    except Exception as error:
        _log.warning("a complaint could not be explained", extra={"cause": type(error).__name__})
        return []
    return list(told["dispositions"]) if told else []
