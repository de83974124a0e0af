"""Where handed-in files lie until they are forgotten, and how far the work on one, or on taking it back, has come.

How far is told by a small file beside the upload, not by its row: an import is one long transaction, and SQLite lets
nobody else write meanwhile. Every process of the web sees the folder, so any of them can show it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from aspal.db import Database
from aspal.records import uploads

KEPT_FOR = timedelta(days=7)  # the report of what was not taken in
DRAFT_KEPT_FOR = timedelta(days=1)  # a file that nobody has applied: it may hold columns that are none of our business
_PULSE, _LEFT_OUT = ".pulse", ".left"
_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A file on the shelf."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Pulse:
    """Which step, how many are done, of how many; and when that was told, in real seconds."""

    step: str
    done: int
    expected: int | None
    at: float


def folder(media_dir: Path) -> Path:
    """Beside the attachments, outside of anything that a web server hands out."""
    return media_dir.with_name(f"{media_dir.name}-uploads")


def keep(shelf: Path, stream: IO[bytes]) -> Kept:
    """Puts a file on the shelf under a name that says nothing and that nobody can guess. All of it or, where the disk
    is full, nothing: raises OSError."""
    shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    name, size, digest = secrets.token_hex(20), 0, hashlib.sha256()
    try:
        with (shelf / name).open("xb") as file:
            while block := stream.read(_AT_ONCE):
                digest.update(block)
                size += file.write(block)
    except OSError:
        drop(shelf, name)
        raise
    return Kept(name, size, digest.hexdigest())


def drop(shelf: Path, name: str) -> None:
    """Takes a file and what lies beside it away."""
    for path in (shelf / name, shelf / f"{name}{_PULSE}", shelf / f"{name}{_LEFT_OUT}"):
        path.unlink(missing_ok=True)


def clear(shelf: Path, name: str) -> None:
    """Takes the file itself away; what was told about it stays."""
    (shelf / name).unlink(missing_ok=True)


def set_down(shelf: Path, name: str, told: Mapping[str, Any]) -> None:
    """Keeps what is to be told about a file."""
    (shelf / f"{name}{_LEFT_OUT}").write_text(json.dumps(told))


def taken_up(shelf: Path, name: str) -> dict[str, Any] | None:
    """What was set down; None when it is not there any more."""
    with suppress(OSError, ValueError):
        return dict(json.loads((shelf / f"{name}{_LEFT_OUT}").read_text()))
    return None


def beat(shelf: Path, name: str, step: str, done: int, expected: int | None) -> None:
    """Tells that the work goes on. Never a half-written line: the file is put there as a whole."""
    shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = shelf / f"{name}{_PULSE}.new"
    fresh.write_text(json.dumps([step, done, expected]))
    fresh.replace(shelf / f"{name}{_PULSE}")


def pulse(shelf: Path, name: str) -> Pulse | None:
    """What was told last; None when nothing ever was."""
    with suppress(OSError, ValueError):
        path = shelf / f"{name}{_PULSE}"
        step, done, expected = json.loads(path.read_text())
        return Pulse(step, done, expected, path.stat().st_mtime)
    return None


def purge(db: Database, media_dir: Path, now: datetime) -> int:
    """Forgets files whose time is over; what was imported from them stays. How many."""
    with db.read() as conn:
        old = uploads.over(conn, applied_before=now - KEPT_FOR, drafts_before=now - DRAFT_KEPT_FOR)
    for one in old:
        drop(folder(media_dir), one.path)
    if old:
        with db.write() as conn:
            uploads.forget(conn, [one.id for one in old])
    return len(old)
