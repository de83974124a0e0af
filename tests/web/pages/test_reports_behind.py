"""Every figure of the rapor that leads to a list leads to one that is exactly as long, on messy data."""

import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from aspal import tables as t
from aspal.core.lateness import lateness
from aspal.core.words import Status
from aspal.db import Database
from aspal.records import ladders, listing
from aspal.records.listing import Seen
from aspal.web.pages.complaints import filters as in_address
from tests.web.conftest import Browser
from tests.world import World

_LINK = re.compile(r'<a[^>]*href="(/aduan/\?[^"]+)"[^>]*>([^<]+)</a>')


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def messy(world: World) -> World:
    """Complaints of two years in every state: at one unit or two, sent back, come back, merged, promised, secret."""
    dice, now = random.Random(11), world.clock.now()
    units = [world.unit(name) for name in ("Dinas A", "Dinas B & C", "Dinas D")]
    rows: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for number in range(1, 261):
        rows.append(row := _complaint(dice, number, now))
        for part in _parts(dice, row, units, now):
            parts.append({**part, "id": len(parts) + 1})
            if dice.random() < 0.3:
                notes += [_promise(dice, len(parts), now) for _ in range(dice.choice((1, 1, 2)))]
    with world.db.write() as conn:
        conn.execute(insert(t.complaints), rows)
        conn.execute(insert(t.dispositions), parts)
        conn.execute(insert(t.notes), notes)
    return world


def _complaint(dice: random.Random, number: int, now: datetime) -> dict[str, Any]:
    status, came = dice.choice([str(one) for one in Status]), date(2025, 1, 1) + timedelta(dice.randrange(580))
    is_dated = status == "selesai" and dice.random() < 0.9
    return {
        "id": number, "tracking_id": str(1_000_000 + number), "status": status, "received_on": came, "created_at": now,
        "responded_on": came + timedelta(dice.randrange(-2, 40)) if dice.random() < 0.5 else None,
        "finished_on": came + timedelta(dice.randrange(-1, 60)) if is_dated else None,
        "kind": dice.choice(["pengaduan", "pengaduan", "aspirasi", "permintaan_informasi", "wbs"]),
        "supervised": dice.random() < 0.1, "confidential": dice.random() < 0.1,
        "category": dice.choice(["Jalan", "Air & limbah", None]), "channel": dice.choice(["SMS", "Website", None]),
        "merged_into_id": number - 1 if number % 2 == 0 and dice.random() < 0.1 else None,
    }  # fmt: skip


def _parts(dice: random.Random, row: dict[str, Any], units: list[int], now: datetime) -> Iterator[dict[str, Any]]:
    """Up to four dispositions, the last one open; the same unit may see it again."""
    count = dice.choice((0, 1, 1, 1, 2, 3, 4))
    for place in range(count):
        why = None if place == count - 1 else dice.choice(("redisposed", "returned", "finished", "undone", None))
        came = row["received_on"] + timedelta(place)
        yield {
            "complaint_id": row["id"], "unit_id": dice.choice(units), "disposed_on": came, "created_at": now,
            "status": row["status"] if dice.random() < 0.6 else dice.choice([str(one) for one in Status]),
            "responded_on": came + timedelta(dice.randrange(30)) if dice.random() < 0.5 else None,
            "end_reason": why, "ended_at": now if why else None, "track": "follow_up",
        }  # fmt: skip


def _promise(dice: random.Random, part: int, now: datetime) -> dict[str, Any]:
    given = now - timedelta(days=dice.randrange(400), hours=dice.randrange(24))
    return {
        "disposition_id": part, "written_by": "Sari", "text": "Segera", "intent": "promise", "matched_by": "id",
        "received_at": given, "promise_until": given.date() + timedelta(dice.randrange(1, 12)),
    }  # fmt: skip


def _figures(page: str) -> list[tuple[str, str]]:
    return [(unescape(href), text.strip()) for href, text in _LINK.findall(page)]


def _found(world: World, href: str) -> int:
    given = dict(parse_qsl(urlsplit(href).query))
    filters = in_address.read(given)
    assert in_address.write(filters) == given, href  # the list understood all of it
    with world.db.read() as conn:
        rules = lateness(ladders.in_force(conn), world.house.calendars(conn).of(None), world.clock.now())
        return len(listing.older_than(conn, filters, Seen(rules, titles=True), None, 1000).ids)


def _walk(world: World, client: FlaskClient, query: str) -> set[str]:
    """Compares every figure with its list; the names of the filters that were met."""
    met: set[str] = set()
    found = _figures(client.get(f"/laporan/{query}").text)
    for href, text in found:
        met |= {name for name, _ in parse_qsl(urlsplit(href).query)}
        figure = text.removesuffix(" laporan").replace(".", "")
        length = _found(world, href)
        assert (length > 0) if "," in figure else (length == int(figure)), (href, text, length)
    assert len(found) > 40
    return met


@pytest.mark.parametrize("query", ["?tahun=2026", "?tahun=2025", "?tahun=2025&bagian=tw3"])
def test_each_figure_is_as_long_as_its_list(messy: World, browser_of: Browser, query: str) -> None:
    met = _walk(messy, browser_of("viewer"), query)
    assert met >= {
        "dari", "sampai", "unit", "status", "jenis", "kategori", "saluran", "akhir", "batas", "waktu", "terukur",
        "salah_alamat", "janji", "janji_dari", "janji_sampai",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Dinas A", "Dinas B & C"])
def test_one_units_figures_are_as_long_as_their_lists(messy: World, browser_of: Browser, name: str) -> None:
    unit = messy.only(t.units, name=name).id
    assert "akhir" in _walk(messy, browser_of("viewer"), f"?tahun=2025&opd={unit}")


def test_the_list_says_which_figure_it_is_and_keeps_it_while_searching(messy: World, browser_of: Browser) -> None:
    client = browser_of("viewer")
    page = client.get("/aduan/?batas=berkadar&waktu=lewat&kategori=(tidak+disebut)&status=tunggakan").text
    for words in ("Batas berkadar pengawasan", "Belum selesai, lewat batas", "Tanpa kategori", "Tunggakan"):
        assert f">{words} " in page, words
    assert '<input type="hidden" name="waktu" value="lewat">' in page
    assert client.get("/aduan/?batas=x&waktu=y&janji=z&salah_alamat=9&akhir=kemarin&terukur=1").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-28", "9999-12-31"])
@pytest.mark.parametrize(
    "query",
    [
        "?dari={0}&sampai={0}",
        "?akhir={0}",
        "?janji=ditepati&janji_dari={0}",
        "?janji=dilanggar&janji_sampai={0}",
        "?batas=pengaduan&waktu=tepat&dari={0}",
        "?batas=pengaduan&waktu=terlambat&sampai={0}",
        "?batas=pengaduan&waktu=lewat&dari={0}&sampai={0}",
        "?terukur=selesai&dari={0}",
    ],
)
def test_a_day_outside_every_calendar_is_answered(messy: World, browser_of: Browser, query: str, day: str) -> None:
    assert browser_of("viewer").get(f"/aduan/{query.format(day)}").status_code == 200


@pytest.mark.parametrize("year", ["1", "1899", "2150", "9998", "9999", "10000", "²"])
def test_a_year_outside_every_calendar_is_answered(messy: World, browser_of: Browser, year: str) -> None:
    client = browser_of("viewer")
    for part in ("", "&bagian=tw1", "&bagian=tw4", "&bagian=sm2", "&bagian=bulan12"):
        assert client.get(f"/laporan/?tahun={year}{part}").status_code in (200, 400, 404), part
