"""Templat pesan: every kind as it reads on a phone, how WhatsApp stands to it, and the office's own wording."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from aspal.flow import own_words
from aspal.gateways.texts import Template
from aspal.gateways.whatsapp.port import registered_name
from aspal.records import message_texts
from aspal.records import templates as records
from aspal.records.message_texts import Version
from aspal.records.templates import StoredTemplate
from aspal.web.house import house
from aspal.web.message_kinds import name_of, readers_of
from aspal.web.words import Word

blueprint = Blueprint("templates", __name__, url_prefix="/templat")
VARIABLES = {
    "penerima": "nama orang yang menerima",
    "nomor": "nomor laporan di SP4N-LAPOR!",
    "kode": "kode pendek untuk membalas",
    "judul": "judul laporan; tidak pernah ditulis untuk yang rahasia",
    "opd": "nama unit kerja yang menerima disposisi",
    "tanggal_disposisi": "hari disposisi",
    "umur": "umur dalam hari kerja",
    "batas": "batas waktunya",
    "tautan": "alamat laporan di LAPOR",
    "kantor": "nama kantor dari pengaturan",
    "jumlah": "banyaknya laporan",
    "daftar": "daftar laporan, dipisahkan titik koma",
    "catatan": "keterangan singkat tentang keadaan laporan",
    "waktu": "hari dan jam",
}
STATUS = {
    "approved": Word("Disetujui", "green"),
    "pushed": Word("Diajukan", "azure"),
    "received": Word("Menunggu WhatsApp", "yellow"),
    "pending": Word("Menunggu WhatsApp", "yellow"),
    "rejected": Word("Ditolak", "red"),
    "paused": Word("Dijeda WhatsApp", "red"),
    "disabled": Word("Dinonaktifkan", "red"),
    "missing": Word("Hilang di penyedia", "red"),
    "none": Word("Belum didaftarkan", "orange"),
    "free": Word("Tidak perlu persetujuan", "secondary"),
    "simulated": Word("Disetujui simulator", "green"),
}
VERSION = {
    "proposed": Word("Menunggu persetujuan", "yellow"),
    "in_force": Word("Dipakai", "green"),
    "replaced": Word("Pernah dipakai", "secondary"),
    "withdrawn": Word("Dibatalkan", "secondary"),
}


class Shown(NamedTuple):
    """One kind in the list."""

    kind: str
    label: str
    readers: str
    template: Template
    status: Word
    reason: str | None
    own: bool
    proposed: bool


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Every kind: those that WhatsApp must approve first, then the answers."""
    files, gateway = house().file_texts, house().gateway
    with house().db.read() as conn:
        texts = own_words.in_force(conn, files)
        known, own = records.known(conn), message_texts.in_force(conn)
        proposed = {one.kind for one in message_texts.proposed(conn)}
    shown = [
        Shown(
            kind, name_of(kind), readers_of(kind), texts.kind(kind),
            *_standing(texts.kind(kind), known, gateway),            kind in own, kind in proposed,
        )
        for kind in texts.kinds()
    ]  # fmt: skip
    shown.sort(key=lambda one: (one.template.is_session, one.status.colour == "green", one.label))
    previews = {one.kind: _filled(one.template) for one in shown}
    return render_template("templates/index.html", shown=shown, previews=previews, approving=gateway.needs_approval)


@blueprint.get("/<kind>")
def detail(kind: str) -> ResponseReturnValue:
    """One kind with its versions, its variables, and the form to word it otherwise."""
    return page_of(kind)


@blueprint.get("/<kind>.toml")
def download(kind: str) -> ResponseReturnValue:
    """The text in force as a file for templates_msg."""
    template = template_of(kind)
    lines = [f"kind = {_quoted(template.kind)}", f"name = {_quoted(template.name)}"]
    lines += [f"language = {_quoted(template.language)}", f"category = {_quoted(template.category)}"]
    lines += [f'body = """\n{template.named_body}"""', "", "[samples]"]
    lines += [f"{variable.name} = {_quoted(variable.sample)}" for variable in template.variables]
    for button in template.buttons:
        lines += ["", "[[buttons]]", f"id = {_quoted(button.id)}", f"title = {_quoted(button.title)}"]
    named = {"Content-Disposition": f'attachment; filename="{kind}.toml"'}
    return Response("\n".join(lines) + "\n", content_type="application/toml; charset=utf-8", headers=named)


def page_of(kind: str, typed: Mapping[str, Any] | None = None) -> str:
    """One kind's page; with what was typed, also how that would read and what is wrong with it."""
    template, files, gateway = template_of(kind), house().file_texts, house().gateway
    with house().db.read() as conn:
        versions = message_texts.of_kind(conn, kind)
        known = records.known(conn)
    tried: Template | None = None
    problems: list[str] = []
    if typed:
        tried, problems = own_words.check(files, template, typed["body"], typed["samples"], typed["titles"])
    status, reason = _standing(template, known, gateway)
    return render_template(
        "templates/detail.html", kind=kind, template=template, label=name_of(kind), readers=readers_of(kind),
        status=status, reason=reason, preview=_filled(template), versions=_versions(versions, known), typed=typed,
        tried=_filled(tried) if tried else None, tried_template=tried, problems=problems, explained=VARIABLES,
        own=any(one.state == "in_force" for one in versions), registered=registered_name(template),
        approving=gateway.needs_approval and not template.is_session,
    )  # fmt: skip


def template_of(kind: str) -> Template:
    """The text in force; 404 when there is no such kind."""
    texts = house().texts
    if kind not in texts.kinds():
        abort(404)
    found: Template = texts.kind(kind)
    return found


def _standing(
    template: Template, known: Mapping[tuple[str, str], StoredTemplate], gateway: Any
) -> tuple[Word, str | None]:
    if template.is_session:
        return STATUS["free"], None
    if not gateway.needs_approval:
        return STATUS["simulated"], None
    stored = known.get((template.kind, template.fingerprint))
    if stored is None:
        return STATUS["none"], "Teks ini belum diajukan ke WhatsApp, jadi tidak dapat dikirim."
    if stored.stopped_at:
        return STATUS.get(stored.status, STATUS["none"])._replace(colour="red"), stored.reason
    return STATUS.get(stored.status, Word(stored.status, "secondary")), stored.reason


def _versions(
    versions: list[Version], known: Mapping[tuple[str, str], StoredTemplate]
) -> list[tuple[Version, Word, Word | None, str | None]]:
    """Each version with what became of it and how WhatsApp stands to it."""
    found = []
    for one in versions:
        template = own_words.worded(house().file_texts, one)
        stored = known.get((one.kind, template.fingerprint)) if template else None
        status = STATUS.get(stored.status) if stored else None
        found.append((one, VERSION[one.state], status, stored.reason if stored else None))
    return found


def _filled(template: Template) -> Markup:
    """The text with its samples, each marked."""
    pieces = [escape(template.fixed[0])]
    for variable, after in zip(template.variables, template.fixed[1:], strict=True):
        pieces += [Markup("<mark>{}</mark>").format(variable.sample), escape(after)]
    return Markup("").join(pieces)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
