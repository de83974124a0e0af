"""One person: number, consent, reachability, duties, absences. Whole numbers only here, and not for viewers."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aspal.core.refused import Refused
from aspal.core.wording import long_moment, short_date
from aspal.desk import appointing, confirm_round, contact_acts, shown
from aspal.desk.confirm_round import Asker
from aspal.desk.contact_acts import NumberTaken
from aspal.records import confirmations, org_chart, people, threads
from aspal.web import sure
from aspal.web.auth import only as seen_only_by
from aspal.web.house import house
from aspal.web.message_kinds import name_of
from aspal.web.pages.directory import asked, blueprint, today, typed_day
from aspal.web.refusal import refusal_told
from aspal.web.words import local_day

FILTER = {
    "": "Semua", "tamu": "Daftar tamu", "belum-setuju": "Persetujuan belum dicatat", "berhenti": "Berhenti",
    "tak-terjangkau": "Tidak dapat dihubungi", "tanpa-tugas": "Tanpa penugasan",
}  # fmt: skip


@blueprint.get("/orang")
def persons() -> ResponseReturnValue:
    """Everybody, by name."""
    search, only = request.args.get("cari", "").strip(), request.args.get("tampil", "")
    last, last_id = request.args.get("nama"), request.args.get("id", type=int)
    after = (last, last_id) if last is not None and last_id is not None else None
    with house().db.read() as conn:
        rows, more = people.listed(conn, search, only if only in FILTER else None, after)
        duties = org_chart.duties_of(conn, [row.id for row in rows])
    held: dict[int, list[org_chart.Duty]] = {}
    for duty in duties:
        if duty.standing(today()) != "ended":
            held.setdefault(duty.contact_id, []).append(duty)
    return render_template(
        "directory/persons.html", rows=rows, more=more, held=held, search=search, only=only, FILTER=FILTER,
        today=today(),
    )  # fmt: skip


@blueprint.get("/orang/baru")
@seen_only_by("admin")
def person_new() -> ResponseReturnValue:
    """The form for a new contact; a unit may be given for the first duty, or the reply of a stranger."""
    typed = _stranger(request.args.get("balasan", type=int))
    return render_template("directory/person_new.html", typed=typed, unit_id=request.args.get("unit", type=int))


def _stranger(reply_id: int | None) -> dict[str, str]:
    """The number of an unknown sender, so that nobody has to copy it."""
    with house().db.read() as conn:
        reply = threads.reply(conn, reply_id) if reply_id else None
    return {"phone": reply.address} if reply and reply.state == "unknown_sender" else {}


@blueprint.post("/orang/baru")
def person_add() -> ResponseReturnValue:
    """Adds the contact; the duties follow on its page."""
    unit_id = request.form.get("unit", type=int)
    try:
        contact_id = contact_acts.add(house().db, request.form, **asked())
    except Refused as refused:
        flash(str(refused), "danger")
        holder = refused.holder if isinstance(refused, NumberTaken) else None
        page = render_template("directory/person_new.html", typed=request.form, unit_id=unit_id, holder=holder)
        return page, 422
    flash("Kontak ditambahkan. Sekarang beri penugasannya.", "success")
    return redirect(url_for("directory.person", contact_id=contact_id, unit=unit_id, _anchor="penugasan"), 303)


@blueprint.get("/orang/<int:contact_id>")
def person(contact_id: int) -> ResponseReturnValue:
    """The person's page."""
    return person_page(contact_id)


@blueprint.post("/orang/<int:contact_id>")
def person_change(contact_id: int) -> ResponseReturnValue:
    """Another name, position or number."""
    try:
        changed, moved = contact_acts.change(
            house().db, contact_id, request.form, seen=request.form.get("dilihat"), **asked()
        )
    except Refused as refused:
        flash(str(refused), "danger")
        return person_page(contact_id, typed=request.form, status=422)
    extra = f" {moved} pesan yang belum terkirim dialihkan ke nomor baru." if moved else ""
    flash(f"Perubahan disimpan.{extra}" if changed else "Tidak ada yang berubah.", "success")
    return redirect(url_for("directory.person", contact_id=contact_id), 303)


@blueprint.post("/orang/<int:contact_id>/tamu")
def guest(contact_id: int) -> ResponseReturnValue:
    """On the guest list, or off it."""
    on = request.form.get("tamu") == "1"
    said = "Masuk daftar tamu." if on else "Dikeluarkan dari daftar tamu."
    back = "directory.guests" if request.form.get("dari") == "tamu" else None
    return _done(contact_id, said, lambda: contact_acts.set_guest(house().db, contact_id, on, **asked()), back)


@blueprint.post("/orang/<int:contact_id>/persetujuan")
def consent(contact_id: int) -> ResponseReturnValue:
    """The day of consent."""

    def record() -> None:
        day = typed_day("tanggal")
        if day is None:
            raise Refused("Isi tanggal persetujuan.")
        _record_consent(contact_id, day)

    return _done(contact_id, "Persetujuan dicatat.", record)


@blueprint.get("/orang/<int:contact_id>/persetujuan/cabut")
@seen_only_by("admin")
def ask_withdraw(contact_id: int) -> ResponseReturnValue:
    """What the person hears afterwards: that hangs on whether this office asks before it writes."""
    settings = house().settings
    with house().db.read() as conn:
        found = people.find(conn, contact_id) or abort(404)
    back = url_for("directory.person", contact_id=contact_id)
    if found.consent_at is None:
        flash(f"Untuk {found.name} belum ada persetujuan yang tercatat.", "warning")
        return redirect(back)
    day = short_date(local_day(found.consent_at, settings.office_time_zone))
    does = [
        f"Persetujuan {found.name} tanggal {day} tidak tercatat lagi. Jurnal tetap menyimpan tanggal itu, dan siapa "
        "yang mencabutnya.",
        "Pesan berikutnya menunggu sampai ia setuju lagi; ia ditanya lewat WhatsApp paling banyak sekali seminggu."
        if settings.consent_message == "on"
        else "Pengingat tetap dikirim kepadanya, karena dasarnya SK penugasan. Bila ia tidak mau menerima pesan, "
        "akhiri penugasannya dan tunjuk orang lain, atau minta ia membalas BERHENTI.",
    ]
    action = url_for("directory.withdraw_consent", contact_id=contact_id)
    return sure.ask(f"Cabut persetujuan {found.name}?", does, "Cabut persetujuan", action=action, back=back)


@blueprint.post("/orang/<int:contact_id>/persetujuan/cabut")
def withdraw_consent(contact_id: int) -> ResponseReturnValue:
    """The person no longer agrees, as the office heard it."""
    return _done(contact_id, "Persetujuan dicabut.", lambda: _record_consent(contact_id, None))


def _record_consent(contact_id: int, day: date | None) -> None:
    zone = house().settings.office_time_zone
    contact_acts.record_consent(house().db, contact_id, day, zone=zone, **asked())


@blueprint.post("/orang/<int:contact_id>/terjangkau")
def reachable(contact_id: int) -> ResponseReturnValue:
    """The mark "cannot be reached" goes away."""
    said = "Tanda dihapus; pesan berikutnya menunjukkan apakah nomornya berfungsi."
    return _done(contact_id, said, lambda: contact_acts.reset_unreachable(house().db, contact_id, **asked()))


@blueprint.post("/orang/<int:contact_id>/rekap")
def recaps(contact_id: int) -> ResponseReturnValue:
    """Recaps on or off; the office's recaps for who has no role."""

    def switch() -> None:
        if "kantor" in request.form:
            on = request.form["kantor"] == "1"
            contact_acts.set_office_recaps(house().db, contact_id, on, **asked())
        else:
            contact_acts.set_recaps(house().db, contact_id, request.form.get("rekap") == "0", **asked())

    return _done(contact_id, "Pilihan rekap disimpan.", switch)


@blueprint.post("/orang/<int:contact_id>/uji")
def check(contact_id: int) -> ResponseReturnValue:
    """A test message, through the outbox with all its guards."""
    try:
        leaves = confirm_round.check_number(asker(), contact_id, **asked())
        when = long_moment(leaves, house().settings.office_time_zone)
        flash(f"Pesan uji dibuat dan berangkat {when}. Hasilnya tampak pada daftar pesan di bawah.", "success")
    except Refused as refused:
        flash(str(refused), "warning")
    return redirect(url_for("directory.person", contact_id=contact_id, _anchor="pesan"), 303)


def asker() -> Asker:
    """What asking people needs of the house."""
    with house().db.read() as conn:
        calendars = house().calendars(conn)
    return Asker(house().db, calendars, house().texts, house().settings)


def person_page(contact_id: int, status: int = 200, **typed: Any) -> ResponseReturnValue:
    """The page; what was typed and refused stands in its form again."""
    day = today()
    with house().db.read() as conn:
        found = people.find(conn, contact_id) or abort(404)
        duties = org_chart.duties_of(conn, [contact_id])
        beside = org_chart.duties_at(conn, *{duty.unit_id for duty in duties})
        page = render_template(
            "directory/person.html", person=found, today=day, duties=duties,
            absences=people.absences_of(conn, contact_id, day), messages=people.lately_sent(conn, contact_id),
            moved=confirmations.moved(conn, [contact_id]), units=org_chart.choices(conn),
            others=[other for other in people.choices(conn) if other[0] != contact_id],
            colleagues={duty.contact_id for duty in beside if not duty.ended_at},
            unit_id=request.args.get("unit", type=int), name_of=name_of, mark=shown.mark(found, contact_acts.FIELDS),
            duty_marks={duty.id: shown.mark(duty, appointing.FIELDS) for duty in duties},
            **({"typed": found.__dict__, "typed_duty": {}, "typed_absence": {}} | typed),
        )  # fmt: skip
    return page, status


def _done(contact_id: int, said: str, change: Callable[[], None], back: str | None = None) -> ResponseReturnValue:
    with refusal_told():
        change()
        flash(said, "success")
    return redirect(url_for(back) if back else url_for("directory.person", contact_id=contact_id), 303)
