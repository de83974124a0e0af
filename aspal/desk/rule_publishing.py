"""How rules come into force: by one person, or by a second one where a head or above is concerned; for new dispositions
only, or for the running ones too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core.ladder import Ladder
from aspal.core.ladder.diff import differences
from aspal.core.refused import Refused
from aspal.db import Database
from aspal.desk import rule_drafts
from aspal.desk.rule_drafts import Reviewed
from aspal.flow.rule_spread import spread
from aspal.gateways.texts import Texts
from aspal.records import health, journal, ladder_drafts, ladder_versions, ladders
from aspal.records.journal import Entry
from aspal.records.ladder_drafts import EDITING, PUBLISHED, SUBMITTED


def publish(db: Database, draft_id: int, revision: int, *, now: datetime, by: str, why: str, running: bool) -> Ladder:
    """An author puts a draft in force that concerns no head and nobody above. Raises Refused."""
    with db.act() as conn:
        found = rule_drafts.ready(conn, draft_id, revision, EDITING, why)
        if found.needs_approval:
            raise Refused("Rancangan ini menyangkut kepala OPD atau di atasnya; ajukan kepada orang kedua.")
        ladder = _in_force(conn, found, now, published_by=by, approved_by=None, why=why, running=running)
    spread(db, now)
    return ladder


def approve(db: Database, draft_id: int, revision: int, *, now: datetime, by: str) -> Ladder:
    """A second person puts a submitted draft in force. Raises Refused for anybody who wrote on it."""
    with db.act() as conn:
        draft = ladder_drafts.by_id(conn, draft_id)
        why = draft.note or "" if draft else ""
        found = rule_drafts.ready(conn, draft_id, revision, SUBMITTED, why)
        if by in found.draft.authors:
            raise Refused("Anda ikut menyusun rancangan ini. Yang menyetujui harus orang lain.")
        asked = found.draft.running
        ladder = _in_force(
            conn, found, now, published_by=found.draft.changed_by, approved_by=by, why=why, running=asked
        )
    spread(db, now)
    return ladder


def from_file(
    db: Database, texts: Texts, data: Mapping[str, Any], *, now: datetime, by: str, why: str | None, running: bool
) -> Ladder:
    """The machine's keeper puts a file in force, without a second person. Raises LadderProblem."""
    with db.act() as conn:
        before = ladders.in_force(conn)
        after = rule_drafts.checked(data, texts)
        ladder = ladders.publish(conn, data, now=now, by=by, note=why)
        ladder_versions.describe(conn, ladder.id, approved_by=None, running=running)
        changes = rule_drafts.told(differences(before, after, {}))
        detail = {"version": ladder.version, "previous": before.version, "running": running, "changes": changes}
        journal.append(conn, [Entry(now, by, "ladder.published", f"ladder:{ladder.id}", detail)])
    spread(db, now)
    return ladder


def _in_force(
    conn: Connection,
    found: Reviewed,
    now: datetime,
    *,
    published_by: str,
    approved_by: str | None,
    why: str,
    running: bool,
) -> Ladder:
    draft, by = found.draft, approved_by or published_by
    # The draft first: of two who press the button at once, one finds it changed and publishes nothing.
    if not ladder_drafts.change(conn, draft, {"state": PUBLISHED}, by=by, now=now):
        raise rule_drafts.Overtaken(draft)
    ladder = ladders.publish(conn, draft.body, now=now, by=published_by, note=why.strip())
    ladder_drafts.became(conn, draft.id, ladder.id)
    ladder_versions.describe(conn, ladder.id, approved_by=approved_by, running=running)
    health.clear_alarm(conn, rule_drafts.alarm_of(draft.id), now)
    detail = _detail(found, ladder, why, running=running)
    entries = [Entry(now, published_by, "ladder.published", f"ladder:{ladder.id}", detail)]
    if approved_by:
        agreed = {"version": ladder.version, "authors": list(draft.authors)}
        entries.append(Entry(now, approved_by, "ladder.approved", f"ladder:{ladder.id}", agreed))
    journal.append(conn, entries)
    return ladder


def _detail(found: Reviewed, ladder: Ladder, why: str, *, running: bool) -> dict[str, Any]:
    """What the journal keeps of a publication: old and new, and who wrote it."""
    return {
        "version": ladder.version,
        "previous": found.current.version,
        "draft": found.draft.id,
        "authors": list(found.draft.authors),
        "running": running,
        "reason": why.strip(),
        "changes": rule_drafts.told(found.differences),
    }
