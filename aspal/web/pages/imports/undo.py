"""Batalkan impor: what taking it back would do, and how far it is. A large one takes as long as the import did."""

import logging
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core.refused import Refused
from aspal.db import UNAVAILABLE
from aspal.desk.uploads import BUSY
from aspal.flow import intake, upload_shelf
from aspal.flow.intake.progress import Progress, Step
from aspal.flow.upload_shelf import Pulse
from aspal.records import batch_pages
from aspal.web.auth import only
from aspal.web.house import House, house
from aspal.web.pages.imports import KIND, TABLE, blueprint
from aspal.web.pages.imports.job import Work, is_silent, pulse

_FAILED = "Terjadi kesalahan; tidak ada yang berubah. Coba lagi."
log = logging.getLogger(__name__)


@blueprint.get("/<int:batch_id>/batal")
@only("admin")
def undo_page(batch_id: int) -> ResponseReturnValue:
    """What taking it back would do, and what it cannot take back; how far it is; how it ended."""
    if told := _running(batch_id):
        return render_template("imports/undoing.html", batch_id=batch_id, pulse=told)
    ended = _tell_end(batch_id)
    with house().db.read() as conn:
        found = batch_pages.find(conn, batch_id) or abort(404)
        touched = batch_pages.touched(conn, batch_id)
        held = batch_pages.held_count(conn, batch_id)
    if found.undone_at:
        if not ended:
            flash(f"Impor {batch_id} sudah dibatalkan.", "warning")
        return redirect(url_for("imports.batch", batch_id=batch_id))
    return render_template("imports/undo.html", batch=found, touched=touched, held=held, KIND=KIND, TABLE=TABLE)


@blueprint.get("/<int:batch_id>/batal/kemajuan")
@only("admin")
def undo_progress(batch_id: int) -> ResponseReturnValue:
    """The bar alone, asked for again and again; when it has ended the whole page is loaded anew."""
    if told := _running(batch_id):
        return render_template("imports/_undoing.html", batch_id=batch_id, pulse=told)
    return "", 200, {"HX-Refresh": "true"}


@blueprint.post("/<int:batch_id>/batal")
def undo(batch_id: int) -> ResponseReturnValue:
    """Takes the import back as a whole, or says why not. Whoever presses twice looks on."""
    there, now, by = house(), house().clock.now(), current_user.email
    if not _running(batch_id):
        upload_shelf.drop(_shelf(), _name(batch_id))
        Work(there, _name(batch_id), Step.UNDOING, None, lambda told: _undo(there, batch_id, now, by, told)).begin()
    if _running(batch_id):
        return redirect(url_for("imports.undo_page", batch_id=batch_id), 303)
    _tell_end(batch_id)
    return redirect(url_for("imports.batch", batch_id=batch_id), 303)


def _undo(there: House, batch_id: int, now: datetime, by: str, progress: Progress) -> None:
    """Beside the request; how it ended is set down for whoever looks next."""
    try:
        done = intake.undo(there.db, batch_id, now, by, progress)
        kept = f" {done.closed} ditutup saja karena sudah ada pesan atau catatannya." if done.closed else ""
        end = f"Impor {batch_id} dibatalkan: {done.restored} dikembalikan, {done.deleted} dihapus.{kept}", "success"
    except Refused as refused:
        end = str(refused), "danger"
    except UNAVAILABLE as error:
        log.warning("undo waits for the database", extra={"batch": batch_id, "cause": type(error).__name__})
        end = BUSY, "danger"
    except Exception as error:
        log.error("undo failed", extra={"batch": batch_id, "cause": type(error).__name__})
        end = _FAILED, "danger"
    upload_shelf.set_down(upload_shelf.folder(there.settings.media_dir), _name(batch_id), {"end": end})


def _running(batch_id: int) -> Pulse | None:
    """The newest sign of life, while it neither has ended nor died."""
    told = pulse(house(), _name(batch_id))
    ended = upload_shelf.taken_up(_shelf(), _name(batch_id)) is not None
    return None if ended or is_silent(told) else told


def _tell_end(batch_id: int) -> bool:
    """Says once how it ended; False when there is nothing to say."""
    told = upload_shelf.taken_up(_shelf(), _name(batch_id))
    if told is None:
        return False
    flash(*told["end"])
    upload_shelf.drop(_shelf(), _name(batch_id))
    return True


def _name(batch_id: int) -> str:
    return f"batal-{batch_id}"


def _shelf() -> Any:
    return upload_shelf.folder(house().settings.media_dir)
