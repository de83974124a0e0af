"""/healthz says why it is red; /metrics opens with its token only."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from aspal.db import Database
from aspal.records import health
from aspal.web.factory import create_app
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


def beat(world: World, **at: Any) -> None:
    with world.db.write() as conn:
        health.beat(conn, "scan", world.at("2026-08-03 07:59"), 60)


def test_a_worker_that_never_ran_is_red_and_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "aspal worker" in answer.json["worker"]


def test_everything_well_is_200_with_one_line_a_part(client: FlaskClient, world: World) -> None:
    beat(world)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert {"database", "job scan", "gateway", "holidays"} <= set(answer.json)
    assert answer.text.count("\n") == len(answer.json) + 2


def test_a_heartbeat_three_intervals_old_is_red(client: FlaskClient, world: World) -> None:
    beat(world)
    world.clock.moment = world.at("2026-08-03 08:02")
    assert client.get("/healthz").status_code == 200
    world.clock.moment = world.at("2026-08-03 08:03")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["job scan"].startswith("red: terakhir berhasil 4 menit lalu")


def test_a_failing_job_is_a_warning_until_it_is_silent_too_long(client: FlaskClient, world: World) -> None:
    beat(world)
    with world.db.write() as conn:
        health.fail(conn, "scan", world.clock.now(), 60, "rahasia: sandi basis data")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["job scan"].startswith("warning: gagal sejak")
    assert "rahasia" not in answer.text


def test_a_decree_that_is_not_out_yet_is_a_warning_and_not_red(client: FlaskClient, world: World) -> None:
    world.clock.moment = world.at("2027-12-01 08:00")
    with world.db.write() as conn:
        health.beat(conn, "scan", world.clock.now(), 60)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["holidays"].startswith("warning: cuti bersama 2028")


def test_a_database_that_does_not_answer_is_red(world: World) -> None:
    world.house.db = Database("postgresql://nobody@127.0.0.1:1/none")
    answer = create_app(world.house).test_client().get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, "red: basis data tidak menjawab")


def test_metrics_do_not_exist_without_a_token_and_open_only_with_it(sqlite: Database) -> None:
    assert create_app(World(sqlite, "2026-08-03 08:00").house).test_client().get("/metrics").status_code == 404
    world = World(sqlite, "2026-08-03 08:00", metrics_token="rahasia")
    beat(world)
    client = create_app(world.house).test_client()
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer lain"}).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": "Bearer rahasia"})
    assert answer.status_code == 200
    assert 'aspal_heartbeat_age_seconds{job="scan"} 60.0' in answer.text
    assert "aspal_open_alarms 0.0" in answer.text
