"""The escalation decision, day by day. Most tests walk the working days and write down who is told what."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.case import Case, Rest, Sent
from aspal.core.escalation import decide, still_due
from aspal.core.ladder.data import ladder_from
from aspal.core.words import Kind, Role, Status
from aspal.core.workdays import Calendar, HoursPeriod

LADDER = ladder_from(tomllib.loads(Path("aspal/default_ladder.toml").read_text("utf-8")))
HOURS = HoursPeriod("biasa", None, None, {day: ((time(7, 30), time(16, 0)),) for day in range(5)})
# Monday 3 August 2026; Tuesday the 25th is Maulid.
CALENDAR = Calendar("Asia/Jakarta", {date(2026, 8, 17): "Kemerdekaan", date(2026, 8, 25): "Maulid Nabi"}, [HOURS])
MONDAY = date(2026, 8, 3)
JAKARTA = ZoneInfo("Asia/Jakarta")
LIAISON, HEAD, ADMIN, SEKDA, INSPECTOR, OPERATOR = 1, 2, 3, 4, 5, 6
PEOPLE = {
    Role.LIAISON: (LIAISON,), Role.HEAD: (HEAD,), Role.ADMIN: (ADMIN,), Role.SEKDA: (SEKDA,),
    Role.INSPECTORATE: (INSPECTOR,),
}  # fmt: skip
CASE = Case(7, Kind.COMPLAINT, False, Status.OPEN, MONDAY, people=PEOPLE)


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), JAKARTA).astimezone(UTC)


class Chain:
    """One case through its days: looks when it said it would, remembers what was told."""

    def __init__(self, case: Case) -> None:
        self.case, self.sent, self.told = case, list[Sent](), dict[date, set[str]]()

    def look(self, now: datetime) -> datetime | None:
        decision = decide(self.case, LADDER, self.sent, CALENDAR, now)
        for due in decision.due:
            self.sent.append(Sent(due.step.id, due.audience, due.contact_id, due.workday, counts=True))
            self.told.setdefault(due.workday, set()).add(f"{due.step.id}:{due.contact_id}")
        return decision.next_look_at

    def run(self, start: date, days: int) -> dict[int, set[str]]:
        """From the start for so many calendar days; the result is keyed by the days since the start."""
        now: datetime | None = at(start)
        while now is not None and now < at(start + timedelta(days=days), 0):
            now = self.look(now)
        return {(day - start).days: told for day, told in sorted(self.told.items())}


def test_an_ordinary_complaint_climbs_the_ladder() -> None:
    assert Chain(CASE).run(MONDAY, 15) == {
        0: {"R0:1"},  # Mon 3 Aug, seen
        1: {"R1:1"},  # Tue, 1 working day
        2: {"R1:1"},  # Wed, 2
        3: {"R1:1", "R2:2"},  # Thu, 3: the head
        4: {"R1:1", "R9:3"},  # Fri, 4: three reminders unanswered
        7: {"R1:1", "R3:2", "R3:3"},  # Mon 10 Aug, 5: head and Kominfo
        8: {"R1:1"},  # Tue, 6
        9: {"R1:1"},  # Wed, 7: from here Sekda, at the start of a week
        10: {"R1:1"},
        11: {"R1:1"},
        # Mon 17 Aug is a holiday: nothing, and Sekda's week starts on Tuesday (day 15)
    }


def test_sekda_hears_once_a_week_on_its_first_working_day() -> None:
    told = Chain(CASE).run(MONDAY, 30)
    assert [day for day, steps in told.items() if "R4:4" in steps] == [15, 21, 28]  # Tue 18, Mon 24, Mon 31 Aug


def test_nobody_is_told_on_a_day_off_or_twice_on_one_day() -> None:
    chain = Chain(CASE)
    for hour in range(24 * 40):  # looked at every hour, as a careless scheduler would
        chain.look(at(MONDAY, 7) + timedelta(hours=hour))
    assert all(CALENDAR.is_workday(day) for day in chain.told)
    assert all(len({told.split(":")[1] for told in steps}) == len(steps) for steps in chain.told.values())


def test_after_downtime_only_the_highest_step_is_told() -> None:
    chain = Chain(CASE)
    assert chain.run(MONDAY + timedelta(days=7), 1) == {0: {"R1:1", "R3:2", "R3:3"}}  # age 5: no R0, no R2


def test_a_step_that_was_overtaken_is_not_told_the_day_after() -> None:
    chain = Chain(CASE)
    told = chain.run(MONDAY + timedelta(days=7), 4)
    assert not any("R2" in step or "R0" in step for steps in told.values() for step in steps)


def test_outside_office_hours_nothing_is_due_and_the_next_look_is_the_opening() -> None:
    decision = decide(CASE, LADDER, [], CALENDAR, at(MONDAY, 21))
    assert (decision.due, decision.next_look_at) == ((), at(date(2026, 8, 4), 7, 30))


def test_in_process_goes_by_the_legal_limit_of_fourteen_days() -> None:
    told = Chain(replace(CASE, status=Status.IN_PROCESS)).run(MONDAY, 40)
    assert told == {
        9: {"R5A:1"},  # Wed 12 Aug, 7 working days
        17: {"R5B:1", "R5B:2"},  # Thu 20 Aug, 12 (17 Aug is off)
        18: {"R5C:1"},  # Fri 21 Aug, 13: the day before the limit
        23: {"R6:2", "R6:3"},  # Wed 26 Aug, 15: over (25 Aug is off)
        30: {"R6:2", "R6:3"},  # then weekly
        37: {"R6:2", "R6:3"},
    }


def test_a_monday_declared_off_after_sekda_was_told_brings_no_second_digest_on_tuesday() -> None:
    chain = Chain(CASE)
    chain.look(at(date(2026, 8, 24)))
    assert "R4:4" in chain.told[date(2026, 8, 24)]
    flooded = Calendar("Asia/Jakarta", dict.fromkeys((date(2026, 8, 24), date(2026, 8, 25)), "Libur daerah"), [HOURS])
    wednesday = decide(CASE, LADDER, chain.sent, flooded, at(date(2026, 8, 26)))
    assert "R4" not in {due.step.id for due in wednesday.due}


def test_after_downtime_nobody_hears_that_a_limit_is_near_which_has_passed() -> None:
    chain = Chain(replace(CASE, kind=Kind.ASPIRATION, status=Status.IN_PROCESS))
    assert chain.run(date(2026, 8, 12), 1) == {0: {"R6:2", "R6:3"}}  # 7 working days of 5


def test_a_supervised_complaint_is_only_ever_told_to_the_inspectorate() -> None:
    for case in (replace(CASE, supervised=True), replace(CASE, kind=Kind.WHISTLE)):
        told = Chain(case).run(MONDAY, 150)
        assert told[0] == {"R8:5"}
        assert {step.split(":")[1] for steps in told.values() for step in steps} == {str(INSPECTOR)}


def test_the_verification_backlog_is_kominfos_own() -> None:
    told = Chain(replace(CASE, status=Status.UNVERIFIED)).run(MONDAY, 30)
    assert told == {2: {"R7A:3"}, 3: {"R7B:3"}}


@pytest.mark.parametrize("status", [Status.FINISHED, Status.POSTPONED, Status.ARCHIVED, Status.NOT_OURS])
def test_other_states_never_remind(status: Status) -> None:
    chain = Chain(replace(CASE, status=status))
    assert chain.run(MONDAY, 60) == {}
    assert chain.look(at(MONDAY)) is None


def test_a_reply_skips_one_reminder_but_not_the_head() -> None:
    snoozed = replace(CASE, snoozed=frozenset({date(2026, 8, 6)}), replied_at=at(date(2026, 8, 5), 9))
    told = Chain(snoozed).run(MONDAY, 5)
    assert told[3] == {"R2:2"}  # Thursday: the reminder is left out, the head hears all the same
    assert told[4] == {"R1:1"}


def test_a_reply_before_anything_was_told_is_not_answered_with_the_news_of_it() -> None:
    """After an outage: the liaison wrote by herself on Wednesday; her free day is Thursday."""
    snoozed = replace(CASE, snoozed=frozenset({date(2026, 8, 6)}), replied_at=at(date(2026, 8, 5), 9))
    assert Chain(snoozed).run(date(2026, 8, 6), 2) == {0: {"R2:2"}, 1: {"R1:1"}}


def test_a_promise_rests_the_chain_and_resumes_at_the_same_level() -> None:
    """Promised on Tuesday (1 working day) for Friday: quiet until Friday's end, then 2 working days on Monday."""
    chain = Chain(CASE)
    chain.run(MONDAY, 2)
    chain.case = replace(CASE, rests=(Rest(date(2026, 8, 4), date(2026, 8, 7), "promise"),))
    chain.told.clear()
    told = chain.run(date(2026, 8, 4), 8)
    assert told == {6: {"R1:1"}, 7: {"R1:1", "R2:2"}}  # Mon 10 Aug counts 2, Tue 11 Aug 3


def test_a_claim_of_done_rests_the_reminders_until_an_import_denies_it() -> None:
    chain = Chain(replace(CASE, claim="done", claimed_at=at(date(2026, 8, 3), 15)))
    assert chain.run(MONDAY, 4) == {3: {"R2:2"}}
    chain.case = replace(chain.case, claim_denied_at=at(date(2026, 8, 7), 6))
    assert chain.run(date(2026, 8, 7), 4) == {-1: {"R2:2"}, 0: {"R1K:1"}, 3: {"R1:1", "R3:2", "R3:3"}}


def test_not_ours_stops_the_units_clock_and_starts_kominfos() -> None:
    chain = Chain(CASE)
    chain.run(MONDAY, 2)
    wednesday = date(2026, 8, 5)
    chain.case = replace(CASE, claim="not_ours", rests=(Rest(wednesday, None, "returned"),))
    chain.told.clear()
    assert chain.run(wednesday, 3) == {0: {"K0:3"}, 1: {"K1:3"}, 2: {"K1:3"}}


def test_a_refused_not_ours_goes_on_where_it_stood() -> None:
    returned = Rest(date(2026, 8, 4), date(2026, 8, 6), "returned")  # Wednesday and Thursday did not count
    told = Chain(replace(CASE, rests=(returned,))).run(date(2026, 8, 7), 1)
    assert told == {0: {"R1:1"}}  # Friday: 2 working days, not 4


def test_an_extension_wish_is_told_to_kominfo_once() -> None:
    chain = Chain(replace(CASE, claim="extension", claimed_at=at(MONDAY, 9)))
    told = chain.run(MONDAY, 4)
    assert [day for day, steps in told.items() if "P0:3" in steps] == [0]


def test_a_unit_without_a_liaison_is_told_to_kominfo() -> None:
    people = {role: who for role, who in PEOPLE.items() if role is not Role.LIAISON}
    told = Chain(replace(CASE, people=people)).run(MONDAY, 5)
    assert told == {0: {"R9:3"}, 3: {"R2:2"}}


def test_an_unreachable_number_is_told_to_kominfo() -> None:
    assert Chain(replace(CASE, unreachable=(Role.LIAISON,))).run(MONDAY, 1) == {0: {"R0:1", "R9:3"}}


def test_a_missing_head_is_told_to_kominfo_when_the_head_is_needed() -> None:
    people = {role: who for role, who in PEOPLE.items() if role is not Role.HEAD}
    told = Chain(replace(CASE, people=people)).run(MONDAY, 8)
    assert [day for day, steps in told.items() if "R9:3" in steps] == [3]


def test_one_person_in_two_roles_hears_of_a_case_once_a_day() -> None:
    people = PEOPLE | {Role.HEAD: (LIAISON,), Role.OPERATOR: (LIAISON,)}
    told = Chain(replace(CASE, people=people)).run(MONDAY, 5)
    assert told[3] == {"R2:1"}


def test_one_person_in_two_roles_hears_a_step_once() -> None:
    told = Chain(replace(CASE, people=PEOPLE | {Role.ADMIN: (HEAD,)})).run(MONDAY, 9)
    assert [day for day, steps in told.items() if "R3:2" in steps] == [7]
    overdue = Chain(replace(CASE, status=Status.IN_PROCESS, people=PEOPLE | {Role.ADMIN: (HEAD,)}))
    assert [day for day, steps in overdue.run(MONDAY, 40).items() if "R6:2" in steps] == [23, 30, 37]


def test_not_ours_from_the_inspectorate_is_told_to_kominfo() -> None:
    returned = Rest(date(2026, 8, 4), None, "returned")
    case = replace(CASE, supervised=True, claim="not_ours", rests=(returned,))
    assert Chain(case).run(date(2026, 8, 4), 2) == {0: {"K0:3"}, 1: {"K1:3"}}


def test_a_pause_keeps_the_state_and_silences_the_chain() -> None:
    paused = replace(CASE, paused_until=at(date(2026, 8, 5), 12))
    assert Chain(paused).run(MONDAY, 3) == {2: {"R1:1"}}  # from Wednesday noon


def test_a_late_check_names_what_superseded_a_notice() -> None:
    now = at(date(2026, 8, 4))
    assert still_due(CASE, LADDER, "R1", Role.LIAISON, LIAISON, CALENDAR, now) == (None, 1)
    moved = {
        "berakhir": replace(CASE, ended=True),
        "proses": replace(CASE, status=Status.IN_PROCESS),
        "diistirahatkan": replace(CASE, rests=(Rest(date(2026, 8, 4), date(2026, 8, 5), "promise"),)),
        "menjabat": replace(CASE, people={}),
        "impor": replace(CASE, claim="done"),
        "dijeda": replace(CASE, paused_until=at(date(2026, 8, 9))),
    }
    for word, case in moved.items():
        assert word in (still_due(case, LADDER, "R1", Role.LIAISON, LIAISON, CALENDAR, now).over or "")


def test_a_decision_explains_itself() -> None:
    decision = decide(CASE, LADDER, [], CALENDAR, at(date(2026, 8, 6)))
    assert decision.age == 3
    assert any("R2" in line and "3 hari kerja" in line for line in decision.why)


days = st.dates(date(2026, 7, 1), date(2026, 10, 30))
rests = st.builds(
    lambda first, n, why: Rest(first, first + timedelta(days=n), why),
    days, st.integers(0, 20), st.sampled_from(["promise", "extension"]),
)  # fmt: skip
case_strategy = st.builds(
    Case,
    disposition_id=st.just(7),
    kind=st.sampled_from(Kind),
    supervised=st.booleans(),
    status=st.sampled_from(Status),
    disposed_on=days,
    claim=st.sampled_from([None, "done", "in_process", "extension"]),
    claimed_at=st.datetimes(datetime(2026, 7, 1), datetime(2026, 10, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    claim_denied_at=st.none() | st.datetimes(datetime(2026, 8, 1), datetime(2026, 10, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    rests=st.lists(rests, max_size=3).map(tuple),
    snoozed=st.frozensets(days, max_size=2),
    people=st.just(PEOPLE | {Role.OPERATOR: (OPERATOR,)}),
)


@given(case=case_strategy, start=days, looks=st.lists(st.integers(1, 600), min_size=1, max_size=60))
def test_whenever_it_is_looked_at_the_chain_keeps_its_promises(case: Case, start: date, looks: list[int]) -> None:
    chain, now = Chain(case), at(start)
    for minutes in looks:
        now += timedelta(minutes=minutes)
        before = len(chain.sent)
        look = chain.look(now)
        new = chain.sent[before:]
        assert not new or CALENDAR.is_open(now), "never outside office hours"
        assert look is None or look > now, "the next look lies ahead"
        assert decide(case, LADDER, chain.sent, CALENDAR, now).due == (), "looking again says nothing new"
    keys = [(s.step, s.contact_id, s.workday) for s in chain.sent]
    assert len(keys) == len(set(keys))
    people_days = [(s.contact_id, s.workday) for s in chain.sent]
    assert len(people_days) == len(set(people_days)), "one message a person a case a day"
    if case.supervised or case.kind is Kind.WHISTLE:
        assert {s.contact_id for s in chain.sent} <= {INSPECTOR, ADMIN}
    for rest in case.rests:
        heard = [s.workday for s in chain.sent if s.step != "P0"]  # what is asked of Kominfo does not wait
        assert not any(rest.last and rest.first <= day <= rest.last for day in heard), "a rest is quiet"


@given(case=case_strategy, start=days)
def test_following_the_next_look_misses_nothing_that_hourly_looks_find(case: Case, start: date) -> None:
    careful, hourly = Chain(case), Chain(case)
    careful.run(start, 21)
    now = at(start)
    while now < at(start + timedelta(days=21), 0):
        hourly.look(now)
        now += timedelta(minutes=30)
    assert careful.told == hourly.told


@given(case=case_strategy, start=days)
def test_the_level_of_what_a_role_hears_never_falls_within_one_clock(case: Case, start: date) -> None:
    chain = Chain(case)
    chain.run(start, 40)
    once = {s.id: s for s in LADDER.steps if s.repeat == "sekali" and s.basis in ("respon", "batas", "disposisi")}
    for role in Role:
        levels = [once[s.step].level for s in chain.sent if s.step in once and s.audience is role]
        assert levels == sorted(levels)
