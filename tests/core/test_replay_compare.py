"""Two replays side by side: what is new, gone or moved, and how many messages that is."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from aspal.core.case import Sent
from aspal.core.escalation import decide
from aspal.core.ladder import Caps
from aspal.core.replay import LOOK_BACK, Past, foretell, replay
from aspal.core.replay.compare import Mark, Told, by_audience, compare, lanes, messages
from aspal.core.replay.words import rupiah, summary
from aspal.core.words import Kind, Role, Status
from tests.core.test_escalation import CALENDAR, CASE, LADDER, MONDAY

FIRST, LAST = date(2026, 5, 20), date(2026, 9, 30)


def told(step: str, day: int, *, case: int = 1, role: Role = Role.HEAD, template: str = "x") -> Told:
    return Told(case, case, "1", "PUPR", step, role, 5, date(2026, 8, day), template, 2)


def by_day(past: Past) -> list[Sent]:
    """The replay without leaps, day by day."""
    sent: list[Sent] = []
    for number in range(max(past.case.disposed_on, FIRST - LOOK_BACK).toordinal(), LAST.toordinal() + 1):
        day = date.fromordinal(number)
        case = past.on(day)
        if case.ended:
            break
        if CALENDAR.is_workday(day):
            due = decide(case, LADDER, sent, CALENDAR, CALENDAR.opening(day)).due
            sent += [Sent(d.step.id, d.audience, d.contact_id, d.workday, counts=True) for d in due]
    return [s for s in sent if s.workday >= FIRST]


days = st.dates(date(2026, 4, 1), date(2026, 9, 1))


@given(
    days, st.none() | days, st.none() | days, st.sampled_from(Kind), st.sampled_from([Status.OPEN, Status.UNVERIFIED])
)
def test_leaping_from_look_to_look_misses_nothing(
    disposed: date, responded: date | None, ended: date | None, kind: Kind, status: Status
) -> None:
    past = Past(replace(CASE, disposed_on=disposed, kind=kind, status=status), responded, ended)
    assert list(replay(past, LADDER, CALENDAR, FIRST, LAST)) == by_day(past)


def test_a_running_case_is_followed_from_what_was_told_already() -> None:
    sent = [Sent("R2", Role.HEAD, 30, date(2026, 8, 6), counts=True)]
    case = replace(CASE, people={Role.HEAD: (30,), Role.LIAISON: (1,)})
    ahead = list(foretell(case, LADDER, sent, CALENDAR, date(2026, 8, 7), date(2026, 8, 11)))
    assert "R2" not in {s.step for s in ahead}
    assert ("R3", date(2026, 8, 10)) in {(s.step, s.workday) for s in ahead if s.audience is Role.HEAD}
    assert ahead[0].workday > MONDAY


def test_the_same_another_day_has_moved_and_the_rest_is_new_or_gone() -> None:
    now = [told("R2", 6), told("R1", 4), told("R1", 5), told("R9", 7)]
    draft = [told("R2", 5), told("R1", 5), told("L1", 10), told("R9", 7, template="y")]
    found = {(one.told.step, one.told.workday.day): (one.mark, one.before) for one in compare(now, draft)}
    assert found == {
        ("R2", 5): (Mark.MOVED, now[0]),
        ("R1", 4): (Mark.GONE, None),
        ("R1", 5): (Mark.SAME, None),
        ("L1", 10): (Mark.NEW, None),
        ("R9", 7): (Mark.MOVED, now[3]),
    }


def test_the_cases_that_change_most_come_first() -> None:
    now = [told("R1", 4), told("R1", 4, case=2), told("R1", 4, case=3)]
    draft = [told("R1", 4), told("R1", 5, case=2), told("L1", 6, case=2), told("R1", 5, case=3)]
    assert [(one.disposition_id, len(group)) for one, group in lanes(compare(now, draft), 5)] == [(2, 2), (3, 1)]


def test_messages_are_counted_as_the_station_bundles_them() -> None:
    many = [told("R2", 6, case=case) for case in range(5)]
    assert messages(many, Caps(messages_per_day=3)) == {(Role.HEAD, "ringkasan_pimpinan"): 1}
    assert messages(many[:3], Caps(messages_per_day=3)) == {(Role.HEAD, "x"): 3}
    assert by_audience(messages(many, Caps(messages_per_day=9))) == {Role.HEAD: 5}


def test_the_sum_is_said_in_words() -> None:
    now, draft = messages([told("R2", 6)], Caps()), messages([told("R2", 6), told("R2", 7)], Caps())
    assert summary(now, draft, {"utility": 1500}) == [
        "Aturan baru: 1 pesan lebih banyak (1 menjadi 2).",
        "Kepala OPD 1 pesan lebih banyak (1 menjadi 2).",
        "Biaya Rp1.500 menjadi Rp3.000.",
    ]
    assert summary(draft, now, {})[0] == "Aturan baru: 1 pesan lebih sedikit (2 menjadi 1)."
    assert summary(now, now, {}) == ["Jumlah pesan tetap 1."]
    assert rupiah(1_234_567) == "Rp1.234.567"
