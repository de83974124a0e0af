"""The command line keeps its promises: names, keys, exit codes, one JSON object and nothing else on stdout."""

import json
import os
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from aspal.clock import SystemClock
from aspal.commands import checks
from aspal.commands.root import PLACES, aspal
from aspal.db import Database
from aspal.records import health
from aspal.settings import Settings, SettingsError, load
from tests.world import World

DIRECTORY = """OPD;Singkatan;Jenis;Nama;Jabatan;Peran;No WA;Nomor SK;Berlaku Mulai;Berlaku Sampai
Dinas Contoh;DC;opd;Penghubung Contoh;Sekretaris;pejabat_penghubung;0812-0000-0001;SK/1;01/01/2026;31/12/2026
Dinas Contoh;DC;opd;Kepala Contoh;Kepala Dinas;kepala_opd;081200000002;SK/1;01/01/2026;31/12/2026
Dinas Kominfo;Kominfo;opd;Admin Contoh;Pranata;admin_instansi;081200000003;SK/1;01/01/2026;31/12/2026
"""
ROSTER = "\n".join(
    [
        "Tracking ID;Judul Laporan;Klasifikasi;Kadar Pengawasan;Instansi Terdisposisi;Status Laporan;Tanggal Laporan;"
        "Tanggal Disposisi;Tanggal Tindak Lanjut;Tanggal Selesai;Rahasia;Anonim",
        "1916449;Lampu padam;Pengaduan;Tidak;Dinas Contoh;Belum Ditindaklanjuti;30/07/2026;31/07/2026;;;Tidak;Tidak",
        "1916450;Rusak;Pengaduan;Tidak;Dinas Contoh;Selesai;01/07/2026;02/07/2026;06/07/2026;10/07/2026;Tidak;Tidak",
    ]
)
Run = Callable[..., subprocess.CompletedProcess[str]]


def runner(folder: Path) -> Run:
    """`aspal` as a process of its own, in a folder, on Monday morning."""
    base = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    base |= {"DATABASE_URL": f"sqlite:///{folder}/aspal.db", "ASPAL_CLOCK": "2026-08-03T09:00+07:00"}
    base |= {"SECRET_KEY": "s" * 40, "MEDIA_DIR": str(folder / "media")}
    base |= {"PYTHONPATH": str(Path(__file__).parents[1])}  # this tree, whichever one the command was installed from

    def call(*words: object, stdin: str = "", module: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        program = [sys.executable, "-m", module] if module else [Path(sys.executable).with_name("aspal")]
        command = [*program, *map(str, words)]
        return subprocess.run(command, input=stdin, env=base | env, cwd=folder, capture_output=True, text=True)

    return call


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return runner(tmp_path)


def told(done: subprocess.CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    """The one JSON object."""
    assert done.returncode == code, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an office's database: its directory and roster are in."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "d.csv").write_text(DIRECTORY, "utf-8")
    (folder / "r.csv").write_text(ROSTER, "utf-8")
    run = runner(folder)
    assert run("db", "upgrade").returncode == 0
    told(run("import", "directory", "d.csv", "--apply", "--json"))
    told(run("import", "roster", "r.csv", "--apply", "--json"))
    return folder


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Run:
    """Each test has its own copy of the office."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    return runner(tmp_path)


def test_every_command_of_the_promise_explains_itself() -> None:
    import click

    for name in PLACES:
        command = aspal.get_command(click.Context(aspal), name)
        assert command is not None
        assert command.help, name
        for sub in getattr(command, "commands", {}).values():
            assert sub.help, f"{name} {sub.name}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nix", "Perintah nix tidak dikenal. Lihat: aspal --help"),
        ("run nix", "NAME: pilih salah satu dari inbound, "),
        ("run", "NAME belum ditulis: inbound, "),
        ("import roster tidak-ada.csv", "tidak-ada.csv: berkas ini tidak ada"),
        ("import roster .", ".: ini folder, bukan berkas"),
        ("import roster r.csv --mapping tidak-ada.toml", "tidak-ada.toml: berkas ini tidak ada"),
        ("import roster", "FILE belum ditulis. Lihat: aspal import roster --help"),
        ("import roster r.csv --nix", "Opsi --nix tidak dikenal. "),
        ("import roster r.csv --secrecy", "Nilai untuk --secrecy belum ditulis."),
        ("import roster r.csv lagi", "Perintah ini tidak dapat dibaca (Got unexpected extra argument (lagi)). "),
        ("report rapor", "--year belum ditulis. Lihat: aspal report rapor --help"),
        ("report rapor --year 2026 --quarter 1 --month 7", "--quarter dan --month tidak dapat dipakai bersama; "),
        ("report rapor --year 2026 --quarter 5", "--quarter: harus bilangan bulat 1 sampai 4. "),
        ("outbox cancel x", "ID...: harus bilangan bulat. "),
        ("privacy purge --apply --dry-run", "--apply dan --dry-run tidak dapat dipakai bersama; "),
        ("calendar add 31/12/2026 Libur", "DAY: tulis tanggalnya seperti 2026-08-31. "),
        ("users add a@b.go.id --role bos", "--role: pilih salah satu dari admin, approver, viewer. "),
        ("show outbox --state nix", "--state: pilih salah satu dari waiting, held, cancelled, "),
        ("outbox resend 9999999999999999999", "Nomor 9999999999999999999 tidak ada."),
        ("outbox cancel 1 9999999999999999999", "Nomor 9999999999999999999 tidak ada."),
        ("import undo 9999999999999999999", "Nomor 9999999999999999999 tidak ada."),
        ("held status 9999999999999999999 Diproses proses", "Nomor 9999999999999999999 tidak ada."),
        ("show outbox --limit 9999999999999999999", "--limit: harus bilangan bulat 1 sampai 1000000000. "),
        ("show replies --state nix", "--state: pilih salah satu dari stored, matched, "),
        ("guests add 0812", "0812: terlalu pendek"),
        ("privacy export nix", "nix: bukan nomor telepon"),
    ],
)
def test_what_is_typed_wrongly_is_one_line_in_the_offices_language(office: Run, words: str, said: str) -> None:
    done = office(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


def test_a_group_without_its_command_explains_itself(office: Run) -> None:
    done = office("show")
    assert done.returncode == 2
    assert "complaint  Satu laporan" in done.stderr


def test_one_morning_from_import_to_message(office: Run) -> None:
    for phone in ("081200000001", "+6281200000002"):
        assert office("guests", "add", phone).returncode == 0
    assert len(told(office("guests", "list", "--json"))["guests"]) == 2
    counts = told(office("run", "tick", "--json"))
    assert counts["scan"]["looked_at"] == 1
    assert counts["bundle"]["messages"] == 1
    assert counts["deliver"]["accepted"] == 1 + counts["recap"]["messages"]
    found = told(office("show", "complaint", "1916449", "--json"))
    assert found["dispositions"][0]["unit"] == "Dinas Contoh"
    assert "+6281200000001" in [message["to"] for message in found["messages"]]
    assert {"id", "template", "state", "provider_sid", "error_code", "text"} <= found["messages"][0].keys()
    assert {"step", "audience", "contact", "workday", "state", "reason"} <= found["notices"][0].keys()
    assert found["messages"][0] in told(office("show", "outbox", "--json"))["messages"]
    assert "Penghubung Contoh: menjadi pesan #" in office("show", "complaint", "1916449").stdout
    assert told(office("show", "replies", "--json")) == {"replies": []}
    assert told(office("why", "1916449", "--json"))["dispositions"][0]["working_days"] == 1
    assert told(office("journal", "verify", "--json"))["ok"]
    again = told(office("run", "tick", "--json"))
    assert again["deliver"]["accepted"] == 0


@pytest.mark.parametrize("name", ["recap", "tick"])
def test_a_station_says_the_same_by_its_own_module(office: Run, name: str) -> None:
    office("run", "tick")
    said = told(office("run", name, "--json"))
    assert told(office(name, "--json", module="jobs")) == said
    assert office(name, module="jobs").stdout == ""  # cron would mail it every minute
    assert office(name, "--nix", module="jobs").returncode == 2


def test_a_preview_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DIRECTORY, "utf-8")
    run("db", "upgrade")
    found = told(run("import", "directory", "d.csv", "--json"))
    assert found["applied"] is False
    assert found["rows"] == 3
    assert told(run("import", "directory", "d.csv", "--json"))["new"] == found["new"]


def test_an_import_can_be_taken_back(office: Run) -> None:
    assert told(office("import", "undo", 2, "--json"))["undone"]
    assert office("show", "complaint", "1916449").returncode == 2
    assert office("import", "undo", 2).returncode == 2


def test_rejected_rows_make_the_import_partly_done(office: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(ROSTER.replace("30/07/2026", "kapan-kapan"), "utf-8")
    found = told(office("import", "roster", "bad.csv", "--apply", "--json"), code=1)
    assert found["rejected"][0]["row"] == 2


def test_the_rapor_has_its_keys_and_documents(office: Run, tmp_path: Path) -> None:
    found = told(office("report", "rapor", "--year", 2026, "--xlsx", "r.xlsx", "--pdf", "r.pdf", "--json"))
    assert (found["total"], found["selesai"], found["persen_penyelesaian"]) == (2, 1, 50.0)
    assert (tmp_path / "r.pdf").exists()
    assert (tmp_path / "r.xlsx").exists()


def test_a_backup_restores_into_an_empty_database(office: Run, tmp_path: Path) -> None:
    assert office("backup", "b.aspal").returncode == 0
    assert office("restore", "b.aspal").returncode == 2
    elsewhere = f"sqlite:///{tmp_path}/other.db"
    assert office("restore", "b.aspal", DATABASE_URL=elsewhere).returncode == 0
    assert told(office("show", "complaint", "1916449", "--json", DATABASE_URL=elsewhere))["tracking_id"] == "1916449"


def test_a_backup_that_finds_no_room_is_one_line_and_leaves_the_older_one(office: Run, tmp_path: Path) -> None:
    assert office("backup", "b.aspal").returncode == 0
    older = (tmp_path / "b.aspal").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        done = office("backup", "b.aspal")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("b.aspal tidak dapat ditulis")
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "b.aspal").read_bytes() == older
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize(("older", "said"), [(True, "salinan b.aspal tidak dapat dibuat"), (False, "lampiran")])
def test_a_restore_that_finds_no_room_is_one_line_and_leaves_the_database(
    office: Run, tmp_path: Path, older: bool, said: str
) -> None:
    assert office("backup", "b.aspal").returncode == 0
    with closing(sqlite3.connect(tmp_path / "b.aspal")) as file, file:
        file.execute("INSERT INTO backup_files VALUES ('ab/foto', zeroblob(9000000))")
        if older:
            file.execute("UPDATE alembic_version SET version_num = '0002'")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000_000, limits[1]))
    try:
        done = office("restore", "b.aspal", "--force")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.rglob("aspal-*"))
    assert told(office("show", "complaint", "1916449", "--json"))["tracking_id"] == "1916449"


def test_a_backup_of_an_older_schema_says_that_and_nothing_of_room(office: Run, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/aspal.db")
    with database.write() as conn:
        conn.exec_driver_sql("DROP TABLE evidence_documents")
    database.close()
    done = office("backup", "b.aspal")
    assert done.returncode == 2
    assert "aspal db upgrade" in done.stderr


def test_a_database_that_cannot_be_written_is_named_by_the_doctor_and_still_backed_up(
    office: Run, tmp_path: Path
) -> None:
    readonly = f"sqlite:///file:{tmp_path}/aspal.db?mode=ro&uri=true"
    found = told(office("doctor", "--json", DATABASE_URL=readonly, PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    said = {check["name"]: (check["level"], check["text"]) for check in found["checks"]}["database"]
    assert said[0] == "red"
    assert "tidak dapat ditulis" in said[1]
    done = office("backup", "b.aspal", DATABASE_URL=readonly)
    assert done.returncode == 1
    assert "Cadangan utuh" in done.stderr
    assert (tmp_path / "b.aspal").is_file()


def test_what_every_account_of_the_machine_can_read_is_named(office: Run, tmp_path: Path) -> None:
    assert not (tmp_path / "aspal.db").stat().st_mode & 0o077, "made for its owner alone"
    (tmp_path / ".env").write_text("LOG_LEVEL=info\n")
    for mode, named in ((0o644, 2), (0o640, 0)):
        (tmp_path / ".env").chmod(mode)
        (tmp_path / "aspal.db").chmod(mode)
        found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
        assert [check["name"] for check in found["checks"]].count("permissions") == named


def test_in_the_wrong_folder_the_folder_is_named(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"]}
    command = Path(sys.executable).with_name("aspal")
    done = subprocess.run([command, "guests", "list"], env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert f"Jalankan: aspal db upgrade. Folder {tmp_path} tidak memuat .env" in done.stderr
    made = subprocess.run([command, "db", "upgrade"], env=env, cwd=tmp_path, capture_output=True, text=True)
    assert f"Basis data baru: {tmp_path}/var/aspal.db" in made.stdout


def test_a_backup_is_not_restored_under_a_running_worker(office: Run, tmp_path: Path) -> None:
    assert office("backup", "b.aspal").returncode == 0
    database = Database(f"sqlite:///{tmp_path}/aspal.db")
    with database.write() as conn:
        health.take_lease(conn, "worker", "running", SystemClock().now(), 20)
    done = office("restore", "b.aspal", "--force")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Worker masih berjalan.")
    with database.write() as conn:
        health.release_lease(conn, "worker", "running")
    database.close()
    assert office("restore", "b.aspal", "--force").returncode == 0


def test_a_backup_is_not_restored_while_cron_goes_on(office: Run, tmp_path: Path) -> None:
    """A tick holds no lease between two minutes; what it leaves behind is a heartbeat of its own rhythm."""
    assert office("backup", "b.aspal").returncode == 0
    assert office("run", "tick", ASPAL_CLOCK="").returncode == 0
    done = office("restore", "b.aspal", "--force", ASPAL_CLOCK="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Cron masih menjalankan")
    assert office("restore", "b.aspal", "--force").returncode == 0, "a rehearsal's clock may stand still"


def test_who_restores_last_nights_backup_is_told_that_reminders_are_held_and_what_to_do(
    office: Run, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{tmp_path}/aspal.db")
    with database.write() as conn:
        health.beat(conn, "scan", SystemClock().now() - timedelta(hours=9), 300)
    database.close()
    assert office("backup", "b.aspal").returncode == 0
    assert "ditahan" not in office("restore", "b.aspal", "--force").stdout, "in a rehearsal nothing leaves"
    done = office("restore", "b.aspal", "--force", ASPAL_CLOCK="")
    assert done.returncode == 0, done.stderr
    assert "tidak tercatat, karena itu pengingat ditahan" in done.stdout
    assert "aspal outbox release-brake" in done.stdout
    found = told(office("doctor", "--json", ASPAL_CLOCK="", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    assert any("Data dipulihkan dari cadangan" in check["text"] for check in found["checks"])


@pytest.mark.parametrize(("version", "cure"), [("0001", "Jalankan: aspal db upgrade"), ("9999", "git pull")])
@pytest.mark.parametrize("words", ["run tick", "run scan", "worker"])
def test_no_station_runs_on_a_schema_of_another_version(
    office: Run, tmp_path: Path, words: str, version: str, cure: str
) -> None:
    """Some would work, some fail, and one that fails half-way in the middle of a morning is the worst of all."""
    database = Database(f"sqlite:///{tmp_path}/aspal.db")
    with database.write() as conn:
        conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    done = office(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert f"versi {version}" in line
    assert cure in line
    with database.read() as conn:
        assert health.heartbeats(conn) == []
    database.close()


def test_a_database_of_a_newer_version_is_neither_upgraded_nor_written_over(office: Run, tmp_path: Path) -> None:
    assert office("backup", "b.aspal").returncode == 0
    database = Database(f"sqlite:///{tmp_path}/aspal.db")
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for words in ("db upgrade", "restore b.aspal --force"):
        done = office(*words.split())
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert "lebih baru" in done.stderr


@pytest.mark.parametrize("words", ["report rapor --year 2026 --xlsx", "report rapor --year 2026 --pdf", "backup"])
@pytest.mark.parametrize("target", ["tidak-ada/hasil", "d.csv/hasil", "."], ids=["missing", "a file", "a folder"])
def test_where_nothing_can_be_written_is_one_line(office: Run, words: str, target: str) -> None:
    done = office(*words.split(), target)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert any(word in done.stderr for word in ("tidak ada", "tidak dapat ditulis", "ini folder"))


@pytest.mark.parametrize("words", ["report rapor --year 2026 --xlsx", "report rapor --year 2026 --pdf", "backup"])
def test_a_result_never_takes_the_place_of_a_pipe_or_a_device(office: Run, tmp_path: Path, words: str) -> None:
    os.mkfifo(tmp_path / "pipa")  # /dev/null, said by root, would be a file afterwards, for the whole machine
    done = office(*words.split(), "pipa")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "pipa: bukan berkas biasa; tulis nama berkas lain\n")
    assert (tmp_path / "pipa").is_fifo()


def test_a_backup_to_a_link_is_written_where_the_link_leads(office: Run, tmp_path: Path) -> None:
    (tmp_path / "terbaru.aspal").symlink_to("senin.aspal")
    assert office("backup", "terbaru.aspal").returncode == 0
    assert (tmp_path / "terbaru.aspal").is_symlink()
    assert (tmp_path / "senin.aspal").is_file()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_folder_for_attachments_that_cannot_be_written_is_one_line(office: Run, command: str) -> None:
    done = office(command, MEDIA_DIR="d.csv/media")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("MEDIA_DIR: d.csv/media tidak dapat ditulis")
    found = told(office("doctor", "--json", MEDIA_DIR="d.csv/media", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    assert "red" in [check["level"] for check in found["checks"] if check["name"] == "MEDIA_DIR"]


def test_the_doctor_notices_that_uploads_have_no_place_beside_the_attachments(office: Run, tmp_path: Path) -> None:
    """As under systemd, where ReadWritePaths names the folder of the attachments alone."""
    (tmp_path / "media-uploads").write_text("")
    found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    assert [c["level"] for c in found["checks"] if c["name"] == "MEDIA_DIR" and "media-uploads" in c["text"]] == ["red"]
    assert office("run", "tick").returncode == 0, "reminders do not need them"


def test_an_empty_address_of_the_database_is_no_address(run: Run, tmp_path: Path) -> None:
    done = run("db", "upgrade", DATABASE_URL="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("DATABASE_URL: kosong")
    assert not (tmp_path / "var").exists()


def test_the_doctor_also_names_what_is_well(office: Run) -> None:
    office("run", "tick")
    found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    well = {check["name"] for check in found["checks"] if check["level"] == "ok"}
    assert {"database", "schema", "holidays", "templates", "approval", "job scan", "MEDIA_DIR"} <= well
    texts = [check["text"] for check in found["checks"]]
    assert "tanpa pejabat penghubung yang dapat dihubungi: Dinas Kominfo" in texts


@pytest.mark.parametrize(
    ("later", "said"),
    [("2026-08-03T09:20+07:00", "systemctl restart aspal-worker"), ("2026-08-02T09:00+07:00", "jam server tertinggal")],
)
def test_to_the_doctor_a_dead_worker_is_one_finding_with_its_cure(office: Run, later: str, said: str) -> None:
    office("run", "tick")
    found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9", ASPAL_CLOCK=later), code=1)
    (red,) = [
        check for check in found["checks"] if check["level"] == "red" and check["name"].startswith(("job", "work"))
    ]
    assert red["name"] == "worker"
    assert said in red["text"]


def test_to_the_doctor_a_job_that_fails_is_told_beside_those_that_are_silent(office: Run, tmp_path: Path) -> None:
    office("run", "tick")
    database = Database(f"sqlite:///{tmp_path}/aspal.db")
    with database.write() as conn:
        health.fail(conn, "scan", datetime(2026, 8, 3, 2, 5, tzinfo=UTC), 300, "LookupError")
    for clock, names in (("2026-08-03T09:10+07:00", ["job scan"]), ("2026-08-03T09:20+07:00", ["worker", "job scan"])):
        found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9", ASPAL_CLOCK=clock), code=1)
        red = [check["name"] for check in found["checks"] if check["level"] == "red"]
        assert [name for name in red if name.startswith(("job", "work"))] == names
    database.close()


def test_a_login_is_made_with_a_password_from_stdin(office: Run) -> None:
    made = office(
        "users", "add", "admin@contoh.go.id", "--role", "admin", "--password-stdin", stdin="kata-sandi-panjang-1\n"
    )
    assert made.returncode == 0
    assert told(office("users", "list", "--json"))["users"][0]["roles"] == ["admin"]
    short = office("users", "add", "b@contoh.go.id", "--role", "admin", "--password-stdin", stdin="123\n")
    assert (short.returncode, short.stdout) == (2, "")


def test_a_password_that_may_not_be_used_is_asked_for_again(office: Run) -> None:
    """And where nobody types one, it is said how else to give it; and in the end, where to log in."""
    typed = ["pendek", "pendek", "kata-sandi-panjang-1", "kata-sandi-panjang-1"]
    made = office("users", "add", "b@contoh.go.id", "--role", "viewer", stdin="\n".join(typed) + "\n")
    assert "paling sedikit 8 karakter. Ketik yang lain." in made.stderr
    assert made.stdout == "Akun b@contoh.go.id siap, peran viewer. Masuk di http://127.0.0.1:8000/login\n"
    nobody = office("users", "add", "c@contoh.go.id", "--role", "viewer")
    assert (nobody.returncode, "--password-stdin" in nobody.stderr) == (2, True)


@pytest.mark.parametrize(("flags", "left"), [((), "authenticator"), (("--forget-two-factor",), None)])
def test_the_server_takes_a_second_factor_off_only_when_it_is_told_to(
    office: Run, tmp_path: Path, flags: tuple[str, ...], left: str | None
) -> None:
    words, password = ("users", "add", "admin@contoh.go.id", "--role", "admin"), "kata-sandi-panjang-1\n"
    assert office(*words, "--password-stdin", *flags, stdin=password).returncode == 0, "a new account has none"
    database = Database(f"sqlite:///{tmp_path}/aspal.db")
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE users SET tf_primary_method = 'authenticator', tf_totp_secret = 'x'")
    assert office(*words, "--password-stdin", *flags, stdin=password).returncode == 0
    with database.read() as conn:
        assert conn.exec_driver_sql("SELECT tf_primary_method FROM users").scalar() == left
    database.close()


def test_a_day_off_has_a_name(office: Run) -> None:
    assert office("calendar", "add", "2026-08-20", "  ").returncode == 2
    assert office("calendar", "add", "2026-08-20", " Hari  jadi ").stdout == "2026-08-20 libur: Hari jadi.\n"


def test_rules_are_published_as_a_new_version(office: Run, tmp_path: Path) -> None:
    rules = json.loads(office("ladder", "export").stdout)
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    assert office("ladder", "publish", "rules.json", "--note", "uji").returncode == 0
    assert told(office("ladder", "replay", "rules.json", "--days", 10, "--json"))["difference"] == {}
    read = office("ladder", "replay", "rules.json", "--days", 10).stdout.splitlines()
    assert read[0].endswith(" disposisi, 10 hari terakhir; tidak ada yang dikirim.")
    assert read[1].startswith("Jumlah pesan tetap ")
    (tmp_path / "rules.toml").write_text(office("ladder", "export", "--toml").stdout, "utf-8")
    assert "semua disposisi" in office("ladder", "publish", "rules.toml", "--running").stdout
    (tmp_path / "rules.json").write_text("{}", "utf-8")
    assert office("ladder", "publish", "rules.json").returncode == 2
    rules["langkah"][0]["templat"] = "tidak_ada"
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    for words in ("publish", "replay"):
        done = office("ladder", words, "rules.json")
        assert (done.returncode, done.stdout) == (2, "")
        assert "Langkah R0: pesan 'tidak_ada' tidak dapat dipakai" in done.stderr


@pytest.mark.parametrize(
    ("gateway", "said"),
    [
        ({}, "disetujui simulator"),
        ({"WHATSAPP_GATEWAY": "twilio", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t"}, "belum didaftarkan"),
    ],
)
def test_a_text_that_nobody_has_registered_is_told_as_the_gateway_takes_it(
    office: Run, gateway: dict[str, str], said: str
) -> None:
    listed = told(office("templates", "list", "--json", TWILIO_WHATSAPP_FROM="whatsapp:+6281200000000", **gateway))
    assert {text["status"] for text in listed["templates"]} == {"tidak perlu", said}


def test_a_day_off_can_be_added_and_taken_back(office: Run) -> None:
    assert office("calendar", "add", "2026-08-12", "Hari jadi kabupaten").returncode == 0
    days = told(office("calendar", "list", "--year", 2026, "--json"))["days"]
    assert [day["kind"] for day in days if day["day"] == "2026-08-12"] == ["local"]
    assert office("calendar", "remove", "2026-08-12").returncode == 0
    assert office("calendar", "remove", "2026-08-12").returncode == 2


def test_a_blank_day_of_disposition_is_asked_for_by_its_option(office: Run, tmp_path: Path) -> None:
    (tmp_path / "kosong.csv").write_text(ROSTER.replace("31/07/2026", ""), "utf-8")
    assert "--disposed-on received" in office("import", "roster", "kosong.csv").stdout
    held = told(office("import", "roster", "kosong.csv", "--json"))["held"]
    assert [row["reason"].startswith("Tanggal disposisi kosong") for row in held] == [True]


@pytest.mark.parametrize(
    "mapping",
    [
        "Kode = 5",
        '[kolom]\nKode = "tracking_id"',
        '"Kode" = "tracking_id"\n[statuses]\nRampung = "selesai"',
        "columns = []\n[statuses]",
    ],
    ids=["a number", "a table of another name", "columns beside a table", "a list"],
)
def test_a_mapping_that_says_nothing_is_told_instead_of_passed_over(office: Run, tmp_path: Path, mapping: str) -> None:
    (tmp_path / "m.toml").write_text(mapping, "utf-8")
    done = office("import", "roster", "r.csv", "--mapping", "m.toml", "--json")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert done.stderr.startswith("Pemetaan kolom tidak dapat dibaca")


def test_a_typed_complaint_gets_a_number_and_merges(office: Run) -> None:
    made = office("complaint", "add", "Sampah menumpuk", "--unit", "Dinas Contoh", "--received", "2026-08-02")
    assert made.stdout.strip() == "MAN-2026-0001"
    merged = office("complaint", "merge", "MAN-2026-0001", "1916499")
    assert (merged.returncode, "belum ada dalam data LAPOR" in merged.stderr) == (0, True)
    assert told(office("show", "complaint", "MAN-2026-0001", "--json"))["tracking_id"] == "1916499"
    assert office("complaint", "add", "X", "--unit", "Tidak Ada", "--received", "2026-08-02").returncode == 2
    assert office("complaint", "add", " ", "--unit", "Dinas Contoh", "--received", "2026-08-02").returncode == 2


def test_a_paused_office_is_silent_and_goes_on_afterwards(office: Run) -> None:
    office("guests", "add", "081200000001")
    assert office("pause", "office", "--reason", "LAPOR pindah server").returncode == 0
    assert told(office("run", "tick", "--json"))["bundle"]["messages"] == 0
    assert office("resume", "office").returncode == 0
    assert told(office("run", "tick", "--json"))["bundle"]["messages"] == 1


def test_an_admin_decides_about_a_case_by_its_number_or_short_code(office: Run) -> None:
    code = told(office("show", "complaint", "1916449", "--json"))["dispositions"][0]["code"]
    why = ("--reason", "uji")
    assert office("complaint", "extend", "1916449", "--until", "2026-08-10", *why).returncode == 0
    assert office("complaint", "extend", "1916449", "--until", "2062-08-10", *why).returncode == 2
    assert [office("complaint", "end-extension", "1916449").returncode for _ in range(2)] == [0, 2]
    assert office("complaint", "pause", f"#{code}", "--until", "2026-08-10", *why).returncode == 0
    assert [office("complaint", "resume", code.lower()).returncode for _ in range(2)] == [0, 2]
    assert office("complaint", "refuse-extension", "1916449", *why).returncode == 2  # none was asked for
    assert office("complaint", "redispose", "1916449", "Dinas Kominfo", *why).returncode == 0
    parts = told(office("show", "complaint", "1916449", "--json"))["dispositions"]
    assert [(part["unit"], part["ended_at"] is None) for part in parts] == [
        ("Dinas Contoh", False),
        ("Dinas Kominfo", True),
    ]
    assert office("complaint", "resume", "7654321").returncode == 2


def test_a_paused_unit_is_silent(office: Run) -> None:
    office("guests", "add", "081200000001")
    pause = office("pause", "unit", "dinas contoh", "--until", "2026-08-05", "--reason", "uji")
    assert pause.returncode == 0, pause.stderr
    assert told(office("run", "tick", "--json"))["bundle"]["messages"] == 0
    assert [office("resume", "unit", "Dinas Contoh").returncode for _ in range(2)] == [0, 2]
    assert told(office("run", "tick", "--json"))["bundle"]["messages"] == 1


def test_a_held_message_is_released_or_cancelled_by_its_number(office: Run) -> None:
    assert office("outbox", "release", 99).returncode == 2
    assert office("outbox", "release-brake").returncode == 0


def test_messages_are_decided_about_all_together_or_not_at_all(office: Run) -> None:
    office("guests", "add", "081200000001")
    told(office("run", "scan", "--json"))
    told(office("run", "bundle", "--json"))
    planned = told(office("show", "outbox", "--json"))["messages"][0]
    refused = office("outbox", "cancel", planned["id"], 99)
    assert (refused.returncode, refused.stderr) == (2, "Pesan 99: tidak ada; tidak ada yang diubah.\n")
    assert told(office("show", "outbox", "--json"))["messages"][0]["state"] == "waiting"
    assert office("outbox", "cancel", planned["id"]).stdout == "1 pesan: selesai.\n"
    assert office("outbox", "resend", planned["id"]).stderr.endswith("cancelled; tidak ada yang diubah.\n")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SMTP_URL", "smtp://aspal:p#rahasia@mail.test:587"),  # the first alarm ended both ways of telling it
        ("SMTP_URL", "smtp://aspal:587#rahasia@mail.test"),
        ("SMTP_URL", "smtp://aspal:p/rahasia@mail.test"),
        ("SMTP_URL", "smtp://aspal:rahasia@mail.test:lima"),
        ("SMTP_URL", "smtp://aspal:rahasia@..mail.test"),
        ("SMTP_URL", "smtp://aspal:“rahasia”@mail.test"),
        ("PUBLIC_BASE_URL", "https://aspal contoh.go.id"),
        ("PUBLIC_BASE_URL", "https://aspal.contoh.go.id:rahasia"),
        ("PUBLIC_BASE_URL", "https://[rahasia"),
        ("PING_URL", "https://hc-ping.com:rahasia/x"),
        ("TWILIO_ACCOUNT_SID", "AC…"),  # the README's example as it stands there
        ("TWILIO_AUTH_TOKEN", "“rahasia”"),
        ("TWILIO_AUTH_TOKEN", "rahasia\u200b"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MG…"),
        ("SEND_RATE", "²"),
    ],
)
def test_what_was_copied_with_a_slip_is_refused_before_it_breaks_something_months_later(
    variable: str, value: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load({variable: value}, dotenv=None)
    assert refused.value.variable == variable
    assert re.match("harus|memuat", refused.value.message), "in the office's language"
    assert "rahasia" not in refused.value.message


@pytest.mark.parametrize(
    ("env", "variable"),
    [
        ({"PORT": "x"}, "PORT"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:rahasia@127.0.0.1:1/x"}, "DATABASE_URL"),
        ({"WHATSAPP_GATEWAY": "twilio"}, "TWILIO_ACCOUNT_SID"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_the_variable(run: Run, env: dict[str, str], variable: str) -> None:
    done = run("guests", "list", **env)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{variable}:")
    assert done.stderr.count("\n") == 1
    assert "rahasia" not in done.stderr


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b'SEND_RATE=5\nOFFICE_NAME="Dinas Kominfo\nLOG_LEVEL=debug\n', "baris 2 bukan NAMA=nilai"),
        (b'OFFICE_NAME="Dinas Kominfo\nLOG_LEVEL="debug"\n', "baris 1 bukan NAMA=nilai"),
        (b'OFFICE_NAME="Dinas\nKominfo"\n', "baris 1 bukan NAMA=nilai"),
        (b"SEND_RATE: 5\n", "baris 1 bukan NAMA=nilai"),
        (b"# all\nRECIPIENTS:all\n", "baris 2 bukan NAMA=nilai"),
        (b"RECIPIENTS\n", "baris 1 bukan NAMA=nilai"),
        (b"OFFICE_NAME=Dinas K\xe9\n", "bukan teks UTF-8"),
        ("SEND_RATE=5\n".encode("utf-16"), "bukan teks UTF-8"),
    ],
    ids=["open quote", "closed elsewhere", "two lines", "colon", "colon alone", "no value", "Windows", "UTF-16"],
)
def test_a_line_of_the_settings_file_that_says_nothing_is_told(
    run: Run, tmp_path: Path, written: bytes, said: str
) -> None:
    (tmp_path / ".env").write_bytes(written)
    done = run("guests", "list")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f".env: {said}")
    assert done.stderr.count("\n") == 1


def test_a_settings_file_from_windows_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfSEND_RATE=x\r\nLOG_LEVEL=debug\r\n")
    assert run("guests", "list").stderr.startswith("SEND_RATE:")


def test_a_settings_file_of_somebody_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").touch()

    def refuse(*_: object, **__: object) -> str:  # root, who may run these tests, reads every file
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(SettingsError, match=r"\.env: tidak dapat dibaca \(Permission denied\)"):
        load(dotenv=str(tmp_path / ".env"))


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that this user may not look into, such as /root for the user of the services."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o000)
    tmp_path.chmod(0o755)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(user)


def test_a_folder_that_is_closed_to_the_services_is_told(locked: Path) -> None:
    with pytest.raises(SettingsError, match=r"\.env: folder .* folder pemasangannya"):
        load(dotenv=str(locked / ".env"))


@pytest.mark.parametrize("words", [("import", "roster"), ("restore",), ("backup",)])
def test_a_file_in_a_folder_that_is_closed_to_the_services_is_told(
    locked: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert aspal([*words, str(locked / "ekspor.csv")], standalone_mode=False) == 2
    assert capsys.readouterr().err.startswith(f"{locked}/ekspor.csv: folder {locked} tidak boleh dibuka")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may run commands of another user's installation")
def test_root_is_told_that_the_services_could_not_write_its_files(office: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=info\n")
    assert office("guests", "list").stderr == ""
    os.chown(tmp_path / ".env", 65534, 65534)
    done = office("guests", "list", "--json")
    assert told(done)
    assert "runuser -u " in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mistyped_name_in_the_settings_file_is_told_by_the_doctor_and_the_web(office: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RECIPIENT=all\nalert_emails=a@contoh.go.id\nTZ=Asia/Jakarta\n")
    found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    said = [check["text"] for check in found["checks"] if check["name"] == ".env"]
    assert said == [
        "RECIPIENT tidak dikenal dan tidak dipakai; maksudnya RECIPIENTS?",
        "alert_emails tidak dikenal dan tidak dipakai; maksudnya ALERT_EMAILS?",
        "TZ tidak dikenal dan tidak dipakai",
    ]
    assert "RECIPIENT tidak dikenal" in office("serve", MEDIA_DIR="d.csv/media").stderr


def test_a_setting_that_stands_twice_in_the_settings_file_is_named(office: Run, tmp_path: Path) -> None:
    """What the README shows, pasted above the example's own lines: those below would win in silence."""
    lines = ["RECIPIENTS=all", "SEND_RATE=5", "# RECIPIENTS=all", "SEND_RATE=5", "RECIPIENTS=guests"]
    (tmp_path / ".env").write_text("\n".join(lines))
    found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    said = [check["text"] for check in found["checks"] if check["name"] == ".env"]
    assert said == ["RECIPIENTS tertulis dua kali (baris 1 dan 5); yang terakhir berlaku, hapus yang salah"]
    assert said[0] in office("serve", MEDIA_DIR="d.csv/media").stderr


def test_the_web_needs_its_secret_and_says_so(run: Run) -> None:
    done = run("serve", SECRET_KEY="")
    assert done.returncode == 2
    assert done.stderr.startswith("SECRET_KEY:")


def test_a_port_that_is_another_programs_is_one_line(office: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = office("serve", PORT=str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("HOST, PORT: 127.0.0.1:")
    assert "Traceback" not in done.stderr


def test_a_database_without_a_schema_is_told_what_to_do(run: Run) -> None:
    done = run("run", "scan")
    assert (done.returncode, done.stdout) == (2, "")
    assert "aspal db upgrade" in done.stderr


def test_wrong_use_is_exit_2(run: Run) -> None:
    assert run("run", "nothing").returncode == 2
    assert run("nothing").returncode == 2
    assert run("import", "roster", "missing.csv").returncode == 2


def test_the_doctor_names_what_is_wrong(office: Run) -> None:
    found = told(office("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    levels = {check["name"]: check["level"] for check in found["checks"]}
    assert levels["public address"] == "red"
    assert levels["database"] == levels["holidays"] == "ok"
    assert levels["worker"] == "red", "as /healthz says of it"


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (requests.exceptions.SSLError("certificate has expired"), "certbot renew"),
        (requests.exceptions.ConnectTimeout(), "firewall"),
        (requests.exceptions.ConnectionError("Name or service not known"), "DNS"),
        (502, "systemctl restart aspal-web"),
        (301, "langsung, tanpa dialihkan"),
        (404, "server_name"),
    ],
)
@responses.activate
def test_the_doctor_says_what_to_do_where_twilio_could_not_reach_the_web(
    sqlite: Database, answer: int | Exception, cure: str
) -> None:
    given: dict[str, Any] = {"body": answer} if isinstance(answer, Exception) else {"status": answer}
    house = World(sqlite, "2026-08-03 08:00").house
    responses.post(f"{house.settings.public_base_url}/webhooks/twilio/status", **given)
    (part,) = checks.public_address(house)
    assert (part.name, part.level) == ("public address", "red")
    assert cure in part.text


@responses.activate
def test_the_doctor_tries_the_ways_on_which_trouble_would_be_told(sqlite: Database) -> None:
    """A password that ran out, or an address with a slip: the first trouble would have been silent."""
    ways = {"smtp_url": "smtp://aspal:rahasia@127.0.0.1:1", "alert_emails": "a@kantor.test"}
    house = World(sqlite, "2026-08-03 08:00", ping_url="https://hc.test/salah", **ways).house
    called = responses.get("https://hc.test/salah", status=404)
    found = {part.name: part for part in checks.ways_out(house, well=True)}
    assert found["mail"].level == found["ping"].level == "red"
    assert "SMTP_URL" in found["mail"].text
    assert "PING_URL" in found["ping"].text
    assert called.call_count == 1
    assert [part.name for part in checks.ways_out(house, well=False)] == ["mail"]
    assert called.call_count == 1, "to a watchdog any call means that we live"


def test_the_doctor_asks_for_the_directory_where_there_is_none(run: Run) -> None:
    assert run("db", "upgrade").returncode == 0
    found = told(run("doctor", "--json", PUBLIC_BASE_URL="http://127.0.0.1:9"), code=1)
    said = [(check["level"], check["text"]) for check in found["checks"] if check["name"] == "directory"]
    assert [level for level, _ in said] == ["red", "warning"]
    assert "aspal import directory" in said[1][1]


def test_the_example_settings_need_nothing_more() -> None:
    assert Settings().whatsapp_gateway == "simulator"
