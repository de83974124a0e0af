"""The office's own wording of a kind of message: proposed, approved by WhatsApp, in force, and back again.

Not a station: the page about texts calls it, and station T puts what was approved in force. Until then the text that
is in force goes on being used, so that an office is never left without an approved one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from aspal.core.alarm_keys import TEMPLATE_STATUS
from aspal.core.refused import Refused
from aspal.db import Database
from aspal.gateways import text_rules
from aspal.gateways.texts import Template, TextProblem, Texts
from aspal.gateways.whatsapp.errors import STOPPED_TEMPLATE
from aspal.gateways.whatsapp.port import Gateway
from aspal.records import health, journal, message_texts, templates
from aspal.records.journal import Entry
from aspal.records.message_texts import Version

REJECTED = "text_proposed:"  # the alarm of a proposal that WhatsApp does not take
IN_THE_AIR = "Pesan jenis ini masih ada yang belum pasti terkirim; coba lagi setelah nasibnya diketahui."


def in_force(conn: Connection, files: Texts) -> Texts:
    """Every kind as it speaks now. An own text that no longer fits its file, after an update of ASPAL, is left out."""
    own = message_texts.in_force(conn).values()
    return files.overlaid(template for one in own if (template := worded(files, one)))


def worded(files: Texts, version: Version) -> Template | None:
    """The version as a text of its kind; None where the kind or its variables are not what they were."""
    if version.kind not in files.kinds():
        return None
    try:
        return files.kind(version.kind).edited(version.body, version.samples, version.titles)
    except TextProblem:
        return None


def check(
    files: Texts, current: Template, body: str, samples: Mapping[str, str], titles: Sequence[str]
) -> tuple[Template | None, list[str]]:
    """The text that these words make, and in Indonesian what WhatsApp would not accept of it."""
    try:
        template = files.kind(current.kind).edited(body, samples, titles)
    except TextProblem as problem:
        return None, [str(problem)]
    found = text_rules.problems(template)
    if template.fingerprint == current.fingerprint:
        found.append("teks ini sama dengan yang sedang dipakai")
    return template, found


def propose(
    db: Database, files: Texts, gateway: Gateway, kind: str, body: str, samples: Mapping[str, str],
    titles: Sequence[str], *, now: datetime, by: str, note: str | None,
) -> Version:  # fmt: skip
    """Keeps new words for a kind. Where nobody must approve them they are in force at once. Raises Refused."""
    with db.act() as conn:
        template, problems = check(files, in_force(conn, files).kind(kind), body, samples, titles)
        if template is None or problems:
            raise Refused(f"Teks belum dapat dipakai: {'; '.join(problems)}.")
        version = message_texts.put(conn, kind, template.named_body, samples, titles, note=note, by=by, now=now)
        detail = {"version": version.version, "body": version.body, "titles": list(titles), "note": note}
        journal.append(conn, [Entry(now, by, "text.proposed", f"template:{kind}", detail)])
        health.clear_alarm(conn, REJECTED + kind, now)
        at_once = template.is_session or not gateway.needs_approval
        if at_once and not take_over(conn, files, kind, version.version, now=now, by=by):
            raise Refused(IN_THE_AIR)
    return version


def use_again(db: Database, files: Texts, gateway: Gateway, kind: str, version: int, *, now: datetime, by: str) -> None:
    """Goes back to an earlier text, or to the file's (0), if WhatsApp still approves it. Raises Refused."""
    with db.act() as conn:
        template = _of_version(conn, files, kind, version)
        if gateway.needs_approval and not template.is_session:
            found = templates.sendable(conn, kind, template.fingerprint)
            if found.content_sid is None:
                raise Refused(found.reason or "Teks itu belum disetujui WhatsApp.")
        if not take_over(conn, files, kind, version, now=now, by=by):
            raise Refused(IN_THE_AIR)


def withdraw(db: Database, kind: str, version: int, *, now: datetime, by: str) -> None:
    """Gives up a proposal. Raises Refused."""
    with db.act() as conn:
        if not message_texts.withdraw(conn, kind, version):
            raise Refused("Usulan itu sudah tidak menunggu.")
        health.clear_alarm(conn, REJECTED + kind, now)
        journal.append(conn, [Entry(now, by, "text.withdrawn", f"template:{kind}", {"version": version})])


def take_over(conn: Connection, files: Texts, kind: str, version: int, *, now: datetime, by: str) -> bool:
    """Puts a version in force, and what waits into its words; False while a message of the kind is on its way."""
    template = _of_version(conn, files, kind, version)
    if message_texts.in_the_air(conn, kind):
        return False
    before = message_texts.in_force(conn).get(kind)
    message_texts.put_in_force(conn, kind, version, now)
    reworded = 0
    if not template.is_session:
        reworded = message_texts.reword(conn, kind, template.fixed)
        health.clear_alarm(conn, TEMPLATE_STATUS + kind, now)
        health.clear_alarm(conn, REJECTED + kind, now)
        templates.let_go(conn, kind, STOPPED_TEMPLATE, now)
    detail = {"before": before.version if before else 0, "after": version, "reworded": reworded}
    journal.append(conn, [Entry(now, by, "text.in_force", f"template:{kind}", detail)])
    return True


def _of_version(conn: Connection, files: Texts, kind: str, version: int) -> Template:
    if version == 0:
        return files.kind(kind)
    found = next((one for one in message_texts.of_kind(conn, kind) if one.version == version), None)
    template = worded(files, found) if found else None
    if template is None:
        raise Refused("Versi itu tidak ada, atau tidak cocok lagi dengan variabel jenis pesan ini.")
    return template
