"""A training from the click to the wall: seats without accounts, a month in minutes, and nothing that gets out."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from aspal import tables as t
from aspal.db import Database
from aspal.training import TrainingRoom, room
from aspal.web.factory import create_app
from tests.web.conftest import Browser, add_user, begin_session, browser_of, token_of
from tests.world import World

__all__ = ["browser_of"]


@pytest.fixture
def world(sqlite: Database) -> World:
    return World(sqlite, "2026-08-03 08:00")


@pytest.fixture
def lesson(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingRoom]:
    """A room whose days pass in three seconds."""
    monkeypatch.setattr(room, "DAY_SECONDS", 3)
    monkeypatch.setattr(room, "PULSE", 0.02)
    training = TrainingRoom(world.settings)
    yield training
    training.end()


@pytest.fixture
def app(world: World, lesson: TrainingRoom) -> Flask:
    return create_app(world.house, lesson)


def post(client: FlaskClient, path: str, page: str, **data: str) -> Any:
    return client.post(path, data=data | {"csrf_token": token_of(client, page)})


def begin(admin: FlaskClient, seats: int = 3) -> str:
    """The code that stands on the wall."""
    assert post(admin, "/latihan/mulai", "/latihan/", peserta=str(seats)).status_code == 303
    found = re.search(r'class="join-code"[^>]*>([A-Z2-9]{6})<', admin.get("/latihan/").text)
    assert found
    return found[1]


def sit_down(app: Flask, code: str) -> FlaskClient:
    participant = app.test_client()
    answer = post(participant, "/latihan/ruang/ikut", "/latihan/ruang/ikut", kode=code.lower())
    assert answer.headers["Location"] == "/latihan/ruang/hp"
    return participant


def eventually(see: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not see():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def test_a_participant_is_reminded_answers_and_ends_it_in_lapor(app: Flask, browser_of: Browser) -> None:
    code = begin(browser_of("admin"))
    mine = sit_down(app, code)
    screen = "/latihan/ruang/hp/layar"
    eventually(lambda: "9900001" in mine.get(screen).text)
    assert mine.get("/latihan/ruang/hp/lapor/9900001").headers["Location"].endswith("#laporan")
    assert "Peserta 01" in mine.get("/latihan/ruang/hp").text
    post(mine, "/latihan/ruang/hp", "/latihan/ruang/hp", teks="9900001 sudah kami tindak lanjuti")
    eventually(lambda: "bubble is-mine" in mine.get(screen).text)
    case = re.search(r'action="(/latihan/ruang/hp/laporan/\d+)"', mine.get("/latihan/ruang/hp").text)
    assert case
    assert post(mine, case[1], "/latihan/ruang/hp", status="selesai").status_code == 303
    assert "Selesai" in mine.get("/latihan/ruang/hp/laporan").text


def test_what_nobody_answers_climbs_to_the_head_on_the_wall(app: Flask, browser_of: Browser) -> None:
    admin = browser_of("admin")
    begin(admin)
    way_in = post(admin, "/latihan/masuk", "/latihan/").headers["Location"]
    assert admin.get(way_in).headers["Location"] == "/latihan/ruang/papan"
    assert "PD 01" in admin.get("/latihan/ruang/papan").text
    eventually(lambda: "is-level-2" in admin.get("/latihan/ruang/papan/isi").text)
    assert admin.get("/").status_code == 200, "the session at the office goes on"


def test_every_seat_is_taken_once_and_who_comes_back_keeps_his(app: Flask, browser_of: Browser) -> None:
    code = begin(browser_of("admin"), seats=2)
    people = [sit_down(app, code) for _ in range(2)]
    names = {re.search(r"Peserta \d+", person.get("/latihan/ruang/hp").text)[0] for person in people}  # type: ignore[index]
    assert names == {"Peserta 01", "Peserta 02"}
    late = app.test_client()
    assert "Semua kursi sudah terisi" in post(late, "/latihan/ruang/ikut", "/latihan/ruang/ikut", kode=code).text
    assert people[0].get("/latihan/ruang/ikut").headers["Location"] == "/latihan/ruang/hp"


def test_without_the_code_or_a_seat_nobody_gets_in(app: Flask, browser_of: Browser) -> None:
    begin(browser_of("admin"))
    outsider = app.test_client()
    assert "tidak cocok" in post(outsider, "/latihan/ruang/ikut", "/latihan/ruang/ikut", kode="SALAH1").text
    for path in ("hp", "hp/layar", "hp/laporan", "papan"):
        assert outsider.get(f"/latihan/ruang/{path}").headers["Location"] == "/latihan/ruang/ikut"
    assert outsider.get("/latihan/ruang/papan/isi").status_code == 403
    assert outsider.get("/latihan/ruang/pelatih/karangan").status_code == 403
    assert outsider.get("/latihan/ruang/aduan/").status_code == 302, "the office's pages of the room ask for its login"


def test_a_participant_has_no_way_to_the_office(app: Flask, world: World, browser_of: Browser) -> None:
    mine = sit_down(app, begin(browser_of("admin")))
    assert mine.get("/aduan/").headers["Location"].startswith("/login")
    foreign = "/latihan/ruang/hp/laporan/2"
    assert post(mine, foreign, "/latihan/ruang/hp", status="selesai").status_code == 400, "another unit's complaint"


def test_the_room_shares_nothing_with_an_office_that_writes_to_real_people(sqlite: Database) -> None:
    office = World(
        sqlite, "2026-08-03 08:00", whatsapp_gateway="twilio", twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="rahasia", twilio_whatsapp_from="whatsapp:+6281200000000", smtp_url="smtp://surat.test",
        alert_emails="admin@kantor.test", ping_url="https://jaga.test/x", twilio_base_url="http://127.0.0.1:9",
    )  # fmt: skip
    training = TrainingRoom(office.settings)
    training.begin(1)
    inside = training.app
    assert inside
    settings = inside.extensions["aspal"].settings
    training.end()
    assert settings.whatsapp_gateway == "simulator"
    shared = ("twilio_auth_token", "twilio_account_sid", "twilio_base_url", "smtp_url", "ping_url", "canary_phone")
    assert not any(getattr(settings, name) for name in shared)
    assert settings.secret_key != office.settings.secret_key
    assert settings.database_url != office.settings.database_url


def test_an_ended_training_leaves_nothing(app: Flask, world: World, lesson: TrainingRoom, browser_of: Browser) -> None:
    admin = browser_of("admin")
    mine = sit_down(app, begin(admin))
    folder = world.settings.media_dir.parent / "latihan"
    assert list(folder.iterdir())
    assert "Akhiri latihan?" in admin.get("/latihan/selesai").text
    assert mine.get("/latihan/ruang/hp").status_code == 200, "asking changes nothing"
    assert post(admin, "/latihan/selesai", "/latihan/").status_code == 303
    assert mine.get("/latihan/ruang/hp").status_code == 404
    assert "sedang ditutup" in mine.get("/latihan/ruang/ikut").text
    eventually(lambda: not list(folder.iterdir()))
    with world.db.read() as conn:
        assert conn.scalar(select(func.count()).select_from(t.messages)) == 0
        written = conn.scalars(select(t.journal.c.action).order_by(t.journal.c.id)).all()
    assert written == ["training.begun", "training.ended"]


@pytest.mark.parametrize("seats", ["0", "101", "banyak"])
def test_an_odd_number_of_seats_opens_nothing(
    app: Flask, lesson: TrainingRoom, browser_of: Browser, seats: str
) -> None:
    post(browser_of("admin"), "/latihan/mulai", "/latihan/", peserta=seats)
    assert lesson.app is None


def test_a_viewer_opens_no_training(app: Flask, world: World, lesson: TrainingRoom) -> None:
    viewer = app.test_client()
    with viewer.session_transaction() as session:
        session["_user_id"] = add_user(world.db, "viewer")
        session["key"] = begin_session(world.db, "viewer")
    assert "Minta admin" in viewer.get("/latihan/").text
    assert post(viewer, "/latihan/mulai", "/latihan/", peserta="3").status_code == 403
    assert lesson.app is None


def test_what_a_killed_process_left_is_swept_and_a_younger_room_is_not(
    app: Flask, world: World, browser_of: Any
) -> None:
    folder = world.settings.media_dir.parent / "latihan"
    for name, age in (("mati", room.LONGEST + 60), ("hidup", 60)):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (time.time() - age,) * 2)  # noqa: TID251
    begin(browser_of("admin"), seats=1)
    names = {path.name for path in folder.iterdir()}
    assert "mati" not in names
    assert "hidup" in names
    shutil.rmtree(folder / "hidup")
