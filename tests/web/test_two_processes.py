"""Two web processes beside each other: what comes to both at once is one thing."""

from threading import Barrier, Thread

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from aspal import tables as t
from aspal.bootstrap import House
from aspal.db import Database
from aspal.web.factory import create_app
from tests.web.test_webhooks import form, post
from tests.world import World


def test_the_same_reply_through_both_at_once_is_stored_once(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    url = db.engine.url.render_as_string(hide_password=False)
    houses = [House(world.settings, world.clock) for _ in range(2)]
    for house in houses:
        house.db.close()
        house.db = Database(url)
    clients = [create_app(house).test_client() for house in houses for _ in range(3)]
    start, codes, told = Barrier(len(clients)), [], form(MessageSid="SM" + "d" * 32)

    def knock(client: FlaskClient) -> None:
        start.wait()
        codes.append(post(client, world, told))

    threads = [Thread(target=knock, args=(client,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for house in houses:
        house.db.close()
    assert codes == [204] * len(clients)
    row = dict(world.only(t.replies)._mapping)
    row.pop("id")
    with pytest.raises(IntegrityError), world.db.write() as conn:
        conn.execute(insert(t.replies).values(row))
