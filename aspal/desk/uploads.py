"""A file from the browser: handed in, read with an admin's answers, previewed, applied. Station 1 does the importing.

What may be pressed twice is a guarded change of state; the work itself runs beside the request that asked for it.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from aspal.core.refused import Refused
from aspal.core.rows.cells import text
from aspal.core.words import Status
from aspal.db import UNAVAILABLE, Database
from aspal.desk.upload_look import look
from aspal.flow import intake, upload_shelf
from aspal.flow.intake.outcome import ImportReport
from aspal.flow.intake.progress import Progress
from aspal.gateways.lapor_file import open_sheet
from aspal.gateways.lapor_file.lines import FileProblem
from aspal.records import imports, uploads
from aspal.records.calendar import Calendars
from aspal.records.uploads import Upload
from aspal.settings import Settings

SHOWN = 200  # entries of one list of a report that the page shows; the download has all of them
_TRY_AGAIN = "Terjadi kesalahan saat berkas dibaca; tidak ada yang berubah. Coba lagi, atau simpan ulang sebagai .xlsx."
BUSY = "Basis data sedang dipakai proses lain; tidak ada yang berubah. Coba lagi beberapa saat lagi."
log = logging.getLogger(__name__)
Row = Sequence[str | int | None]


def hand_in(db: Database, shelf: Path, kind: str, name: str, stream: IO[bytes], *, now: datetime, by: str) -> Upload:
    """Keeps a file and looks at its columns. Raises Refused, and keeps nothing, when it cannot be a table."""
    kept = upload_shelf.keep(shelf, stream)
    try:
        seen = look(db, shelf / kept.path, kind, {})
        about = {"path": kept.path, "size": kept.size, "sha256": kept.sha256, "look": seen}
        with db.write() as conn:
            row = {"kind": kind, "name": name[-200:], "uploaded_by": by, "uploaded_at": now}
            return _there(uploads.find(conn, uploads.add(conn, row | about)))
    except BaseException:
        upload_shelf.drop(shelf, kept.path)
        raise


def answer(db: Database, shelf: Path, upload: Upload, answers: Mapping[str, Any]) -> Upload:
    """Reads the file anew with an admin's answers about its columns and words. Raises Refused."""
    for meaning in answers.get("statuses", {}).values():
        if meaning not in set(Status):
            raise Refused("Arti status itu tidak dikenal.")
    seen = look(db, shelf / upload.path, upload.kind, answers.get("columns", {}))
    with db.write() as conn:
        values = {"answers": dict(answers), "look": seen, "state": "mapping", "report": None, "problem": None}
        if not uploads.move(conn, upload.id, ("mapping", "previewed", "failed"), values):
            raise Refused("Berkas ini sedang diproses atau sudah diterapkan.")
        return _there(uploads.find(conn, upload.id))


def is_clear(upload: Upload) -> bool:
    """Whether nothing needs to be asked before the preview."""
    seen = upload.look
    unknown = set(seen.get("unknown", ())) - set(seen.get("ignored", ())) - set(upload.answers.get("columns", {}))
    return not (seen.get("missing") or seen.get("problem") or unknown or open_questions(upload))


def open_questions(upload: Upload) -> set[str]:
    """The status words and the meanings ("disposed_on", "secrecy") that have no answer, by now or from before."""
    seen, said = upload.look, upload.answers
    words = {word for word in seen.get("status_words", ()) if word not in said.get("statuses", {})}
    asks = ("disposed_on", "secrecy")
    return words | {q for q in asks if seen.get(f"asks_{q}") and not (seen.get(q) or said.get(q))}


def begin(db: Database, upload: Upload, step: str, now: datetime) -> bool:
    """Claims "previewing" or "applying" for whoever asked first; False when it is not this upload's turn."""
    ready = ("previewed",) if step == "applying" else ("mapping", "previewed", "failed")
    values = {"state": step, "started_at": now, "problem": None}
    with db.write() as conn:
        return uploads.move(conn, upload.id, ready, values)


def begin_again(db: Database, upload: Upload, now: datetime) -> bool:
    """After a step died: the preview is done anew, unless the import had been finished after all."""
    with db.write() as conn:
        batch_id = uploads.became(conn, upload) if upload.state == "applying" else None
        if batch_id is not None:
            uploads.name_batch(conn, batch_id, upload.name)
            uploads.restart(conn, upload, {"state": "applied", "batch_id": batch_id})
            return False
        return uploads.restart(conn, upload, {"state": "previewing", "started_at": now, "problem": None})


def work(
    db: Database, shelf: Path, upload_id: int, calendars: Calendars, settings: Settings, progress: Progress
) -> None:
    """Does the step that was begun, and writes down how it ended. Raises nothing: nobody waits for it."""
    with db.read() as conn:
        upload = _there(uploads.find(conn, upload_id))
    ended: dict[str, Any]
    try:
        report = _run(db, shelf, upload, calendars, settings, progress)
        try:
            _set_down_left_out(db, shelf, upload, report)
        except OSError as error:  # a full disk: what is done is done, and only this list cannot be downloaded
            log.warning("list of rows not kept", extra={"upload": upload_id, "cause": error.strerror})
        state = "applied" if report.batch else "previewed"
        ended = {"state": state, "report": _shown(report), "batch_id": report.batch}
    except (Refused, FileProblem) as refused:
        ended = {"state": "failed", "problem": str(refused)}
    except UNAVAILABLE as error:
        log.warning("upload waits for the database", extra={"upload": upload_id, "cause": type(error).__name__})
        ended = {"state": "failed", "problem": BUSY}
    except Exception as error:  # the class only: its text may quote the file
        log.error("upload failed", extra={"upload": upload_id, "cause": type(error).__name__})
        ended = {"state": "failed", "problem": _TRY_AGAIN}
    with db.write() as conn:
        if ended.get("batch_id"):
            uploads.name_batch(conn, ended["batch_id"], upload.name)
        uploads.move(conn, upload_id, uploads.RUNNING, ended)
    if ended.get("batch_id"):
        upload_shelf.clear(shelf, upload.path)  # its personal columns must not lie about once nobody needs the file


def _run(
    db: Database, shelf: Path, upload: Upload, calendars: Calendars, settings: Settings, progress: Progress
) -> ImportReport:
    said = upload.answers
    mapping = {"columns": said.get("columns", {}), "statuses": said.get("statuses", {})}
    given: dict[str, Any] = {"mapping": mapping if any(mapping.values()) else None, "progress": progress}
    if upload.kind == "roster":
        given |= {"disposed_on": said.get("disposed_on"), "secrecy": said.get("secrecy"), "settings": settings}
        take = intake.apply_roster if upload.state == "applying" else intake.preview_roster
    else:
        take = intake.apply_directory if upload.state == "applying" else intake.preview_directory
    assert upload.started_at is not None
    now, path = upload.started_at, shelf / upload.path
    return take(db, path, now=now, calendars=calendars, by=upload.uploaded_by, **given)


def _shown(report: ImportReport) -> dict[str, Any]:
    """The report as the page shows it: long lists cut short, their lengths beside them."""
    whole = report.as_json()
    cut = {name: value[:SHOWN] if isinstance(value, list) else value for name, value in whole.items()}
    firsts = {"first_new": report.first_new[:SHOWN], "first_changed": report.first_changed[:SHOWN]}
    return cut | firsts | {"held_rows": len(report.held), "rejected_rows": len(report.rejected)}


def _set_down_left_out(db: Database, shelf: Path, upload: Upload, report: ImportReport) -> None:
    """What was not taken in, for the download: from the columns that are read, so it outlives the file itself."""
    held = [(row, "ditahan", "", reason) for row, reason in report.held]
    told = sorted(held + [(row, "ditolak", column or "", reason) for row, column, reason in report.rejected])
    with db.read() as conn:
        saved = imports.answers_of(conn, upload.look["layout"])
    mapping = upload.answers.get("columns") or saved.columns
    sheet = open_sheet(shelf / upload.path, mapping=mapping or None, what=upload.kind)
    wanted = {row for row, *_ in told}
    cells = {row.number: row.values for row in sheet.rows() if row.number in wanted} if wanted else {}
    header = ["Baris", "Keputusan", "Kolom", "Alasan", *sheet.columns]
    rows = [[*one, *(text(cells.get(one[0], {}).get(name)) for name in sheet.columns.values())] for one in told]
    upload_shelf.set_down(shelf, upload.path, {"header": header, "rows": rows})


def left_out(shelf: Path, upload: Upload) -> tuple[list[str], list[Row]]:
    """Header and rows of what was not taken in, in the file's own words and with the reasons. Raises Refused."""
    told = upload_shelf.taken_up(shelf, upload.path)
    if told is None:
        raise Refused("Daftar itu sudah tidak disimpan. Unggah lagi untuk melihat baris yang tidak masuk.")
    return told["header"], told["rows"]


def discard(db: Database, shelf: Path, upload: Upload) -> bool:
    """Throws a draft away; False while it is being worked on."""
    with db.write() as conn:
        gone = uploads.remove(conn, upload.id)
    if gone:
        upload_shelf.drop(shelf, upload.path)
    return gone


def _there(upload: Upload | None) -> Upload:
    assert upload is not None
    return upload
