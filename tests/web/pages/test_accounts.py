"""Pengguna and Jurnal: who may log in, tokens, and what the journal tells of it."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from aspal import tables as t
from aspal.records import accounts
from tests.web.conftest import Browser, token_of
from tests.web.test_login import log_in
from tests.world import World


def post(client: FlaskClient, path: str, page: str = "/pengguna/", **data: str) -> Any:
    return client.post(path, data=data | {"csrf_token": token_of(client, page)}, follow_redirects=True)


def user_id(world: World, email: str) -> int:
    with world.db.read() as conn:
        return int(conn.scalars(select(t.users.c.id).where(t.users.c.email == email)).one())


def actions(world: World) -> list[str]:
    with world.db.read() as conn:
        return list(conn.scalars(select(t.journal.c.action).where(t.journal.c.actor == "admin@kantor.test")))


def test_a_new_login_gets_a_password_that_is_shown_once(world: World, browser_of: Browser, app: Any) -> None:
    admin = browser_of("admin")
    page = post(admin, "/pengguna/", email=" Baru@Kantor.test", role="viewer").text
    password = re.search(r"user-select-all\">([a-z2-9-]{19})<", page)
    assert password
    assert password[1] not in admin.get("/pengguna/").text
    newcomer = app.test_client()
    log_in(newcomer, email="baru@kantor.test", password=password[1])
    assert newcomer.get("/").headers["Location"] == "/akun/kata-sandi"
    assert "sudah punya akun" in post(admin, "/pengguna/", email="baru@kantor.test", role="admin").text
    assert actions(world) == ["user.added"]


def test_a_role_holds_from_the_next_click_on(world: World, browser_of: Browser) -> None:
    admin, other = browser_of("admin"), browser_of("viewer")
    assert other.get("/jurnal/").status_code == 403
    post(admin, f"/pengguna/{user_id(world, 'viewer@kantor.test')}/peran", role="approver")
    assert other.get("/jurnal/").status_code == 200
    with world.db.read() as conn:
        detail = conn.scalars(select(t.journal.c.detail).where(t.journal.c.action == "user.role_changed")).one()
    assert detail == {"before": ["viewer"], "after": "approver"}


def test_somebody_stays_admin(world: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    me = user_id(world, "admin@kantor.test")
    assert "paling sedikit satu admin" in post(admin, f"/pengguna/{me}/peran", role="viewer").text
    assert "tidak dapat ditutup" in post(admin, f"/pengguna/{me}/tutup").text
    assert actions(world) == []


def test_an_admin_who_never_logged_in_does_not_count_as_the_last_one(
    world: World, browser_of: Browser, app: Any
) -> None:
    admin = browser_of("admin")
    page = post(admin, "/pengguna/", email="baru@kantor.test", role="admin").text
    password = re.search(r"user-select-all\">([a-z2-9-]{19})<", page)
    assert password
    me, new = user_id(world, "admin@kantor.test"), user_id(world, "baru@kantor.test")
    assert "sudah pernah masuk" in post(admin, f"/pengguna/{me}/peran", role="viewer").text
    assert admin.get("/pengguna/").status_code == 200, "still admin"
    post(admin, f"/pengguna/{new}/tutup")
    post(admin, f"/pengguna/{new}/buka")
    assert actions(world) == ["user.added", "user.closed", "user.reopened"], "whoever never logged in may be closed"
    log_in(app.test_client(), email="baru@kantor.test", password=password[1])
    assert "Peran admin@kantor.test diubah" in post(admin, f"/pengguna/{me}/peran", role="viewer").text
    assert admin.get("/pengguna/").status_code == 403
    with world.db.write() as conn, pytest.raises(ValueError, match="pernah masuk"):
        accounts.set_active(conn, new, False)


def test_a_closed_account_is_out_at_once_and_may_come_back(world: World, browser_of: Browser, app: Any) -> None:
    admin, other = browser_of("admin"), browser_of("viewer")
    theirs = user_id(world, "viewer@kantor.test")
    post(admin, f"/pengguna/{theirs}/tutup")
    assert other.get("/").status_code == 302
    assert "salah" in log_in(app.test_client(), email="viewer@kantor.test")
    post(admin, f"/pengguna/{theirs}/buka")
    assert log_in(app.test_client(), email="viewer@kantor.test") == "/"
    assert actions(world) == ["user.closed", "user.reopened"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("tutup", ("Tutup akun viewer@kantor.test?", "langsung keluar", "dapat dibuka lagi")),
        ("lepas-verifikasi", ("Lepas verifikasi dua langkah viewer@kantor.test?", "kata sandi saja", "orangnya")),
    ],
)
def test_before_somebody_is_shut_out_or_less_guarded_the_page_says_what_that_means(
    world: World, browser_of: Browser, path: str, says: tuple[str, ...]
) -> None:
    admin, other = browser_of("admin"), browser_of("viewer")
    theirs = user_id(world, "viewer@kantor.test")
    with world.db.write() as conn:
        conn.execute(update(t.users).where(t.users.c.id == theirs).values(tf_primary_method="authenticator"))
    assert f'href="/pengguna/{theirs}/{path}"' in admin.get("/pengguna/").text
    page = admin.get(f"/pengguna/{theirs}/{path}").text
    for words in says:
        assert words in page
    assert (actions(world), other.get("/").status_code) == ([], 200), "asking changes nothing"
    assert admin.get(f"/pengguna/999/{path}").status_code == 404


def test_before_a_token_is_revoked_the_page_names_it_and_whether_anything_uses_it(
    world: World, browser_of: Browser, client: FlaskClient
) -> None:
    admin = browser_of("admin")
    secret = re.search(r"(aspal_[\w-]{43})", post(admin, "/pengguna/token", name="Dasbor", scope="read").text)
    assert secret
    token_id = world.only(t.api_tokens).id
    path = f"/pengguna/token/{token_id}/cabut"
    assert f'href="{path}"' in admin.get("/pengguna/").text
    assert "belum pernah dipakai" in admin.get(path).text
    client.get("/api/v1/health", headers={"Authorization": f"Bearer {secret[1]}"})
    page = admin.get(path).text
    for words in ("Cabut token Dasbor?", "ditolak", "tidak dapat dihidupkan lagi", "Terakhir dipakai"):
        assert words in page
    assert world.only(t.api_tokens).revoked_at is None, "asking changes nothing"
    assert admin.get("/pengguna/token/99/cabut").status_code == 404


def test_an_admin_ends_sessions_and_lets_a_lost_phone_go(world: World, browser_of: Browser) -> None:
    admin, other = browser_of("admin"), browser_of("viewer")
    theirs = user_id(world, "viewer@kantor.test")
    with world.db.write() as conn:
        conn.execute(update(t.users).where(t.users.c.id == theirs).values(tf_primary_method="authenticator"))
    assert "1 sesi" in post(admin, f"/pengguna/{theirs}/akhiri-sesi").text
    assert other.get("/").status_code == 302
    post(admin, f"/pengguna/{theirs}/lepas-verifikasi")
    with world.db.read() as conn:
        assert conn.scalar(select(t.users.c.tf_primary_method).where(t.users.c.id == theirs)) is None
    assert actions(world) == ["user.sessions_ended", "user.two_factor_forgotten"]


def test_a_token_is_shown_once_and_revoked(world: World, browser_of: Browser, client: FlaskClient) -> None:
    admin = browser_of("admin")
    page = post(admin, "/pengguna/token", name="Dasbor bupati", scope="read", expires="2099-12-31").text
    secret = re.search(r"(aspal_[\w-]{43})", page)
    assert secret
    assert secret[1] not in admin.get("/pengguna/").text
    headers = {"Authorization": f"Bearer {secret[1]}"}
    assert client.get("/api/v1/health", headers=headers).status_code == 200
    with world.db.read() as conn:
        token_id = conn.scalar(select(t.api_tokens.c.id))
    assert "dicabut" in post(admin, f"/pengguna/token/{token_id}/cabut").text
    assert client.get("/api/v1/health", headers=headers).status_code == 401
    for wrong in ({"name": ""}, {"scope": "root"}, {"expires": "kemarin"}, {"expires": "2001-01-01"}):
        form = {"name": "x", "scope": "read", "expires": ""} | wrong
        assert "alert-danger" in post(admin, "/pengguna/token", **form).text


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_only_admins_see_who_may_log_in(browser_of: Browser, role: str) -> None:
    browser = browser_of(role)
    assert browser.get("/pengguna/").status_code == 403
    assert "Pengguna" not in browser.get("/").text


# --- the journal ----------------------------------------------------------------------------------------------------


def test_the_journal_is_read_by_person_kind_and_complaint(world: World, browser_of: Browser) -> None:
    from aspal.core.words import Role

    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-30", title="Jalan berlubang")
    world.until("2026-08-03 09:00")
    admin = browser_of("admin")
    post(admin, "/pengguna/token", name="Dasbor", scope="read")
    assert "Token untuk program dibuat." in admin.get("/jurnal/").text
    by_admin = admin.get("/jurnal/?siapa=admin@kantor.test").text
    assert "Token untuk program dibuat." in by_admin
    assert "Pesan untuk" not in by_admin
    assert "Pesan untuk Sari" in admin.get("/jurnal/?jenis=message.&laporan=1916449").text
    assert "Tidak ada catatan yang cocok" in admin.get("/jurnal/?laporan=99").text


def test_a_broken_chain_is_told(world: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    post(admin, "/pengguna/token", name="Dasbor", scope="read")
    assert "Jurnal utuh" in post(admin, "/jurnal/periksa").text
    with world.db.write() as conn:
        conn.execute(update(t.journal).values(actor="orang-lain"))
    assert "Jurnal putus di catatan 1" in post(admin, "/jurnal/periksa").text


def test_old_entries_are_reached_page_by_page(world: World, browser_of: Browser, monkeypatch: Any) -> None:
    from aspal.records import journal

    monkeypatch.setattr(journal, "_REACH", 70)
    with world.db.write() as conn:
        entries = [journal.Entry(world.clock.now(), "scan", "day.counted", "day", {"n": n}) for n in range(120)]
        journal.append(conn, [journal.Entry(world.clock.now(), "siti", "guest.added", "contact:1", {}), *entries])
    with world.db.read() as conn:
        found, before, pages = [], None, 0
        while pages == 0 or before:
            entries, before = journal.page(conn, actor="siti", before=before)
            found, pages = found + entries, pages + 1
        assert ([entry.actor for entry in found], pages) == (["siti"], 2)
        everything, before = journal.page(conn)
        assert (len(everything), before) == (journal.SHOWN, 72)
