"""The demo: its data go in as an office's would, its story is there at once, and it comes and goes cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from aspal import tables as t
from aspal.bootstrap import House
from aspal.core.words import Status
from aspal.db import Database
from aspal.demo import exports, newer_export, stage
from aspal.demo.exports import SAMPLE, SAMPLE_DAY
from aspal.flow import intake
from aspal.flow.intake.outcome import ImportReport
from aspal.records import calendar, journal
from aspal.settings import load

MORNING = datetime(2026, 8, 13, 0, 0, tzinfo=UTC)
ROSTER = exports.sample("roster.csv", SAMPLE_DAY)
OUR_PHONE = re.compile(r"\+?(?:62|0)812-?0000-?(?:00\d\d|9999)")
ANY_PHONE = re.compile(r"\+?(?:62|0)8[\d-]{8,13}")


# --- the sample files -----------------------------------------------------------------------------------------


def imported(db: Database, kind: str, name: str) -> ImportReport:
    with db.write() as conn:
        calendar.ensure_seeded(conn, MORNING)
        calendars = calendar.load(conn, "Asia/Jakarta")
    apply = intake.apply_directory if kind == "directory" else intake.apply_roster
    return apply(db, SAMPLE / name, now=MORNING, calendars=calendars, by="test")


def test_the_sample_files_import_and_only_the_two_questions_are_held(sqlite: Database) -> None:
    directory = imported(sqlite, "directory", "direktori.csv")
    assert (directory.held, directory.rejected) == ([], [])
    roster = imported(sqlite, "roster", "roster.csv")
    assert roster.rejected == []
    assert {ROSTER[row - 2]["Judul Laporan"] for row, _ in roster.held} == {
        "Fasilitas pantai Tanjung Melur rusak",  # its unit is in no directory
        "Antrean panjang di loket pajak kendaraan",  # its status is no word we know
    }
    assert roster.dropped_columns == ("Nama Pelapor",)


def test_the_roster_has_every_state_and_every_kind(sqlite: Database) -> None:
    imported(sqlite, "directory", "direktori.csv")
    imported(sqlite, "roster", "roster.csv")
    with sqlite.read() as conn:
        statuses = set(conn.scalars(select(t.complaints.c.status)))
        kinds = set(conn.scalars(select(t.complaints.c.kind)))
        units, complaints = len(conn.execute(select(t.units)).all()), conn.execute(select(t.complaints)).all()
    assert statuses == {str(status) for status in Status}
    assert kinds == {"pengaduan", "aspirasi", "permintaan_informasi", "wbs"}
    assert units >= 25
    assert len(complaints) >= 60
    assert sum(c.confidential for c in complaints) >= 3
    assert sum(c.supervised for c in complaints) >= 3


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.csv")), ids=lambda path: path.name)
def test_the_samples_name_no_number_outside_the_invented_block_and_no_address(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "@" not in text.replace("@LAPOR1708", "")
    assert [number for number in ANY_PHONE.findall(text) if not OUR_PHONE.fullmatch(number)] == []


# --- LAPOR on other days --------------------------------------------------------------------------------------


def test_on_its_own_day_the_sample_stands_as_it_is() -> None:
    assert exports.as_of(ROSTER, SAMPLE_DAY) == ROSTER


def test_an_earlier_export_knows_nothing_of_what_came_later() -> None:
    for back in range(1, 20):
        day = SAMPLE_DAY - timedelta(days=back)
        for row in exports.as_of(ROSTER, day):
            told = {name: exports.day_of(cell) for name, cell in row.items() if name.startswith("Tanggal ") and cell}
            assert max(told.values()) <= day
            assert ("Tanggal Selesai" in told) == (row["Status Laporan"] == "Selesai")


def test_from_day_to_day_lapor_only_goes_forward() -> None:
    order = ["Belum Terverifikasi", "Belum Ditindaklanjuti", "Proses", "Selesai"]
    days = [SAMPLE_DAY - timedelta(days=back) for back in range(30, -1, -1)]
    reached: dict[str, int] = {}
    for day in days:
        for row in exports.as_of(ROSTER, day):
            if row["Tracking ID"] and row["Status Laporan"] in order:
                now = order.index(row["Status Laporan"])
                assert now >= reached.get(row["Tracking ID"], 0)
                reached[row["Tracking ID"]] = now


def test_the_sample_moves_with_the_day_on_which_the_demo_begins() -> None:
    moved = exports.sample("roster.csv", SAMPLE_DAY + timedelta(days=14))
    for before, after in zip(ROSTER, moved, strict=True):
        assert exports.day_of(after["Tanggal Laporan"]) - exports.day_of(before["Tanggal Laporan"]) == timedelta(
            days=14
        )


# --- the story ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage_set(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Path]]:
    """A demo on the morning that it begins, built once for the tests below."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("demo"))
    try:
        settings = stage.of_demo(load({"PORT": "8999", "WHATSAPP_GATEWAY": "simulator"}, dotenv=None))
        house, _, _ = stage.build(settings, stage.START)
        yield house, stage.folder_of(settings)
        house.close()
    finally:
        os.chdir(before)


def count(house: House, *where: object) -> int:
    with house.db.read() as conn:
        return int(conn.scalar(select(func.count()).where(*where)) or 0)  # type: ignore[arg-type]


def test_the_days_before_are_lived(stage_set: tuple[House, Path]) -> None:
    house, _ = stage_set
    with house.db.read() as conn:
        days = set(conn.scalars(select(t.messages.c.workday)))
        assert journal.verify(conn) is None
    assert (min(days), max(days)) == (date(2026, 8, 3), date(2026, 8, 12))
    assert count(house, t.messages.c.state == "read") > 100
    assert count(house, t.messages.c.state.in_(["waiting", "sending", "unknown", "accepted"])) == 0
    assert house.clock.now() == stage.START


def test_the_chain_has_climbed_somewhere_to_each_rung(stage_set: tuple[House, Path]) -> None:
    house, _ = stage_set
    for kind in (
        "disposisi_baru", "pengingat_tindak_lanjut", "eskalasi_kepala_opd", "eskalasi_lewat_batas", "rekap_sekda",
        "pengawasan", "klaim_belum_tercatat", "bukan_kewenangan", "minta_perpanjangan", "kontak_bermasalah",
    ):  # fmt: skip
        assert count(house, t.messages.c.template == kind), kind
    assert count(house, t.messages.c.state == "held", t.messages.c.template == "rekap_sekda") == 1
    assert count(house, t.contacts.c.unreachable_at.is_not(None)) == 1


def test_the_replies_were_understood_or_wait_for_somebody(stage_set: tuple[House, Path]) -> None:
    house, _ = stage_set
    with house.db.read() as conn:
        intents = set(conn.scalars(select(t.notes.c.intent)))
        states = set(conn.scalars(select(t.replies.c.state)))
    assert intents == {"done", "in_process", "promise", "not_ours", "extension", "note"}
    assert states == {"matched", "asked", "command", "tray"}
    assert count(house, t.absences.c.state == "accepted") == 1


def test_nobody_of_the_complained_unit_heard_of_a_supervised_complaint(stage_set: tuple[House, Path]) -> None:
    house, _ = stage_set
    told = (
        select(t.notices.c.audience)
        .join(t.dispositions, t.dispositions.c.id == t.notices.c.disposition_id)
        .join(t.complaints, t.complaints.c.id == t.dispositions.c.complaint_id)
        .where(t.complaints.c.supervised, t.dispositions.c.track == "follow_up")
    )
    with house.db.read() as conn:
        assert set(conn.scalars(told)) == {"inspektorat"}


def test_a_newer_export_follows_what_liaisons_said_and_imports(stage_set: tuple[House, Path]) -> None:
    house, folder = stage_set
    today = SAMPLE_DAY
    path = newer_export(house, folder, today)
    before = path.read_bytes()
    assert newer_export(house, folder, today).read_bytes() == before
    rows = {row["Tracking ID"]: row for row in exports.read(path)}
    assert rows["9900267"]["Status Laporan"] == "Proses"  # RSUD had said "sudah", LAPOR had not heard of it
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    report = intake.preview_roster(house.db, path, now=house.clock.now(), calendars=calendars, by="test")
    assert (report.new, report.rejected, len(report.held)) == (3, [], 2)
    assert "3 rantai pengingat dimulai" in report.consequences
    assert not [text for text in report.consequences if "mundur" in text or "tidak ada lagi" in text]


# --- the process ----------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(folder: Path, port: int, **more: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "PORT": str(port), "PYTHONPATH": str(SAMPLE.parents[1])} | more
    return subprocess.Popen(
        [sys.executable, "-m", "aspal", "demo"], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def printed_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or word not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], f"ended early: {process.communicate()[1]}"
    return "".join(lines)


def test_it_answers_where_it_says_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    port = free_port()
    twilio = {"WHATSAPP_GATEWAY": "twilio", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "x"}
    process = started(tmp_path, port, TWILIO_WHATSAPP_FROM="whatsapp:+6281200000000", **twilio)
    with process:
        told = printed_until(process, "Ctrl-C")
        assert f"http://127.0.0.1:{port}" in told
        assert "admin@demo.test" in told
        with urlopen(f"http://127.0.0.1:{port}/login") as answer:
            assert answer.status == 200
        folder = tmp_path / f"var/demo-{port}"  # what the printed commands read is there already
        assert (folder / "jam").read_text().startswith("2026-08-13T07:")
        assert (folder / exports.NEWER).exists()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors


def wait_for(path: Path) -> str:
    for _ in range(100):
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.1)
    raise AssertionError(f"{path} never came")


def test_ctrl_c_while_it_prepares_ends_cleanly_too(tmp_path: Path) -> None:
    process = started(tmp_path, free_port())
    with process:
        assert process.stderr is not None
        assert "Menyiapkan" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert errors == ""


def test_a_taken_port_is_one_clear_line_and_touches_nothing(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        process = started(tmp_path, port)
        with process:
            _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert errors.count("\n") == 1
    assert f"PORT={port + 1} make demo" in errors
    assert not (tmp_path / "var").exists()
