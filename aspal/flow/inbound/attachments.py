"""Attachments of replies: fetched after the fact, a few tries, kept or refused with a reason. Part of station 6."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aspal.core.alarm_keys import MEDIA_DIR
from aspal.db import Database
from aspal.gateways import media
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import Gateway
from aspal.records import health, notes, outbox
from aspal.records.notes import Attachment

log = logging.getLogger(__name__)
# Fresh attachments can be seconds late; and a network or a name server that is away for an hour must cost none.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 3, 15, 60, 300, 1800, 7200))
UNTIL_ROOM = timedelta(minutes=5)
BATCH = 20
GIVEN_UP = "Lampiran tidak dapat diambil setelah beberapa kali dicoba."
UNWRITABLE = (
    "Lampiran balasan tidak dapat disimpan di {} ({}). Kosongkan ruang, atau jadikan folder itu milik pengguna yang "
    "menjalankan ASPAL; lampirannya menunggu dan diambil sendiri sesudahnya."
)


class Unwritable(Exception):
    """The file cannot be written here: our trouble, and never counted against the attachment."""


@dataclass(slots=True)
class MediaCounts:
    """What one round of fetching did."""

    stored: int = 0
    refused: int = 0
    later: int = 0


def fetch_media(
    db: Database, gateway: Gateway, media_dir: Path, now: datetime, texts: Texts | None = None
) -> MediaCounts:
    """Fetches the attachments whose time has come. No transaction is open while the provider is asked.

    With `texts` the sender is told of what was refused.
    """
    counts = MediaCounts()
    with db.read() as conn:
        due = notes.media_due(conn, now, BATCH)
    for one in due:
        try:
            kept = _fetch(gateway, media_dir, one)
        except media.MediaRefused as refusal:
            counts.refused += 1
            _refuse(db, one, refusal.reason, now, texts)
        except Unwritable as trouble:
            log.warning("attachment not written", extra={"media": one.id, "cause": str(trouble)})
            counts.later += 1
            with db.write() as conn:
                notes.media_waits(conn, one.id, now + UNTIL_ROOM)
                health.raise_alarm(conn, MEDIA_DIR, UNWRITABLE.format(media_dir.absolute(), trouble), now)
        except Exception as error:  # not there yet, or the provider is down: the same wait
            cause = str(error) if isinstance(error, media.MediaNotYet) else ""  # ours: it quotes nothing
            log.warning("attachment not fetched", extra={"media": one.id, "error": cause or type(error).__name__})
            if one.tries < len(WAITS):
                counts.later += 1
                with db.write() as conn:
                    notes.media_later(conn, one.id, now, WAITS[one.tries])
            else:
                counts.refused += 1
                _refuse(db, one, GIVEN_UP, now, texts)
        else:
            counts.stored += 1
            with db.write() as conn:
                notes.media_stored(
                    conn, one.id, path=kept.path, stored_type=kept.content_type, size=kept.size, sha256=kept.sha256
                )
                health.clear_alarm(conn, MEDIA_DIR, now)
    return counts


def _fetch(gateway: Gateway, media_dir: Path, one: Attachment) -> media.Kept:
    if not one.ref:
        raise media.MediaRefused("Lampiran tanpa rujukan yang dapat diambil.")
    data = gateway.fetch_media(one.provider_sid, one.ref)
    try:
        return media.keep(data, media_dir)
    except OSError as error:
        raise Unwritable(error.strerror or type(error).__name__) from error


def _refuse(db: Database, one: Attachment, reason: str, now: datetime, texts: Texts | None) -> None:
    with db.write() as conn:
        notes.media_refused(conn, one.id, reason)
        if texts and one.contact_id is not None:
            outbox.put_answer(
                conn, contact_id=one.contact_id, address=one.address, now=now, reply_id=one.reply_id,
                text=texts.render("lampiran_ditolak", {"catatan": reason}).text, dedupe_key=f"refused:{one.reply_id}",
            )  # fmt: skip
