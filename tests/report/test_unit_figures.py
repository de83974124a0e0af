"""What each unit is told of itself, and which reminders moved: against plain rows, counted one by one."""

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from aspal.core.rapor.period import Period
from aspal.db import Database
from aspal.records.calendar import Calendars
from aspal.records.figures import closing, counts
from aspal.report import period_report
from aspal.report.period_report import Asked
from aspal.tables import complaints, contacts, dispositions, messages, notices, units

NOW = datetime(2026, 8, 3, 1, tzinfo=UTC)
CALENDARS = Calendars("Asia/Jakarta", {date(2026, 3, 20): "Idul Fitri"}, ())
PERIODS = [Period.of(2026), Period.of(2026, 1), Period.of(2026, month=3)]  # a long one is read in another way
Row = dict[str, Any]
STATUSES = ["selesai", "proses", "belum_ditindaklanjuti", "belum_terverifikasi", "ditunda"]


@pytest.fixture
def crowd(db: Database) -> Database:
    """Three hundred complaints which go from unit to unit and sometimes come back, and a reminder each time."""
    dice, cases, parts = random.Random(100), list[Row](), list[Row]()
    for number in range(1, 301):
        came = date(2025, 12, 1) + timedelta(dice.randrange(200))
        cases.append(_case(dice, number, came))
        parts += [_part(dice, number, came + timedelta(day)) for day in range(dice.randrange(4))]
    parts = [{**part, "id": place} for place, part in enumerate(parts, 1)]
    told = [_reminder(dice, part) for part in parts]
    with db.write() as conn:
        named = [{"id": number, "name": f"Dinas {9 - number}", "name_key": str(number)} for number in (1, 2, 3)]
        conn.execute(insert(units), named)
        conn.execute(insert(contacts).values(id=1, name="Sari", phone="+6281200000001", created_at=NOW))
        conn.execute(insert(complaints), cases)
        conn.execute(insert(dispositions), parts)
        conn.execute(insert(messages), [message for message, _ in told])
        conn.execute(insert(notices), [notice for _, notice in told])
    return db


def _case(dice: random.Random, number: int, came: date) -> Row:
    return {
        "id": number, "tracking_id": str(10**6 + number), "status": dice.choice(STATUSES), "received_on": came,
        "kind": dice.choice(["pengaduan", "wbs"]), "supervised": dice.random() < 0.1, "created_at": NOW,
        "finished_on": came + timedelta(dice.randrange(40)) if dice.random() < 0.4 else None,
        "merged_into_id": dice.randrange(1, number) if number > 1 and dice.random() < 0.1 else None,
    }  # fmt: skip


def _part(dice: random.Random, complaint: int, day: date) -> Row:
    why = dice.choice([None, None, "finished", "redisposed", "returned", "merged", "undone"])
    answered = day + timedelta(dice.randrange(-2, 40)) if dice.random() < 0.6 else None
    return {
        "complaint_id": complaint, "unit_id": dice.choice([1, 1, 2, 3]), "disposed_on": day, "responded_on": answered,
        "status": dice.choice(STATUSES), "end_reason": why, "ended_at": NOW if why else None, "created_at": NOW,
    }  # fmt: skip


def _reminder(dice: random.Random, part: Row) -> tuple[Row, Row]:
    day = part["disposed_on"] + timedelta(dice.randrange(30))
    at = datetime(day.year, day.month, day.day, dice.randrange(24), tzinfo=UTC)
    message = {
        "id": part["id"], "contact_id": 1, "address": "+6281200000001", "text": "…", "workday": day, "created_at": at,
        "not_before": at, "template": dice.choice(["a", "b"]), "state": "read",
        "accepted_at": at if dice.random() < 0.9 else None,
    }  # fmt: skip
    notice = {
        "disposition_id": part["id"], "step": dice.choice(["R1", "R2"]), "audience": "pejabat_penghubung", "age": 1,
        "contact_id": 1, "workday": day, "template": "a", "level": 1, "state": "bundled", "decided_at": at,
        "message_id": part["id"],
    }  # fmt: skip
    return message, notice


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("tellable", [False, True])
def test_a_letter_says_of_each_unit_what_its_own_rapor_says(crowd: Database, period: Period, tellable: bool) -> None:
    every = Asked(period, tellable=tellable)
    with crowd.read() as conn:
        found = period_report.of_units(conn, CALENDARS, every)
        oldest = closing.oldest_of_units(conn, every.scope, 4)
        assert [(one.id, one.name) for one in found] == [(3, "Dinas 6"), (2, "Dinas 7"), (1, "Dinas 8")]
        for one in found:
            own = Asked(period, one.id, tellable=tellable)
            alone = period_report.one(conn, CALENDARS, own, NOW)
            assert (one.tally, one.average_workdays) == (alone.tally, alone.response.average_workdays)
            waiting = [case.id for case in closing.oldest(conn, own.scope, 4)]
            assert [case.id for case in oldest.get(one.id, [])] == waiting
            assert period_report.of_units(conn, CALENDARS, own) == [one]
        assert found == period_report.one(conn, CALENDARS, every, NOW).units  # the table beside which it is laid


@pytest.mark.parametrize("period", PERIODS)
def test_what_came_back_to_a_unit_counts_there_once_as_it_stands_now(crowd: Database, period: Period) -> None:
    newest: dict[tuple[int, int], str] = {}
    with crowd.read() as conn:
        query = select(dispositions).join(complaints, complaints.c.id == dispositions.c.complaint_id)
        days = complaints.c.received_on.between(period.first, period.last)
        for row in conn.execute(query.where(days, complaints.c.merged_into_id.is_(None)).order_by(dispositions.c.id)):
            if row.end_reason in (None, "finished"):
                newest[row.unit_id, row.complaint_id] = row.status
        found = {one.id: one.tally.total for one in period_report.of_units(conn, CALENDARS, Asked(period))}
        done = {one.id: one.tally.finished for one in period_report.of_units(conn, CALENDARS, Asked(period))}
    assert found == Counter(unit for unit, _ in newest)
    assert done == {unit: sum(newest[key] == "selesai" for key in newest if key[0] == unit) for unit in found}


@pytest.mark.parametrize("period", PERIODS)
def test_reminders_agree_with_a_count_of_their_own(crowd: Database, period: Period) -> None:
    by: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    n, d, c = notices.c, dispositions.c, complaints.c
    with crowd.read() as conn:
        query = (
            select(n.step, n.workday, messages.c.accepted_at, messages.c.template, d.responded_on, c.finished_on)
            .join_from(notices, messages, messages.c.id == n.message_id)
            .join(dispositions, d.id == n.disposition_id)
            .join(complaints, c.id == d.complaint_id)
        )
        for step, day, left, template, responded, finished in conn.execute(query):
            if left is None or not period.first <= day <= period.last:
                continue
            later = [one for one in (responded, finished) if one is not None and one >= day]
            until = day
            for _ in range(3):
                until = _next_workday(until)
            moved = bool(later) and later[0] <= until
            for key in (step, template, f"{(left.hour + 7) % 24:02d}"):
                by[key][0] += 1
                by[key][1] += moved
        found = period_report.reminders(conn, CALENDARS, Asked(period), NOW)
    counted = {one.key: [one.told, one.moved] for one in (*found.steps, *found.hours, *found.templates)}
    assert counted == by
    assert any(moved for _, moved in counted.values())


def test_days_as_text_do_not_depend_on_the_servers_custom(postgres: Database, postgres_url: str) -> None:
    with postgres.write() as conn:
        name = conn.scalar(text("SELECT current_database()"))
        conn.execute(text(f"ALTER DATABASE \"{name}\" SET datestyle TO 'SQL, DMY'"))
    other = Database(postgres_url)
    try:
        with other.read() as conn:
            assert conn.scalar(text("SELECT CAST(DATE '2026-08-03' AS text)")) == "2026-08-03"
    finally:
        other.close()
        with postgres.write() as conn:
            conn.execute(text(f'ALTER DATABASE "{name}" RESET datestyle'))


def test_the_year_before_is_what_its_own_rapor_says(crowd: Database) -> None:
    over = datetime(2027, 1, 4, 1, tzinfo=UTC)
    with crowd.read() as conn:
        for asked in (Asked(Period.of(2027)), Asked(Period.of(2027, 1), 1), Asked(Period.of(2026), tellable=True)):
            before = period_report.compared(conn, CALENDARS, asked, over if asked.period.year == 2026 else NOW).before
            earlier = Asked(asked.period.year_before(), asked.unit_id, asked.tellable)
            alone = period_report.one(conn, CALENDARS, earlier, NOW)
            assert before.tally.total > 0
            assert (before.period, before.tally, before.response) == (alone.period, alone.tally, alone.response)


def test_the_years_that_can_be_chosen_and_what_makes_the_figures_new(crowd: Database) -> None:
    with crowd.read() as conn:
        before = counts.standing(conn)
    assert before.years == [2026, 2025]
    with crowd.write() as conn:
        row = {"id": 999, "tracking_id": "9", "kind": "pengaduan", "status": "proses", "created_at": NOW}
        conn.execute(insert(complaints).values(received_on=date(2023, 5, 1), **row))
    with crowd.read() as conn:
        after = counts.standing(conn)
    assert after.years == [2026, 2025, 2024, 2023]
    assert after.version != before.version


def test_an_empty_office_has_no_years(db: Database) -> None:
    with db.read() as conn:
        assert counts.standing(conn).years == []
        assert period_report.of_units(conn, CALENDARS, Asked(Period.of(2026))) == []


def _next_workday(day: date) -> date:
    day += timedelta(1)
    return day if day.weekday() < 5 and day != date(2026, 3, 20) else _next_workday(day)
