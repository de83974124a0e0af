"""The rapor from the roster: what counts, at whom, and what does not; figures against an independent count."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import mean, median
from typing import Any

import pytest
from sqlalchemy import insert, text

from aspal.core.rapor.period import Period
from aspal.core.rapor.times import share
from aspal.db import Database
from aspal.records.calendar import Calendars
from aspal.report import period_report, sections
from aspal.report.period_report import Asked
from aspal.tables import complaints, contacts, dispositions, messages, notes, notices, units

NOW = datetime(2026, 8, 3, 1, tzinfo=UTC)
CALENDARS = Calendars("Asia/Jakarta", {}, ())
YEAR = Asked(Period.of(2026))


def add(db: Database, number: int, status: str, received: date, *parts: tuple[int, str], **more: Any) -> None:
    with db.write() as conn:
        row = {"kind": "pengaduan", "status": status, "received_on": received, "created_at": NOW, **more}
        conn.execute(insert(complaints).values(id=number, tracking_id=str(1_900_000 + number), **row))
        for day, (unit, word) in enumerate(parts, 1):
            part = {"unit_id": unit, "status": word, "disposed_on": date(2026, 1, day), "created_at": NOW}
            if number == 1:
                part["responded_on"] = more.get("responded_on")
            conn.execute(insert(dispositions).values(complaint_id=number, **part))


def two_units(db: Database) -> None:
    with db.write() as conn:
        names = [{"id": 1, "name": "Dinas A", "name_key": "a"}, {"id": 2, "name": "Dinas B", "name_key": "b"}]
        conn.execute(insert(units), names)


def small_year(db: Database) -> None:
    two_units(db)
    add(db, 1, "selesai", date(2026, 1, 2), (1, "selesai"), responded_on=date(2026, 1, 6))  # Friday to Tuesday
    add(db, 2, "proses", date(2026, 1, 5), (1, "proses"), (2, "belum_ditindaklanjuti"))
    add(db, 3, "belum_ditindaklanjuti", date(2025, 12, 31), (2, "belum_ditindaklanjuti"))
    add(db, 4, "belum_terverifikasi", date(2026, 2, 2))
    add(db, 5, "proses", date(2026, 2, 2), (1, "proses"), merged_into_id=2)


def asked(db: Database, what: Asked = YEAR, now: datetime = NOW) -> Any:
    with db.read() as conn:
        return period_report.one(conn, CALENDARS, what, now)


def test_the_figures_of_a_small_year(db: Database) -> None:
    small_year(db)
    found = asked(db).as_json()
    assert {key: found[key] for key in ("total", "selesai", "proses", "belum_terverifikasi")} == {
        "total": 3,
        "selesai": 1,
        "proses": 1,
        "belum_terverifikasi": 1,
    }
    assert (found["rata_rata_hari_kerja"], found["rata_rata_hari_kalender"]) == (2.0, 4.0)
    assert found["tunggakan"] == {"2025": 1, "2026": 1}
    assert [
        (u["unit"], u["total"], u["persen_penyelesaian"], u["rata_rata_hari_kerja"]) for u in found["per_unit"]
    ] == [
        ("Dinas A", 2, 50.0, 2.0),
        ("Dinas B", 1, 0.0, None),
    ]


def test_one_units_rapor_counts_its_own_part(db: Database) -> None:
    small_year(db)
    found = asked(db, Asked(Period.of(2026), 2))
    assert (found.tally.total, found.tally.open, [one.name for one in found.units]) == (1, 1, ["Dinas B"])
    assert found.overdue == {2025: 1, 2026: 1}


def test_arrears_are_carried_over_new_year_and_seen_from_its_eve(db: Database) -> None:
    two_units(db)
    add(db, 1, "proses", date(2025, 12, 20), (1, "proses"), responded_on=date(2026, 1, 5))  # open on New Year's Eve
    add(db, 2, "belum_ditindaklanjuti", date(2025, 3, 1), (1, "belum_ditindaklanjuti"))
    add(db, 3, "selesai", date(2025, 3, 1), (1, "selesai"), responded_on=date(2025, 3, 2))
    add(db, 4, "ditunda", date(2025, 3, 1), (1, "ditunda"))  # waits for the reporter: nobody's arrears
    found = asked(db, Asked(Period.of(2025)))
    assert (found.carried, found.overdue) == ({2025: 2}, {2025: 1})
    assert asked(db).carried == {2025: 1}  # a year later the same one, under the year it came in


def test_what_lapor_calls_not_followed_up_again_was_arrears_all_the_while(db: Database) -> None:
    """Arrears of a year never grow after its end: the day of the follow-up that LAPOR took back proves nothing."""
    two_units(db)
    back = "belum_ditindaklanjuti"
    add(db, 1, back, date(2025, 12, 1), (1, back), responded_on=date(2025, 12, 9))
    found = asked(db, Asked(Period.of(2025)))
    assert (found.carried, found.overdue) == ({2025: 1}, {2025: 1})


def test_what_concerns_officials_is_not_counted_for_their_own_eyes(db: Database) -> None:
    two_units(db)
    add(db, 1, "proses", date(2026, 1, 2), (1, "proses"), supervised=True)
    add(db, 2, "proses", date(2026, 1, 2), (1, "proses"), kind="wbs")
    add(db, 3, "proses", date(2026, 1, 2), (1, "proses"))
    assert asked(db, Asked(Period.of(2026), 1)).tally.total == 3
    assert asked(db, Asked(Period.of(2026), 1, tellable=True)).tally.total == 1


def test_wrong_addresses_and_ping_pong(db: Database) -> None:
    two_units(db)
    for number in (1, 2):
        add(db, number, "proses", date(2026, 1, 2))
    rows = [(1, 1, 1, "redisposed"), (1, 2, 2, "returned"), (1, 1, 3, None), (2, 1, 1, "redisposed"), (2, 2, 2, None)]
    with db.write() as conn:
        for complaint, unit, day, why in rows:
            conn.execute(
                insert(dispositions).values(
                    complaint_id=complaint, unit_id=unit, disposed_on=date(2026, 1, day), status="proses",
                    created_at=NOW, ended_at=NOW if why else None, end_reason=why,
                )
            )  # fmt: skip
    moves = asked(db).moves
    assert (moves.wrong, moves.ping_pong, dict(moves.by_unit)) == (3, 1, {"Dinas A": 2, "Dinas B": 1})


def test_promises_and_reminders_are_read_from_what_lapor_recorded(db: Database) -> None:
    two_units(db)
    add(db, 1, "proses", date(2026, 7, 1), (1, "proses"), responded_on=date(2026, 7, 8))
    at = datetime(2026, 7, 6, 1, 30, tzinfo=UTC)  # Monday, half past eight in the morning in Jakarta
    with db.write() as conn:
        conn.execute(insert(contacts).values(id=1, name="Sari", phone="+6281200000001", created_at=NOW))
        message = {"contact_id": 1, "address": "+6281200000001", "text": "…", "workday": at.date(), "created_at": at}
        conn.execute(
            insert(messages).values(
                id=1, template="pengingat_tindak_lanjut", state="read", not_before=at, accepted_at=at, **message
            )
        )
        told = {"step": "R1", "audience": "pejabat_penghubung", "contact_id": 1, "workday": at.date(), "level": 1}
        conn.execute(
            insert(notices).values(
                disposition_id=1, template="pengingat_tindak_lanjut", age=3, state="bundled", decided_at=at,
                message_id=1, **told,
            )
        )  # fmt: skip
        for day in (7, 9):
            conn.execute(
                insert(notes).values(
                    disposition_id=1, written_by="Sari", text="janji", intent="promise", matched_by="id",
                    promise_until=date(2026, 7, day), received_at=at,
                )
            )  # fmt: skip
    assert (asked(db).promises.kept, asked(db).promises.broken) == (1, 1)
    with db.read() as conn:
        found = period_report.reminders(conn, CALENDARS, YEAR, NOW)
    assert [(one.key, one.told, one.moved) for one in (*found.steps, *found.hours)] == [("R1", 1, 1), ("08", 1, 1)]
    assert (
        found.words["R1"] == "Setelah 1 hari kerja tanpa tindak lanjut, kepada pejabat penghubung dan admin penghubung"
    )
    assert found.words["R10C"] == "Tunggakan tahunan, kepada kepala OPD dan Sekda"


def test_a_digest_of_two_complaints_is_called_two_reminders_and_not_two_messages(db: Database) -> None:
    """The bill counts one message there; whoever compares both must read why."""
    two_units(db)
    at = datetime(2026, 7, 6, 1, 30, tzinfo=UTC)
    with db.write() as conn:
        conn.execute(insert(contacts).values(id=1, name="Sari", phone="+6281200000001", created_at=NOW))
        message = {"contact_id": 1, "address": "+6281200000001", "text": "…", "workday": at.date(), "created_at": at}
        conn.execute(
            insert(messages).values(id=1, template="r", state="read", not_before=at, accepted_at=at, **message)
        )
    for number in (1, 2):
        add(db, number, "proses", date(2026, 7, 1), (1, "proses"))
        with db.write() as conn:
            conn.execute(
                insert(notices).values(
                    disposition_id=number, step="R1", audience="pejabat_penghubung", contact_id=1, workday=at.date(),
                    template="r", level=1, age=3, state="bundled", decided_at=at, message_id=1,
                )
            )  # fmt: skip
    with db.read() as conn:
        found = sections.reminders(period_report.reminders(conn, CALENDARS, YEAR, NOW))[0]
    assert [(column.title, found.rows[0][column.key]) for column in found.columns][1] == ("Pengingat", 2)
    assert "satu laporan kepada satu orang" in found.note


def test_the_outlook_names_what_to_close_first(db: Database) -> None:
    two_units(db)
    add(db, 1, "belum_ditindaklanjuti", date(2026, 1, 5), (1, "belum_ditindaklanjuti"))
    add(db, 2, "proses", date(2026, 7, 6), (1, "proses"))
    add(db, 3, "proses", date(2026, 7, 1), (2, "proses"), title="Jalan rusak", confidential=False)
    add(db, 4, "selesai", date(2026, 7, 1), (2, "selesai"), finished_on=date(2026, 7, 20))
    with db.read() as conn:
        found = asked(db)
        pace = period_report.pace(conn, CALENDARS, YEAR, NOW)
        assert pace is not None
        seen = period_report.outlook(conn, YEAR, found, pace, Decimal(75))
        assert period_report.pace(conn, CALENDARS, Asked(Period.of(2025)), NOW) is None  # it is over
    assert (pace.received, pace.finished) == (3, 1)
    assert seen.forecast is not None
    assert seen.way is not None
    assert (seen.way.now, [one.number for one in seen.first]) == (2, ["1900003", "1900002"])
    assert (seen.first[0].title, seen.first[0].units) == ("Jalan rusak", ("Dinas B",))
    assert seen.forecast.total > 4


def test_a_running_period_is_set_beside_as_much_of_the_year_before(db: Database) -> None:
    two_units(db)
    add(db, 1, "selesai", date(2025, 8, 3))
    add(db, 2, "selesai", date(2025, 8, 4))  # a day later than today a year ago
    add(db, 3, "proses", date(2026, 1, 2))
    with db.read() as conn:
        running = period_report.compared(conn, CALENDARS, YEAR, NOW)
        over = period_report.compared(conn, CALENDARS, YEAR, datetime(2027, 1, 4, tzinfo=UTC))
    assert (running.before.tally.total, over.before.tally.total) == (1, 2)
    assert running.before.label == "Tahun 2025 sampai tanggal yang sama (3 Agustus 2025)"
    assert over.before.label == "Tahun 2025"
    told = running.as_json()
    assert (told["total"], told["tahun_sebelumnya"]["total"], told["tahun_sebelumnya"]["sampai"]) == (
        1,
        1,
        "2025-08-03",
    )


def test_a_part_that_came_back_counts_once_at_the_unit(db: Database) -> None:
    two_units(db)
    add(db, 1, "proses", date(2026, 1, 2), (1, "selesai"), (1, "proses"))
    line = asked(db).units[0]
    assert (line.tally.total, line.tally.finished, line.tally.in_process) == (1, 0, 1)


@pytest.fixture
def crowd(db: Database) -> Database:
    """Five hundred complaints of two years, made by a dice that always falls alike."""
    dice = random.Random(6)
    two_units(db)
    words = ["selesai", "proses", "belum_ditindaklanjuti", "belum_terverifikasi", "diarsipkan"]
    rows, parts = [], []
    for number in range(1, 501):
        status, came = dice.choice(words), date(2025, 1, 1) + timedelta(dice.randrange(700))
        responded = came + timedelta(dice.randrange(-2, 30)) if status in words[:2] and dice.random() < 0.9 else None
        finished = came + timedelta(dice.randrange(60)) if status == "selesai" else None
        rows.append(
            {"id": number, "tracking_id": str(number + 10**6), "status": status, "received_on": came,
             "responded_on": responded, "finished_on": finished, "created_at": NOW, "confidential": False,
             "kind": dice.choice(["pengaduan", "aspirasi", "permintaan_informasi"]), "supervised": dice.random() < 0.1,
             "category": dice.choice(["Jalan", "Kesehatan", None]), "channel": dice.choice(["sms", "website"])}
        )  # fmt: skip
        parts.append(
            {"complaint_id": number, "unit_id": dice.choice([1, 2]), "disposed_on": came, "status": status,
             "responded_on": responded, "created_at": NOW}
        )  # fmt: skip
    with db.write() as conn:
        conn.execute(insert(complaints), rows)
        conn.execute(insert(dispositions), parts)
    return db


def test_every_figure_agrees_with_a_count_of_its_own(crowd: Database) -> None:
    """Plain SQL over plain rows, and nothing of the product's code but its calendar."""
    found, calendar = asked(crowd), CALENDARS.of(None)
    with crowd.read() as conn:
        year = "received_on BETWEEN '2026-01-01' AND '2026-12-31'"
        by = {
            name: dict(
                conn.execute(text(f"SELECT {name}, count(*) FROM complaints WHERE {year} GROUP BY {name}")).all()
            )
            for name in ("status", "kind", "category", "channel")
        }
        rows = conn.execute(
            complaints.select().where(complaints.c.received_on.between(date(2026, 1, 1), date(2026, 12, 31)))
        ).all()
        of_units = dict(
            conn.execute(
                text(
                    "SELECT u.name, count(*) FROM dispositions d JOIN units u ON u.id = d.unit_id "
                    f"JOIN complaints c ON c.id = d.complaint_id WHERE {year} GROUP BY u.name"
                )
            ).all()
        )
        late = conn.scalar(
            text(
                "SELECT count(*) FROM complaints WHERE status IN ('belum_ditindaklanjuti', 'belum_terverifikasi') "
                "AND received_on <= '2026-12-31'"
            )
        )
    assert found.tally.finished == by["status"]["selesai"]
    assert found.tally.open == by["status"]["belum_ditindaklanjuti"]
    assert found.tally.total == len(rows) == sum(by["kind"].values())
    assert {name: one.total for name, one in found.kinds.items()} == by["kind"]
    assert {name: one.total for name, one in found.channels.items()} == by["channel"]
    assert found.categories["(tidak disebut)"].total == by["category"][None]
    assert {one.name: one.tally.total for one in found.units} == of_units
    assert sum(found.overdue.values()) == late
    spans = [(r.received_on, r.responded_on or r.finished_on) for r in rows if r.responded_on or r.finished_on]
    days = [(last - first).days for first, last in spans if last >= first]
    work = [sum(_is_workday(first + timedelta(n)) for n in range(1, (last - first).days + 1)) for first, last in spans
            if last >= first]  # fmt: skip
    assert found.response.count == len(days)
    assert found.response.average_days == share(sum(days), len(days))
    assert found.response.average_workdays == share(sum(work), len(work))
    assert found.response.median_workdays == pytest.approx(median(work), abs=0.06)
    done = [(r.finished_on - r.received_on).days for r in rows if r.status == "selesai"]
    assert found.completion.average_days == pytest.approx(mean(done), abs=0.06)
    placed = [one.in_time + one.late + one.overdue + one.running + one.undated for one in found.in_time]
    assert sum(placed) == sum(r.status != "diarsipkan" for r in rows)
    in_time = sum(
        r.status == "selesai" and not r.supervised and r.kind == "aspirasi"
        and calendar.workdays_between(r.received_on, r.finished_on) <= 5
        for r in rows
    )  # fmt: skip
    assert next(one.in_time for one in found.in_time if one.limit == "aspirasi") == in_time


def _is_workday(day: date) -> bool:
    return day.weekday() < 5


def test_a_year_without_complaints_is_told_without_dashes_for_numbers(db: Database) -> None:
    found = asked(db, Asked(Period.of(2019)))
    told = " ".join(sections.headlines(found))
    assert "0 laporan" in told
    assert "- %" not in told
    assert "- hari" not in told
