"""Beranda: what needs somebody is there, first things first, one click from its cure; figures and plans beside it."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import insert, update

from aspal import tables as t
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.records import health
from tests.web.conftest import Browser, token_of
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-12 09:00")  # a Wednesday


@pytest.fixture
def roster(world: World) -> World:
    pupr = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, pupr)
    world.person("Budi", Role.HEAD, pupr)
    world.complaint("1916449", pupr, disposed="2026-08-11")
    return world


def part(world: World, **columns: Any) -> None:
    with world.db.write() as conn:
        conn.execute(update(t.dispositions).values(**columns))


def put(world: World, table: Any, **columns: Any) -> None:
    with world.db.write() as conn:
        conn.execute(insert(table).values(**columns))


def test_an_empty_office_is_told_how_to_begin(world: World, browser_of: Browser) -> None:
    """By the list that Kantor shows: two lists once said two things about the same guests and texts."""
    admin = browser_of("admin")
    page = admin.get("/").text
    for words in ("Langkah pertama", "Impor direktori", "Dicoba pada daftar tamu", 'href="/impor/"'):
        assert words in page
    assert "Pengingat berjalan sendiri" not in page
    done = re.findall(r"go-mark (?:is-done)?", page)
    assert done == re.findall(r"go-mark (?:is-done)?", admin.get("/pengaturan/").text)
    assert "Langkah pertama" not in browser_of("viewer").get("/").text
    for path in ("/angka", "/rencana"):
        assert admin.get(path).status_code == 200


def test_an_office_that_has_begun_is_led_on_until_everybody_receives(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    assert "belum langsung" not in admin.get("/").text
    roster.with_settings(recipients="guests")
    page = admin.get("/").text
    assert "Langkah pertama" not in page
    assert "Kantor belum langsung" in page
    assert "Berikutnya: Setiap OPD dapat dihubungi." in page
    assert 'href="/pengaturan/#langkah"' in page
    assert "belum langsung" not in browser_of("viewer").get("/").text


@pytest.mark.parametrize(
    ("columns", "words", "href"),
    [
        ({"disposed_on": date(2026, 7, 1)}, "1 laporan terlambat", "/aduan/?terlambat=1"),
        ({"level": 2}, "1 laporan sudah naik ke pimpinan", "/aduan/?tingkat=2"),
        ({"promise_until": date(2026, 8, 11)}, "1 janji terlewat", "/aduan/?ingkar=1"),
        ({"claim": "extension"}, "1 permintaan perpanjangan", "/aduan/?klaim=extension"),
        ({"claim": "not_ours"}, "1 laporan disebut bukan kewenangan", "/aduan/?klaim=not_ours"),
    ],
)
def test_a_case_that_needs_somebody_is_one_click_away(
    roster: World, browser_of: Browser, columns: dict[str, Any], words: str, href: str
) -> None:
    viewer = browser_of("viewer")
    assert words not in viewer.get("/").text
    part(roster, **columns)
    page = viewer.get("/").text
    assert words in page
    assert f'href="{href}"' in page
    assert "1916449" in viewer.get(href).text


def test_the_machine_and_the_office_have_needs_too(roster: World, browser_of: Browser) -> None:
    now = roster.clock.now()
    with roster.db.write() as conn:
        health.raise_alarm(conn, "clock", "Jam server pernah maju.", now)
        health.raise_alarm(conn, "coverage", "OPD tanpa kepala.", now)
        health.raise_alarm(conn, "worker:2026-08-12", "Pekerja latar mati sejak kemarin.", now)
        health.beat(conn, "scan", now - timedelta(hours=1), 60)
        came = {"kind": "roster", "source": "x", "sha256": "0", "applied_at": now, "applied_by": "a", "summary": {}}
        batch = insert(t.batches).values(**came)
        batch_id = conn.execute(batch.returning(t.batches.c.id)).scalar_one()
        conn.execute(insert(t.held_rows).values(batch_id=batch_id, row_number=2, reason="status", cells={}))
        conn.execute(update(t.appointments).values(valid_until=date(2026, 8, 20)))
        conn.execute(update(t.contacts).where(t.contacts.c.name == "Sari").values(opted_out_at=now))
    put(roster, t.templates, kind="x", fingerprint="f", name="x", status="rejected")
    page = browser_of("viewer").get("/").text
    for words in (
        "Pekerja latar tidak berjalan", "1 unit tanpa pejabat penghubung", "2 SK berakhir dalam 30 hari",
        "“memeriksa laporan yang jatuh tempo” terakhir berhasil 1 jam lalu", "Paling dekat 8 hari lagi",
        "1 templat pesan bermasalah", "1 baris impor belum dipastikan", "Jam server",
    ):  # fmt: skip
        assert words in page, words
    for words in ("OPD tanpa kepala.", "mati sejak kemarin"):
        assert words not in page, "said above in more detail"
    assert page.index("Pekerja latar") < page.index("unit tanpa") < page.index("Jam server")


def test_a_pause_of_the_whole_office_stands_first_on_beranda_and_on_the_plan(
    roster: World, browser_of: Browser
) -> None:
    admin, viewer = browser_of("admin"), browser_of("viewer")
    for page in ("/", "/rencana"):
        assert "Semua pengingat dijeda" not in viewer.get(page).text
    part(roster, level=2)
    token = token_of(admin, "/pengaturan/")
    admin.post("/pengaturan/jeda/kantor", data={"csrf_token": token, "sampai": "2026-08-13", "alasan": "banjir"})
    admin.post("/pengaturan/jeda/lapor", data={"csrf_token": token, "alasan": "LAPOR padam"})
    for page in ("/", "/rencana"):
        text = viewer.get(page).text
        assert text.count("Semua pengingat dijeda sejak 12 Agu 09.00 oleh admin@kantor.test") == 2
        assert "Seluruh kantor, sampai dengan Kamis, 13 Agustus 2026: banjir" in text
        assert "LAPOR sedang gangguan, tanpa tanggal akhir: LAPOR padam" in text
        assert 'href="/pengaturan/#jeda"' in text
    home = viewer.get("/").text
    needs = home[home.index('id="perlu"') :]
    assert needs.index("Semua pengingat dijeda") < needs.index("Pekerja latar") < needs.index("naik ke pimpinan")
    assert "bg-red-lt" in needs[: needs.index("Semua pengingat dijeda")]
    plan = viewer.get("/rencana", headers={"HX-Request": "true"}).text
    assert plan.index("Semua pengingat dijeda") < plan.index("Hari ini")
    roster.clock.moment = roster.at("2026-08-14 00:01")
    text = viewer.get("/rencana").text
    assert "banjir" not in text, "over"
    assert "LAPOR padam" in text, "goes on"


def test_a_failed_message_is_somebodys_until_it_was_sent_again_or_is_old(roster: World, browser_of: Browser) -> None:
    now = roster.clock.now()
    message = {"address": "+6281200000001", "text": "x", "workday": date(2026, 8, 12), "not_before": now}
    put(roster, t.messages, state="failed", created_at=now - timedelta(days=30), **message)
    viewer = browser_of("viewer")
    assert "pesan gagal" not in viewer.get("/").text
    put(roster, t.messages, state="failed", created_at=now, **message)
    assert "1 pesan gagal" in viewer.get("/").text
    put(roster, t.messages, state="waiting", created_at=now, resend_of_id=2, **message)
    assert "pesan gagal" not in viewer.get("/").text


def test_what_will_be_told_to_whom_is_known_before(roster: World, browser_of: Browser) -> None:
    viewer = browser_of("viewer")
    page = viewer.get("/rencana").text
    assert "Rabu, 12 Agustus 2026" in page
    assert "Sari" in page
    assert "(R1), 1 hari kerja" in page
    roster.tick()
    page = viewer.get("/rencana").text
    assert "Kamis, 13 Agustus 2026" in page
    assert "(R1), 2 hari kerja" in page
    assert "<html" not in viewer.get("/rencana", headers={"HX-Request": "true"}).text


def test_who_acts_for_the_whole_office_is_not_put_under_one_of_its_units(roster: World, browser_of: Browser) -> None:
    roster.person("Wati", Role.ADMIN, roster.unit("Dinas Kominfo"))
    part(roster, disposed_on=date(2026, 8, 3))
    page = re.sub(r"<[^>]+>", "", browser_of("viewer").get("/rencana").text)
    assert "Wati Admin instansi" in page
    assert "Admin instansi, Dinas PUPR" not in page
    assert "Kepala OPD, Dinas PUPR" in page


def test_planning_writes_nothing(roster: World, browser_of: Browser) -> None:
    browser_of("viewer").get("/rencana")
    assert roster.rows(t.notices) == roster.rows(t.messages) == []


def test_each_number_about_a_unit_opens_as_many_complaints(roster: World, browser_of: Browser) -> None:
    """Not those of a unit with a similar name, and not what was finished long ago."""
    other = roster.unit("Dinas PUPR Bidang Air")
    for number, unit, status, level in (
        ("2", 1, Status.IN_PROCESS, 2), ("3", 1, Status.FINISHED, 2), ("4", other, Status.OPEN, 0),
    ):  # fmt: skip
        done = {"ended_at": roster.clock.now(), "end_reason": "finished"} if status is Status.FINISHED else {}
        part_of = roster.complaint(number, unit, disposed="2026-08-11", status=status)
        with roster.db.write() as conn:
            conn.execute(
                update(t.dispositions).where(t.dispositions.c.complaint_id == part_of).values(level=level, **done)
            )
    viewer = browser_of("viewer")
    of_unit = re.findall(r'href="(/aduan/[^"]*unit=1[^"]*)">([^<]+)</a>', viewer.get("/angka").text)
    shown = [(unescape(href), words) for href, words in of_unit if words.isdigit()]
    page = viewer.get("/direktori/unit/1").text
    shown += [
        (unescape(href), words) for href, words in re.findall(r'href="(/aduan/[^"]+)">.*?(\d+) laporan berjalan', page)
    ]
    assert [words for _, words in shown] == ["2", "1", "2"]
    for href, words in shown:
        assert viewer.get(href).text.count('class="complaint-number"') == int(words), href


def test_a_week_on_beranda_adds_up(roster: World, browser_of: Browser) -> None:
    for number, status in enumerate((Status.UNVERIFIED, Status.POSTPONED, Status.FINISHED, Status.IN_PROCESS), 2):
        roster.complaint(str(number), disposed="2026-08-11", status=status)
    page = browser_of("viewer").get("/angka").text
    week = page[page.index("10 Agustus 2026") :]
    assert re.findall(r"<td>([^<]*)</td>", week[: week.index("</tr>")]) == ["5", "1", "1", "1", "1", "1"]


def test_what_an_undone_import_left_behind_is_counted_on_beranda_as_little_as_in_the_rapor(
    roster: World, browser_of: Browser
) -> None:
    left = roster.complaint("2", 1, disposed="2026-08-11", flags=[{"flag": "undone", "at": "", "detail": ""}])
    came = {"kind": "roster", "source": "x", "sha256": "0", "applied_at": roster.clock.now(), "applied_by": "a"}
    put(roster, t.batches, summary={}, undone_at=roster.clock.now(), **came)
    with roster.db.write() as conn:
        gone = {"ended_at": roster.clock.now(), "end_reason": "undone"}
        conn.execute(update(t.dispositions).where(t.dispositions.c.complaint_id == left).values(**gone))
    page = browser_of("viewer").get("/angka").text
    assert re.findall(r">(\d+)</div><div[^>]*>laporan diterima 2026", page) == ["1"]


def test_figures_stand_in_charts_and_in_tables(roster: World, browser_of: Browser) -> None:
    roster.complaint("2", 1, disposed="2026-08-03", status=Status.FINISHED, responded_on=date(2026, 8, 5))
    with roster.db.write() as conn:
        done = {"ended_at": roster.clock.now(), "responded_on": date(2026, 8, 5)}
        conn.execute(update(t.dispositions).where(t.dispositions.c.complaint_id == 2).values(**done))
    page = browser_of("viewer").get("/angka").text
    assert page.count("data-chart=") == page.count("<details") == 3
    assert page.count("50,0 %") >= 2, "one of two is finished, and so followed up"
    assert "2 hari" in page, "from Monday to Wednesday"
    assert "Dinas PUPR" in page
