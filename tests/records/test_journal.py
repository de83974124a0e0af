"""The journal: gapless, chained, and every kind of tampering shows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from aspal.db import Database
from aspal.records.journal import HEAD, Entry, append, of_complaint, recent, verify
from aspal.tables import journal, switches

MOMENT = datetime(2026, 8, 3, 0, 30, tzinfo=UTC)


def entry(number: int = 0, **fields: object) -> Entry:
    given = {"actor": "scan", "action": "decided", "subject": f"disposition:{number}", "detail": {"step": "R1"}}
    return Entry(at=MOMENT + timedelta(seconds=number), **(given | fields))  # type: ignore[arg-type]


def write(db: Database, count: int, **fields: object) -> None:
    with db.write() as conn:
        append(conn, [entry(number, **fields) for number in range(count)])


def test_entries_come_back_as_they_were_written_and_the_chain_holds(db: Database) -> None:
    write(db, 3, complaint_id=7, detail={"why": "3 hari kerja", "days": [1, 2]})
    write(db, 2)
    with db.read() as conn:
        assert [found.id for found in of_complaint(conn, 7)] == [1, 2, 3]
        assert of_complaint(conn, 7)[0].detail == {"why": "3 hari kerja", "days": [1, 2]}
        assert [found.id for found in recent(conn, 2)] == [5, 4]
        assert recent(conn, 1)[0].at == MOMENT + timedelta(seconds=1)
        assert verify(conn) is None


def test_an_empty_journal_holds(db: Database) -> None:
    with db.write() as conn:
        append(conn, [])
        assert verify(conn) is None


def _edit(conn: Connection) -> None:
    conn.execute(update(journal).where(journal.c.id == 3).values(actor="someone else"))


def _edit_time(conn: Connection) -> None:
    conn.execute(update(journal).where(journal.c.id == 3).values(at=MOMENT))


def _delete(conn: Connection) -> None:
    conn.execute(delete(journal).where(journal.c.id == 3))


def _swap(conn: Connection) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        conn.execute(update(journal).where(journal.c.id == old).values(id=new))


def _insert(conn: Connection) -> None:
    third = conn.execute(select(journal).where(journal.c.id == 3)).one()._mapping
    conn.execute(update(journal).where(journal.c.id == 5).values(id=6))
    conn.execute(update(journal).where(journal.c.id == 4).values(id=5))
    conn.execute(insert(journal).values({**third, "id": 4}))


def _cut(conn: Connection) -> None:
    conn.execute(delete(journal).where(journal.c.id >= 4))


def _cut_and_go_on(conn: Connection) -> None:
    _cut(conn)
    append(conn, [entry(9)])


def _forget_head(conn: Connection) -> None:
    conn.execute(delete(switches).where(switches.c.name == HEAD))


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (_edit, 3),
        (_edit_time, 3),
        (_delete, 3),
        (_swap, 3),
        (_insert, 4),
        (_cut, 4),
        (_cut_and_go_on, 4),
        (_forget_head, 6),
    ],
)
def test_verify_names_the_first_broken_link(db: Database, tamper: Callable[[Connection], None], broken: int) -> None:
    write(db, 5)
    with db.write() as conn:
        tamper(conn)
    with db.read() as conn:
        link = verify(conn)
    assert link is not None
    assert link.id == broken
    assert link.reason


def test_a_lost_head_does_not_stop_the_work(db: Database) -> None:
    write(db, 2)
    with db.write() as conn:
        _forget_head(conn)
    write(db, 1)
    with db.read() as conn:
        assert verify(conn) is None


def test_writers_at_the_same_time_leave_no_gap(db: Database) -> None:
    def some() -> None:
        for _ in range(5):
            write(db, 3)

    threads = [Thread(target=some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as conn:
        assert recent(conn, 1)[0].id == 60
        assert verify(conn) is None


def test_a_rolled_back_transaction_leaves_no_gap(db: Database) -> None:
    write(db, 1)
    with pytest.raises(ZeroDivisionError), db.write() as conn:  # noqa: PT012
        append(conn, [entry()])
        1 / 0  # noqa: B018
    write(db, 1)
    with db.read() as conn:
        assert recent(conn, 1)[0].id == 2
        assert verify(conn) is None


@pytest.mark.parametrize("phone", ["+6281200000001", "6281200000001", "081200000001"])
def test_a_phone_number_never_gets_in(db: Database, phone: str) -> None:
    write(db, 1, detail={"to": phone, "said": f"hubungi {phone} ya", "sid": "SM0812000000010812000000010a"})
    with db.read() as conn:
        assert recent(conn, 1)[0].detail == {
            "to": "[disamarkan]",
            "said": "hubungi [disamarkan] ya",
            "sid": "SM0812000000010812000000010a",
        }
        assert verify(conn) is None


DETAIL = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    max_size=4,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(details=st.lists(DETAIL, max_size=4))
def test_any_detail_survives_the_database_unchanged(db: Database, details: list[dict[str, object]]) -> None:
    with db.write() as conn:
        append(conn, [entry(detail=detail) for detail in details])
        assert verify(conn) is None


def test_a_long_chain_is_walked_in_pages(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aspal.records.journal._PAGE", 7)
    write(db, 30)
    with db.read() as conn:
        assert verify(conn) is None
