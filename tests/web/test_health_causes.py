"""/healthz through real trouble: well, then red in the part that is meant, then well again when the cause is gone.

`test_health.py` looks at what is said about a state; here the state comes about as it would on a server.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import scan
from aspal.flow import templates as station
from aspal.gateways.whatsapp.port import Standing
from aspal.records import calendar, templates
from aspal.web.factory import create_app
from jobs import tick
from tests.flow.test_deliver import Faulty, refuse
from tests.flow.test_watch import Approving, arrive, look, report
from tests.world import World

Step = Callable[[World, pytest.MonkeyPatch], object]
KIND = "pengingat_tindak_lanjut"


@pytest.fixture
def world(sqlite: Database) -> World:
    """A working morning with one reminder to send and a test message."""
    world = World(sqlite, "2026-08-04 08:00", canary_phone="+6281200000099")
    world.phones = Faulty(world.phones._memory, world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    unit = world.unit("Dinas Sosial")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    return world


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.house).test_client()


def passes(minutes: int, *, ticking: bool = True) -> Step:
    def step(world: World, _: pytest.MonkeyPatch) -> None:
        for _minute in range(minutes):
            world.clock.moment += timedelta(minutes=1)
            if ticking:
                tick.run(world.house)

    return step


def the_worker_dies(world: World, patch: pytest.MonkeyPatch) -> None:
    passes(45, ticking=False)(world, patch)


def a_job_fails(world: World, patch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError

    patch.setattr(scan, "run", broken)
    with world.db.write() as conn:
        conn.execute(update(t.dispositions).values(next_look_at=world.clock.now()))
    passes(1)(world, patch)


def it_is_mended(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.undo()
    passes(1)(world, patch)


def credentials_are_refused(world: World, patch: pytest.MonkeyPatch) -> None:
    world.phones.script = [refuse(20003, "config")]
    passes(1)(world, patch)


def the_account_is_suspended_afterwards(world: World, patch: pytest.MonkeyPatch) -> None:
    passes(1)(world, patch)
    report(world, world.rows(t.messages, template=KIND)[0], "failed", 30002)


def something_arrives_again(world: World, patch: pytest.MonkeyPatch) -> None:
    passes(40)(world, patch)
    arrive(world, KIND)
    passes(6)(world, patch)


def twilio_says(standing: Standing) -> Step:
    def step(world: World, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(type(world.phones), "standing", lambda _self: standing, raising=False)
        patch.setattr(type(world.phones), "needs_approval", True)
        world.clock.moment += timedelta(minutes=60)
        look(world)
        patch.setattr(type(world.phones), "needs_approval", False)
        passes(1)(world, patch)

    return step


def a_template_is_paused(world: World, patch: pytest.MonkeyPatch) -> None:
    now = world.clock.now()
    stored = templates.StoredTemplate(
        KIND, world.house.texts.kind(KIND).fingerprint, "n", "HX1", "approved", "UTILITY", None, now, None
    )
    with world.db.write() as conn:
        templates.put(conn, stored)
    passes(1)(world, patch)
    report(world, world.rows(t.messages, template=KIND)[0], "failed", 63041)


def it_is_approved_again(world: World, patch: pytest.MonkeyPatch) -> None:
    station.refresh(world.db, world.house.texts, Approving(), world.clock.now())  # type: ignore[arg-type]


def the_test_message_is_lost(world: World, patch: pytest.MonkeyPatch) -> None:
    with world.db.write() as conn:  # accepted, and never heard of again
        conn.execute(update(t.messages).where(t.messages.c.template == "uji_pagi").values(state="sent"))
    passes(20)(world, patch)


def it_arrives(world: World, patch: pytest.MonkeyPatch) -> None:
    arrive(world, "uji_pagi")
    passes(6)(world, patch)


def deliver_does_nothing(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("jobs.deliver.run", lambda house, now: {"accepted": 0, "retry": 0, "failed": 0, "unknown": 0})
    with world.db.write() as conn:
        row = {"address": "+6281200000001", "text": "t", "workday": world.clock.now().date(), "state": "waiting"}
        conn.execute(t.messages.insert().values(**row, created_at=world.clock.now(), not_before=world.clock.now()))
    passes(31)(world, patch)


def the_holidays_are_gone(world: World, patch: pytest.MonkeyPatch) -> None:
    with world.db.write() as conn:
        conn.execute(delete(t.days_off))


def they_are_seeded(world: World, patch: pytest.MonkeyPatch) -> None:
    with world.db.write() as conn:
        calendar.seed(conn, 2026, 2027, world.clock.now())


CAUSES: dict[str, tuple[Step, str, Step]] = {
    "the worker dies": (the_worker_dies, "job deliver", passes(1)),
    "a job fails": (a_job_fails, "job scan", it_is_mended),
    "credentials are refused": (credentials_are_refused, "gateway", passes(7)),
    "the account is suspended afterwards": (the_account_is_suspended_afterwards, "gateway", something_arrives_again),
    "Twilio says suspended": (
        twilio_says(Standing("suspended")), "gateway", twilio_says(Standing("active", 20.0, "USD", "ONLINE", "HIGH")),
    ),
    "the sender is offline": (
        twilio_says(Standing("active", sender="OFFLINE")), "gateway",
        twilio_says(Standing("active", 20.0, "USD", "ONLINE", "HIGH")),
    ),
    "a template is paused": (a_template_is_paused, "templates", it_is_approved_again),
    "the test message is lost": (the_test_message_is_lost, "canary", it_arrives),
    "deliver does nothing": (deliver_does_nothing, "queue", it_is_mended),
    "the holidays are gone": (the_holidays_are_gone, "holidays", they_are_seeded),
}  # fmt: skip


@pytest.mark.parametrize("cause", CAUSES)
def test_it_turns_red_by_the_cause_itself_and_green_when_that_is_gone(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    befalls, part, is_cured = CAUSES[cause]
    if cause != "credentials are refused":  # that needs a message that has not left yet
        world.tick()
        passes(1)(world, monkeypatch)  # what the watch has planned leaves with the next run
        arrive(world, "uji_pagi")
        assert client.get("/healthz").status_code == 200, client.get("/healthz").text
    befalls(world, monkeypatch)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json[part].startswith("red: "), answer.text
    is_cured(world, monkeypatch)
    assert not client.get("/healthz").json[part].startswith("red: "), client.get("/healthz").text
