"""What a row of LAPOR's export does to a complaint."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.hearing import hear
from aspal.core.news import Complaint, Disposition, Event, Heard, Moment, ending, leave
from aspal.core.placing import Placed
from aspal.core.rows import RosterRow
from aspal.core.words import Kind, Status

MONDAY = Moment(datetime(2026, 8, 3, 1, tzinfo=UTC))
LATER = Moment(datetime(2026, 8, 10, 1, tzinfo=UTC))
WORKS, HEALTH = 1, 2  # units


def row(status: Status = Status.OPEN, **more: Any) -> RosterRow:
    values: dict[str, Any] = {
        "number": 2,
        "tracking_id": "1916449",
        "title": "Jalan rusak",
        "kind": Kind.COMPLAINT,
        "kind_assumed": False,
        "supervised": False,
        "category": "Infrastruktur",
        "units": ("Dinas A",),
        "status": status,
        "received_on": date(2026, 7, 30),
        "verified_on": None,
        "disposed_on": date(2026, 7, 31),
        "responded_on": None,
        "finished_on": None,
        "channel": None,
        "location": None,
        "confidential": False,
        "anonymous": False,
        "link": None,
    }
    return RosterRow(**(values | more))


def placed(
    status: Status = Status.OPEN, *units: int, basis: str = "file", day: date | None = None, **more: Any
) -> Placed:
    its = row(status, **more)
    day = day or (its.disposed_on if basis == "file" else its.received_on) or its.received_on
    return Placed(its, units or (() if status is Status.UNVERIFIED else (WORKS,)), day, basis, None)


def known(*words: Placed, at: Moment = MONDAY) -> Complaint:
    """The complaint after these rows, as if each had been written."""
    complaint = None
    for word in words:
        complaint = numbered(hear(complaint, word, at).complaint)
    assert complaint is not None
    return complaint


def numbered(complaint: Complaint) -> Complaint:
    parts = tuple(replace(part, id=place) for place, part in enumerate(complaint.dispositions, start=1))
    return replace(complaint, id=1, dispositions=parts)


def only(heard: Heard | Complaint) -> Disposition:
    (part,) = (heard.complaint if isinstance(heard, Heard) else heard).dispositions
    return part


def claimed(complaint: Complaint, claim: str, **more: Any) -> Complaint:
    part = replace(complaint.dispositions[0], claim=claim, claimed_at=MONDAY.now, **more)
    return replace(complaint, dispositions=(part,))


def test_a_new_open_row_starts_a_chain_that_is_looked_at_now() -> None:
    heard = hear(None, placed(), MONDAY)
    part = only(heard)
    assert (part.unit_id, part.disposed_on, part.disposed_basis) == (WORKS, date(2026, 7, 31), "file")
    assert part.next_look_at == MONDAY.now
    assert heard.events == (Event.STARTED,)


def test_the_same_row_again_is_the_same_object() -> None:
    complaint = known(placed())
    assert hear(complaint, placed(), LATER).complaint is complaint


def test_in_process_ends_the_reminders_and_answers_the_claim() -> None:
    complaint = claimed(known(placed()), "done", level=2, promise_until=date(2026, 8, 12))
    heard = hear(complaint, placed(Status.IN_PROCESS, responded_on=date(2026, 8, 7)), LATER)
    part = only(heard)
    assert (part.status, part.claim, part.promise_until, part.level) == (Status.IN_PROCESS, None, None, 0)
    assert part.is_open
    assert heard.events == (Event.STOPPED,)
    assert heard.complaint.responded_on == date(2026, 8, 7)


def test_a_request_for_more_time_outlives_the_first_response() -> None:
    complaint = claimed(known(placed()), "extension")
    assert only(hear(complaint, placed(Status.IN_PROCESS), LATER)).claim == "extension"


def test_an_import_after_a_claim_that_still_says_belum_denies_it_once() -> None:
    complaint = claimed(known(placed()), "done")
    denied = hear(complaint, placed(), LATER)
    assert only(denied).claim_denied_at == LATER.now
    assert denied.events == (Event.DENIED,)
    assert hear(denied.complaint, placed(), LATER).complaint is denied.complaint


def test_an_import_after_a_claim_that_still_says_proses_denies_it_once() -> None:
    complaint = claimed(known(placed(Status.IN_PROCESS)), "done")
    denied = hear(complaint, placed(Status.IN_PROCESS), LATER)
    assert only(denied).claim_denied_at == LATER.now
    assert denied.events == (Event.DENIED,)
    assert hear(denied.complaint, placed(Status.IN_PROCESS), LATER).complaint is denied.complaint
    same_day = Moment(MONDAY.now + timedelta(hours=2))
    assert only(hear(complaint, placed(Status.IN_PROCESS), same_day)).claim_denied_at is None


def test_the_same_file_again_denies_nothing() -> None:
    complaint = claimed(known(placed()), "done")
    assert hear(complaint, placed(), Moment(LATER.now, fresh=False)).complaint is complaint


def test_a_promise_or_a_return_rests_no_longer_once_lapor_moved_on() -> None:
    rests = ({"first": "2026-08-04", "last": None, "why": "returned"},)
    part = only(hear(claimed(known(placed()), "not_ours", rests=rests), placed(Status.IN_PROCESS), LATER))
    assert part.rests == ({"first": "2026-08-04", "last": "2026-08-09", "why": "returned"},)


def test_each_ending_word_ends_the_chain_with_its_own_reason() -> None:
    reasons = {
        Status.FINISHED: "finished",
        Status.POSTPONED: "postponed",
        Status.ARCHIVED: "archived",
        Status.NOT_OURS: "returned",
    }
    for status, reason in reasons.items():
        part = only(hear(known(placed()), placed(status), LATER))
        assert (part.end_reason, part.ended_at, part.next_look_at) == (reason, LATER.now, None)


def test_an_ending_word_without_a_unit_ends_every_part() -> None:
    complaint = known(placed(Status.OPEN, WORKS, HEALTH))
    heard = hear(complaint, replace(placed(Status.ARCHIVED), units=()), LATER)
    assert [part.end_reason for part in heard.complaint.dispositions] == ["archived", "archived"]


def test_a_status_that_goes_backwards_is_applied_and_flagged() -> None:
    heard = hear(known(placed(Status.IN_PROCESS)), placed(Status.OPEN), LATER)
    assert heard.complaint.status is Status.OPEN
    assert heard.complaint.flagged("went_back")
    assert heard.events == (Event.WENT_BACK,)


def test_finished_and_then_belum_again_goes_on_with_the_old_clock_without_the_days_between() -> None:
    heard = hear(known(placed(Status.OPEN), placed(Status.FINISHED)), placed(Status.OPEN), LATER)
    part = only(heard)
    assert part.is_open
    assert part.disposed_on == date(2026, 7, 31)
    assert part.rests == ({"first": "2026-08-03", "last": "2026-08-09", "why": "finished"},)
    assert heard.complaint.flagged("went_back")


def test_a_reopened_complaint_starts_again_on_the_day_it_is_seen() -> None:
    closed = known(placed(Status.IN_PROCESS), placed(Status.FINISHED, finished_on=date(2026, 8, 2)))
    assert closed.finished_on == date(2026, 8, 2)
    heard = hear(closed, placed(Status.IN_PROCESS), LATER)
    old, new = heard.complaint.dispositions
    assert old.end_reason == "finished"
    assert (new.disposed_on, new.disposed_basis, new.status) == (LATER.today, "import", Status.IN_PROCESS)
    assert heard.complaint.finished_on is None
    assert set(heard.events) == {Event.REOPENED, Event.STARTED}
    again = numbered(heard.complaint)
    assert hear(again, placed(Status.IN_PROCESS), Moment(LATER.now + timedelta(days=3))).complaint is again


def test_postponed_and_back_goes_on_with_the_same_disposition() -> None:
    heard = hear(known(placed(), placed(Status.POSTPONED)), placed(), LATER)
    assert only(heard).is_open
    assert only(heard).rests[0]["why"] == "postponed"
    assert not heard.complaint.flagged("went_back")


def test_another_unit_starts_its_own_clock_and_the_old_one_is_not_named() -> None:
    complaint = known(placed())
    heard = hear(complaint, placed(Status.OPEN, HEALTH, disposed_on=date(2026, 8, 5)), LATER)
    assert heard.named == {HEALTH}
    left = leave(complaint, numbered(heard.complaint), frozenset({1}), Status.OPEN, None, LATER)
    old, new = left.complaint.dispositions
    assert (old.unit_id, old.end_reason) == (WORKS, "redisposed")
    assert (new.unit_id, new.disposed_on, new.is_open) == (HEALTH, date(2026, 8, 5), True)
    assert set(left.events) == {Event.STOPPED, Event.MOVED}


def test_a_later_day_for_the_same_unit_is_a_new_disposition() -> None:
    heard = hear(known(placed()), placed(disposed_on=date(2026, 8, 6)), LATER)
    old, new = heard.complaint.dispositions
    assert (old.end_reason, new.disposed_on) == ("renewed", date(2026, 8, 6))


def test_a_day_from_lapor_corrects_an_assumed_one() -> None:
    heard = hear(known(placed(basis="received")), placed(), LATER)
    assert (only(heard).disposed_on, only(heard).disposed_basis) == (date(2026, 7, 31), "file")
    assert heard.events == (Event.REDATED,)


def test_the_import_day_stays_the_day_of_the_first_import() -> None:
    complaint = known(placed(basis="import", day=MONDAY.today, disposed_on=None))
    assert hear(complaint, placed(basis="import", day=LATER.today, disposed_on=None), LATER).complaint is complaint


def test_several_units_are_finished_only_together() -> None:
    complaint = known(placed(Status.OPEN, WORKS), placed(Status.OPEN, HEALTH))
    half = hear(complaint, placed(Status.FINISHED, WORKS), LATER).complaint
    assert half.status is Status.OPEN
    assert hear(numbered(half), placed(Status.FINISHED, HEALTH), LATER).complaint.status is Status.FINISHED


@pytest.mark.parametrize("backwards", [False, True])
def test_what_several_units_made_of_it_does_not_depend_on_the_order_of_their_rows(backwards: bool) -> None:
    """Who handed it back says nothing as long as it rests with another unit."""
    complaint = known(placed(Status.OPEN, WORKS), placed(Status.OPEN, HEALTH))
    rows = [placed(Status.POSTPONED, WORKS), placed(Status.NOT_OURS, HEALTH)]
    for row in reversed(rows) if backwards else rows:
        complaint = numbered(hear(complaint, row, LATER).complaint)
    assert complaint.status is Status.POSTPONED


def test_unverified_is_kominfos_own_clock_from_the_day_of_receipt() -> None:
    heard = hear(None, placed(Status.UNVERIFIED), MONDAY)
    part = only(heard)
    assert (part.unit_id, part.track, part.disposed_on) == (None, "verification", date(2026, 7, 30))
    disposed = hear(numbered(heard.complaint), placed(), LATER)
    waiting, chain = disposed.complaint.dispositions
    assert (waiting.end_reason, chain.unit_id) == ("finished", WORKS)
    assert set(disposed.events) == {Event.VERIFIED, Event.STARTED}


def test_back_to_unverified_takes_the_case_off_the_units_desk() -> None:
    heard = hear(known(placed()), placed(Status.UNVERIFIED), LATER)
    assert [part.is_open for part in heard.complaint.dispositions] == [False, True]
    assert heard.complaint.status is Status.UNVERIFIED
    assert heard.complaint.flagged("went_back")


def test_not_ours_is_over_when_the_case_comes_back_to_the_unit_from_verification() -> None:
    rests = ({"first": "2026-08-04", "last": None, "why": "returned"},)
    complaint = claimed(known(placed()), "not_ours", rests=rests)
    taken = numbered(hear(complaint, placed(Status.UNVERIFIED), LATER).complaint)
    again = hear(taken, placed(), Moment(LATER.now + timedelta(days=1))).complaint.dispositions[0]
    assert (again.is_open, again.claim, again.claimed_at) == (True, None, None)
    assert again.rests == ({"first": "2026-08-04", "last": "2026-08-09", "why": "returned"},)


def test_what_an_admin_moved_stays_moved_while_lapor_still_names_the_old_unit() -> None:
    complaint = known(placed())
    old = replace(complaint.dispositions[0], **ending("redisposed", MONDAY))
    new = Disposition(HEALTH, MONDAY.today, "typed", Status.OPEN, created_at=MONDAY.now, id=2)
    moved = replace(complaint, dispositions=(old, new))
    heard = hear(moved, placed(), LATER)
    assert heard.complaint is moved
    assert heard.named == {HEALTH}
    finished = hear(moved, placed(Status.FINISHED), LATER).complaint
    assert finished.dispositions[1].end_reason == "finished"
    assert finished.status is Status.FINISHED


def test_what_an_admin_moved_and_the_new_unit_finished_is_not_the_old_units_work_too() -> None:
    complaint = known(placed())
    old = replace(complaint.dispositions[0], **ending("redisposed", MONDAY))
    done = Disposition(HEALTH, MONDAY.today, "typed", Status.FINISHED, created_at=MONDAY.now, id=2)
    moved = replace(complaint, dispositions=(old, replace(done, **ending("finished", LATER))))
    assert hear(moved, placed(Status.FINISHED), LATER).complaint.dispositions[0].end_reason == "redisposed"


def test_what_was_taken_back_with_its_import_counts_once_lapor_calls_it_finished() -> None:
    complaint = known(placed())
    undone = replace(complaint, dispositions=(replace(complaint.dispositions[0], **ending("undone", MONDAY)),))
    part = hear(undone, placed(Status.FINISHED), LATER).complaint.dispositions[0]
    assert (part.status, part.end_reason) == (Status.FINISHED, "finished")


def test_without_a_word_about_secrecy_it_is_confidential_until_answered() -> None:
    first = hear(None, placed(confidential=None), MONDAY)
    assert first.complaint.confidential
    assert Event.ASSUMED_SECRET in first.events
    told = replace(placed(confidential=None), secret_by_layout=False)
    assert not hear(numbered(first.complaint), told, LATER).complaint.confidential


def test_what_lapor_marked_confidential_no_answer_about_the_layout_opens() -> None:
    secret = known(placed(confidential=True))
    told = replace(placed(confidential=None), secret_by_layout=False)
    assert hear(secret, told, LATER).complaint.confidential


def test_whistle_blowing_is_supervised_and_confidential() -> None:
    complaint = known(placed(kind=Kind.WHISTLE, confidential=False))
    assert complaint.supervised
    assert complaint.confidential


def test_a_blank_cell_takes_nothing_away() -> None:
    complaint = known(placed(channel="sms", location="Kecamatan A"))
    blank = placed(title=None, category=None, channel=None, location=None, kind_assumed=True)
    assert hear(complaint, blank, LATER).complaint is complaint


def test_another_legal_limit_is_looked_at_at_once() -> None:
    heard = hear(known(placed()), placed(kind=Kind.INFORMATION), LATER)
    assert only(heard).next_look_at == LATER.now


def test_a_reopened_case_starts_today_however_old_the_row_says_its_disposition_is() -> None:
    reopened = known(placed(Status.FINISHED, disposed_on=date(2026, 8, 1)), at=LATER)
    row = placed(Status.IN_PROCESS, disposed_on=date(2026, 7, 31))
    once = hear(reopened, row, LATER).complaint
    assert hear(once, row, LATER).complaint is once


STATUSES = st.sampled_from(list(Status))
WORDS = st.builds(
    lambda status, unit, day: (
        placed(status, unit, disposed_on=day) if status is not Status.UNVERIFIED else placed(status)
    ),
    STATUSES,
    st.sampled_from([WORKS, HEALTH]),
    st.sampled_from([date(2026, 7, 31), date(2026, 8, 1)]),
)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_whatever_came_before_hearing_a_row_twice_changes_nothing_more(words: list[Placed]) -> None:
    complaint = known(*words, at=LATER)
    again = hear(complaint, words[-1], LATER)
    assert again.complaint == complaint
    assert not again.events


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_no_unit_ever_has_two_open_parts_or_two_of_one_day(words: list[Placed]) -> None:
    parts = known(*words, at=LATER).dispositions
    assert len({(p.unit_id, p.track, p.disposed_on) for p in parts}) == len(parts)
    still_open = [(p.unit_id, p.track) for p in parts if p.is_open]
    assert len(set(still_open)) == len(still_open)
    assert all((p.next_look_at is None) == (not p.is_open) for p in parts)
