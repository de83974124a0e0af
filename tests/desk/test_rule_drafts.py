"""Rules are written by one and agreed to by another; running chains take them over without hearing anything twice."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.ladder import Ladder, Recap
from aspal.core.ladder.data import LadderProblem, ladder_from
from aspal.core.ladder.edit import moved, with_step, without
from aspal.core.refused import Refused
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import rule_drafts, rule_publishing
from aspal.flow import rule_spread
from aspal.gateways import texts
from aspal.records import ladder_drafts, ladders
from tests.world import World

TEXTS = texts.load()
ANI, BUDI = "ani@kantor.test", "budi@kantor.test"
WHY = "Bupati minta lebih cepat"


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 06:00")
    with db.write() as conn:
        ladders.ensure(conn, world.clock.now())
    return world


def head_after(days: int) -> Any:
    """R2, to the head of the unit, after so many days."""

    def change(ladder: Ladder) -> Ladder:
        step = next(step for step in ladder.steps if step.id == "R2")
        return with_step(ladder, replace(step, days=days))

    return change


def reminder_daily_from(days: int) -> Any:
    def change(ladder: Ladder) -> Ladder:
        return with_step(ladder, replace(next(s for s in ladder.steps if s.id == "R1"), days=days))

    return change


def begun(world: World) -> int:
    return rule_drafts.begin(world.db, TEXTS, now=world.clock.now(), by=ANI)


def revised(world: World, change: Any, *, by: str = ANI) -> tuple[int, int]:
    """A draft with one change; its id and revision."""
    draft = begun(world)
    rule_drafts.revise(world.db, TEXTS, draft, 1, change, now=world.clock.now(), by=by)
    return draft, 2


def in_force(world: World) -> Ladder:
    with world.db.read() as conn:
        return ladders.in_force(conn)


def approved(world: World, change: Any, *, running: bool) -> None:
    draft, revision = revised(world, change)
    rule_drafts.submit(world.db, draft, revision, now=world.clock.now(), by=ANI, why=WHY, running=running)
    rule_publishing.approve(world.db, draft, revision + 1, now=world.clock.now(), by=BUDI)


def test_a_step_to_a_head_needs_a_second_person(world: World) -> None:
    draft, revision = revised(world, head_after(2))
    now = world.clock.now()
    with pytest.raises(Refused, match="orang kedua"):
        rule_publishing.publish(world.db, draft, revision, now=now, by=ANI, why=WHY, running=False)
    rule_drafts.submit(world.db, draft, revision, now=now, by=ANI, why=WHY, running=False)
    assert [row.key for row in world.rows(t.alarms)] == [f"ladder_draft:{draft}"]
    with pytest.raises(Refused, match="harus orang lain"):
        rule_publishing.approve(world.db, draft, revision + 1, now=now, by=ANI)
    assert in_force(world).version == 1
    assert rule_publishing.approve(world.db, draft, revision + 1, now=now, by=BUDI).version == 2
    row = world.only(t.ladders, version=2)
    assert (row.published_by, row.approved_by, row.note, row.running) == (ANI, BUDI, WHY, False)
    said = [(e.actor, e.action) for e in world.rows(t.journal) if e.subject == f"ladder:{row.id}"]
    assert said == [(ANI, "ladder.published"), (BUDI, "ladder.approved")]
    assert world.only(t.alarms).cleared_at is not None


def test_whoever_helped_to_write_cannot_approve(world: World) -> None:
    draft, revision = revised(world, head_after(2))
    rule_drafts.revise(world.db, TEXTS, draft, revision, reminder_daily_from(2), now=world.clock.now(), by=BUDI)
    rule_drafts.submit(world.db, draft, revision + 1, now=world.clock.now(), by=ANI, why=WHY, running=False)
    with pytest.raises(Refused, match="harus orang lain"):
        rule_publishing.approve(world.db, draft, revision + 2, now=world.clock.now(), by=BUDI)


def test_what_concerns_liaisons_only_is_one_persons_decision(world: World) -> None:
    draft, revision = revised(world, reminder_daily_from(2))
    rule_publishing.publish(world.db, draft, revision, now=world.clock.now(), by=ANI, why=WHY, running=False)
    assert in_force(world).version == 2
    with pytest.raises(Refused, match=r"tidak dapat diubah|baru saja diubah"):
        rule_publishing.publish(world.db, draft, revision, now=world.clock.now(), by=ANI, why=WHY, running=False)


@pytest.mark.parametrize(
    ("change", "high"),
    [
        (lambda ladder: without(ladder, "R2"), True),
        (lambda ladder: without(ladder, "R1K"), False),
        (lambda ladder: moved(ladder, "R3", -1), True),
        (lambda ladder: replace(ladder, caps=replace(ladder.caps, messages_per_day=5)), False),
        (
            lambda ladder: replace(
                ladder, limits={**ladder.limits, "pengaduan": replace(ladder.limits["pengaduan"], days=10)}
            ),
            True,
        ),
        (lambda ladder: replace(ladder, recaps=()), True),
    ],
)
def test_what_bears_on_a_head_is_known_by_what_it_changes(world: World, change: Any, high: bool) -> None:
    draft, _ = revised(world, change)
    with world.db.read() as conn:
        found = rule_drafts.review(conn, draft)
    assert found is not None
    assert found.needs_approval is high


def test_the_slower_of_two_writes_over_nothing(world: World) -> None:
    draft, revision = revised(world, head_after(2))
    with pytest.raises(rule_drafts.Overtaken, match=ANI):
        rule_drafts.revise(world.db, TEXTS, draft, 1, head_after(9), now=world.clock.now(), by=BUDI)
    with world.db.read() as conn:
        kept = ladder_drafts.by_id(conn, draft)
    assert kept is not None
    assert (kept.revision, kept.authors) == (revision, (ANI,))
    assert next(s for s in ladder_from(kept.body).steps if s.id == "R2").days == 2


def test_a_draft_that_others_overtook_takes_nothing_back_unseen(world: World) -> None:
    draft, revision = revised(world, reminder_daily_from(2))
    approved(world, head_after(2), running=False)
    now = world.clock.now()
    with pytest.raises(Refused, match="Aturan lain terbit"):
        rule_drafts.submit(world.db, draft, revision, now=now, by=ANI, why=WHY, running=False)
    rule_drafts.acknowledge(world.db, draft, revision, now=now, by=ANI)
    rule_drafts.submit(world.db, draft, revision + 1, now=now, by=ANI, why=WHY, running=False)


def test_a_draft_can_be_given_back_and_let_go(world: World) -> None:
    draft, revision = revised(world, head_after(2))
    now = world.clock.now()
    rule_drafts.submit(world.db, draft, revision, now=now, by=ANI, why=WHY, running=True)
    with pytest.raises(Refused, match="tidak dapat diubah"):
        rule_drafts.revise(world.db, TEXTS, draft, revision + 1, head_after(4), now=now, by=ANI)
    with pytest.raises(Refused, match="alasannya"):
        rule_drafts.give_back(world.db, draft, revision + 1, now=now, by=BUDI, why=" ")
    rule_drafts.give_back(world.db, draft, revision + 1, now=now, by=BUDI, why="Terlalu cepat")
    rule_drafts.discard(world.db, draft, revision + 2, now=now, by=ANI)
    with world.db.read() as conn:
        assert ladder_drafts.open_drafts(conn) == []


def test_a_message_that_cannot_say_a_case_is_refused(world: World) -> None:
    for template, digest in (
        ("rekap_sekda", False),
        ("disposisi_baru", True),
        ("bantuan", False),
        ("tidak_ada", False),
    ):
        with pytest.raises(LadderProblem, match="tidak dapat dipakai"):
            revised(
                world,
                lambda ladder, t=template, d=digest: with_step(ladder, replace(ladder.steps[0], template=t, digest=d)),
            )


@pytest.mark.parametrize(
    ("template", "when", "audience", "word"),
    [
        ("rekap_bulanan", "awal_bulan", (Role.HEAD,), "bukan untuk kepala_opd"),
        ("rekap_bulanan", "senin", (Role.SEKDA,), "hanya pada 'awal_bulan'"),
        ("rekap_peringkat", "01-05", (Role.SEKDA, Role.HEAD), "bukan untuk kepala_opd"),
        ("rekap_mingguan_opd", "senin", (Role.HEAD, Role.SEKDA), "hanya untuk kepala_opd"),
        ("tunggakan_tahunan", "senin", (Role.SEKDA,), "hanya pada tanggal tertentu"),
        ("rekap_sekda", "senin", (Role.SEKDA,), "bukan rekap"),
    ],
)
def test_a_recap_whose_words_say_something_else_than_it_counts_is_refused(
    world: World, template: str, when: str, audience: tuple[Role, ...], word: str
) -> None:
    recap = Recap("R10X", when, "08:00", template, audience)
    with pytest.raises(LadderProblem, match=word):
        revised(world, lambda ladder: replace(ladder, recaps=(*ladder.recaps, recap)))


@pytest.mark.parametrize(
    ("when", "at", "word"),
    [
        ("senin", "25:00", "tulis seperti '08:00'"),
        ("senin", "8:00", "tulis seperti '08:00'"),
        ("senin", "08.30", "tulis seperti '08:00'"),
        ("senin", "21:00", "selagi kantor buka"),
        ("senin pagi", "08:00", "tanggal seperti"),
        ("1 Oktober", "08:00", "tanggal seperti"),
        ("10-01,", "08:00", "tanggal seperti"),
        ("02-29", "08:00", "tanggal seperti"),
    ],
)
def test_a_recap_that_would_never_be_told_is_refused(world: World, when: str, at: str, word: str) -> None:
    recap = Recap("R10X", when, at, "rekap_peringkat", (Role.SEKDA,))
    with pytest.raises(LadderProblem, match=word):
        revised(world, lambda ladder: replace(ladder, recaps=(*ladder.recaps, recap)))


@pytest.mark.parametrize(
    ("path", "name"),
    [(("pagu",), "pesan_per_hri"), ((), "langkahh"), (("batas",), "infoo"), (("batas", "aspirasi"), "harii"),
     (("rekap", 0), "jam")],
)  # fmt: skip
def test_a_slip_of_the_pen_outside_the_steps_is_named(path: tuple[str | int, ...], name: str) -> None:
    data: Any = ladders.default_data()
    part = data
    for key in path:
        part = part[key]
    part[name] = 1
    with pytest.raises(LadderProblem, match=f"Isian tidak dikenal: {name}"):
        rule_drafts.checked(data, TEXTS)
    del part[name]
    rule_drafts.checked(data | {"version": 3}, TEXTS)


def test_running_chains_take_new_rules_over_and_hear_nothing_twice(world: World) -> None:
    unit = world.unit("Dinas PUPR")
    sari, head = world.person("Sari", Role.LIAISON, unit), world.person("Kepala", Role.HEAD, unit)
    world.person("Admin", Role.ADMIN, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-05 17:00", every_minutes=120)  # day 2: the head has heard nothing
    assert world.heard(head) == []
    approved(world, head_after(2), running=True)
    version = in_force(world)
    assert world.only(t.dispositions).ladder_id == version.id
    assert world.only(t.ladders, version=2).spread_at is not None
    world.until("2026-08-06 17:00", every_minutes=120)
    assert world.heard(head) == [("2026-08-06", "eskalasi_kepala_opd")]
    approved(world, head_after(1), running=True)  # reached long ago, and told: it is not told again
    world.until("2026-08-07 17:00", every_minutes=120)
    assert world.heard(head) == [("2026-08-06", "eskalasi_kepala_opd")]
    assert world.heard(sari) == [("2026-08-03", "disposisi_baru")] + [
        (f"2026-08-{day:02d}", "pengingat_tindak_lanjut") for day in (4, 5, 6, 7)
    ]


def test_rules_for_new_dispositions_leave_the_running_ones_alone(world: World) -> None:
    unit = world.unit("Dinas PUPR")
    head = world.person("Kepala", Role.HEAD, unit)
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-03 12:00", every_minutes=120)
    approved(world, head_after(1), running=False)
    world.complaint("1916450", unit, disposed="2026-08-03")
    world.until("2026-08-04 17:00", every_minutes=120)
    assert world.heard(head) == [("2026-08-04", "eskalasi_kepala_opd")]  # about the second only
    assert [row.ladder_id for row in world.rows(t.dispositions)] == [1, 2]


def test_spreading_goes_on_where_it_was_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = world.unit("Dinas PUPR")
    for number in range(5):
        world.complaint(f"191644{number}", unit, disposed="2026-08-03")
    world.until("2026-08-03 12:00", every_minutes=300)
    monkeypatch.setattr(rule_spread, "BATCH", 2)
    monkeypatch.setattr(rule_spread, "AT_ONCE", 1)  # as if it were cut off after each batch
    draft, revision = revised(world, reminder_daily_from(2))
    now = world.clock.now()
    rule_publishing.publish(world.db, draft, revision, now=now, by=ANI, why=WHY, running=True)
    assert sorted(row.ladder_id for row in world.rows(t.dispositions)) == [1, 1, 1, 2, 2]
    assert world.only(t.ladders, version=2).spread_at is None
    left = [rule_publishing.spread(world.db, now) for _ in range(3)]
    assert left == [2, None, None]
    assert {row.ladder_id for row in world.rows(t.dispositions)} == {2}
    assert world.only(t.ladders, version=2).spread_at == now


def test_what_nobody_looks_at_is_moved_but_not_woken(world: World) -> None:
    unit = world.unit("Dinas PUPR")
    parked, ended = (world.complaint(number, unit, disposed="2026-08-03") for number in ("1", "2"))
    with world.db.write() as conn:
        first = ladders.in_force(conn).id
        conn.execute(update(t.dispositions).values(ladder_id=first, next_look_at=None))
        conn.execute(
            update(t.dispositions).where(t.dispositions.c.complaint_id == parked).values(parked_at=world.clock.now())
        )
        conn.execute(
            update(t.dispositions).where(t.dispositions.c.complaint_id == ended).values(ended_at=world.clock.now())
        )
    approved(world, head_after(2), running=True)
    assert [(row.ladder_id, row.next_look_at) for row in world.rows(t.dispositions)] == [(2, None), (1, None)]


def test_what_a_newer_version_overtook_is_still_moved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = world.unit("Dinas PUPR")
    for number in range(3):
        world.complaint(f"191644{number}", unit, disposed="2026-08-03")
    world.until("2026-08-03 12:00", every_minutes=300)
    monkeypatch.setattr(rule_spread, "BATCH", 1)
    monkeypatch.setattr(rule_spread, "AT_ONCE", 1)
    now = world.clock.now()
    for change, running in ((reminder_daily_from(2), True), (reminder_daily_from(3), False)):
        draft = begun(world)
        rule_drafts.revise(world.db, TEXTS, draft, 1, change, now=now, by=ANI)
        rule_publishing.publish(world.db, draft, 2, now=now, by=ANI, why=WHY, running=running)
    while rule_publishing.spread(world.db, now):
        pass
    assert {row.ladder_id for row in world.rows(t.dispositions)} == {2}, "version 3 is for new ones only"
