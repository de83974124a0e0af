"""How rules come into force: by one person, or by a second one where a head or above is concerned; for new dispositions
only, or for the running ones too. Not a station."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core.ladder import Ladder
from aspal.core.ladder_diff import differences
from aspal.db import Database
from aspal.flow import rules_desk
from aspal.flow.desk import Refused
from aspal.flow.rules_desk import Reviewed
from aspal.gateways.texts import Texts
from aspal.records import health, journal, ladder_drafts, ladder_versions, ladders
from aspal.records.journal import Entry
from aspal.records.ladder_drafts import EDITING, PUBLISHED, SUBMITTED

BATCH = 500  # dispositions a transaction: the scan and the pages come in between
AT_ONCE = 40  # batches while somebody waits; housekeeping does the rest


def publish(db: Database, draft_id: int, revision: int, *, now: datetime, by: str, why: str, running: bool) -> Ladder:
    """An author puts a draft in force that concerns no head and nobody above. Raises Refused."""
    with db.write() as conn:
        found = rules_desk.ready(conn, draft_id, revision, EDITING, why)
        if found.needs_approval:
            raise Refused("Rancangan ini menyangkut kepala OPD atau di atasnya; ajukan kepada orang kedua.")
        ladder = _in_force(conn, found, now, published_by=by, approved_by=None, why=why, running=running)
    spread(db, now)
    return ladder


def approve(db: Database, draft_id: int, revision: int, *, now: datetime, by: str) -> Ladder:
    """A second person puts a submitted draft in force. Raises Refused for anybody who wrote on it."""
    with db.write() as conn:
        draft = ladder_drafts.by_id(conn, draft_id)
        why = draft.note or "" if draft else ""
        found = rules_desk.ready(conn, draft_id, revision, SUBMITTED, why)
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
    with db.write() as conn:
        before = ladders.in_force(conn)
        after = rules_desk.checked(data, texts)
        ladder = ladders.publish(conn, data, now=now, by=by, note=why)
        ladder_versions.describe(conn, ladder.id, approved_by=None, running=running)
        changes = rules_desk.told(differences(before, after, {}))
        detail = {"version": ladder.version, "previous": before.version, "running": running, "changes": changes}
        journal.append(conn, [Entry(now, by, "ladder.published", f"ladder:{ladder.id}", detail)])
    spread(db, now)
    return ladder


def spread(db: Database, now: datetime) -> int | None:
    """Moves running dispositions to the newest version where it is for them too, batch by batch; its id while some are
    left. Repeating it changes nothing: what was told stays told under any version."""
    with db.read() as conn:
        ladder_id = ladder_versions.unspread(conn)
    after: int | None = 0
    for _ in range(AT_ONCE if ladder_id else 0):
        with db.write() as conn:
            after = ladder_versions.spread(conn, ladder_id or 0, after or 0, BATCH, now)
            if after is None:
                ladder_versions.spread_over(conn, ladder_id or 0, now)
                return None
    return ladder_id


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
        raise rules_desk.Overtaken(draft)
    ladder = ladders.publish(conn, draft.body, now=now, by=published_by, note=why.strip())
    ladder_drafts.became(conn, draft.id, ladder.id)
    ladder_versions.describe(conn, ladder.id, approved_by=approved_by, running=running)
    health.clear_alarm(conn, rules_desk.alarm_of(draft.id), now)
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
        "changes": rules_desk.told(found.differences),
    }
