"""A backup is whole, restores onto either database, and never overwrites by accident."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text

from aspal.db import Database
from aspal.records import backup, journal, schema
from aspal.tables import complaints, evidence_documents, media, messages, metadata, replies, units

NOW = datetime(2026, 8, 3, 0, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def stamped(db: Database) -> Database:
    """The database as an upgrade leaves it: with its revision."""
    with db.write() as conn:
        conn.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        conn.execute(text("DELETE FROM alembic_version"))
        conn.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": schema.wanted()})
    return db


def fill(db: Database, media_dir: Path) -> None:
    media_dir.mkdir(exist_ok=True)
    (media_dir / "foto").write_bytes(b"\xff\xd8bukti")
    common = {"status": "proses", "received_on": date(2026, 8, 1), "created_at": NOW, "kind": "pengaduan"}
    with db.write() as conn:
        child = {"id": 1, "name": "Kelurahan", "name_key": "kelurahan", "parent_id": None}
        conn.execute(insert(units), [child, {"id": 2, "name": "Kecamatan", "name_key": "kecamatan", "parent_id": None}])
        conn.execute(units.update().where(units.c.id == 1).values(parent_id=2))  # points at a later row
        conn.execute(insert(complaints).values(tracking_id="1916449", flags=[{"flag": "went_back"}], **common))
        reply = {"provider_sid": "SM1", "address": "x", "raw": {}, "received_at": NOW, "state": "stored"}
        conn.execute(insert(replies).values(id=5, **reply))
        picture = {"claimed_type": "image/jpeg", "state": "stored", "not_before": NOW}
        conn.execute(
            insert(media),
            [{"reply_id": 5, "position": n, "path": p, **picture} for n, p in enumerate(["foto", "hilang"])],
        )
        journal.append(conn, [journal.Entry(NOW, "test", "filled", "unit:1", {})])


def rows_of(db: Database) -> dict[str, list[object]]:
    with db.read() as conn:
        return {
            table.name: [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


def test_a_backup_comes_back_whole_on_sqlite(stamped: Database, tmp_path: Path) -> None:
    fill(stamped, tmp_path / "media")
    written = backup.write(stamped, tmp_path / "aspal.backup", tmp_path / "media")
    assert (written.files, written.missing_files) == (1, 1)
    assert not list(tmp_path.glob("aspal.backup?*"))
    assert (tmp_path / "aspal.backup").stat().st_mode & 0o077 == 0
    other = Database(f"sqlite:///{tmp_path}/other.db")
    schema.upgrade(other)
    restored = backup.restore(other, tmp_path / "aspal.backup", tmp_path / "media2")
    assert restored.rows == written.rows
    assert rows_of(other) == rows_of(stamped)
    assert (tmp_path / "media2" / "foto").read_bytes() == b"\xff\xd8bukti"
    with other.read() as conn:
        assert journal.verify(conn) is None
    other.close()


def test_evidence_travels_with_its_file(stamped: Database, tmp_path: Path) -> None:
    fill(stamped, tmp_path / "media")
    (tmp_path / "media" / "bukti").mkdir()
    (tmp_path / "media" / "bukti" / "sk").write_bytes(b"%PDF-1.7 SK tim")
    kept = {"year": 2026, "aspect": "rencana_aksi", "added_by": "x", "added_at": NOW}
    with stamped.write() as conn:
        for title, path in (("SK", "bukti/sk"), ("Foto", "foto"), ("Hilang", "bukti/hilang"), ("Tanpa berkas", None)):
            conn.execute(insert(evidence_documents).values(title=title, path=path, **kept))
    written = backup.write(stamped, tmp_path / "b", tmp_path / "media")
    assert (written.files, written.missing_files) == (2, 2)  # one of each belongs to evidence; one is shared
    other = Database(f"sqlite:///{tmp_path}/other.db")
    schema.upgrade(other)
    assert backup.restore(other, tmp_path / "b", tmp_path / "media2").files == 2
    assert (tmp_path / "media2" / "bukti" / "sk").read_bytes() == b"%PDF-1.7 SK tim"
    assert rows_of(other) == rows_of(stamped)
    other.close()


def test_a_restored_database_goes_on_counting(stamped: Database, tmp_path: Path) -> None:
    fill(stamped, tmp_path / "media")
    backup.write(stamped, tmp_path / "b", tmp_path / "media")
    before = rows_of(stamped)
    backup.restore(stamped, tmp_path / "b", tmp_path / "media", force=True)
    assert rows_of(stamped) == before
    with stamped.write() as conn:
        assert conn.scalar(insert(units).values(name="Baru", name_key="baru").returning(units.c.id)) == 3
        assert conn.scalar(
            insert(messages)
            .values(address="x", text="t", workday=date(2026, 8, 3), state="held", created_at=NOW, not_before=NOW)
            .returning(messages.c.id)
        )


def test_a_database_with_content_is_not_overwritten(stamped: Database, tmp_path: Path) -> None:
    fill(stamped, tmp_path / "media")
    backup.write(stamped, tmp_path / "b", tmp_path / "media")
    with pytest.raises(backup.BackupProblem, match="--force"):
        backup.restore(stamped, tmp_path / "b", tmp_path / "media")


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.write_bytes(b"bukan"), lambda path: path.touch()]
)
def test_what_is_no_backup_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "b")
    with pytest.raises(backup.BackupProblem):
        backup.revision(tmp_path / "b")


def test_a_backup_knows_its_revision(stamped: Database, tmp_path: Path) -> None:
    backup.write(stamped, tmp_path / "b", tmp_path / "media")
    assert backup.revision(tmp_path / "b") == schema.wanted()


def test_a_broken_database_makes_no_backup_and_leaves_the_last_good_one(tmp_path: Path) -> None:
    """Pages that nobody reads break in silence, and a copy of them would be noticed when it is needed."""
    db = Database(f"sqlite:///{tmp_path}/aspal.db")
    schema.upgrade(db)
    fill(db, tmp_path / "media")
    backup.write(db, tmp_path / "b", tmp_path / "media")
    good = (tmp_path / "b").read_bytes()
    with db.read() as conn:
        page = conn.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_messages_contact'"))
    db.close()
    with (tmp_path / "aspal.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x00" * 4096)
    with pytest.raises(backup.BackupProblem, match="rusak"):
        backup.write(db, tmp_path / "b", tmp_path / "media")
    db.close()
    assert (tmp_path / "b").read_bytes() == good
    assert not list(tmp_path.glob("b?*"))
    db.close()


def test_a_restore_that_is_cut_off_before_its_hold_stands_has_changed_nothing(
    stamped: Database, tmp_path: Path
) -> None:
    """Killed in between it would leave an old database of which nothing is held: everybody would be told again."""
    fill(stamped, tmp_path / "media")
    backup.write(stamped, tmp_path / "b", tmp_path / "media")
    with stamped.write() as conn:
        conn.execute(units.update().values(name="Sejak itu diganti"))
    today = rows_of(stamped)

    def killed(conn: Connection) -> None:
        assert "Kelurahan" in conn.scalars(select(units.c.name)).all()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.restore(stamped, tmp_path / "b", tmp_path / "media", force=True, then=killed)
    assert rows_of(stamped) == today
