"""The outbox page: what may be decided about a message, by whom, and only while it still stands where it was shown."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from aspal import tables as t
from aspal.core.bundling import BRAKE
from aspal.core.delivery import State
from aspal.core.secrecy import GONE
from aspal.core.switches import RESTORED
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import health
from tests.web.conftest import Browser, token_of
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


def message(world: World, state: str, **columns: Any) -> int:
    now = world.clock.now()
    values = {"address": "+6281200000001", "template": "disposisi_baru", "variables": {}, "text": "Mohon *segera* <b>."}
    values |= {"workday": world.clock.moment.date(), "state": state, "created_at": now, "not_before": now} | columns
    with world.db.write() as conn:
        return int(conn.execute(insert(t.messages).values(values).returning(t.messages.c.id)).scalar_one())


def state_of(world: World, message_id: int) -> str:
    with world.db.read() as conn:
        return str(conn.scalar(select(t.messages.c.state).where(t.messages.c.id == message_id)))


def decide(client: FlaskClient, message_id: int, choice: str) -> int:
    return client.post(f"/pesan/{message_id}/{choice}", data={"csrf_token": token_of(client, "/pesan/")}).status_code


@pytest.mark.parametrize(
    ("before", "choice", "after"),
    [
        (State.HELD, "lepas", State.WAITING),
        (State.HELD, "batalkan", State.CANCELLED),
        (State.WAITING, "batalkan", State.CANCELLED),
        (State.UNKNOWN, "batalkan", State.CANCELLED),
        (State.UNKNOWN, "kirim-ulang", State.WAITING),
        (State.DELIVERED, "batalkan", State.DELIVERED),
        (State.DELIVERED, "kirim-ulang", State.DELIVERED),
        (State.CANCELLED, "lepas", State.CANCELLED),
    ],
)
def test_a_decision_moves_a_message_only_from_where_it_makes_sense(
    world: World, browser_of: Browser, before: State, choice: str, after: State
) -> None:
    number = message(world, before)
    assert decide(browser_of("approver"), number, choice) == 302
    assert state_of(world, number) == after


def test_a_failed_message_is_repeated_as_a_new_one(world: World, browser_of: Browser) -> None:
    number = message(world, "failed")
    admin = browser_of("admin")
    decide(admin, number, "kirim-ulang")
    decide(admin, number, "kirim-ulang")
    with world.db.read() as conn:
        assert conn.scalars(select(t.messages.c.state).order_by(t.messages.c.id)).all() == ["failed", "waiting"]


def test_the_journal_says_who_decided(world: World, browser_of: Browser) -> None:
    number = message(world, "held")
    decide(browser_of("approver"), number, "lepas")
    with world.db.read() as conn:
        row = conn.execute(select(t.journal)).one()
    assert (row.actor, row.action, row.subject) == ("approver@kantor.test", "message.released", f"message:{number}")


def test_what_there_is_not_is_a_404(world: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    assert decide(admin, 99, "lepas") == 404
    assert decide(admin, message(world, "held"), "hapus") == 404


def test_the_page_shows_the_reason_and_masks_the_number(world: World, browser_of: Browser) -> None:
    message(world, "held", reason="Jumlah pesan tidak biasa.")
    page = browser_of("viewer").get("/pesan/").text
    assert "Jumlah pesan tidak biasa." in page
    assert "+62 812-****-0001" in page
    assert "81200000001" not in page
    assert "(isi tidak ditampilkan)" in page, (
        "which case it is about is not known, so neither is that a viewer may read it"
    )
    assert "&lt;b&gt;" in browser_of("approver").get("/pesan/").text
    assert "/lepas" not in page, "a viewer has no buttons"


def test_long_lists_go_on_by_key(world: World, browser_of: Browser) -> None:
    for _ in range(51):
        message(world, "read")
    client = browser_of("viewer")
    assert client.get("/pesan/").text.count('class="list-group-item message"') == 50
    assert "Lebih lama" in client.get("/pesan/").text
    assert client.get("/pesan/?sebelum=2").text.count('class="list-group-item message"') == 1
    assert client.get("/pesan/?state=held").text.count('class="list-group-item message"') == 0
    assert client.get("/pesan/?sebelum=x&state=%00").status_code == 200


def test_the_filters_stand_in_the_address(world: World, browser_of: Browser) -> None:
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-31")
    world.until("2026-08-03 09:00")
    other = message(world, "failed", template="eskalasi_kepala_opd")
    admin = browser_of("admin")
    found = {
        "unit=1": {sari.name},
        "unit=2": set(),
        "orang=sar": {sari.name},
        "jenis=eskalasi_kepala_opd": {"Tak terdaftar"},
        "state=terkirim": {sari.name},
        "state=failed": {"Tak terdaftar"},
        "bulan=2026-08": {sari.name, "Tak terdaftar"},
        "bulan=2026-07": set(),
        "dari=2026-08-04": set(),
        "dari=x&sampai=2026-13-40&unit=-1&jenis=%27": {sari.name, "Tak terdaftar"},
    }
    for query, names in found.items():
        page = admin.get(f"/pesan/?{query}").text
        rows = page.split('id="daftar"')[1]
        assert {name for name in (sari.name, "Tak terdaftar") if f">{name}</a>" in rows} == names, query
    assert admin.get(f"/pesan/{other}").status_code == 200
    assert admin.get("/pesan/9999").status_code == 404


def test_pages_go_both_ways(world: World, browser_of: Browser) -> None:
    for _ in range(60):
        message(world, "read")
    client = browser_of("viewer")
    second = client.get("/pesan/?sebelum=11").text
    assert second.count('class="list-group-item message"') == 10
    assert "sesudah=10" in second
    first = client.get("/pesan/?sesudah=10").text
    assert first.count('class="list-group-item message"') == 50
    assert "sebelum=11" in first
    assert "Lebih baru" not in first


def test_many_are_decided_at_once_and_each_is_journalled(world: World, browser_of: Browser) -> None:
    held = [message(world, "held") for _ in range(3)]
    sent = message(world, "delivered")
    approver = browser_of("approver")
    data = {"csrf_token": token_of(approver, "/pesan/"), "id": [*held[:2], sent], "state": "held"}
    page = approver.post("/pesan/banyak/lepas", data=data, follow_redirects=True).text
    assert "2 pesan dilepas" in page
    assert "1 pesan lain sudah berubah" in page
    assert [state_of(world, number) for number in (*held, sent)] == ["waiting", "waiting", "held", "delivered"]
    assert len(world.rows(t.journal)) == 2
    assert (
        "Belum ada pesan yang dipilih"
        in approver.post(
            "/pesan/banyak/lepas", data={"csrf_token": token_of(approver, "/pesan/")}, follow_redirects=True
        ).text
    )


def test_cancelling_says_first_what_will_happen(world: World, browser_of: Browser) -> None:
    """One from its row, several by their ticks: a page with a way out; only its button changes anything."""
    held = [message(world, "held") for _ in range(3)]
    sent = message(world, "delivered")
    approver = browser_of("approver")
    ask = f"/pesan/pilihan?aksi=batalkan&amp;id={held[0]}"
    for path in ("/pesan/", f"/pesan/{held[0]}"):
        page = approver.get(path).text
        assert ask in page
        assert f"/pesan/{held[0]}/batalkan" not in page, "no form that cancels at once"
    page = approver.get(f"/pesan/pilihan?aksi=batalkan&id={held[0]}&id={held[1]}&id={sent}&id=x&state=held").text
    assert "Batalkan 2 pesan?" in page
    assert "tidak dapat dilepas lagi" in page
    assert 'href="/pesan/?state=held">Tidak jadi' in page
    assert [state_of(world, number) for number in held] == ["held"] * 3, "asking changes nothing"
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.split("<main")[1])
    data = {name: [value for key, value in fields if key == name] for name, _ in fields}
    assert approver.post("/pesan/banyak/batalkan", data=data).location == "/pesan/?state=held"
    assert [state_of(world, number) for number in (*held, sent)] == ["cancelled", "cancelled", "held", "delivered"]


@pytest.mark.parametrize("query", ["", "&aksi=hapus&id=1", "&aksi=batalkan", "&aksi=batalkan&id=99"])
def test_where_there_is_nothing_to_ask_the_list_is_shown(world: World, browser_of: Browser, query: str) -> None:
    message(world, "held")
    assert browser_of("approver").get(f"/pesan/pilihan?ditahan=rem{query}").location == "/pesan/ditahan/rem"


def test_one_message_tells_its_history(world: World, browser_of: Browser) -> None:
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-31")
    world.until("2026-08-03 09:00")
    page = browser_of("viewer").get("/pesan/1").text
    for words in ("Disiapkan", "Laporan 1916449", "Pengingat tindak lanjut", "diterima WhatsApp"):
        assert words in page
    assert "· bundle" not in page, "our jobs have no names for a reader"
    assert 'href="/aturan/#langkah-R1"' in page, "the rule by which it was sent"


def test_what_was_written_down_about_each_of_its_complaints_happened_to_a_message_once(
    world: World, browser_of: Browser
) -> None:
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    for number in range(5):
        world.complaint(f"191644{number}", unit, disposed="2026-07-31")
    world.until("2026-08-03 09:00")
    page = browser_of("viewer").get("/pesan/1").text
    assert "Laporan 1916444" in page
    assert page.count("Disiapkan") == 1


def test_the_brake_is_explained_and_released_in_part(world: World, browser_of: Browser) -> None:
    for number in range(60):
        unit = world.unit(f"Dinas {number:02d}")
        world.person(f"Penghubung {number:02d}", Role.LIAISON, unit)
        world.complaint(f"19{number:05d}", unit, disposed="2026-07-31")
    _hold_all(world)
    approver = browser_of("approver")
    assert "Rem volume menahan 60 pesan" in approver.get("/pesan/").text
    page = approver.get("/pesan/ditahan/rem").text
    assert "Dinas 07" in page
    assert "Batas wajarnya" in page
    said = _post(approver, "/pesan/ditahan/rem/sebagian/lepas", unit="7")
    assert "1 pesan dilepas" in said
    assert "1 pesan dibatalkan" in _post(approver, "/pesan/ditahan/rem/sebagian/batalkan", unit="8")
    assert "Belum ada pesan yang dipilih" in _post(approver, "/pesan/ditahan/rem/sebagian/lepas")
    assert "58 pesan dilepas" in _post(approver, "/pesan/ditahan/rem/lepas-semua")
    assert {row.state for row in world.rows(t.messages)} == {"waiting", "cancelled"}
    viewer = browser_of("viewer")
    data = {"csrf_token": token_of(viewer, "/pesan/")}
    assert viewer.post("/pesan/ditahan/rem/lepas-semua", data=data).status_code == 403


def test_what_a_restore_holds_is_explained_as_that_and_let_go_also_when_all_of_it_was_sent_before(
    world: World, browser_of: Browser
) -> None:
    unit = world.unit("Dinas Sosial")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-31")
    with world.db.write() as conn:
        health.set_switch(conn, RESTORED, True, by="cli", now=world.clock.now())
    world.tick()
    approver = browser_of("approver")
    assert "Jumlah pesan hari ini tidak biasa" not in approver.get("/pesan/").text
    assert "Data dipulihkan dari cadangan" in approver.get("/pesan/").text
    page = approver.get("/pesan/ditahan/rem").text
    assert "dipulihkan dari cadangan" in page
    assert "Batas wajarnya" not in page
    assert "1 pesan dibatalkan" in _post(approver, "/pesan/ditahan/rem/sebagian/batalkan", unit=str(unit))
    assert "Data dipulihkan dari cadangan" in approver.get("/pesan/").text, "tomorrow's would be held too"
    assert "Lepas penahanan" in approver.get("/pesan/ditahan/rem").text
    assert "0 pesan dilepas" in _post(approver, "/pesan/ditahan/rem/lepas-semua")
    assert "dipulihkan dari cadangan" not in approver.get("/pesan/").text


def _hold_all(world: World) -> None:
    """As the brake would: the day's messages wait for somebody."""
    with world.db.write() as conn:
        health.set_switch(conn, "sender_stop", {"reason": "uji"}, by="x", now=world.clock.now())
    world.until("2026-08-03 09:00")
    with world.db.write() as conn:
        conn.execute(t.messages.update().values(state="held", reason=BRAKE))


def _post(client: FlaskClient, path: str, **data: Any) -> str:
    typed = {"csrf_token": token_of(client, "/pesan/"), **data}
    return client.post(path, data=typed, follow_redirects=True).text


def test_costs_are_counted_by_month_with_the_offices_prices(world: World, browser_of: Browser) -> None:
    now = world.clock.now()
    for _ in range(3):
        message(world, "delivered", accepted_at=now)
    message(world, "delivered", template=None, accepted_at=now)
    admin = browser_of("admin")
    assert "Rp 1.200" in admin.get("/pesan/biaya").text
    prices = {"utility": "1.000", "marketing": "0", "authentication": "0", "service": "50"}
    assert "Harga disimpan" in _post(admin, "/pesan/biaya/harga", **prices)
    assert "Rp 3.050" in admin.get("/pesan/biaya?bulan=2026-08").text
    assert "bilangan bulat" in _post(admin, "/pesan/biaya/harga", **(prices | {"utility": "1,5"}))
    approver = browser_of("approver")
    data = {"csrf_token": token_of(approver, "/pesan/"), **prices}
    assert approver.post("/pesan/biaya/harga", data=data).status_code == 403


def test_a_viewer_reads_no_words_that_may_be_secret(world: World, browser_of: Browser) -> None:
    secret = message(world, "read", template="disposisi_baru_rahasia", text="nomor rahasia")
    free = message(world, "read", template=None, text="jawaban bebas")
    viewer = browser_of("viewer")
    for path in ("/pesan/", f"/pesan/{secret}", f"/pesan/{free}"):
        page = viewer.get(path).text
        assert "nomor rahasia" not in page
        assert "jawaban bebas" not in page
    assert "nomor rahasia" in browser_of("approver").get(f"/pesan/{secret}").text


def test_a_message_whose_words_were_deleted_is_not_repeated(world: World, browser_of: Browser) -> None:
    number = message(world, "failed", text=GONE)
    client = browser_of("approver")
    token = token_of(client, "/pesan/")
    page = client.post(f"/pesan/{number}/kirim-ulang", data={"csrf_token": token}, follow_redirects=True)
    assert "sudah dihapus karena masa simpannya lewat" in page.text
    with world.db.read() as conn:
        assert len(conn.execute(select(t.messages.c.id)).all()) == 1
