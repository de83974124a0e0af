"""UU 27/2022: no reporter is ever stored; what is kept about officers ends, can be shown, and can be taken out."""

import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from aspal import tables as t
from aspal.core.rows import Cells, RosterReader
from aspal.core.secrecy import redact, visible_title
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.desk import privacy
from aspal.flow import callback, inbound
from aspal.flow.mailroom import Mailroom
from aspal.records import imports, journal
from tests.flow.phone import understand, writes
from tests.office import ROSTER, Office
from tests.office import row as line
from tests.test_cli import Run, run, told
from tests.web.test_webhooks import form
from tests.world import Somebody, World

__all__ = ["run"]
PERSONAL = (
    "Nama Pelapor", "Pelapor", "NIK", "No. KTP", "Nama", "Nama Lengkap", "Nama Pengadu", "Email", "E-mail Pelapor",
    "Alamat", "Alamat Pelapor", "No HP", "Nomor HP", "No. WA", "Telepon", "No Telp Pelapor", "Jenis Kelamin",
    "Tanggal Lahir", "Username", "User ID", "Isi Laporan", "Isi Aduan", "Uraian", "Deskripsi", "Isi Laporan Awal",
    "reporter_name", "Identitas Pelapor",
)  # fmt: skip


def dump(db: Database) -> str:
    """Every value of every table, as text."""
    with db.read() as conn:
        rows = [list(row) for table in t.metadata.sorted_tables for row in conn.execute(select(table))]
    return json.dumps(rows, default=str, ensure_ascii=False)


@pytest.fixture
def office(db: Database, tmp_path: Path) -> Office:
    made = Office(db, tmp_path)
    made.directory()
    return made


# --- reporters --------------------------------------------------------------------------------------------------------


def test_no_value_of_a_personal_column_is_stored_anywhere(office: Office) -> None:
    """Rows that are taken, changed, held and rejected alike; previews and undone imports too."""
    secrets = [f"RAHASIA{n:03d}X" for n in range(len(PERSONAL))]
    header, more = f"{ROSTER};{';'.join(PERSONAL)}", ";" + ";".join(secrets)
    rows = (
        line("1916449") + more,
        line("1916450", unit="Dinas Entah") + more,  # held: unknown unit
        line("1916451", status="Entah") + more,  # held: unknown status
        line("abc") + more,  # rejected
        line("1916452", masuk="99/99/2026") + more,
    )
    office.roster(*rows, header=header, applied=False)
    report = office.roster(*rows, header=header)
    assert set(report.as_json()["dropped_columns"]) == set(PERSONAL)
    office.day_passes()
    office.roster(line("1916449", status="Proses") + more, header=header)
    stored = dump(office.db)
    assert "1916449" in stored
    assert [secret for secret in secrets if secret in stored] == []
    assert json.dumps(report.as_json(), default=str).count("RAHASIA") == 0


def test_a_mapping_cannot_make_a_personal_column_something_else(office: Office) -> None:
    mapping = {"Nama Pelapor": "judul", "NIK": "lokasi"}
    office.roster(line("1916449") + ";RAHASIA1;RAHASIA2", header=f"{ROSTER};Nama Pelapor;NIK", mapping=mapping)
    assert "RAHASIA" not in dump(office.db)


NUMBERS = (
    "3201010101010001", "3201 0101 0101 0001", "32.01.01.010101.0001", "081234567890", "0812-3456-7890",
    "+62 812 3456 7890", "6281234567890", "budi.pelapor@surel.test", "021-5550123",
)  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_people_in_free_cells_are_blacked_out_on_import_and_again_before_sending(
    office: Office, number: str
) -> None:
    title = f"Jalan rusak, hubungi {number} segera"
    office.roster(line("1916449", judul=title), line("1916450", judul=title, status="Entah"))
    assert "Jalan rusak" in dump(office.db)
    assert number not in dump(office.db)
    assert number not in (visible_title(title, False, False) or "")


def test_a_title_that_slipped_into_the_database_is_blacked_out_before_it_is_sent(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    slug = "https://www.lapor.go.id/laporan/detil/hubungi-081234567890"
    title = "Hubungi 081234567890 NIK 3201010101010001"
    world.complaint("1916449", unit, disposed="2026-08-03", title=title, link=slug)
    world.until("2026-08-05 12:00", every_minutes=120)
    texts = " ".join(world.texts(sari))
    assert "1916449" in texts
    assert "081234567890" not in texts
    assert "3201010101010001" not in texts
    variables = json.dumps([row.variables for row in world.rows(t.messages)])
    assert "3201010101010001" not in variables


def test_redaction_takes_no_time_whatever_it_is_given() -> None:
    """It once scanned a long word again from each of its letters."""
    import time

    begun = time.process_time()
    for text in ("a" * 70_000, "a@" * 35_000, "a.b-" * 17_000, "1 " * 35_000, "0812" * 17_000, "+62" * 20_000):
        redact(text)
    assert time.process_time() - begun < 5


def test_an_unreadable_row_is_kept_without_numbers_of_people() -> None:
    cells = Cells.of(
        2, {"tracking_id": "1916449", "status": "3201010101010001", "judul": "081234567890", "tgl_masuk": "x"}
    )
    problem = RosterReader(today=date(2026, 8, 3)).read(cells)
    assert "3201010101010001" not in str(problem)
    assert "081234567890" not in str(problem)


# --- officers: an old and a young case --------------------------------------------------------------------------------


class Told:
    """An officer with a case that ended long ago and one that runs."""

    def __init__(self, db: Database) -> None:
        self.world = world = World(db, "2024-01-15 09:00")
        self.unit = world.unit("Dinas PUPR")
        self.sari = world.person(
            "Sari Contoh", Role.LIAISON, self.unit, position="Kasubbag", whatsapp_id="ID.1234567890"
        )
        self.head = world.person("Kepala Contoh", Role.HEAD, self.unit)
        old = world.complaint("1916449", self.unit, disposed="2024-01-12")
        self._talk(self.sari, "LAMA sudah beres", photos=1)
        self._stranger("halo LAMA")
        world.change(old, status="selesai")
        world.clock.moment = world.at("2026-08-12 09:00")
        world.complaint("2050001", self.unit, disposed="2026-08-10", title="Laporan Sari Contoh")
        self._talk(self.sari, "2050001 BARU sedang diproses kata Sari Contoh")
        self._stranger("halo BARU")
        with db.write() as conn:
            batch = imports.begin(conn, "directory", "a.csv", "0" * 64, "x", world.clock.now())
            change = imports.Change(self.sari.id, {"phone": "+6281211112222"}, {"phone": self.sari.phone})
            imports.update_rows(conn, batch, "contacts", [change])
            imports.hold(conn, batch, [(3, "dua nomor", {"nama": "Sari Contoh", "no_wa": self.sari.phone})])
            conn.execute(
                t.alarms.insert().values(
                    key="k", text="Identitas WhatsApp Sari Contoh berubah", raised_at=world.clock.now()
                )
            )

    def _talk(self, who: Somebody, text: str, photos: int = 0) -> None:
        world = self.world
        world.tick()
        message = next(row for row in reversed(world.rows(t.messages, contact_id=who.id)) if row.provider_sid)
        report = form(MessageSid=message.provider_sid, MessageStatus="delivered", To=f"whatsapp:{who.phone}")
        callback.record(Mailroom(world.db), report | {"a": message.token or ""}, world.clock.now())
        writes(world, who, text, photos=photos, ProfileName="Sari Contoh")
        if photos:
            self.phone = inbound.fetch_media(world.db, _Camera(), world.settings.media_dir, world.clock.now())  # type: ignore[arg-type]

    def _stranger(self, text: str) -> None:
        writes(self.world, "+6281277776666", text)
        self.world.tick()

    def counts(self) -> dict[str, int]:
        kept = (t.complaints, t.dispositions, t.notices, t.messages, t.replies, t.notes, t.reports, t.media)
        return {table.name: len(self.world.rows(table)) for table in kept}

    def chain_holds(self) -> bool:
        with self.world.db.read() as conn:
            return journal.verify(conn) is None


class _Camera:
    def fetch_media(self, _sid: str, _ref: str) -> bytes:
        return b"\xff\xd8\xff\xe0foto"


@pytest.fixture
def story(db: Database) -> Told:
    return Told(db)


def files(world: World) -> list[Path]:
    return [path for path in world.settings.media_dir.rglob("*") if path.is_file()]


def test_a_dry_run_counts_and_changes_nothing(story: Told) -> None:
    world, before = story.world, dump(story.world.db)
    found = privacy.preview(world.db, 24, world.clock.now())
    assert (found.files, found.parts["notes"], found.applied) == (1, 1, False)
    assert found.parts["messages"] >= 1
    assert found.parts["replies"] == 2
    assert dump(world.db) == before
    assert len(files(world)) == 1


def test_a_purge_forgets_the_words_of_ended_cases_and_keeps_counts_and_chain(story: Told) -> None:
    world, before = story.world, story.counts()
    planned = privacy.preview(world.db, 24, world.clock.now())
    done = privacy.purge(world.db, world.settings.media_dir, 24, world.clock.now(), "cli")
    assert (done.parts, done.files) == (planned.parts, planned.files)
    stored = dump(world.db)
    assert "LAMA" not in stored
    assert "BARU" in stored
    assert files(world) == []
    assert story.counts() == before
    assert story.chain_holds()
    again = privacy.purge(world.db, world.settings.media_dir, 24, world.clock.now(), "cli")
    assert not any(again.parts.values())
    # a replay of the forgotten webhook is still known by its id, and the machine goes on
    first = world.rows(t.replies)[0].provider_sid
    writes(world, story.sari, "LAMA sudah beres", sid=first)
    world.tick()
    assert len(world.rows(t.replies)) == before["replies"]


def test_what_still_runs_is_never_forgotten_however_old(db: Database) -> None:
    world = World(db, "2024-01-15 09:00")
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    complaint = world.complaint("1916449", unit, disposed="2024-01-12")
    world.tick()
    writes(world, sari, "sedang diproses")
    world.change(complaint, status=Status.IN_PROCESS)
    world.clock.moment = world.at("2026-08-12 09:00")
    done = privacy.purge(world.db, world.settings.media_dir, 24, world.clock.now(), "cli")
    assert done.parts["notes"] == done.parts["messages"] == done.parts["replies"] == 0
    assert "sedang diproses" in dump(world.db)


def test_the_office_chooses_how_long(story: Told) -> None:
    world = story.world
    assert privacy.preview(world.db, 36, world.clock.now()).parts["notes"] == 0
    assert privacy.months_before(world.at("2026-03-31 09:00"), 1).date() == date(2026, 3, 1)
    assert privacy.months_before(world.at("2026-08-12 09:00"), 24).date() == date(2024, 8, 12)


def test_a_person_gets_everything_that_is_known(story: Told) -> None:
    world = story.world
    found = privacy.export(world.db, story.sari.phone, world.clock.now(), "cli")
    assert found is not None
    plain = json.loads(json.dumps(found, default=str))
    for table in ("contacts", "appointments", "messages", "replies", "notes", "notices", "media", "reports", "journal"):
        assert plain[table], table
    assert "LAMA sudah beres" in json.dumps(plain)
    assert story.head.name not in json.dumps(plain["contacts"])
    assert privacy.export(world.db, "+6281299990000", world.clock.now(), "cli") is None
    stranger = privacy.export(world.db, "+6281277776666", world.clock.now(), "cli")
    assert stranger is not None
    assert len(stranger["replies"]) == 2


TRACES = ("Sari Contoh", "6281200000001", "81211112222", "ID.1234567890", "Kasubbag")


def test_after_an_erasure_no_table_names_the_person_and_everything_else_stands(story: Told) -> None:
    world, before = story.world, story.counts()
    assert story.sari.phone == "+6281200000001"
    assert privacy.erase(world.db, story.sari.phone, world.clock.now(), "cli") == story.sari.id
    stored = dump(world.db)
    assert [trace for trace in TRACES if trace in stored] == []
    assert story.counts() == before
    assert story.chain_holds()
    # the record of the case stays, under an alias; others are untouched
    texts = [row.text for row in world.rows(t.notes)]
    assert any("BARU sedang diproses" in text for text in texts)
    assert story.head.name in stored
    assert privacy.export(world.db, story.sari.phone, world.clock.now(), "cli") is None
    world.clock.moment += timedelta(days=1)
    world.tick()
    assert not world.rows(t.messages, address=story.sari.phone)
    assert story.chain_holds()


def test_a_stranger_can_be_taken_out_too(story: Told) -> None:
    privacy.erase(story.world.db, "+6281277776666", story.world.clock.now(), "cli")
    assert "81277776666" not in re.sub(r"\*+", "", dump(story.world.db))


def test_nobody_is_taken_out_while_a_message_to_them_is_in_the_air(story: Told) -> None:
    world = story.world
    with world.db.write() as conn:
        last = world.rows(t.messages, contact_id=story.sari.id)[-1].id
        conn.execute(t.messages.update().where(t.messages.c.id == last).values(state="unknown"))
    with pytest.raises(privacy.EraseRefused):
        privacy.erase(world.db, story.sari.phone, world.clock.now(), "cli")
    assert "Sari Contoh" in dump(world.db)


def test_a_reply_that_came_before_the_erasure_and_is_understood_after_it_breaks_nothing(story: Told) -> None:
    world = story.world
    late = form(From=f"whatsapp:{story.sari.phone}", MessageSid="SMlate")
    inbound.receive(Mailroom(world.db), late, world.clock.now())
    privacy.erase(world.db, story.sari.phone, world.clock.now(), "cli")
    assert understand(world).errors == 0


# --- the command line -------------------------------------------------------------------------------------------------


def test_the_commands_preview_by_default_and_say_what_they_did(story: Told, run: Run, tmp_path: Path) -> None:
    if not story.world.db.is_sqlite:
        return  # the commands open the database by its address; one engine is enough to see them work
    from sqlalchemy import text

    from aspal.records import schema

    with story.world.db.write() as conn:
        conn.execute(text(f"CREATE TABLE {schema.VERSION_TABLE} (version_num VARCHAR(32))"))
        conn.execute(text(f"INSERT INTO {schema.VERSION_TABLE} VALUES ('{schema.wanted()}')"))
    story.world.db.close()
    env: dict[str, Any] = {"DATABASE_URL": str(story.world.db.engine.url), "MEDIA_DIR": str(tmp_path / "m")}
    shutil.copytree(story.world.settings.media_dir, tmp_path / "m")
    env["ASPAL_CLOCK"] = "2026-08-12T10:00+07:00"
    assert told(run("privacy", "purge", "--json", **env))["applied"] is False
    read = run("privacy", "purge", **env).stdout.splitlines()
    assert (read[0][:16], read[-1]) == (
        "Lebih lama dari ",
        "Belum ada yang dihapus. Tambahkan --apply untuk menghapus.",
    )
    assert told(run("privacy", "purge", "--apply", "--json", **env))["notes"] == 1
    assert told(run("privacy", "purge", "--json", RETENTION_MONTHS="1", **env))["notes"] == 0
    assert told(run("privacy", "export", "0812-0000-0001", **env))["contacts"][0]["name"] == "Sari Contoh"
    assert told(run("privacy", "erase", "081200000001", "--json", **env))["duties"] == ["pejabat_penghubung Dinas PUPR"]
    assert told(run("privacy", "erase", "081200000001", "--apply", "--json", **env))["applied"] is True
    assert run("privacy", "export", "081200000001", **env).returncode == 2
    assert told(run("journal", "verify", "--json", **env))["ok"] is True
    assert run("privacy", "purge", RETENTION_MONTHS="nol", **env).returncode == 2
