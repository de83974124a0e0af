"""The roster in the browser."""

import pytest
from sqlalchemy import insert, select

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from tests.web.conftest import Browser, token_of
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def roster(world: World) -> World:
    pupr, dinkes = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
    world.complaint("1916449", pupr, disposed="2026-07-30", title="Jalan berlubang 100%")
    world.complaint("2050001", dinkes, disposed="2026-07-31", title="Antrean puskesmas", confidential=True)
    return world


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"1916449", "2050001"}),
        ("cari=19164", {"1916449"}),
        ("cari=berlubang", {"1916449"}),
        ("cari=JALAN", {"1916449"}),
        ("cari=kesehatan", {"2050001"}),
        ("cari=100%25", {"1916449"}),
        ("cari=_", set()),
        ("cari=%00", {"1916449", "2050001"}),
        ("status=selesai", set()),
        ("status=belum_ditindaklanjuti", {"1916449", "2050001"}),
        ("status=entah", {"1916449", "2050001"}),
    ],
)
def test_search_and_filter_stand_in_the_address(
    roster: World, browser_of: Browser, query: str, found: set[str]
) -> None:
    page = browser_of("admin").get(f"/aduan/?{query}").text
    assert {number for number in ("1916449", "2050001") if number in page} == found


def test_the_title_of_a_confidential_complaint_is_not_for_viewers(roster: World, browser_of: Browser) -> None:
    assert "Antrean puskesmas" in browser_of("admin").get("/aduan/").text
    assert "Antrean puskesmas" not in browser_of("viewer").get("/aduan/").text


@pytest.mark.parametrize("path", ["/aduan/?sebelum=99999999999999999999", "/aduan/99999999999999999999"])
def test_a_number_that_no_key_can_be_is_no_server_error(roster: World, browser_of: Browser, path: str) -> None:
    assert browser_of("admin").get(path).status_code in (400, 404)


def test_the_detail_tells_everything_in_order_and_says_why(roster: World, browser_of: Browser) -> None:
    sari = roster.person("Sari", Role.LIAISON, 1)
    roster.until("2026-08-03 09:00")
    admin = browser_of("admin")
    typed = {"csrf_token": token_of(admin), "teks": "sedang kami kerjakan 1916449"}
    admin.post(f"/simulator/hp/{sari.id}", data=typed)
    roster.until("2026-08-03 09:30")
    page = admin.get("/aduan/1").text
    for words in ("Pesan untuk Sari", "perlu diberi tahu", "sedang kami kerjakan", "nomor laporan"):
        assert words in page
    assert page.index("sedang kami kerjakan") < page.index("perlu diberi tahu"), "the newest comes first"
    assert "hari ke-0" in admin.get("/aduan/1/mengapa").text
    assert "<html" not in admin.get("/aduan/1/mengapa", headers={"HX-Request": "true"}).text
    assert admin.get("/aduan/99").status_code == 404


def test_the_simulated_lapor_goes_through_the_intake(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    data = {"csrf_token": token_of(admin), "status": "selesai"}
    assert admin.post("/simulator/lapor/1", data=data).status_code == 302
    with roster.db.read() as conn:
        assert conn.scalar(select(t.complaints.c.status).where(t.complaints.c.id == 1)) == "selesai"
        ended = select(t.dispositions.c.ended_at).where(t.dispositions.c.complaint_id == 1)
        assert conn.scalar(ended) is not None
        assert conn.scalar(select(t.complaints.c.status).where(t.complaints.c.id == 2)) == "belum_ditindaklanjuti"
        assert conn.scalar(select(t.complaints.c.flags).where(t.complaints.c.id == 2)) == []
    assert admin.post("/simulator/lapor/1", data=data | {"status": "entah"}).status_code == 400


def test_evidence_is_shown_to_those_who_decide(roster: World, browser_of: Browser) -> None:
    folder = roster.settings.media_dir
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\nfoto")
    now = roster.clock.now()
    with roster.db.write() as conn:
        reply = insert(t.replies).values(provider_sid="SM1", address="x", raw={}, received_at=now, state="matched")
        reply_id = conn.execute(reply.returning(t.replies.c.id)).scalar_one()
        file = {"path": "ab/x.png", "stored_type": "image/png", "claimed_type": "text/html", "state": "stored"}
        conn.execute(insert(t.media).values(reply_id=reply_id, position=0, not_before=now, **file))
    with browser_of("approver").get("/aduan/bukti/1") as answer:
        assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert browser_of("viewer").get("/aduan/bukti/1").status_code == 403
    assert browser_of("admin").get("/aduan/bukti/2").status_code == 404


def test_an_empty_roster_teaches_how_to_fill_it(browser_of: Browser) -> None:
    assert "aspal import roster" in browser_of("viewer").get("/aduan/").text
