"""One message: what it says, how far it got, why, and who decided what about it."""

from datetime import datetime
from typing import NamedTuple

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from aspal.gateways.whatsapp.errors import explain
from aspal.records import outbox_pages
from aspal.records.outbox_pages import Whole
from aspal.web.house import house
from aspal.web.message_kinds import name_of
from aspal.web.pages.outbox import CHOICES, blueprint, choices_by_state, readable
from aspal.web.words import MESSAGE


class Event(NamedTuple):
    """One moment of a message's life."""

    at: datetime
    icon: str
    colour: str
    text: str
    who: str = ""


_DECIDED = {
    "message.planned": ("note", "azure", "Disiapkan"),
    "message.shadowed": ("eye-off", "purple", "Ditulis dalam mode bayangan"),
    "message.held": ("hourglass", "orange", "Ditahan"),
    "message.released": ("player-play", "azure", "Dilepas"),
    "message.waiting": ("clock", "yellow", "Menunggu lagi"),
    "message.reworded": ("edit", "secondary", "Ditulis ulang menurut keadaan terbaru"),
    "message.cancelled": ("ban", "secondary", "Dibatalkan"),
    "message.repeated": ("refresh", "azure", "Diminta dikirim ulang"),
    "message.resent": ("refresh", "azure", "Dikirim lagi"),
    "message.unknown": ("plug-connected", "orange", "Belum pasti terkirim"),
    "message.found": ("checks", "green", "Ternyata sudah diterima WhatsApp"),
}
_HEARD = {"failed": ("alert-circle", "red"), "delivered": ("checks", "green"), "read": ("eye", "green")}


@blueprint.get("/<int:message_id>")
def detail(message_id: int) -> ResponseReturnValue:
    """The message with its history, oldest first."""
    with house().db.read() as conn:
        whole = outbox_pages.by_id(conn, message_id) or abort(404)
        decided = outbox_pages.decided_by(conn, message_id)
    choices = [(name, CHOICES[name]) for name in choices_by_state().get(whole.row.state, [])]
    return render_template(
        "outbox/detail.html", whole=whole, row=whole.row, events=_history(whole, decided), choices=choices,
        kind=name_of(whole.row.template), readable=readable, explained=_explained(whole),
    )  # fmt: skip


def _explained(whole: Whole) -> str | None:
    """The reason in plain words: the office's own, or what the provider's code means."""
    row = whole.row
    if row.reason:
        return row.reason
    return explain(row.error_code) if row.error_code else None


def _person(who: str) -> str:
    """Whoever decided, where it was somebody: the name of one of our jobs tells a reader nothing."""
    return who if "@" in who or who.startswith("cli") else ""


def _history(whole: Whole, decided: list[tuple[datetime, str, str]]) -> list[Event]:
    row = whole.row
    noted = [Event(at, *_DECIDED[action], _person(who)) for at, who, action in decided if action in _DECIDED]
    events = list(dict.fromkeys(noted))  # the journal has a line for each complaint that it speaks of
    if not any(action in ("message.planned", "message.shadowed") for _, _, action in decided):
        events.append(Event(row.created_at, "note", "azure", "Ditulis"))
    for at, outcome, detail in whole.attempts:
        said = {"accepted": "diterima WhatsApp", "retry": "dicoba lagi", "waiting": "dicoba lagi"}.get(
            outcome or "", ""
        )
        colour = "azure" if outcome == "accepted" else "yellow"
        events.append(Event(at, "send", colour, "Dikirim" + (f": {said or detail}" if said or detail else "")))
    for at, status, code in whole.reports:
        icon, colour = _HEARD.get(status, ("check", "azure"))
        word = MESSAGE[status].label if status in MESSAGE else status
        events.append(
            Event(at, icon, colour, f"Laporan WhatsApp: {word.lower()}" + (f". {explain(code)}" if code else ""))
        )
    return sorted(events, key=lambda event: event.at)
