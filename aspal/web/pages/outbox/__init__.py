"""Pesan: what was sent, what waits and why; release, cancel and send again."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.bundling import BRAKE
from aspal.core.refused import Refused
from aspal.core.switches import RESTORED
from aspal.desk import outbox_acts
from aspal.desk.outbox_acts import Decision
from aspal.records import health, held_messages, outbox_pages, overview
from aspal.records.outbox_pages import Filters, Row
from aspal.web import sure
from aspal.web.auth import allow, may, only
from aspal.web.house import house
from aspal.web.message_kinds import may_be_read_by_all, name_of
from aspal.web.words import MESSAGE, number

blueprint = Blueprint("outbox", __name__, url_prefix="/pesan")
blueprint.add_app_template_filter(name_of, "jenis_pesan")
SENT = "terkirim"  # as the filter calls everything that the provider has
STATES: dict[str, tuple[str, ...]] = {SENT: ("accepted", "sent", "delivered", "read")}
NAMES = ("state", "unit", "orang", "jenis", "dari", "sampai", "bulan")  # what an address may carry
_MOST = 500  # messages that one click decides about


class Choice(NamedTuple):
    """A decision as the page offers it."""

    decision: Decision
    does: str  # what will happen, for the page that asks
    said: Callable[[int], str]
    icon: str
    label: str
    primary: bool


CHOICES = {
    "lepas": Choice(
        outbox_acts.RELEASE,
        "Pesan dikirim pada jam kerja, setelah diperiksa sekali lagi.",
        lambda n: f"{n} pesan dilepas dan akan dikirim pada jam kerja.",
        "player-play",
        "Lepas",
        True,
    ),
    "batalkan": Choice(
        outbox_acts.CANCEL,
        "Pesan tidak dikirim, dan sesudahnya tidak dapat dilepas lagi. Laporannya tetap diikuti: pengingat "
        "berikutnya datang bila waktunya tiba. Yang ternyata sudah diterima WhatsApp tidak dapat ditarik kembali.",
        lambda n: f"{n} pesan dibatalkan.",
        "ban",
        "Batalkan",
        False,
    ),
    "kirim-ulang": Choice(
        outbox_acts.REPEAT,
        "Pesan dikirim sekali lagi. Yang belum pasti terkirim mungkin diterima dua kali.",
        lambda n: f"{n} pesan akan dikirim sekali lagi.",
        "refresh",
        "Kirim ulang",
        True,
    ),
}
MOVED = "Keadaan pesan sudah berubah; tidak ada yang dilakukan."


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The outbox, newest first; every filter stands in the address."""
    wanted, asked = filters_of()
    before, after = request.args.get("sebelum", type=int), request.args.get("sesudah", type=int)
    plain = not asked and before is None and after is None
    with house().db.read() as conn:
        page = outbox_pages.listed(conn, wanted, before=before, after=after)
        urgent = outbox_pages.first_to_decide(conn) if plain else ()
        counts = outbox_pages.count_to_decide(conn)
        units = overview.unit_choices(conn)
        braked = held_messages.held_ids(conn, BRAKE) if counts["held"] else []
        restored = bool(health.get_switch(conn, RESTORED))
    kinds = [
        (kind, name_of(kind)) for kind in house().file_texts.kinds() if not house().file_texts.kind(kind).is_session
    ]
    return render_template(
        "outbox/index.html", page=page, urgent=urgent, counts=counts, units=units, kinds=kinds, asked=asked,
        choices=choices_by_state(), readable=readable, braked=len(braked), restored=restored,
    )  # fmt: skip


@blueprint.get("/bayangan")
def shadows() -> ResponseReturnValue:
    """What would have been sent while the office, or a unit, was not live."""
    before, after = request.args.get("sebelum", type=int), request.args.get("sesudah", type=int)
    with house().db.read() as conn:
        page = outbox_pages.listed(conn, Filters(shadow=True), before=before, after=after)
    return render_template("outbox/shadows.html", page=page, readable=readable)


@blueprint.get("/pilihan")
@only("admin", "approver")
def ask() -> ResponseReturnValue:
    """What will happen to the chosen messages. Nothing has changed yet."""
    slug, given = request.args.get("aksi", ""), request.args.getlist("id")[:_MOST]
    ids = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 15]
    if slug not in CHOICES or not ids:
        flash("Belum ada pesan yang dipilih.", "warning")
        return redirect(back())
    choice = CHOICES[slug]
    with house().db.read() as conn:
        rows = [row for row in outbox_pages.by_ids(conn, ids) if row.state in choice.decision.states]
    if not rows:
        flash(MOVED, "warning")
        return redirect(back())
    title, look = f"{choice.label} {len(rows)} pesan", "primary" if choice.primary else "danger"
    hidden = [(name, request.args[name]) for name in (*NAMES, "pesan", "ditahan") if request.args.get(name)]
    return sure.ask(
        f"{title}?", [choice.does], title, action=url_for("outbox.decide_many", choice=slug), back=back(), colour=look,
        things=[f"{row.to or 'Tak terdaftar'}: {name_of(row.template)}, {row.workday:%d-%m-%Y}" for row in rows],
        hidden=[*hidden, *(("id", row.id) for row in rows)],
    )  # fmt: skip


@blueprint.post("/<int:message_id>/<choice>")
@allow("admin", "approver")
def decide(message_id: int, choice: str) -> ResponseReturnValue:
    """Carries a decision out, if the message still is where the page showed it, and writes down who decided."""
    wanted = CHOICES.get(choice) or abort(404)
    with house().db.read() as conn:
        if outbox_pages.by_id(conn, message_id) is None:
            abort(404)
    carry_out(wanted, [message_id])
    return redirect(back())


@blueprint.post("/banyak/<choice>")
@allow("admin", "approver")
def decide_many(choice: str) -> ResponseReturnValue:
    """The same for all that were ticked."""
    wanted = CHOICES.get(choice) or abort(404)
    chosen = request.form.getlist("id", type=int)[:_MOST]
    if chosen:
        carry_out(wanted, chosen)
    else:
        flash("Belum ada pesan yang dipilih.", "warning")
    return redirect(back())


def carry_out(choice: Choice, message_ids: list[int]) -> None:
    """Decides, and says what became of it."""
    now, by = house().clock.now(), current_user.email
    try:
        done = outbox_acts.decide(house().db, message_ids, choice.decision, now=now, by=by)
    except Refused as refused:
        flash(str(refused), "danger")
        return
    flash(choice.said(done) if done else MOVED, "success" if done else "warning")
    if 0 < done < len(message_ids):
        flash(f"{len(message_ids) - done} pesan lain sudah berubah keadaannya dan dibiarkan.", "warning")


def back() -> str:
    """Where the form came from: the message's own page, what is held for one reason, or the list as it was filtered."""
    shown, kind = request.values.get("pesan", type=int), request.values.get("ditahan", "")
    if shown:
        return url_for("outbox.detail", message_id=shown)
    if kind:
        return url_for("outbox.held", kind=kind)
    asked: dict[str, Any] = {name: request.values.get(name) or None for name in NAMES}
    return url_for("outbox.index", **asked)


def choices_by_state() -> dict[str, list[str]]:
    """What may be decided about a message in each state."""
    return {state: [name for name, choice in CHOICES.items() if state in choice.decision.states] for state in MESSAGE}


def readable(row: Row) -> bool:
    """Whether the one who is logged in may read the words of this message."""
    return may("admin", "approver") or may_be_read_by_all(row.template, secret=row.secret)


def filters_of() -> tuple[Filters, dict[str, str]]:
    """The filters that the address holds, and what of it could be understood."""
    asked = {name: request.args.get(name, "").replace("\0", "").strip()[:100] for name in NAMES}
    if asked["state"] not in MESSAGE and asked["state"] != SENT:
        asked["state"] = ""
    first, last = _day(asked["dari"]), _day(asked["sampai"])
    if month := _day(f"{asked['bulan']}-01"):
        first, last = month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    for name, known in (("dari", first), ("sampai", last), ("bulan", month)):
        asked[name] = asked[name] if known else ""
    if not asked["unit"].isdecimal() or len(asked["unit"]) > 9:
        asked["unit"] = ""
    if not re.fullmatch(r"[a-z_]{1,60}", asked["jenis"]):
        asked["jenis"] = ""
    states = STATES.get(asked["state"], (asked["state"],) if asked["state"] else ())
    unit = int(asked["unit"]) if asked["unit"] else None
    filters = Filters(states, unit, asked["orang"], asked["jenis"] or None, first, last)
    return filters, {name: value for name, value in asked.items() if value}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def rupiah(amount: int) -> str:
    """Rp 12.345."""
    return f"Rp {number(amount)}"
