"""Notices into messages: as few as a person can be asked to bear."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aspal.core.bundling import ENOUGH_TODAY, ToldToday, Waiting, brake_limit, bundle
from aspal.core.ladder import Caps
from aspal.core.words import Role

CAPS = Caps()


def notice(
    number: int, contact: int = 1, audience: Role = Role.LIAISON, level: int = 1, digest: bool = False
) -> Waiting:
    template = "rekap_sekda" if digest else "pengingat_tindak_lanjut"
    return Waiting(number, number, number, contact, audience, template, level, 1, digest, approval=digest)


def test_three_cases_are_three_messages() -> None:
    planned, left = bundle([notice(n) for n in range(3)], {}, CAPS)
    assert [len(p.notices) for p in planned] == [1, 1, 1]
    assert left == {}


def test_four_cases_are_one_digest() -> None:
    planned, _ = bundle([notice(n) for n in range(4)], {}, CAPS)
    assert [(p.template, len(p.notices)) for p in planned] == [("ringkasan_penghubung", 4)]


def test_one_complaint_at_two_units_of_one_person_is_one_message() -> None:
    twice = [replace(notice(n), complaint_id=7) for n in (1, 2)]
    planned, _ = bundle(twice, {}, CAPS)
    assert [(p.template, len(p.notices)) for p in planned] == [("ringkasan_penghubung", 2)]


def test_what_was_told_earlier_today_counts() -> None:
    planned, _ = bundle([notice(1), notice(2)], {1: ToldToday(messages=2)}, CAPS)
    assert [p.digest for p in planned] == [True]


def test_a_second_digest_waits_for_the_next_working_day() -> None:
    told = {1: ToldToday(messages=4, digests=frozenset({"ringkasan_penghubung"}))}
    assert bundle([notice(1)], told, CAPS) == ([], {1: ENOUGH_TODAY})


def test_a_digest_of_one_time_zone_keeps_nobody_from_hearing_of_another() -> None:
    kind = "ringkasan_penghubung"
    told = {1: ToldToday(messages=4, digests=frozenset({kind}), zones=frozenset({(kind, "Asia/Jayapura")}))}
    east, west = (replace(notice(n), zone=zone) for n, zone in enumerate(("Asia/Jayapura", "Asia/Jakarta")))
    planned, left = bundle([east, west], told, CAPS)
    assert [(p.template, p.notices) for p in planned] == [(kind, (west,))]
    assert left == {east.notice_id: ENOUGH_TODAY}


def test_a_digest_is_worded_for_the_one_who_reads_it() -> None:
    for role, template in ((Role.HEAD, "ringkasan_pimpinan"), (Role.ADMIN, "ringkasan_admin")):
        planned, _ = bundle([notice(n, audience=role) for n in range(4)], {}, CAPS)
        assert planned[0].template == template


def test_the_highest_step_goes_first() -> None:
    planned, _ = bundle([notice(1, level=1), notice(2, level=3)], {}, CAPS)
    assert [p.level for p in planned] == [3, 1]


def test_sekdas_week_is_one_digest_that_needs_approval() -> None:
    planned, _ = bundle([notice(n, audience=Role.SEKDA, digest=True) for n in range(2)], {}, CAPS)
    assert [(p.template, p.digest, p.approval) for p in planned] == [("rekap_sekda", True, True)]


def test_an_ordinary_day_never_trips_the_brake() -> None:
    assert brake_limit(contacts=10, busiest_day=5) == 50
    assert brake_limit(contacts=100, busiest_day=5) == 200
    assert brake_limit(contacts=10, busiest_day=100) == 400


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(Role), st.booleans()), max_size=30),
    st.dictionaries(st.integers(1, 4), st.builds(ToldToday, st.integers(0, 5)), max_size=4),
)
def test_every_notice_has_one_message_or_one_reason(
    items: list[tuple[int, Role, bool]], told: dict[int, ToldToday]
) -> None:
    waiting = [notice(n, contact, role, digest=digest) for n, (contact, role, digest) in enumerate(items)]
    planned, left = bundle(waiting, told, CAPS)
    carried = Counter(n.notice_id for p in planned for n in p.notices)
    assert all(count == 1 for count in carried.values())
    assert carried.keys() | left.keys() == {n.notice_id for n in waiting}
    assert not carried.keys() & left.keys()
    for contact in {n.contact_id for n in waiting}:
        singles = [p for p in planned if p.contact_id == contact and not p.digest]
        digests = [p.template for p in planned if p.contact_id == contact and p.digest]
        assert len(digests) == len(set(digests))
        assert not singles or len(singles) + told.get(contact, ToldToday()).messages <= CAPS.messages_per_day
