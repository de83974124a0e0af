"""/healthz says why it is red, for every cause; /metrics opens with its token only."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, insert, text
from sqlalchemy.exc import OperationalError

from aspal import tables as t
from aspal.db import Database
from aspal.flow import vitals
from aspal.records import health, schema
from aspal.web.factory import create_app
from tests.web.conftest import Browser
from tests.world import World

ALERTS = Path(__file__).parents[2] / "docs" / "alerts.example.yml"
GIGABYTE = 1024**3


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00", canary_phone="+6281200000009", metrics_token="rahasia")


def beat(world: World) -> None:
    with world.db.write() as conn:
        health.beat(conn, "scan", world.at("2026-08-03 07:59"), 60)


def alarm(world: World, key: str, said: str = "sebabnya") -> None:
    with world.db.write() as conn:
        health.raise_alarm(conn, key, said, world.clock.now())


def measured(client: FlaskClient) -> str:
    answer = client.get("/metrics", headers={"Authorization": "Bearer rahasia"})
    assert answer.status_code == 200
    return answer.text


def test_a_worker_that_never_ran_is_red_and_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "aspal worker" in answer.json["worker"]


def test_everything_well_is_200_with_one_line_a_part(client: FlaskClient, world: World) -> None:
    beat(world)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert {"database", "schema", "job scan", "gateway", "templates", "canary", "queue", "holidays", "disk"} <= set(
        answer.json
    )
    assert answer.text.count("\n") == len(answer.json) + 2


def test_a_clock_that_went_back_is_called_that_and_not_a_dead_worker(client: FlaskClient, world: World) -> None:
    beat(world)
    world.clock.moment = world.at("2026-08-02 08:00")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "jam server tertinggal" in answer.json["job scan"]


# --- every cause: how it comes about, which part is red, and the sample that an alert can look at --------------


def a_silent_job(world: World, patch: pytest.MonkeyPatch) -> None:
    world.clock.moment = world.at("2026-08-03 08:03")


def a_failing_job(world: World, patch: pytest.MonkeyPatch) -> None:
    with world.db.write() as conn:
        health.fail(conn, "scan", world.clock.now(), 60, "rahasia: sandi basis data")


def a_stopped_sender(world: World, patch: pytest.MonkeyPatch) -> None:
    value, now = {"code": 20003, "reason": "Kredensial ditolak."}, world.clock.now()
    with world.db.write() as conn:
        health.set_switch(conn, "sender_stop", value, by="deliver", now=now, until=now + timedelta(minutes=5))


def a_refused_account(world: World, patch: pytest.MonkeyPatch) -> None:
    alarm(world, "provider_account")


def a_stopped_template(world: World, patch: pytest.MonkeyPatch) -> None:
    alarm(world, "template_status:disposisi_baru")


def a_lost_canary(world: World, patch: pytest.MonkeyPatch) -> None:
    alarm(world, "canary")


def a_queue_that_stands_still(world: World, patch: pytest.MonkeyPatch) -> None:
    since = world.at("2026-08-03 07:30")
    row = {"address": "+6281200000001", "text": "t", "workday": since.date(), "created_at": since, "not_before": since}
    with world.db.write() as conn:
        conn.execute(insert(t.messages).values(**row, state="waiting"))


def a_full_disk(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(vitals, "free_bytes", lambda folder: 100 * 1024**2)


def an_old_schema(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(schema, "current", lambda conn: "0000")
    patch.setattr(schema, "is_known", lambda revision: True)


def a_newer_schema(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(schema, "current", lambda conn: "9999")


def no_holidays(world: World, patch: pytest.MonkeyPatch) -> None:
    with world.db.write() as conn:
        conn.execute(delete(t.days_off))


Cause = Callable[[World, pytest.MonkeyPatch], None]


@pytest.mark.parametrize(
    ("cause", "part", "sample"),
    [
        (a_silent_job, "job scan", 'aspal_heartbeat_age_seconds{job="scan"} 240.0'),
        (a_failing_job, "job scan", 'aspal_job_failing{job="scan"} 1.0'),
        (a_stopped_sender, "gateway", "aspal_sender_stopped 1.0"),
        (a_refused_account, "gateway", "aspal_sender_stopped 1.0"),
        (a_stopped_template, "templates", "aspal_templates_stopped 1.0"),
        (a_lost_canary, "canary", "aspal_canary_lost 1.0"),
        (a_queue_that_stands_still, "queue", "aspal_queue_wait_seconds 1800.0"),
        (a_full_disk, "disk", "aspal_disk_free_bytes 1.048576e+08"),
        (an_old_schema, "schema", 'aspal_part_level{part="schema"} 2.0'),
        (a_newer_schema, "schema", 'aspal_part_level{part="schema"} 2.0'),
        (no_holidays, "holidays", 'aspal_part_level{part="holidays"} 2.0'),
    ],
)
def test_every_cause_is_red_and_measured(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch, cause: Cause, part: str, sample: str
) -> None:
    beat(world)
    cause(world, monkeypatch)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (503, "red")
    assert [name for name, line in answer.json.items() if line.startswith("red: ")] == [part]
    assert "sandi" not in answer.text
    assert sample in measured(client)


def test_a_heartbeat_is_red_only_when_three_intervals_old(client: FlaskClient, world: World) -> None:
    beat(world)
    world.clock.moment = world.at("2026-08-03 08:02")
    assert client.get("/healthz").status_code == 200
    world.clock.moment = world.at("2026-08-03 08:03")
    assert client.get("/healthz").json["job scan"].startswith("red: terakhir berhasil 4 menit lalu")


@pytest.mark.parametrize(
    "key", ["recipients_per_day", "recipients_near", "quality", "balance", "channel_limit", "sender_idle"]
)
def test_a_limit_is_a_warning_and_not_red(client: FlaskClient, world: World, key: str) -> None:
    beat(world)
    alarm(world, key)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json[key]) == (200, "warning: sebabnya")


def test_little_room_on_the_disk_is_a_warning(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(world)
    monkeypatch.setattr(vitals, "free_bytes", lambda folder: GIGABYTE // 2)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["disk"]) == (200, "warning: sisa ruang 0,5 GB")


def test_a_decree_that_is_not_out_yet_is_a_warning_and_not_red(client: FlaskClient, world: World) -> None:
    world.clock.moment = world.at("2027-12-01 08:00")
    with world.db.write() as conn:
        health.beat(conn, "scan", world.clock.now(), 60)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["holidays"].startswith("warning: cuti bersama 2028")


def test_a_database_that_does_not_answer_is_red_and_measured(world: World) -> None:
    world.house.db = Database("postgresql://nobody@127.0.0.1:1/none")
    client = create_app(world.house).test_client()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, "red: basis data tidak menjawab")
    assert "aspal_up 0.0" in measured(client)


def test_who_is_logged_in_is_told_that_the_database_does_not_answer(
    app: Flask, world: World, browser_of: Browser
) -> None:
    """The page that says so once asked the database who was asking, and broke."""
    admin = browser_of("admin")
    with away(world.db):
        for path in ("/", "/aduan/", "/login", "/tidak-ada"):
            answer = admin.get(path)
            assert (answer.status_code, "Basis data sedang tidak menjawab" in answer.text) == (503, True), path
    assert admin.get("/").status_code == 200


@contextmanager
def away(db: Database) -> Iterator[None]:
    """No statement is answered."""

    def nobody_there(*_statement: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    event.listen(db.engine, "before_cursor_execute", nobody_there)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", nobody_there)


def test_a_database_without_tables_is_red_and_says_what_to_do(world: World, tmp_path: Path) -> None:
    world.house.db = Database(f"sqlite:///{tmp_path}/empty.db")
    answer = create_app(world.house).test_client().get("/healthz")
    world.house.db.close()
    assert (answer.status_code, "aspal db upgrade" in answer.json["database"]) == (503, True)


def test_the_schema_that_this_code_brings_along_is_well(client: FlaskClient, world: World, sqlite: Database) -> None:
    with world.db.write() as conn:
        conn.execute(text("DROP TABLE IF EXISTS alembic_version"))
        conn.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        conn.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": schema.wanted()})
    try:
        beat(world)
        assert client.get("/healthz").json["schema"] == f"ok: {schema.wanted()}"
    finally:
        with world.db.write() as conn:
            conn.execute(text("DROP TABLE alembic_version"))


def test_metrics_do_not_exist_without_a_token_and_open_only_with_it(sqlite: Database, client: FlaskClient) -> None:
    assert create_app(World(sqlite, "2026-08-03 08:00").house).test_client().get("/metrics").status_code == 404
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer lain"}).status_code == 401


def test_everything_that_the_example_alerts_look_at_is_measured(client: FlaskClient, world: World) -> None:
    beat(world)
    wanted = set(re.findall(r"aspal_[a-z_]+", " ".join(re.findall(r"expr: (.*)", ALERTS.read_text("utf-8")))))
    shown = set(re.findall(r"# TYPE (aspal_[a-z_]+) gauge", measured(client)))
    assert len(wanted) > 10
    assert wanted <= shown
    assert shown - wanted <= {"aspal_open_dispositions"}  # everything else has its rule


def test_the_first_page_shows_the_line_of_the_day(browser_of: Browser, world: World) -> None:
    with world.db.write() as conn:
        line = {"day": "2026-08-03", "text": "Senin, 3 Agustus 2026: 0 pesan."}
        health.set_switch(conn, "daily_line", line, by="watch", now=world.clock.now())
    assert line["text"] in browser_of("viewer").get("/").text
