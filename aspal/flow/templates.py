"""Station T: message texts -> the provider's approval. A text that WhatsApp stops or re-files is not sent any more."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aspal.core.alarm_keys import TEMPLATE_STATUS
from aspal.db import Database
from aspal.flow import own_words
from aspal.gateways.texts import Template, Texts
from aspal.gateways.whatsapp.errors import STOPPED_TEMPLATE
from aspal.gateways.whatsapp.port import Gateway, RemoteTemplate, SendFailed, registered_name
from aspal.records import health, journal, message_texts, templates
from aspal.records.templates import StoredTemplate

_HEALTHY = {"pushed", "received", "pending", "approved"}
_INDONESIAN = {
    "rejected": "ditolak WhatsApp",
    "paused": "dijeda WhatsApp karena umpan balik yang kurang baik",
    "disabled": "dinonaktifkan WhatsApp",
    "missing": "tidak ada lagi di penyedia",
}


@dataclass(slots=True)
class TemplateRun:
    """How every kind stands after a run, and what could not be asked."""

    templates: list[StoredTemplate] = field(default_factory=list)
    pushed: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)  # kind, Indonesian reason
    taken_over: list[str] = field(default_factory=list)  # kinds that speak in the office's newly approved words

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "pushed": self.pushed,
            "templates": [
                {
                    "kind": one.kind,
                    "name": one.name,
                    "content_sid": one.content_sid,
                    "status": one.status,
                    "category": one.category,
                    "stopped": one.stopped_at is not None,
                    "reason": one.reason,
                }
                for one in self.templates
            ],
            "failed": [{"kind": kind, "reason": reason} for kind, reason in self.failed],
            "taken_over": self.taken_over,
        }


def push(db: Database, texts: Texts, gateway: Gateway, now: datetime) -> TemplateRun:
    """Registers every text that is not registered yet. Doing it again, or after a crash, registers nothing twice."""
    if not gateway.needs_approval:
        return _nothing_to_approve(db, texts, gateway)
    run = TemplateRun()
    for template, stored in _approved_kinds(db, texts):
        if stored and stored.status != "missing":
            run.templates.append(stored)
            continue
        try:
            remote = gateway.push_template(template)
        except SendFailed as problem:
            run.failed.append((template.kind, problem.message))
            if problem.kind == "config":  # every other kind would fail the same way
                break
            continue
        run.pushed += 1
        run.templates.append(_save(db, template, stored, remote, now))
    return run


def refresh(db: Database, texts: Texts, gateway: Gateway, now: datetime) -> TemplateRun:
    """Asks how each registered text stands now; stops what is no longer approved utility, and frees what is again."""
    if not gateway.needs_approval:
        return _nothing_to_approve(db, texts, gateway)
    run = TemplateRun()
    for template, stored in _approved_kinds(db, texts):
        if stored is None or stored.content_sid is None:
            continue
        try:
            remote = gateway.template_status(stored.content_sid)
        except SendFailed as problem:
            run.failed.append((template.kind, problem.message))
            if problem.kind == "config":
                break
            continue
        remote = remote or RemoteTemplate(stored.content_sid, "missing")
        run.templates.append(_save(db, template, stored, remote, now))
    return run


def look_at_proposals(db: Database, files: Texts, gateway: Gateway, now: datetime) -> TemplateRun:
    """Hands the office's new words to WhatsApp, asks how they stand, and puts in force what was approved.

    A proposal that is refused raises its own alarm; the text in force is not touched by it.
    """
    run = TemplateRun()
    with db.read() as conn:
        waiting, known = message_texts.proposed(conn), templates.known(conn)
    for version in waiting:
        template = own_words.worded(files, version)
        if template is None or template.is_session:
            continue
        stored = known.get((version.kind, template.fingerprint))
        try:
            remote = _ask_or_push(gateway, template, stored)
        except SendFailed as problem:
            run.failed.append((version.kind, problem.message))
            if problem.kind == "config":
                break
            continue
        run.templates.append(after := _stored(template, stored, remote, now))
        if _keep_proposal(db, files, after, stored, version.version, now):
            run.taken_over.append(version.kind)
    return run


def _ask_or_push(gateway: Gateway, template: Template, stored: StoredTemplate | None) -> RemoteTemplate:
    sid = stored.content_sid if stored and stored.status != "missing" else None
    if sid is None:
        return gateway.push_template(template)
    return gateway.template_status(sid) or RemoteTemplate(sid, "missing")


def _keep_proposal(
    db: Database, files: Texts, after: StoredTemplate, before: StoredTemplate | None, version: int, now: datetime
) -> bool:
    """Writes down how a proposal stands; True when it was approved and is in force now."""
    with db.write() as conn:
        templates.put(conn, after)
        if before is None or replace(before, checked_at=now) != after:
            journal.append(conn, [_entry(after, now)])
        if after.stopped_at:
            text = f"Teks baru {after.kind} belum dapat dipakai: {after.reason}. Teks lama tetap dipakai."
            health.raise_alarm(conn, own_words.REJECTED + after.kind, text, now)
        if after.status != "approved" or after.stopped_at:
            return False
        return own_words.take_over(conn, files, after.kind, version, now=now, by="templates")


def _nothing_to_approve(db: Database, texts: Texts, gateway: Gateway) -> TemplateRun:
    """A simulator's yes is worth nothing at WhatsApp, so it is shown and not kept."""
    run = TemplateRun()
    for template, _ in _approved_kinds(db, texts):
        remote = gateway.push_template(template)
        run.templates.append(
            StoredTemplate(
                kind=template.kind, fingerprint=template.fingerprint, name=registered_name(template),
                content_sid=None, status=remote.status, category=remote.category, reason=None, checked_at=None,
                stopped_at=None,
            )
        )  # fmt: skip
    return run


def _approved_kinds(db: Database, texts: Texts) -> Iterator[tuple[Template, StoredTemplate | None]]:
    """The kinds that need approval, with what is known of exactly this text."""
    with db.read() as conn:
        known = templates.known(conn)
    for kind in texts.kinds():
        template = texts.kind(kind)
        if not template.is_session:
            yield template, known.get((kind, template.fingerprint))


def _save(
    db: Database, template: Template, before: StoredTemplate | None, remote: RemoteTemplate, now: datetime
) -> StoredTemplate:
    after = _stored(template, before, remote, now)
    why, could = after.reason, before is not None and before.is_sendable
    with db.write() as conn:
        templates.put(conn, after)
        alarm = TEMPLATE_STATUS + template.kind
        if why:
            health.raise_alarm(conn, alarm, f"Templat {template.kind} dihentikan: {why}.", now)
        else:
            health.clear_alarm(conn, alarm, now)
        if after.is_sendable and not could:
            templates.let_go(conn, template.kind, STOPPED_TEMPLATE, now)
        if before is None or replace(before, checked_at=now) != after:
            journal.append(conn, [_entry(after, now)])
    return after


def _stored(template: Template, before: StoredTemplate | None, remote: RemoteTemplate, now: datetime) -> StoredTemplate:
    why = _why_stopped(remote)
    return StoredTemplate(
        kind=template.kind,
        fingerprint=template.fingerprint,
        name=registered_name(template),
        content_sid=remote.content_sid,
        status=remote.status,
        category=remote.category,
        reason=why,
        checked_at=now,
        stopped_at=((before.stopped_at if before else None) or now) if why else None,
    )


def _why_stopped(remote: RemoteTemplate) -> str | None:
    if remote.status not in _HEALTHY:
        why = _INDONESIAN.get(remote.status, f"berstatus {remote.status} di WhatsApp")
        return f"{why} ({remote.reason})" if remote.reason else why
    if remote.category not in (None, "UTILITY"):
        return f"kategorinya berubah menjadi {remote.category}, sehingga lebih mahal dan dapat ditahan WhatsApp"
    return None


def _entry(template: StoredTemplate, now: datetime) -> journal.Entry:
    return journal.Entry(
        at=now,
        actor="templates",
        action="template_stopped" if template.stopped_at else "template_status",
        subject=f"template:{template.kind}",
        detail={"status": template.status, "category": template.category, "reason": template.reason},
    )
