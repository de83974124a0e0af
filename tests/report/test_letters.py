"""Letters: to whom they go, and none where there is nobody to write to."""

from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from aspal import tables as t
from aspal.core.rapor.period import Period
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.records import documents
from aspal.records.documents import Document
from aspal.report import making
from aspal.report.period_report import Asked
from tests.world import World


@pytest.fixture
def world(sqlite: Database) -> World:
    return World(sqlite, "2026-08-03 08:00")


def made(world: World, period: Period) -> Document:
    now = world.clock.now()
    number = making.begin(world.db, world.settings, "letters", Asked(period), by="admin", now=now)
    making.make(world.db, world.settings, number, {}, now)
    with world.db.read() as conn:
        found = documents.get(conn, number)
    assert found is not None
    return found


def test_each_letter_goes_to_the_office_of_whoever_leads_the_unit(world: World) -> None:
    named = (
        ("Dinas Kesehatan", "opd"), ("Inspektorat Daerah", "opd"), ("Kabupaten Teluk Melati", "kabupaten"),
        ("Kecamatan Muara Pandan", "kecamatan"), ("Kelurahan Tanjung Melur", "kelurahan"),
        ("RSUD Teluk Kenanga", "rsud"), ("Sekretariat Daerah", "opd"),
    )  # fmt: skip
    for n, (name, kind) in enumerate(named):
        unit = world.unit(name, kind=kind)
        world.person("Ibu Melati Kusuma", Role.HEAD, unit)
        world.complaint(f"191644{n}", unit, disposed="2026-06-02", status=Status.IN_PROCESS)
    one = made(world, Period.of(2026))
    assert one.path
    pages = [page.extract_text() for page in PdfReader(making.folder(world.settings) / one.path).pages]
    to = [line for words in pages for line in words.splitlines() if line.startswith("Yth. ")]
    assert to == [
        "Yth. Kepala Dinas Kesehatan", "Yth. Inspektur Daerah", "Yth. Bupati Teluk Melati", "Yth. Camat Muara Pandan",
        "Yth. Lurah Tanjung Melur", "Yth. Direktur RSUD Teluk Kenanga", "Yth. Sekretaris Daerah",
    ]  # fmt: skip


def test_a_letter_speaks_of_an_average_only_where_there_is_one(world: World) -> None:
    for n, name in enumerate(("Dinas Kesehatan", "Dinas Sosial")):
        unit = world.unit(name)
        world.person(f"Kepala {name}", Role.HEAD, unit)
        world.complaint(f"191644{n}", unit, disposed="2026-06-02")
    with world.db.write() as conn:
        conn.execute(t.dispositions.update().where(t.dispositions.c.unit_id == 1).values(responded_on=date(2026, 6, 4)))
    one = made(world, Period.of(2026))
    assert one.path
    pages = [page.extract_text() for page in PdfReader(making.folder(world.settings) / one.path).pages]
    answered, unanswered = (" ".join(words.split()) for words in pages)
    assert "tindak lanjut 0,0 %; tindak lanjut pertama rata-rata 2,0 hari kerja. Angka ini perkiraan" in answered
    assert "tindak lanjut 0,0 %. Angka ini perkiraan" in unanswered
    assert "rata-rata" not in unanswered


def test_a_period_without_units_makes_no_empty_document(world: World) -> None:
    world.complaint("1916440", disposed="2026-06-02", status=Status.UNVERIFIED)
    one = made(world, Period.of(2026))
    assert (one.state, one.path) == ("failed", None)
    assert one.problem == "Pada periode ini tidak ada OPD yang punya laporan, jadi tidak ada surat untuk dibuat."
    folder: Path = making.folder(world.settings)
    assert [*folder.iterdir()] == []
    assert len(world.rows(t.documents)) == 1
