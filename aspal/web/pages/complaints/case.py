"""One complaint: a timeline of everything, why its next step is when it is, its evidence, and a page to print."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from aspal.core.news import MAY_BE_SAME
from aspal.desk import why
from aspal.records import browse, dossier, journal, merging
from aspal.web import story
from aspal.web.auth import may
from aspal.web.house import house
from aspal.web.pages.complaints import blueprint
from aspal.web.pages.complaints.actions import offered
from aspal.web.simulation import lapor
from aspal.web.words import channel

_log = logging.getLogger(__name__)


_ORDER = ("day", "line", "message", "note")  # of what happened at the same moment


@dataclass(frozen=True)
class Moment:
    """One thing on the timeline: a day of LAPOR's, a line of the journal, a message, or a note."""

    at: datetime
    kind: str  # one of _ORDER
    thing: Any


@blueprint.get("/<int:complaint_id>")
def detail(complaint_id: int) -> ResponseReturnValue:
    """Everything about one complaint, in the order in which it happened."""
    (row, moments), now = _told(complaint_id), house().clock.now()
    actions = {part.id: offered(part, now) for part in row.parts} if may("admin") else {}
    return render_template(
        "complaints/detail.html", row=row, moments=moments, actions=actions, marks=_marks(row), twin=_twin(row), now=now
    )


def _twin(row: browse.ComplaintRow) -> tuple[int, str] | None:
    """The typed complaint that an import took this one for, while an admin can still join them: its id and number."""
    number = next((mark["detail"] for mark in row.flags if mark["flag"] == MAY_BE_SAME), None)
    if number is None or not may("admin"):
        return None
    with house().db.read() as conn:
        twin_id = merging.provisional(conn, number)
    return (twin_id, number) if twin_id else None


@blueprint.get("/<int:complaint_id>/cetak")
def printed(complaint_id: int) -> ResponseReturnValue:
    """The same on paper, oldest first: what was done about this complaint, for whoever asks later."""
    row, moments = _told(complaint_id)
    return render_template("complaints/print.html", row=row, moments=moments[::-1], now=house().clock.now())


@blueprint.get("/<int:complaint_id>/mengapa")
def reasons(complaint_id: int) -> ResponseReturnValue:
    """Why the next step is when it is: a part of the detail, or a page of its own without JavaScript."""
    with house().db.read() as conn:
        row = browse.complaint(conn, complaint_id) or abort(404)
    name = "_why.html" if "HX-Request" in request.headers else "why.html"
    return render_template(f"complaints/{name}", row=row, explained=_explained(row.number))


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


# What the messages and notes themselves show is left out of the journal's lines.
_SHOWN_OTHERWISE = frozenset(
    {
        "note",
        "note.added",
        *(f"message.{word}" for word in ("planned", "accepted", "sent", "delivered", "read", "failed")),
    }
)


def _told(complaint_id: int) -> tuple[browse.ComplaintRow, list[Moment]]:
    """The complaint and its timeline, newest first."""
    with house().db.read() as conn:
        row = browse.complaint(conn, complaint_id) or abort(404)
        family = dossier.family(conn, row.id)
        entries = [entry for one in family for entry in journal.of_complaint(conn, one)]
        lines = story.tell(conn, entries, reasons=not row.secret or may("admin", "approver"))
        told, said = dossier.told(conn, family), dossier.said(conn, family)
    moments = [Moment(line.at, "line", line) for line in lines if line.action not in _SHOWN_OTHERWISE]
    moments += [Moment(message.at, "message", message) for message in told]
    moments += [Moment(note.at, "note", note) for note in said]
    moments += _days(row)
    moments.sort(key=lambda moment: (moment.at, _ORDER.index(moment.kind)), reverse=True)
    return row, moments


@dataclass(frozen=True)
class _Day:
    """What LAPOR gives a day for, and no hour."""

    icon: str
    colour: str
    text: str


def _days(row: browse.ComplaintRow) -> Iterator[Moment]:
    through = f" lewat {channel(row.channel)}" if row.channel else ""
    yield _on(row.received_on, _Day("flag", "secondary", f"Laporan diterima{through}."))
    for part in row.parts:
        if part.unit_name:
            yield _on(part.disposed_on, _Day("building", "purple", f"Didisposisikan ke {part.unit_name}."))
        if part.responded_on:
            text = f"Tindak lanjut pertama {part.unit} tercatat di LAPOR."
            yield _on(part.responded_on, _Day("check", "azure", text))
    if row.finished_on:
        yield _on(row.finished_on, _Day("circle-check", "green", "Selesai menurut LAPOR."))


def _on(day: date, thing: _Day) -> Moment:
    return Moment(datetime.combine(day, time(), ZoneInfo(house().settings.office_time_zone)), "day", thing)


def _marks(row: browse.ComplaintRow) -> list[str]:
    """The statuses that the simulated LAPOR may set: none outside the simulator, for viewers, or without an id."""
    if house().settings.whatsapp_gateway != "simulator" or not may("admin", "approver") or not row.number.isdigit():
        return []
    return [status for status in lapor.MARKS if status != row.status]


def _explained(number: str) -> list[dict[str, Any]]:
    """Nothing where that cannot be worked out, for the page must still open."""
    the_house = house()
    try:
        with the_house.db.read() as conn:
            calendars = the_house.calendars(conn)
        told = why.explain(the_house.db, calendars, number, the_house.clock.now())
    except Exception as error:
        _log.warning("a complaint could not be explained", extra={"cause": type(error).__name__})
        return []
    return list(told["dispositions"]) if told else []
