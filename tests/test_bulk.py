"""Many rows in one statement, and one parameter for many numbers: the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DataError

from aspal import tables as t
from aspal.among import among
from aspal.bulk import bulk_insert, bulk_update
from aspal.core.delivery import State
from aspal.db import Database

NOW = datetime(2026, 8, 4, 8, 30, 1, 25, tzinfo=timezone(timedelta(hours=9)))
ADD = bulk_insert(t.messages, (
    "id", "contact_id", "address", "template", "variables", "text", "workday", "state", "priority", "not_before",
    "created_at", "attempts", "looks",
))  # fmt: skip
CHANGE = bulk_update(t.messages, "id", ("token", "lease_until"), also="state = 'sending'", where="state = 'waiting'")


def message(number: int, text: str = "Halo", state: str = "waiting") -> tuple[object, ...]:
    return number, None, "+6281200000001", None, {"1": text}, text, NOW.date(), state, 9, NOW, NOW, 0, 0


def test_rows_come_back_as_they_were_given(db: Database) -> None:
    odd = 'Kutip "satu" \\ dua\nbaris, é, 🙂, 100 % %s {{1}}'
    with db.write() as conn:
        ADD(conn, [message(1, odd), message(2)])
        ADD(conn, [])
        row = conn.execute(select(t.messages).where(t.messages.c.id == 1)).one()
    assert (row.text, row.variables, row.workday, row.contact_id) == (odd, {"1": odd}, NOW.date(), None)
    assert (row.created_at, row.created_at.tzinfo) == (NOW, UTC)


def test_what_all_rows_share_is_said_once(db: Database) -> None:
    columns = ("id", "address", "text", "workday", "state", "priority", "attempts", "looks")
    add = bulk_insert(t.messages, columns, same=("template", "variables", "not_before", "created_at", "contact_id"))
    rows = [(n, "+6281200000001", "Halo", NOW.date(), "waiting", 9, 0, 0) for n in (1, 2)]
    with db.write() as conn:
        conn.execute(insert(t.contacts).values(id=7, name="Sari", created_at=NOW))
        add(conn, rows, same=("kutip 'satu'", [], NOW, NOW, 7))
        add(conn, [], same=("", [], NOW, NOW, 7))
        found = conn.execute(select(t.messages).order_by(t.messages.c.id)).all()
    assert [row.id for row in found] == [1, 2]
    for row in found:
        assert (row.template, row.variables, row.not_before, row.contact_id) == ("kutip 'satu'", [], NOW, 7)


def test_a_change_reaches_only_the_rows_that_its_guard_lets_through(db: Database) -> None:
    with db.write() as conn:
        ADD(conn, [message(1), message(2, state="held"), message(3)])
        CHANGE(conn, [(1, "a", NOW), (2, "b", NOW), (4, "d", NOW)])
        columns = (t.messages.c.state, t.messages.c.token, t.messages.c.lease_until)
        rows = list(conn.execute(select(*columns).order_by(t.messages.c.id)))
    assert rows == [("sending", "a", NOW), ("held", None, None), ("waiting", None, None)]


def test_a_word_that_is_too_long_is_refused_and_never_cut_off(postgres: Database) -> None:
    with pytest.raises(DataError, match="too long"), postgres.write() as conn:
        ADD(conn, [message(10**9), message(10**9 + 1, state="w" * 100)])


def test_words_of_a_kind_and_values_of_json_may_change_too(db: Database) -> None:
    change = bulk_update(t.messages, "id", ("state", "variables"))
    with db.write() as conn:
        ADD(conn, [message(1), message(2)])
        change(conn, [(1, State.HELD, {"1": "é"}), (2, "waiting", {})])
        columns = (t.messages.c.state, t.messages.c.variables)
        assert list(conn.execute(select(*columns).order_by(t.messages.c.id))) == [("held", {"1": "é"}), ("waiting", {})]


def test_a_naive_moment_is_refused(sqlite: Database) -> None:
    with pytest.raises(ValueError, match="naive"), sqlite.write() as conn:
        CHANGE(conn, [(1, "a", NOW.replace(tzinfo=None))])


def test_among_none_one_and_many(db: Database) -> None:
    query = select(t.contacts.c.id).where(among(t.contacts.c.id, "ids")).order_by(t.contacts.c.id)
    with db.write() as conn:
        conn.execute(insert(t.contacts), [{"id": n, "name": "Sari", "created_at": NOW} for n in range(1, 9)])
        found = [list(conn.scalars(query, {"ids": ids})) for ids in ([], [3], {7, 2, 99}, range(1, 2000))]
    assert found == [[], [3], [2, 7], [1, 2, 3, 4, 5, 6, 7, 8]]
