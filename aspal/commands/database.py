"""`aspal db`, `aspal backup`, `aspal restore`."""

import shutil
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aspal.commands.files import GivenFile, NewFile
from aspal.commands.frame import actor, explain, opened, partly, refuse
from aspal.core.wording import long_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from aspal.bootstrap import House
    from aspal.db import Database

_TWO_MINUTES = timedelta(minutes=2)  # cron comes every minute


@click.group()
def db() -> None:
    """Skema basis data."""


@db.command()
def upgrade() -> None:
    """Membuat atau memutakhirkan skema, dan mengisi hari libur yang sudah diketahui."""
    from aspal.records import calendar, schema

    with opened() as house:
        before, after = schema.upgrade(house.db)
        now = house.clock.now()
        with house.db.write() as conn:
            days = calendar.seed(conn, now.year - 3, now.year + 1, now)
    click.echo(f"Skema {before or 'kosong'} -> {after}." if before != after else f"Skema sudah {after}.")
    if before is None:  # whoever stands in the wrong folder has just made a second database
        click.echo(f"Basis data baru: {_place(house.db)}")
    if days:
        click.echo(f"{days} hari libur dan jam kerja ditambahkan.")


@click.command("backup")
@click.argument("file", type=NewFile())
def write_backup(file: Path) -> None:
    """Menyalin seluruh data, lampiran, dan bukti dukung ke satu berkas, sementara aplikasi tetap berjalan."""
    from aspal.records import backup

    with opened() as house:
        try:
            contents = backup.write(house.db, file, house.settings.media_dir)
        except backup.BackupProblem as problem:
            refuse(str(problem))
        is_remembered = _remember(house, {"file": file.name, "rows": contents.rows, "files": contents.files})
    click.echo(f"{file}: {contents.rows} baris, {contents.files} berkas. Simpan dengan aman: berisi nama dan nomor.")
    if contents.missing_files:
        click.echo(f"{contents.missing_files} berkas tidak ditemukan di {house.settings.media_dir}.", err=True)
    partly(is_remembered and not contents.missing_files)


def _remember(house: "House", told: dict[str, Any]) -> bool:
    """So that the page about health can tell how old the newest one is. It is whole also where that cannot be noted."""
    from aspal.db import UNAVAILABLE
    from aspal.records import health

    try:
        with house.db.write() as conn:
            health.set_switch(conn, health.LAST_BACKUP, told, by=actor(), now=house.clock.now())
    except UNAVAILABLE as error:
        click.echo(f"Cadangan utuh, tetapi tanggalnya tidak tercatat. {explain(error) or ''}", err=True)
        return False
    return True


@click.command("restore")
@click.argument("file", type=GivenFile())
@click.option("--force", is_flag=True, help="Ganti seluruh isi basis data yang sudah berisi.")
def read_backup(file: Path, force: bool) -> None:
    """Mengembalikan cadangan ke basis data ini (SQLite atau PostgreSQL). Hentikan web dan worker lebih dahulu."""
    from aspal.desk import restoring
    from aspal.records import backup, schema

    with opened() as house, _room_for_a_copy(house) as folder:
        schema.upgrade(house.db)
        if busy := _at_work(house):
            refuse(busy)
        zone, since = house.settings.office_time_zone, None

        def hold(conn: "Connection") -> None:
            nonlocal since
            if not house.settings.aspal_clock:  # in a rehearsal nothing leaves
                since = restoring.hold(conn, now=house.clock.now(), by=actor(), zone=zone)

        try:
            source = _at_our_revision(file, folder)
            contents = backup.restore(house.db, source, house.settings.media_dir, force=force, then=hold)
        except backup.BackupProblem as problem:
            refuse(str(problem))
    click.echo(f"{contents.rows} baris dan {contents.files} berkas dikembalikan.")
    if since:
        click.echo(
            f"Pesan yang keluar sesudah {long_moment(since, zone)} tidak tercatat, karena itu pengingat ditahan. "
            "Bandingkan dengan konsol Twilio, batalkan yang sudah terkirim (`aspal outbox cancel ID`), lalu lepaskan "
            "sisanya: `aspal outbox release-brake`. Bila sejak itu tidak ada yang keluar, lepaskan saja."
        )


@contextmanager
def _room_for_a_copy(house: "House") -> "Iterator[Path]":
    """A folder on the disk that the data go to: /tmp may be a part of the memory. The folder around may be root's."""
    house.claim_media_dir()
    with tempfile.TemporaryDirectory(prefix="aspal-", dir=house.settings.media_dir) as folder:
        yield Path(folder)


def _at_work(house: "House") -> str | None:
    """Who would at once send what the backup has waiting. Cron holds no lease between two ticks; but it promises the
    next heartbeat later than a worker does."""
    from aspal.clock import SystemClock
    from aspal.records import health
    from jobs import tick
    from jobs.timetable import TIMETABLE

    with house.db.read() as conn:
        if health.is_held(conn, "worker", SystemClock().now()):
            return "Worker masih berjalan. Hentikan web, worker, dan cron, tunggu setengah menit, lalu ulangi."
        if house.settings.aspal_clock:  # a rehearsal: its clock may stand still, and nothing leaves
            return None
        now, steady = house.clock.now(), {job.name for job in TIMETABLE if not job.slot}
        beats = [beat for beat in health.heartbeats(conn) if beat.name in steady]
    if any(beat.every_seconds == tick.EVERY and abs(now - beat.at) < _TWO_MINUTES for beat in beats):
        return "Cron masih menjalankan `aspal run`. Jadikan barisnya komentar, tunggu dua menit, lalu ulangi."
    return None


def _place(db: "Database") -> str:
    url = db.engine.url
    return str(Path(url.database or "").absolute()) if db.is_sqlite else url.render_as_string()  # without its password


def _at_our_revision(file: Path, folder: Path) -> Path:
    """An older backup is brought to today's schema in a copy; a newer one cannot be read."""
    from aspal.db import Database
    from aspal.records import backup, schema

    if backup.revision(file) == schema.wanted():
        return file
    if not schema.is_known(backup.revision(file)):
        raise backup.BackupProblem("cadangan ini dibuat oleh versi ASPAL yang lebih baru; mutakhirkan dahulu")
    copy = folder / "copy.db"
    try:
        shutil.copy(file, copy)
    except OSError as error:
        said = f"salinan {file} tidak dapat dibuat di {folder.parent} ({error.strerror}); kosongkan ruang di sana"
        raise backup.BackupProblem(said) from error
    older = Database(f"sqlite:///{copy}")
    try:
        schema.upgrade(older)
    finally:
        older.close()
    return copy
