"""The list's filters in the address, what somebody saved of them, and what leaves as a file."""

import io
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from aspal import tables as t
from aspal.db import Database
from aspal.records import listing
from aspal.web.pages.complaints import export as exporting
from aspal.web.pages.complaints import filters as in_address
from tests.web.conftest import Browser, token_of
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def roster(world: World) -> World:
    pupr = world.unit("Dinas PUPR")
    world.complaint("1916449", pupr, disposed="2026-07-30", title='=HYPERLINK("http://x")', category="Jalan")
    world.complaint("2050001", pupr, disposed="2026-07-31", title="Rahasia besar", confidential=True)
    return world


ALL = {
    "cari": "jalan", "status": "proses", "unit": "4", "kategori": "Jalan", "jenis": "aspirasi", "saluran": "SMS",
    "dari": "2026-01-01", "sampai": "2026-01-31", "tingkat": "2", "klaim": "done", "terlambat": "1", "ingkar": "1",
    "dijeda": "1", "dikecualikan": "1",
}  # fmt: skip


def test_filters_are_written_as_they_are_read() -> None:
    assert in_address.write(in_address.read(ALL)) == ALL
    assert in_address.write(in_address.read({})) == {}
    chips = in_address.chips(in_address.read(ALL), {4: "DPUPR"})
    assert len(chips) == len(ALL) - 1
    assert "DPUPR" in {chip.words for chip in chips}
    assert all(len(chip.without) == len(ALL) - 1 for chip in chips)


@pytest.mark.parametrize(
    "odd", [{"unit": "²"}, {"unit": "9" * 30}, {"tingkat": "7"}, {"dari": "besok"}, {"status": "x"}, {"cari": "\0"}]
)
def test_an_odd_value_counts_as_none(roster: World, browser_of: Browser, odd: dict[str, str]) -> None:
    assert in_address.write(in_address.read(odd)) == {}
    (name, value), *_ = odd.items()
    page = browser_of("viewer").get(f"/aduan/?{name}={quote(value)}")
    assert (page.status_code, "1916449" in page.text) == (200, True)


def test_pages_of_the_list_keep_their_filter(
    roster: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 1)
    client = browser_of("viewer")
    first = client.get("/aduan/?unit=1").text
    assert "2050001" in first
    assert "/aduan/?sebelum=2&amp;unit=1" in first or "/aduan/?unit=1&amp;sebelum=2" in first
    assert "Dinas PUPR" in first


def test_a_saved_list_is_found_again_replaced_and_removed(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    token = {"csrf_token": token_of(admin)}
    for query in ("status=proses", "status=selesai&aneh=1"):
        data = token | {"nama": "Milik saya", "saringan": query, "bersama": "1"}
        assert admin.post("/aduan/tampilan", data=data).status_code == 303
    view = roster.only(t.saved_views)
    assert (view.query, view.shared, view.owner) == ("status=selesai", True, "admin@kantor.test")
    viewer = browser_of("viewer")
    assert "Milik saya" in viewer.get("/aduan/").text
    theirs = {"csrf_token": token_of(viewer)}
    assert viewer.post(f"/aduan/tampilan/{view.id}/hapus", data=theirs).status_code == 404
    viewer.post("/aduan/tampilan", data=theirs | {"nama": "Punyaku", "saringan": "", "bersama": "1"})
    assert [view.shared for view in roster.rows(t.saved_views)] == [True, False], "a viewer shares nothing"
    assert "Punyaku" not in admin.get("/aduan/").text
    assert admin.post(f"/aduan/tampilan/{view.id}/hapus", data=token).status_code == 303
    assert admin.post(f"/aduan/tampilan/{view.id}/hapus", data=token).status_code == 404
    assert "Beri nama" in admin.post("/aduan/tampilan", data=token | {"nama": " "}, follow_redirects=True).text


def export(client: FlaskClient, kind: str, query: str = "") -> bytes:
    data = {"csrf_token": token_of(client), "saringan": query}
    with client.post(f"/aduan/ekspor/{kind}", data=data) as answer:
        assert answer.status_code == 200
        assert f".{kind}" in answer.headers["Content-Disposition"]
        return bytes(answer.data)


def test_the_list_leaves_as_csv_without_a_formula_and_journalled(roster: World, browser_of: Browser) -> None:
    text = export(browser_of("admin"), "csv", "unit=1").decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("Nomor;Nomor sementara;Judul")
    assert [line.split(";")[0] for line in lines[1:]] == ["2050001", "1916449"]
    assert "'=HYPERLINK" in text
    assert "Rahasia besar" in text
    entry = roster.rows(t.journal)[-1]
    assert (entry.action, entry.actor, entry.detail["query"]) == ("roster.exported", "admin@kantor.test", {"unit": "1"})


def test_a_list_of_one_unit_leaves_with_the_status_that_it_shows(roster: World, browser_of: Browser) -> None:
    """A unit's part may be in process while the other unit has not begun."""
    health = roster.unit("Dinas Kesehatan")
    shared = roster.complaint("1916500", 1, health, disposed="2026-07-30")
    with roster.db.write() as conn:
        parts = update(t.dispositions).where(t.dispositions.c.complaint_id == shared)
        conn.execute(parts.where(t.dispositions.c.unit_id == health).values(status="proses"))
    admin = browser_of("admin")
    for query, expected in (("", "Belum ditindaklanjuti"), (f"unit={health}&status=proses", "Proses")):
        text = export(admin, "csv", query).decode("utf-8-sig")
        row = next(line.split(";") for line in text.splitlines() if line.startswith("1916500"))
        assert row[exporting.HEADER.index("Status")] == expected


def test_what_a_viewer_may_not_see_does_not_leave_either(roster: World, browser_of: Browser) -> None:
    text = export(browser_of("viewer"), "csv").decode("utf-8-sig")
    assert "Rahasia besar" not in text
    assert "(judul tidak ditampilkan)" in text


def test_the_workbook_holds_the_same_and_says_where_it_is_cut(
    roster: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = browser_of("admin")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(export(admin, "xlsx"))).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["Nomor", "2050001", "1916449"]
    assert str(rows[2][2]).startswith("=HYPERLINK"), "text, not a formula"
    monkeypatch.setattr(exporting, "MOST_XLSX", 1)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(export(admin, "xlsx"))).get_sheet_by_index(0).to_python()
    assert "Daftar dipotong" in str(rows[2][0])


def test_a_long_list_is_read_in_pages(roster: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 1)
    text = export(browser_of("admin"), "csv").decode("utf-8-sig")
    assert [line.split(";")[0] for line in text.splitlines()[1:]] == ["2050001", "1916449"]
    client = browser_of("viewer")
    assert client.post("/aduan/ekspor/pdf", data={"csrf_token": token_of(client)}).status_code == 404


def test_the_page_on_paper_hides_what_the_page_hides(roster: World, browser_of: Browser) -> None:
    assert "Rahasia besar" in browser_of("admin").get("/aduan/2/cetak").text
    page = browser_of("viewer").get("/aduan/2/cetak").text
    assert "Rahasia besar" not in page
    assert "Berkas bukti" not in page
