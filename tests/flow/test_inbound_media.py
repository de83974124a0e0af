"""Photos, voices, documents and places are evidence: remembered at once, fetched later, never dropped silently."""

import errno
from dataclasses import asdict
from pathlib import Path

import pytest

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow.inbound import fetch_media
from aspal.flow.inbound.attachments import WAITS
from aspal.gateways.media import MediaNotYet, MediaRefused
from tests.flow.phone import answers, later, writes
from tests.world import Somebody, World

JPEG = b"\xff\xd8\xff" + b"x" * 100


class Shelf:
    """A provider that holds attachments."""

    def __init__(self, *outcomes: bytes | Exception) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[tuple[str, str]] = []

    def fetch_media(self, message_sid: str, media_ref: str) -> bytes:
        self.asked.append((message_sid, media_ref))
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-12 09:00")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-10")
    return world


@pytest.fixture
def sari(world: World) -> Somebody:
    row = world.only(t.contacts)
    return Somebody(row.id, row.name, row.phone)


def fetch(world: World, shelf: Shelf, folder: Path) -> dict[str, int]:
    return asdict(fetch_media(world.db, shelf, folder, world.clock.now()))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content_type", "words"),
    [("image/jpeg", "[foto]"), ("audio/ogg", "[pesan suara]"), ("application/pdf", "[dokumen]"),
     ("video/mp4", "[video]"), ("text/vcard", "[kontak]"), ("x/y", "[lampiran]")],
)  # fmt: skip
def test_what_came_without_words_is_named(world: World, sari: Somebody, content_type: str, words: str) -> None:
    writes(world, sari, photos=1, MediaContentType0=content_type)
    assert world.only(t.notes).text == words
    assert world.only(t.media).note_id == world.only(t.notes).id


def test_a_caption_is_the_note_and_claims_what_it_says(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah diperbaiki", photos=2)
    assert (world.only(t.notes).text, world.only(t.notes).intent) == ("sudah diperbaiki", "done")
    assert len(world.rows(t.media)) == 2


def test_a_place_is_written_down(world: World, sari: Somebody) -> None:
    writes(world, sari, Latitude="-7.19", Longitude="113.24", Label="Pasar Desa")
    assert world.only(t.notes).text == "[lokasi: -7.19, 113.24 – Pasar Desa]"


def test_an_attachment_is_fetched_and_kept(world: World, sari: Somebody, tmp_path: Path) -> None:
    sid = writes(world, sari, photos=1)
    shelf = Shelf(JPEG)
    assert fetch(world, shelf, tmp_path) == {"stored": 1, "refused": 0, "later": 0}
    row = world.only(t.media)
    assert (row.state, row.stored_type, row.size) == ("stored", "image/jpeg", len(JPEG))
    assert (tmp_path / row.path).read_bytes() == JPEG
    assert shelf.asked == [(sid, "ME" + "0" * 32)]
    assert fetch(world, shelf, tmp_path)["stored"] == 0


def test_what_is_late_is_asked_for_again_and_at_last_refused(world: World, sari: Somebody, tmp_path: Path) -> None:
    writes(world, sari, photos=1)
    for wait in WAITS:
        assert fetch(world, Shelf(MediaNotYet()), tmp_path)["later"] == 1
        assert fetch(world, Shelf(), tmp_path) == {"stored": 0, "refused": 0, "later": 0}  # not before its time
        later(world, minutes=wait.total_seconds() / 60)
    assert fetch(world, Shelf(OSError("any trouble")), tmp_path)["refused"] == 1
    assert world.only(t.media).reason


def test_what_is_not_acceptable_is_refused_with_its_reason(world: World, sari: Somebody, tmp_path: Path) -> None:
    writes(world, sari, photos=2)
    assert fetch(world, Shelf(MediaRefused("Terlalu besar."), b"MZ\x90\x00"), tmp_path)["refused"] == 2
    assert world.rows(t.media)[0].reason == "Terlalu besar."


def test_an_attachment_without_a_reference_is_refused(world: World, sari: Somebody, tmp_path: Path) -> None:
    writes(world, sari, photos=1, MediaUrl0="https://jahat.example/x.jpg")
    assert fetch(world, Shelf(), tmp_path)["refused"] == 1


def test_the_sender_is_told_once_of_what_was_refused(world: World, sari: Somebody, tmp_path: Path) -> None:
    writes(world, sari, photos=2)
    shelf = Shelf(MediaRefused("Terlalu besar."), MediaRefused("Terlalu besar."))
    fetch_media(world.db, shelf, tmp_path, world.clock.now(), world.house.texts)  # type: ignore[arg-type]
    (told,) = answers(world, sari)
    assert "Terlalu besar." in told


def test_an_hour_without_network_or_name_server_costs_no_attachment(
    world: World, sari: Somebody, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writes(world, sari, photos=1)
    for _ in range(60):
        fetch(world, Shelf(MediaNotYet("NotSent")), tmp_path)
        later(world, minutes=1)
    assert {record.error for record in caplog.records} == {"NotSent"}, "the log tells the network from a late photo"  # type: ignore[attr-defined]
    assert world.only(t.media).state == "waiting"
    later(world, minutes=120)
    assert fetch(world, Shelf(JPEG), tmp_path)["stored"] == 1


def test_a_folder_that_takes_no_file_costs_no_attachment_and_an_admin_hears_of_it(
    world: World, sari: Somebody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, or root made the folder: our trouble, so the sender is not told that the photo is refused."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "media"
    writes(world, sari, photos=1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", full)  # what comes last, when the bytes are written
        for _ in range(10):
            assert fetch(world, Shelf(JPEG), folder) == {"stored": 0, "refused": 0, "later": 1}
            later(world, minutes=5)
    assert [path for path in folder.rglob("*") if path.is_file()] == []  # half a file is nobody's
    (alarm,) = world.rows(t.alarms, key="media_dir")
    assert f"{folder}" in alarm.text
    assert fetch(world, Shelf(JPEG), folder)["stored"] == 1
    assert world.rows(t.alarms, key="media_dir")[0].cleared_at is not None
    assert answers(world, sari) == []
