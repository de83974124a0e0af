"""Cakupan: whom nobody can reach, which SK end, the guest list, and rounds of "masih pejabat penghubung?"."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aspal.core.refused import Refused
from aspal.desk import confirm_round
from aspal.records import confirmations, coverage, org_chart, people, rollout
from aspal.web import sure
from aspal.web.house import house
from aspal.web.pages.directory import asked, blueprint, today
from aspal.web.pages.directory.people import asker

SPANS = (30, 60, 90)
WHY = {
    "never": "belum pernah ditunjuk",
    "ended": "penugasan terakhir diakhiri",
    "over": "SK sudah lewat masa berlakunya",
    "later": "SK belum mulai berlaku",
    "no_number": "tidak punya nomor WhatsApp",
    "opted_out": "membalas BERHENTI",
    "unreachable": "nomornya tidak dapat dihubungi",
}


@blueprint.get("/cakupan")
def gaps() -> ResponseReturnValue:
    """Units whose messages reach nobody in a role that they need, why, and since when."""
    with house().db.read() as conn:
        holes = coverage.holes(conn, today())
        units = org_chart.all_units(conn, today())
    active = [unit for unit in units if unit.active]
    return render_template(
        "directory/coverage.html", holes=holes, active=len(active), bare=len({hole.unit_id for hole in holes}), WHY=WHY
    )


@blueprint.get("/sk-berakhir")
def ending() -> ResponseReturnValue:
    """Appointments that end soon, and those that have just ended without a new one."""
    days = request.args.get("hari", 30, type=int)
    days = days if days in SPANS else SPANS[0]
    with house().db.read() as conn:
        soon = org_chart.ending(conn, today(), today() + timedelta(days=days))
        over = org_chart.ending(conn, today() - timedelta(days=90), today() - timedelta(days=1))
    return render_template("directory/ending.html", soon=soon, over=over, days=days, spans=SPANS, today=today())


@blueprint.get("/tamu")
def guests() -> ResponseReturnValue:
    """Who receives anything until the office goes live."""
    with house().db.read() as conn:
        listed = people.guests(conn)
        duties = org_chart.duties_of(conn, [guest.id for guest in listed])
        others = [other for other in people.choices(conn) if other[0] not in {guest.id for guest in listed}]
    held = {duty.contact_id: duty for duty in reversed(duties) if not duty.ended_at}
    return render_template("directory/guests.html", guests=listed, held=held, others=others)


@blueprint.get("/konfirmasi")
def rounds() -> ResponseReturnValue:
    """Past rounds, and the door for the next one."""
    with house().db.read() as conn:
        liaisons = org_chart.liaisons(conn, today())
        lately = confirmations.asked_since(conn, house().clock.now() - confirm_round.ASKED_AGAIN_AFTER)
        past = confirmations.rounds(conn)
        reach = rollout.read(conn, house().settings.recipients)
    reached = {duty.id for duty in liaisons if confirm_round.may_be_asked(duty, reach)}
    return render_template(
        "directory/rounds.html", liaisons=liaisons, reached=reached, may_ask=reached - lately, lately=lately,
        rounds=past,
    )  # fmt: skip


@blueprint.post("/konfirmasi")
def round_start() -> ResponseReturnValue:
    """Asks all liaisons, or the chosen ones."""
    chosen, everybody = set(request.form.getlist("penugasan", type=int)), request.form.get("siapa") == "semua"
    if everybody and "pasti" not in request.form:
        does = (
            "Setiap penghubung yang dapat ditanya menerima satu pesan WhatsApp pada jam kerja.",
            "Yang baru ditanya dilewati. Pesan yang sudah berangkat tidak dapat ditarik.",
        )
        return sure.ask(
            "Tanya semua penghubung?", does, "Tanya semua", action=url_for("directory.round_start"),
            back=url_for("directory.rounds"), colour="primary", hidden=[("siapa", "semua"), ("pasti", "1")],
        )  # fmt: skip
    try:
        if not everybody and not chosen:
            raise Refused("Pilih siapa yang ditanya.")
        wanted = None if everybody else chosen
        round_id, count = confirm_round.start(asker(), wanted, **asked())
    except Refused as refused:
        flash(str(refused), "warning")
        return redirect(url_for("directory.rounds"), 303)
    flash(f"{count} penghubung ditanya. Pesan berangkat pada jam kerja lewat antrean biasa.", "success")
    return redirect(url_for("directory.round_page", round_id=round_id), 303)


@blueprint.get("/konfirmasi/<int:round_id>")
def round_page(round_id: int) -> ResponseReturnValue:
    """Who answered what: those who moved come first."""
    with house().db.read() as conn:
        found = confirmations.rounds(conn, round_id) or abort(404)
        liaisons = confirmations.of_round(conn, round_id)
    return render_template("directory/round.html", round=found[0], asked=liaisons)
