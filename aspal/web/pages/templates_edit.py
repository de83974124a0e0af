"""Wording a kind of message otherwise, going back, and asking WhatsApp how everything stands."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.refused import Refused
from aspal.flow import own_words
from aspal.flow import templates as station
from aspal.gateways.texts import Template
from aspal.web.house import house
from aspal.web.message_kinds import name_of
from aspal.web.pages.templates import blueprint, page_of, template_of
from aspal.web.refusal import refusal_told


@blueprint.post("/<kind>")
def propose(kind: str) -> ResponseReturnValue:
    """Checks or keeps new words. What was typed is shown again when something is wrong with it."""
    template = template_of(kind)
    typed = _typed(template)
    if request.form.get("coba"):
        return page_of(kind, typed)
    the_house = house()
    try:
        version = own_words.propose(
            the_house.db, the_house.file_texts, the_house.gateway, kind, typed["body"], typed["samples"],
            typed["titles"], now=the_house.clock.now(), by=current_user.email,
            note=request.form.get("catatan", "").strip()[:200] or None,
        )  # fmt: skip
    except Refused as refused:
        flash(str(refused), "danger")
        return page_of(kind, typed), 422
    if not template.is_session and the_house.gateway.needs_approval:
        failed = dict(_look_at_proposals().failed)
        flash(f"Versi {version.version} diajukan ke WhatsApp. Teks lama tetap dipakai sampai disetujui.", "success")
        if kind in failed:
            flash(f"WhatsApp belum dapat dihubungi ({failed[kind]}); diajukan lagi tiap jam.", "warning")
    else:
        flash(f"Versi {version.version} langsung dipakai.", "success")
    return redirect(url_for("templates.detail", kind=kind), 303)


@blueprint.post("/<kind>/<int:version_id>/pakai")
def use_again(kind: str, version_id: int) -> ResponseReturnValue:
    """Back to an earlier text; 0 is the one that came with ASPAL."""
    template_of(kind)
    the_house = house()
    return _done(
        kind,
        lambda: own_words.use_again(
            the_house.db, the_house.file_texts, the_house.gateway, kind, version_id, now=the_house.clock.now(),
            by=current_user.email,
        ),
        "Teks itu dipakai lagi.",
    )  # fmt: skip


@blueprint.post("/<kind>/<int:version_id>/batal")
def withdraw(kind: str, version_id: int) -> ResponseReturnValue:
    """Gives up a proposal."""
    template_of(kind)
    now, by = house().clock.now(), current_user.email
    return _done(kind, lambda: own_words.withdraw(house().db, kind, version_id, now=now, by=by), "Usulan dibatalkan.")


@blueprint.post("/daftarkan")
def push() -> ResponseReturnValue:
    """Registers what is not registered yet and asks how everything stands."""
    the_house = house()
    now, texts = the_house.clock.now(), the_house.texts
    proposals = _look_at_proposals()
    pushed = station.push(the_house.db, texts, the_house.gateway, now)
    asked = station.refresh(the_house.db, texts, the_house.gateway, now) if not pushed.failed else pushed
    failed = [*proposals.failed, *pushed.failed, *(asked.failed if asked is not pushed else [])]
    for kind, reason in failed[:3]:
        flash(f"{name_of(kind)}: {reason}", "danger")
    if not failed:
        more = f" {len(proposals.taken_over)} teks baru kini dipakai." if proposals.taken_over else ""
        flash(f"{pushed.pushed} teks didaftarkan, {len(asked.templates)} ditanyakan.{more}", "success")
    return redirect(url_for("templates.index"), 303)


def _typed(template: Template) -> dict[str, Any]:
    form = request.form
    return {
        "body": form.get("isi", "").replace("\r\n", "\n").strip()[:4000],
        "samples": {v.name: form.get(f"contoh-{v.name}", "").strip()[:700] for v in template.variables},
        "titles": [form.get(f"tombol-{button.id}", "").strip()[:60] for button in template.buttons],
    }


def _look_at_proposals() -> station.TemplateRun:
    the_house = house()
    return station.look_at_proposals(the_house.db, the_house.file_texts, the_house.gateway, the_house.clock.now())


def _done(kind: str, do: Callable[[], None], said: str) -> ResponseReturnValue:
    with refusal_told("warning"):
        do()
        flash(said, "success")
    return redirect(url_for("templates.detail", kind=kind), 303)
