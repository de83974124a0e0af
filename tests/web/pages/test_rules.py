"""Aturan: a draft is written by forms, shown with its effect, agreed to by another, and put in force."""

import io
import re
import tomllib
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from aspal import tables as t
from aspal.core.ladder.data import ladder_data
from aspal.core.words import Role
from aspal.records import ladders
from tests.web.conftest import Browser, token_of
from tests.world import World

R2 = {
    "kode": "R2", "kapan": "respon", "angka": "2", "kepada": "kepala_opd", "ulang": "sekali",
    "templat": "eskalasi_kepala_opd", "tingkat": "2", "berkadar": "tidak",
}  # fmt: skip
PAGE = "/aturan/rancangan/1"


@pytest.fixture
def office(world: World) -> World:
    """Three complaints that nobody follows up, and the default rules as version 1."""
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.person("Kepala", Role.HEAD, unit)
    for number in range(3):
        world.complaint(f"191644{number}", unit, disposed="2026-07-27", category="Jalan")
    with world.db.write() as conn:
        ladders.ensure(conn, world.clock.now())
    return world


@pytest.fixture
def admin(office: World, browser_of: Browser) -> FlaskClient:
    """An admin with a fresh draft."""
    client = browser_of("admin")
    assert send(client, "/aturan/rancangan").headers["Location"].endswith(PAGE)
    return client


def send(client: FlaskClient, path: str, **fields: Any) -> Any:
    return client.post(path, data={"csrf_token": token_of(client), **fields})


def steps(world: World) -> list[dict[str, Any]]:
    row = world.rows(t.ladder_drafts)[-1]
    return list(row.body["langkah"])


def test_the_rules_in_force_read_as_sentences_to_everybody(office: World, browser_of: Browser) -> None:
    page = browser_of("viewer").get("/aturan/").text
    for words in ("Setelah 3 hari kerja tanpa tindak lanjut", "kepala OPD", "Eskalasi kepala OPD", "14 hari kerja",
                  "Senin sampai Kamis 07.30–16.00", "Setiap Senin pukul 08.00"):  # fmt: skip
        assert words in page
    assert "Ubah aturan" not in page


def test_a_step_is_changed_added_moved_and_taken_out(admin: FlaskClient, office: World) -> None:
    assert send(admin, f"{PAGE}/langkah", revisi=1, **R2).status_code == 303
    assert "Setelah 2 hari kerja" in admin.get(PAGE).text
    new = {**R2, "kode": "", "kapan": "batas_persen", "angka": "30", "templat": "mendekati_batas", "jenis": "aspirasi",
           "kategori_lain": "Jalan; Air", "id_unit": "1"}  # fmt: skip
    assert send(admin, f"{PAGE}/langkah", revisi=2, **new).status_code == 303
    added = steps(office)[-1]
    assert (added["kode"], added["bagian"], added["kategori"], added["id_unit"]) == ("L1", 0.3, ["jalan", "air"], [1])
    send(admin, f"{PAGE}/urutan", revisi=3, kode="R1", tindakan="naik")
    send(admin, f"{PAGE}/urutan", revisi=4, kode="R0", tindakan="hapus")
    assert [step["kode"] for step in steps(office)][:2] == ["R1", "R1K"]
    page = admin.get(PAGE).text
    assert "hanya kategori jalan atau air" in page
    assert "hanya Dinas PUPR" in page
    assert "perlu orang kedua" in page
    assert send(admin, f"{PAGE}/urutan", revisi=5, kode="R1", tindakan="putar").status_code == 400


def test_what_was_typed_wrongly_is_still_in_the_form(admin: FlaskClient, office: World) -> None:
    answer = send(admin, f"{PAGE}/langkah", revisi=1, **{**R2, "angka": "dua"})
    assert answer.status_code == 422
    assert "Jumlah hari harus bilangan bulat" in answer.text
    assert 'value="dua"' in answer.text
    secret = send(admin, f"{PAGE}/langkah", revisi=1, **{**R2, "berkadar": "semua"})
    assert "tidak boleh dikirim ke kepala OPD yang diadukan" in secret.text
    assert office.only(t.ladder_drafts).revision == 1


def test_the_slower_of_two_admins_loses_nothing_and_sees_what_is_written_now(admin: FlaskClient, office: World) -> None:
    send(admin, f"{PAGE}/langkah", revisi=1, **R2)
    answer = send(admin, f"{PAGE}/langkah", revisi=1, **{**R2, "angka": "4"})
    assert answer.status_code == 409
    assert "baru saja diubah oleh admin@kantor.test" in answer.text
    assert "Tertulis sekarang: <strong>Setelah 2 hari kerja" in answer.text
    assert 'value="4"' in answer.text
    revision = re.search(r'name="revisi" value="(\d+)"', answer.text)
    assert revision is not None
    assert send(admin, f"{PAGE}/langkah", revisi=revision[1], **{**R2, "angka": "4"}).status_code == 303
    send(admin, f"{PAGE}/urutan", revisi=1, kode="R1", tindakan="hapus")
    assert "baru saja diubah" in admin.get(PAGE).text
    assert send(admin, f"{PAGE}/batas", revisi=1, pesan="5").status_code in (409, 422)


def test_limits_and_caps_have_a_form(admin: FlaskClient, office: World) -> None:
    page = admin.get(f"{PAGE}/batas").text
    fields = dict(re.findall(r'name="((?:hari|dasar)_\w+|pesan|pengingat)" type="text" value="([^"]*)"', page))
    assert fields["hari_pengaduan"] == "14"
    wrong = send(admin, f"{PAGE}/batas", revisi=1, **{**fields, "hari_pengaduan": "0"})
    assert wrong.status_code == 422
    assert send(admin, f"{PAGE}/batas", revisi=1, **{**fields, "hari_pengaduan": "10", "pesan": "5"}).status_code == 303
    page = admin.get(PAGE).text
    assert "10 hari kerja (Permenpan-RB" in page
    assert "Pesan per orang sehari" in page


def test_the_effect_is_shown_before_and_after_saving(admin: FlaskClient, office: World) -> None:
    tried = admin.post(
        f"{PAGE}/coba", data={"csrf_token": token_of(admin), "revisi": 1, **R2}, headers={"HX-Request": "true"}
    ).text
    assert "<html" not in tried
    assert "berpindah" in tried
    assert "semula 30 Juli 2026" in tried
    assert office.only(t.ladder_drafts).revision == 1, "trying saves nothing"
    whole = send(admin, f"{PAGE}/coba", revisi=1, **R2).text  # without JavaScript
    assert "<html" in whole
    assert 'name="angka" value="2"' in whole
    send(admin, f"{PAGE}/langkah", revisi=1, **R2)
    past = admin.get(f"{PAGE}/pratinjau").text
    assert "Dihitung dari 3 disposisi" in past
    assert "Rp400 per pesan" in past
    ahead = admin.get(f"{PAGE}/pratinjau?bagian=berjalan", headers={"HX-Request": "true"}).text
    assert "tidak ada yang membalas" in ahead


def test_a_step_to_the_head_goes_through_a_second_person(
    admin: FlaskClient, office: World, browser_of: Browser
) -> None:
    send(admin, f"{PAGE}/langkah", revisi=1, **R2)
    assert "Ajukan untuk disetujui" in admin.get(PAGE).text
    send(admin, f"{PAGE}/terbitkan", revisi=2, alasan="cepat", berlaku="baru")
    assert len(office.rows(t.ladders)) == 1, "the server refuses what the page does not offer"
    send(admin, f"{PAGE}/ajukan", revisi=2, alasan="Permintaan Bupati", berlaku="berjalan")
    send(admin, f"{PAGE}/setujui", revisi=3)
    assert "harus orang lain" in admin.get(PAGE).text
    viewer, approver = browser_of("viewer"), browser_of("approver")
    assert send(viewer, f"{PAGE}/setujui", revisi=3).status_code == 403
    assert "menunggu persetujuan" in approver.get("/aturan/").text
    assert "Setujui dan terbitkan" in approver.get(PAGE).text
    send(approver, f"{PAGE}/setujui", revisi=3)
    version = office.only(t.ladders, version=2)
    assert (version.published_by, version.approved_by) == ("admin@kantor.test", "approver@kantor.test")
    assert {row.ladder_id for row in office.rows(t.dispositions)} <= {None, version.id}
    assert "disetujui approver@kantor.test" in viewer.get("/aturan/").text
    history = viewer.get(f"/aturan/versi/{version.id}").text
    assert "Berbeda dari versi 1" in history
    assert "Permintaan Bupati" in viewer.get("/aturan/versi").text


def test_a_draft_comes_back_with_a_reason(admin: FlaskClient, office: World, browser_of: Browser) -> None:
    send(admin, f"{PAGE}/langkah", revisi=1, **R2)
    send(admin, f"{PAGE}/ajukan", revisi=2, alasan="Cepat", berlaku="baru")
    approver = browser_of("approver")
    send(approver, f"{PAGE}/kembalikan", revisi=3, alasan="Terlalu cepat bagi kepala")
    assert "Terlalu cepat bagi kepala" in admin.get(PAGE).text
    send(admin, f"{PAGE}/buang", revisi=4)
    assert "Buka" not in re.findall(r"Rancangan sedang disusun|>Buka<", admin.get("/aturan/").text)


@pytest.mark.parametrize("part", ["lalu", "berjalan"])
def test_a_preview_asks_the_database_no_more_than_other_pages(admin: FlaskClient, office: World, part: str) -> None:
    send(admin, f"{PAGE}/langkah", revisi=1, **R2)
    asked: list[str] = []

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(office.db.engine, "before_cursor_execute", note)
    assert admin.get(f"{PAGE}/pratinjau?bagian={part}").status_code == 200
    event.remove(office.db.engine, "before_cursor_execute", note)
    assert 5 < len(asked) <= 15, asked


def test_before_a_draft_is_let_go_the_page_says_what_is_lost(admin: FlaskClient, office: World) -> None:
    send(admin, f"{PAGE}/langkah", revisi=1, **R2)
    assert f'href="{PAGE}/buang"' in admin.get(PAGE).text
    page = admin.get(f"{PAGE}/buang").text
    for words in ("Buang rancangan 1?", "admin@kantor.test", "berlaku tidak berubah", "Setelah 2 hari kerja"):
        assert words in page
    assert 'name="revisi" value="2"' in page, "what was written on since is not let go unseen"
    assert office.only(t.ladder_drafts).state == "editing", "asking changes nothing"
    send(admin, f"{PAGE}/buang", revisi=2)
    assert "sudah" in admin.get(f"{PAGE}/buang", follow_redirects=True).text
    assert admin.get("/aturan/rancangan/99/buang").status_code == 404


def test_rolling_back_publishes_the_old_body_as_a_new_version(admin: FlaskClient, office: World) -> None:
    reminder = {**R2, "kode": "R1K", "kapan": "klaim_ditolak", "kepada": "pejabat_penghubung", "tingkat": "1",
                "templat": "klaim_belum_tercatat"}  # fmt: skip
    send(admin, f"{PAGE}/langkah", revisi=1, **reminder)
    send(admin, f"{PAGE}/terbitkan", revisi=2, alasan="Cukup satu orang", berlaku="baru")
    assert len(office.rows(t.ladders)) == 2
    where = send(admin, "/aturan/versi/1/kembali").headers["Location"]
    assert "Kembali ke versi 1" in admin.get(where).text
    send(admin, f"{where}/terbitkan", revisi=1, alasan="Kembali ke versi 1", berlaku="baru")
    first, last = office.only(t.ladders, version=1), office.only(t.ladders, version=3)
    assert ladder_data(ladders.ladder_from(last.body)) == ladder_data(ladders.ladder_from(first.body))


def test_rules_leave_and_come_back_as_a_file(admin: FlaskClient, office: World) -> None:
    text = admin.get("/aturan/unduh/toml").text
    assert tomllib.loads(text)["langkah"][0]["kode"] == "R0"
    assert admin.get("/aturan/unduh/json?versi=1").json["batas"]["pengaduan"]["hari"] == 14
    for name, raw, status in (
        ("aturan.toml", text.encode(), "/aturan/rancangan/2"),
        ("aturan.json", admin.get("/aturan/unduh/json").data, "/aturan/rancangan/3"),
        ("aturan.toml", b"[batas", "/aturan/"),
        ("aturan.json", b'{"langkah": []}', "/aturan/"),
        ("aturan.json", b"", "/aturan/"),
        ("aturan.toml", b"\xff" * 9, "/aturan/"),
        ("aturan.toml", b"x" * 505_000, "/aturan/"),
    ):
        answer = send(admin, "/aturan/impor", berkas=(io.BytesIO(raw), name))
        assert answer.headers["Location"].endswith(status), name


def test_what_is_not_there_is_a_404(admin: FlaskClient) -> None:
    for path in ("/aturan/rancangan/99", "/aturan/versi/99", "/aturan/unduh/exe", f"{PAGE}/langkah?kode=X"):
        assert admin.get(path).status_code == 404, path
    assert send(admin, "/aturan/lanjutkan").status_code == 303
