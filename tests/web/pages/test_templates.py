"""The page about texts: read by all, worded by admins, checked by WhatsApp's rules before it hears of them."""

import tomllib
from typing import Any

import pytest
from flask.testing import FlaskClient

from aspal import tables as t
from aspal.gateways.whatsapp.port import RemoteTemplate
from tests.web.conftest import Browser, token_of
from tests.world import World

KIND = "disposisi_baru"


def form(world: World, kind: str = KIND, **changes: Any) -> dict[str, str]:
    """The form as the page shows it, with something typed into it."""
    template = world.house.texts.kind(kind)
    data = {"isi": template.named_body, **{f"tombol-{button.id}": button.title for button in template.buttons}}
    return data | {f"contoh-{v.name}": v.sample for v in template.variables} | changes


def post(client: FlaskClient, path: str, data: dict[str, str]) -> Any:
    return client.post(path, data={"csrf_token": token_of(client, "/templat/"), **data}, follow_redirects=True)


def test_every_kind_is_shown_with_its_samples(world: World, browser_of: Browser) -> None:
    viewer = browser_of("viewer")
    page = viewer.get("/templat/").text
    assert "Eskalasi ke kepala OPD (rahasia)" in page
    assert "Disetujui simulator" in page
    for kind in world.house.texts.kinds():
        assert viewer.get(f"/templat/{kind}").status_code == 200
    one = viewer.get(f"/templat/{KIND}").text
    assert "<mark>Ibu Melati Kusuma</mark>" in one
    assert "Tulis dengan kata-kata kantor" not in one
    assert viewer.get("/templat/entah").status_code == 404
    assert viewer.post(f"/templat/{KIND}", data={"csrf_token": token_of(viewer, "/templat/")}).status_code == 403


def test_own_words_are_used_by_every_process_and_can_be_taken_back(world: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    body = world.house.texts.kind(KIND).named_body.replace("Dengan hormat,", "Dengan segala hormat,")
    said = post(admin, f"/templat/{KIND}", form(world, isi=body, catatan="lebih santun")).text
    assert "Versi 1 langsung dipakai." in said
    assert "Dengan segala hormat," in world.house.texts.preview(KIND).text
    assert "Dengan segala hormat," not in world.house.file_texts.preview(KIND).text
    post(admin, f"/templat/{KIND}/0/pakai", {})
    assert "Dengan segala hormat," not in world.house.texts.preview(KIND).text
    post(admin, f"/templat/{KIND}/1/pakai", {})
    assert "Dengan segala hormat," in world.house.texts.preview(KIND).text
    done = [(row.actor, row.action) for row in world.rows(t.journal) if row.action.startswith("text.")]
    assert done == [("admin@kantor.test", "text.proposed"), *[("admin@kantor.test", "text.in_force")] * 3]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"isi": "Halo {penerima}"}, "semua variabel"),
        ({"tombol-done": "Berhenti"}, "berlangganan"),
        ({"tombol-done": ""}, "1 sampai 20"),
        ({}, "sama dengan yang sedang dipakai"),
    ],
)
def test_what_whatsapp_would_refuse_is_said_and_nothing_lost(
    world: World, browser_of: Browser, changes: dict[str, str], words: str
) -> None:
    answer = post(browser_of("admin"), f"/templat/{KIND}", form(world, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert not changes or next(iter(changes.values())) in answer.text
    assert world.rows(t.message_texts) == []


def test_trying_shows_the_text_and_keeps_nothing(world: World, browser_of: Browser) -> None:
    body = world.house.texts.kind(KIND).named_body.replace("Dengan hormat,", "Dengan segala hormat,")
    page = post(browser_of("admin"), f"/templat/{KIND}", form(world, isi=body, coba="1")).text
    assert "Memenuhi semua aturan" in page
    assert page.count("Dengan segala hormat,") == 2, "in the form and in the bubble"
    assert world.rows(t.message_texts) == []


class Approver:
    """The template half of a provider that approves when told to."""

    needs_approval = True

    def __init__(self) -> None:
        self.known: dict[str, RemoteTemplate] = {}

    def push_template(self, template: Any) -> RemoteTemplate:
        sid = f"HX{template.fingerprint[:30]}"
        return self.known.setdefault(sid, RemoteTemplate(sid, "received", "UTILITY"))

    def template_status(self, sid: str) -> RemoteTemplate | None:
        return self.known.get(sid)

    def approve_all(self) -> None:
        self.known = {sid: RemoteTemplate(sid, "approved", "UTILITY") for sid in self.known}

    def close(self) -> None: ...


def test_with_a_provider_the_old_text_stays_until_the_new_one_is_approved(world: World, browser_of: Browser) -> None:
    provider = world.house.__dict__["gateway"] = Approver()
    admin = browser_of("admin")
    said = post(admin, "/templat/daftarkan", {}).text
    assert "teks didaftarkan" in said
    provider.approve_all()
    body = world.house.texts.kind(KIND).named_body.replace("Dengan hormat,", "Dengan segala hormat,")
    said = post(admin, f"/templat/{KIND}", form(world, isi=body)).text
    assert "Teks lama tetap dipakai sampai disetujui" in said
    assert "Dengan segala hormat," not in world.house.texts.preview(KIND).text
    assert "Menunggu persetujuan" in admin.get(f"/templat/{KIND}").text
    provider.approve_all()
    assert "1 teks baru kini dipakai" in post(admin, "/templat/daftarkan", {}).text
    assert "Dengan segala hormat," in world.house.texts.preview(KIND).text


def test_the_file_that_is_downloaded_is_the_text_in_force(world: World, browser_of: Browser) -> None:
    data = tomllib.loads(browser_of("viewer").get(f"/templat/{KIND}.toml").text)
    assert data["body"].strip() == world.house.texts.kind(KIND).named_body
    assert [button["id"] for button in data["buttons"]] == ["done", "in_process", "not_ours"]
