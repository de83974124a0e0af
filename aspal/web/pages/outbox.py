"""Pesan: what was sent, what waits and why; release, cancel and send again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.delivery import State
from aspal.records import browse, journal, outbox
from aspal.web.auth import allow
from aspal.web.house import house
from aspal.web.words import MESSAGE

blueprint = Blueprint("outbox", __name__, url_prefix="/pesan")


class Choice(NamedTuple):
    """What somebody may decide about a message, and in which states."""

    states: frozenset[State]
    action: str  # the journal's word
    said: str
    do: Callable[[Any, outbox.Message, datetime], object]


def _send_again(conn: Any, message: outbox.Message, now: datetime) -> object:
    if message.state is not State.UNKNOWN:
        return outbox.resend(conn, message.id, now, now, by_hand=True)
    outbox.again(conn, message.id, now)
    return message.id


CHOICES = {
    "lepas": Choice(
        frozenset({State.HELD}),
        "message.released",
        "Pesan dilepas dan akan dikirim pada jam kerja.",
        lambda conn, message, now: outbox.release(conn, [message.id], now),
    ),
    "batalkan": Choice(
        frozenset({State.WAITING, State.HELD, State.UNKNOWN}),
        "message.cancelled",
        "Pesan dibatalkan.",
        lambda conn, message, now: outbox.cancel(conn, {message.id: "Dibatalkan oleh petugas."}),
    ),
    "kirim-ulang": Choice(
        frozenset({State.UNKNOWN, State.FAILED}), "message.repeated", "Pesan akan dikirim sekali lagi.", _send_again
    ),
}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The outbox, newest first."""
    state = request.args.get("state") if request.args.get("state") in MESSAGE else None
    with house().db.read() as conn:
        page = browse.list_messages(
            conn, states=(state,) if state else (), before=request.args.get("sebelum", type=int)
        )
    return render_template("outbox/index.html", page=page, state=state, choices=_choices_by_state())


@blueprint.post("/<int:message_id>/<choice>")
@allow("admin", "approver")
def decide(message_id: int, choice: str) -> ResponseReturnValue:
    """Carries a decision out, if the message still is where the page showed it, and writes down who decided."""
    wanted = CHOICES.get(choice) or abort(404)
    now = house().clock.now()
    with house().db.write() as conn:
        message = outbox.by_id(conn, message_id) or abort(404)
        if message.state in wanted.states:
            wanted.do(conn, message, now)
            _write_down(conn, message, wanted.action, now)
            flash(wanted.said, "success")
        else:
            flash("Keadaan pesan sudah berubah; tidak ada yang dilakukan.", "warning")
    return redirect(url_for("outbox.index", state=request.form.get("state") or None))


def _write_down(conn: Any, message: outbox.Message, action: str, now: datetime) -> None:
    subject, before = f"message:{message.id}", {"before": str(message.state)}
    complaint_id = outbox.complaints_of(conn, [message.id]).get(message.id)
    journal.append(conn, [journal.Entry(now, current_user.email, action, subject, before, complaint_id)])


def _choices_by_state() -> dict[str, list[str]]:
    return {state: [name for name, choice in CHOICES.items() if state in choice.states] for state in MESSAGE}
