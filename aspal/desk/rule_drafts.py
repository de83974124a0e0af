"""How the office writes its rules: a draft, changes one by one, and who must agree.

Whatever is changed names the revision that it was made on. Somebody who was slower is told and writes over nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core.ladder import Ladder
from aspal.core.ladder.data import LadderProblem, ladder_data, ladder_from
from aspal.core.ladder.diff import Difference, differences
from aspal.core.ladder.slips import slips
from aspal.core.recap_time import never_told
from aspal.core.refused import Refused
from aspal.db import Database
from aspal.flow.recap.words import misfit
from aspal.gateways.texts import CONFIDENTIAL, LIST, Texts
from aspal.records import directory, health, journal, ladder_drafts, ladders
from aspal.records.journal import Entry
from aspal.records.ladder_drafts import EDITING, SUBMITTED, Draft

# What a message about one case, and one about many, can say (flow/messages).
_OF_ONE = frozenset(
    {"penerima", "nomor", "kode", "judul", "opd", "tanggal_disposisi", "umur", "batas", "tautan", "kantor", "catatan"}
)
_OF_MANY = frozenset({"penerima", "jumlah", LIST, "opd", "kantor", "batas"})
WAITS = "Rancangan aturan eskalasi menunggu persetujuan orang kedua di halaman Aturan."
OVER = "Rancangan ini sudah tidak dapat diubah."


class Overtaken(Refused):
    """Somebody else changed the draft in the meantime."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            f"Rancangan ini baru saja diubah oleh {draft.changed_by}. Perubahan Anda belum disimpan; "
            "periksa isinya, lalu simpan sekali lagi."
        )
        self.draft = draft


@dataclass(frozen=True)
class Reviewed:
    """A draft beside the rules in force."""

    draft: Draft
    ladder: Ladder
    current: Ladder
    units: Mapping[int, str]
    differences: list[Difference]

    @property
    def needs_approval(self) -> bool:
        """Whether somebody other than its authors must agree."""
        return any(one.high for one in self.differences)

    @property
    def outdated(self) -> bool:
        """Other rules were published since it was begun: publishing it now would take them back unseen."""
        return (self.draft.base_id or 0) != self.current.id


def review(conn: Connection, draft_id: int) -> Reviewed | None:
    """The draft and what it changes; None when there is no such draft."""
    draft = ladder_drafts.by_id(conn, draft_id)
    if draft is None:
        return None
    ladder, current, units = ladder_from(draft.body), ladders.in_force(conn), directory.names_by_id(conn)
    return Reviewed(draft, ladder, current, units, differences(current, ladder, units))


def usable(texts: Texts, *, digest: bool) -> list[str]:
    """The kinds of message that a step may use, case by case or in one digest."""
    known, needed = (_OF_MANY, LIST) if digest else (_OF_ONE, "nomor")
    kinds = [texts.kind(name) for name in texts.kinds() if not name.endswith(CONFIDENTIAL)]
    said = {kind.kind: {variable.name for variable in kind.variables} for kind in kinds if not kind.is_session}
    return [name for name, variables in said.items() if needed in variables and variables <= known]


def checked(data: Mapping[str, Any], texts: Texts) -> Ladder:
    """A ladder that can really be told. Raises LadderProblem."""
    ladder = ladder_from(data)
    if unread := slips(data):
        raise LadderProblem(f"Isian tidak dikenal: {', '.join(unread)}.")
    one, many = usable(texts, digest=False), usable(texts, digest=True)
    for step in ladder.steps:
        if step.template not in (many if step.digest else one):
            how = "dalam satu ringkasan" if step.digest else "per laporan"
            raise LadderProblem(f"Langkah {step.id}: pesan '{step.template}' tidak dapat dipakai {how}.")
    for recap in ladder.recaps:
        if recap.template not in texts.kinds():
            raise LadderProblem(f"Rekap {recap.id}: pesan '{recap.template}' tidak ada.")
        if problem := never_told(recap) or misfit(recap):
            raise LadderProblem(f"Rekap {recap.id}: pesan '{recap.template}' {problem}.")
    return ladder


def begin(
    db: Database, texts: Texts, *, now: datetime, by: str, data: Mapping[str, Any] | None = None, why: str | None = None
) -> int:
    """A new draft: of the rules in force, of a file, or of an old version. Raises LadderProblem for unusable data."""
    with db.act() as conn:
        current = ladders.in_force(conn)
        ladder = checked(data, texts) if data is not None else current
        base = current.id or None
        draft_id = ladder_drafts.add(conn, ladder_data(ladder), base_id=base, note=why, by=by, now=now)
        detail = {"version": current.version, "from": "file" if data is not None else "in_force", "reason": why}
        journal.append(conn, [Entry(now, by, "ladder.draft_begun", f"ladder_draft:{draft_id}", detail)])
    return draft_id


def revise(
    db: Database,
    texts: Texts,
    draft_id: int,
    revision: int,
    change: Callable[[Ladder], Ladder],
    *,
    now: datetime,
    by: str,
) -> list[Difference]:
    """Changes the rules of a draft; what changed. Raises Overtaken, Refused or LadderProblem, and then nothing did."""
    with db.act() as conn:
        draft = _current(conn, draft_id, revision, EDITING)
        before, units = ladder_from(draft.body), directory.names_by_id(conn)
        after = checked(ladder_data(change(before)), texts)
        made = differences(before, after, units)
        if made:
            _write(conn, draft, {"body": ladder_data(after)}, by=by, now=now, wrote=True)
            _tell(conn, draft, by, now, "ladder.draft_changed", {"changes": told(made)})
    return made


def acknowledge(db: Database, draft_id: int, revision: int, *, now: datetime, by: str) -> None:
    """Its author has compared the draft with rules that were published after it was begun. Raises Refused."""
    with db.act() as conn:
        draft = _current(conn, draft_id, revision, EDITING)
        current = ladders.in_force(conn)
        _write(conn, draft, {"base_id": current.id or None}, by=by, now=now, wrote=True)
        _tell(conn, draft, by, now, "ladder.draft_compared", {"version": current.version})


def submit(db: Database, draft_id: int, revision: int, *, now: datetime, by: str, why: str, running: bool) -> None:
    """Asks a second person. From now on nobody changes the draft, unless it is given back. Raises Refused."""
    with db.act() as conn:
        found = ready(conn, draft_id, revision, EDITING, why)
        values = {"state": SUBMITTED, "note": why.strip(), "running": running, "returned_reason": None}
        _write(conn, found.draft, values, by=by, now=now, wrote=True)
        health.raise_alarm(conn, alarm_of(draft_id), WAITS, now)
        _tell(conn, found.draft, by, now, "ladder.draft_submitted", {"reason": why, "running": running})


def give_back(db: Database, draft_id: int, revision: int, *, now: datetime, by: str, why: str) -> None:
    """The draft can be written on again: an approver asks for changes, or its author takes it back. Raises Refused."""
    if not why.strip():
        raise Refused("Tuliskan alasannya, agar penyusun tahu apa yang harus diperbaiki.")
    with db.act() as conn:
        draft = _current(conn, draft_id, revision, SUBMITTED)
        _write(conn, draft, {"state": EDITING, "returned_reason": why.strip()}, by=by, now=now)
        health.clear_alarm(conn, alarm_of(draft_id), now)
        _tell(conn, draft, by, now, "ladder.draft_returned", {"reason": why})


def discard(db: Database, draft_id: int, revision: int, *, now: datetime, by: str) -> None:
    """Lets a draft go; it stays in the table and in the journal. Raises Refused."""
    with db.act() as conn:
        draft = _current(conn, draft_id, revision, EDITING)
        _write(conn, draft, {"state": ladder_drafts.DISCARDED}, by=by, now=now)
        _tell(conn, draft, by, now, "ladder.draft_discarded", {})


def ready(conn: Connection, draft_id: int, revision: int, state: str, why: str) -> Reviewed:
    """A draft that may leave its author's desk. Raises Refused."""
    _current(conn, draft_id, revision, state)
    found = review(conn, draft_id)
    assert found is not None  # just read
    if not why.strip():
        raise Refused("Tuliskan mengapa aturan diubah; alasannya tersimpan bersama versinya.")
    if not found.differences:
        raise Refused("Rancangan ini sama dengan aturan yang berlaku; belum ada yang dapat diterbitkan.")
    if found.outdated:
        raise Refused("Aturan lain terbit sejak rancangan ini dibuat. Periksa perbedaannya lebih dahulu.")
    return found


def told(made: Iterable[Difference]) -> list[dict[str, Any]]:
    """Differences as the journal keeps them."""
    return [{"what": one.what, "before": one.before, "after": one.after} for one in made]


def alarm_of(draft_id: int) -> str:
    """The alarm that stands while the draft waits for a second person."""
    return f"ladder_draft:{draft_id}"


def _current(conn: Connection, draft_id: int, revision: int, state: str) -> Draft:
    draft = ladder_drafts.by_id(conn, draft_id)
    if draft is None:
        raise Refused("Rancangan ini tidak ada.")
    if draft.revision != revision:
        raise Overtaken(draft)
    if draft.state != state:
        raise Refused(OVER)
    return draft


def _write(
    conn: Connection, draft: Draft, values: Mapping[str, Any], *, by: str, now: datetime, wrote: bool = False
) -> None:
    authors = sorted({*draft.authors, by}) if wrote else None
    if not ladder_drafts.change(conn, draft, values, by=by, now=now, authors=authors):
        raise Overtaken(replace(draft, changed_by="orang lain"))


def _tell(conn: Connection, draft: Draft, by: str, now: datetime, action: str, detail: Mapping[str, Any]) -> None:
    journal.append(conn, [Entry(now, by, action, f"ladder_draft:{draft.id}", detail)])
