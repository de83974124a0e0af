"""Replies are kept once; a person's cases are exactly their own."""

from datetime import UTC, datetime, timedelta

import pytest

from aspal.core.words import Kind, Role
from aspal.db import Database
from aspal.records import questions, replies
from aspal.records.replies import Arrival, Scope
from aspal.tables import contacts
from tests.world import World

NOW = datetime(2026, 8, 12, 2, tzinfo=UTC)


def arrival(sid: str, **form: str) -> Arrival:
    return Arrival(sid, "+6281200000001", form, NOW)


def test_a_sid_is_kept_once(db: Database) -> None:
    with db.write() as conn:
        replies.store(conn, [arrival("SM1", Body="a"), arrival("SM2", Body="c")])
        replies.store(conn, [arrival("SM1", Body="b"), arrival("SM1", Body="d")])
        assert [reply.raw["Body"] for reply in replies.by_ids(conn, [1, 2, 3, 4])] == ["a", "c"]


def test_waiting_replies_come_in_order_of_arrival_and_settled_ones_not_at_all(db: Database) -> None:
    with db.write() as conn:
        replies.store(conn, [arrival(f"SM{n}") for n in range(4)])
        replies.settle(conn, [2], "tray", NOW)
        assert [found[0] for found in replies.waiting(conn, 0, 10)] == [1, 3, 4]
        assert [found[0] for found in replies.waiting(conn, 1, 1)] == [3]
        assert replies.take(conn, 2) is None


def test_the_last_try_parks(db: Database) -> None:
    with db.write() as conn:
        replies.store(conn, [arrival("SM1")])
        assert [replies.failed(conn, 1, "Trouble", 3, NOW) for _ in range(4)] == [False, False, True, False]


def test_a_newer_word_opens_the_window_and_an_older_one_does_not_move_it_back(db: Database) -> None:
    world = World(db, "2026-08-12 09:00")
    sari = world.person("Sari", Role.LIAISON, world.unit("Dinas PUPR"))
    with db.write() as conn:
        replies.heard(conn, sari.id, NOW)
        replies.heard(conn, sari.id, NOW - timedelta(hours=1))
    assert world.only(contacts).last_inbound_at == NOW


@pytest.mark.parametrize(
    ("scope", "numbers"),
    [
        (Scope(1, [1], supervised=False, office=False), ["1916449"]),
        (Scope(1, [1, 2], supervised=False, office=False), ["1916449", "1916450"]),
        (Scope(1, [], supervised=True, office=False), ["1916451", "1916452"]),
        (Scope(1, [], supervised=False, office=False), []),
        (Scope(1, [], supervised=False, office=True), []),
    ],
)
def test_a_persons_cases_are_their_own(db: Database, scope: Scope, numbers: list[str]) -> None:
    world = World(db, "2026-08-12 09:00")
    first, second = world.unit("Dinas PUPR"), world.unit("Dinas Sosial")
    world.complaint("1916449", first, disposed="2026-08-10")
    world.complaint("1916450", second, disposed="2026-08-10")
    world.complaint("1916451", first, disposed="2026-08-10", supervised=True)
    world.complaint("1916452", first, disposed="2026-08-10", kind=Kind.WHISTLE)
    with db.read() as conn:
        found = replies.candidates(conn, scope, ["1916449", "1916450", "1916451"], [1, 2, 3, 4])
    assert [case.tracking_id for case in found] == numbers


def test_questions_are_pending_until_answered_or_over(db: Database) -> None:
    world = World(db, "2026-08-12 09:00")
    sari = world.person("Sari", Role.LIAISON, world.unit("Dinas PUPR"))
    hour = timedelta(hours=1)
    with db.write() as conn:
        for n in range(3):
            questions.ask(conn, sari.id, "which_case", {"A": n}, now=NOW, expires_at=NOW + (n + 1) * hour)
        questions.close(conn, 3, NOW)
        assert [q.id for q in questions.pending(conn, sari.id, NOW)] == [2, 1]
        assert [q.id for q in questions.pending(conn, sari.id, NOW + hour)] == [2]
        assert [q.id for q in questions.expired(conn, NOW + hour)] == [1]
