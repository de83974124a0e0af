"""The outbox page: what may be decided about a message, by whom, and only while it still stands where it was shown."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from aspal import tables as t
from aspal.core.delivery import State
from aspal.core.words import Role
from tests.web.conftest import token_of
from tests.world import World

Browser = Callable[[str], FlaskClient]


def message(world: World, state: str, **columns: Any) -> int:
    now = world.clock.now()
    values = {"address": "+6281200000001", "template": "disposisi_baru", "variables": {}, "text": "Mohon *segera* <b>."}
    values |= {"workday": world.clock.moment.date(), "state": state, "created_at": now, "not_before": now} | columns
    with world.db.write() as conn:
        return int(conn.execute(insert(t.messages).values(values).returning(t.messages.c.id)).scalar_one())


def state_of(world: World, message_id: int) -> str:
    with world.db.read() as conn:
        return str(conn.scalar(select(t.messages.c.state).where(t.messages.c.id == message_id)))


def decide(client: FlaskClient, message_id: int, choice: str) -> int:
    return client.post(f"/pesan/{message_id}/{choice}", data={"csrf_token": token_of(client)}).status_code


@pytest.mark.parametrize(
    ("before", "choice", "after"),
    [
        (State.HELD, "lepas", State.WAITING),
        (State.HELD, "batalkan", State.CANCELLED),
        (State.WAITING, "batalkan", State.CANCELLED),
        (State.UNKNOWN, "batalkan", State.CANCELLED),
        (State.UNKNOWN, "kirim-ulang", State.WAITING),
        (State.DELIVERED, "batalkan", State.DELIVERED),
        (State.DELIVERED, "kirim-ulang", State.DELIVERED),
        (State.CANCELLED, "lepas", State.CANCELLED),
    ],
)
def test_a_decision_moves_a_message_only_from_where_it_makes_sense(
    world: World, browser_of: Browser, before: State, choice: str, after: State
) -> None:
    number = message(world, before)
    assert decide(browser_of("approver"), number, choice) == 302
    assert state_of(world, number) == after


def test_a_failed_message_is_repeated_as_a_new_one(world: World, browser_of: Browser) -> None:
    number = message(world, "failed")
    admin = browser_of("admin")
    decide(admin, number, "kirim-ulang")
    decide(admin, number, "kirim-ulang")
    with world.db.read() as conn:
        assert conn.scalars(select(t.messages.c.state).order_by(t.messages.c.id)).all() == ["failed", "waiting"]


def test_the_journal_says_who_decided(world: World, browser_of: Browser) -> None:
    number = message(world, "held")
    decide(browser_of("approver"), number, "lepas")
    with world.db.read() as conn:
        row = conn.execute(select(t.journal)).one()
    assert (row.actor, row.action, row.subject) == ("approver@kantor.test", "message.released", f"message:{number}")


def test_what_there_is_not_is_a_404(world: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    assert decide(admin, 99, "lepas") == 404
    assert decide(admin, message(world, "held"), "hapus") == 404


def test_the_page_shows_the_reason_and_masks_the_number(world: World, browser_of: Browser) -> None:
    message(world, "held", reason="Jumlah pesan tidak biasa.")
    page = browser_of("viewer").get("/pesan/").text
    assert "Jumlah pesan tidak biasa." in page
    assert "+62 812-****-0001" in page
    assert "81200000001" not in page
    assert "&lt;b&gt;" in page
    assert "/lepas" not in page, "a viewer has no buttons"


def test_long_lists_go_on_by_key(world: World, browser_of: Browser) -> None:
    for _ in range(51):
        message(world, "read")
    client = browser_of("viewer")
    assert client.get("/pesan/").text.count('class="list-group-item message"') == 50
    assert "Lebih lama" in client.get("/pesan/").text
    assert client.get("/pesan/?sebelum=2").text.count('class="list-group-item message"') == 1
    assert client.get("/pesan/?state=held").text.count('class="list-group-item message"') == 0
    assert client.get("/pesan/?sebelum=x&state=%00").status_code == 200


def test_the_first_page_points_at_what_waits(world: World, browser_of: Browser) -> None:
    message(world, "held")
    message(world, "unknown")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit, opted_out_at=world.clock.now())
    page = browser_of("viewer").get("/").text
    for words in ("1 pesan ditahan", "1 pesan belum pasti", "mengirim BERHENTI", "Pekerja latar belum berjalan"):
        assert words in page
