"""A message said once more: a copy that carries its notices, once; never one whose words are gone."""

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.secrecy import GONE
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import resending
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-04 08:00")
    unit = world.unit("Dinas Sosial")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()
    return world


def test_the_copy_takes_the_notices_over_and_is_made_once(world: World) -> None:
    first, now = world.only(t.messages).id, world.clock.now()
    with world.db.write() as conn:
        copy = resending.resend(conn, first, now, now)
        assert resending.resend(conn, first, now, now) is None
        assert copy is not None
        assert resending.resends_before(conn, copy) == 1
    assert [notice.message_id for notice in world.rows(t.notices) if notice.state == "bundled"] == [copy]
    assert (world.only(t.messages, id=copy).text, world.only(t.messages, id=copy).state) == (
        world.only(t.messages, id=first).text, "waiting",
    )  # fmt: skip


def test_the_copy_brings_the_document_too(world: World) -> None:
    first, now = world.only(t.messages).id, world.clock.now()
    with world.db.write() as conn:
        conn.execute(update(t.messages).values(document_url="https://aspal.contoh.go.id/dokumen/x/rekap.pdf"))
        resending.resend(conn, first, now, now)
    assert len({message.document_url for message in world.rows(t.messages)}) == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_message_whose_words_were_deleted_is_never_repeated(world: World, by_hand: bool) -> None:
    first, now = world.only(t.messages).id, world.clock.now()
    with world.db.write() as conn:
        conn.execute(update(t.messages).values(text=GONE, variables={}, address=""))
        with pytest.raises(resending.WordsGone, match="sudah dihapus"):
            resending.resend(conn, first, now, now, by_hand=by_hand)
    assert len(world.rows(t.messages)) == 1
