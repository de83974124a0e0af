"""The simulated phones: what is typed there arrives as Twilio would bring it, and ticks come back."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from aspal import tables as t
from aspal.clock import RunningClock
from aspal.core.words import Role
from aspal.gateways.whatsapp.port import Outgoing
from aspal.records.simulator import SimulatorMemory
from aspal.web.factory import create_app
from aspal.web.simulation import demo_clock, phone_screen
from tests.web.conftest import Browser, token_of
from tests.world import Somebody, World

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def sari(world: World) -> Somebody:
    return world.person("Sari", Role.LIAISON, world.unit("Dinas PUPR"))


def replies(world: World) -> list[dict[str, str]]:
    with world.db.read() as conn:
        return list(conn.scalars(select(t.replies.c.raw).order_by(t.replies.c.id)))


def write(client: FlaskClient, key: object, **fields: object) -> int:
    data = {"csrf_token": token_of(client)} | fields
    return client.post(f"/simulator/hp/{key}", data=data).status_code


def sent(world: World, to: Somebody, token: str = "tok-1") -> str:
    """A message of the office, with buttons."""
    buttons = [button for kind in world.house.texts.kinds() for button in world.house.texts.kind(kind).buttons][:2]
    out = Outgoing(to.phone, token, "Mohon ditindaklanjuti", "disposisi_baru", None, {"1": "x"}, 1, buttons)
    return world.phones.send(out).sid


def test_a_typed_reply_is_stored_through_the_signed_webhook(world: World, sari: Somebody, browser_of: Browser) -> None:
    assert write(browser_of("admin"), sari.id, teks="sudah ditindaklanjuti") == 302
    (form,) = replies(world)
    assert (form["Body"], form["From"], form["ProfileName"]) == (
        "sudah ditindaklanjuti",
        f"whatsapp:{sari.phone}",
        "Sari",
    )


def test_a_quoted_message_is_named(world: World, sari: Somebody, browser_of: Browser) -> None:
    sid = sent(world, sari)
    write(browser_of("admin"), sari.id, teks="ini ya", kutip=sid)
    assert replies(world)[0]["OriginalRepliedMessageSid"] == sid


def test_a_pressed_button_comes_with_its_payload(world: World, sari: Somebody, browser_of: Browser) -> None:
    sid = sent(world, sari)
    button = SimulatorMemory(world.db).sent_to(sari.phone, world.clock.now())[0].buttons[0]
    assert write(browser_of("admin"), sari.id, tombol=button[0], dari=sid) == 302
    form = replies(world)[0]
    assert (form["ButtonPayload"], form["ButtonText"], form["OriginalRepliedMessageSid"]) == (*button, sid)


def test_a_button_that_was_never_offered_is_refused(world: World, sari: Somebody, browser_of: Browser) -> None:
    assert write(browser_of("admin"), sari.id, tombol="karangan", dari=sent(world, sari)) == 400
    assert replies(world) == []


def test_a_photo_travels_and_can_be_looked_at(world: World, sari: Somebody, browser_of: Browser) -> None:
    client = browser_of("admin")
    assert write(client, sari.id, foto=(io.BytesIO(PNG), "bukti.png")) == 302
    form = replies(world)[0]
    assert (form["NumMedia"], form["MediaContentType0"]) == ("1", "image/png")
    address = f"/simulator/lampiran/{form['MessageSid']}/{form['MediaUrl0'].rpartition('/')[2]}"
    assert client.get(address).data == PNG
    assert client.get("/simulator/lampiran/SM1/..%2f..%2fetc").status_code == 404


def test_an_empty_message_is_not_sent(world: World, sari: Somebody, browser_of: Browser) -> None:
    write(browser_of("admin"), sari.id, teks="   ")
    assert replies(world) == []


def test_a_stranger_can_write_too(world: World, browser_of: Browser) -> None:
    write(browser_of("admin"), "asing-1", teks="halo, jalan saya rusak")
    assert replies(world)[0]["From"] == "whatsapp:+6281200007771"


def test_an_unknown_phone_is_a_404(browser_of: Browser) -> None:
    assert browser_of("admin").get("/simulator/hp/999").status_code == 404


def test_the_pulse_brings_ticks_and_an_open_phone_reads(world: World, sari: Somebody, browser_of: Browser) -> None:
    sid, client = sent(world, sari), browser_of("admin")
    world.clock.moment += timedelta(seconds=5)
    client.post("/simulator/detak", data={"csrf_token": token_of(client)})
    with world.db.read() as conn:
        reported = select(t.reports.c.status).where(t.reports.c.provider_sid == sid).order_by(t.reports.c.id)
        assert conn.scalars(reported).all() == ["sent", "delivered"]
        assert set(conn.scalars(select(t.reports.c.token))) == {"tok-1"}
    client.post("/simulator/detak", data={"csrf_token": token_of(client), "hp": str(sari.id)})
    with world.db.read() as conn:
        assert conn.scalars(reported).all() == ["sent", "delivered", "read"]


def test_polling_answers_204_while_nothing_has_changed(world: World, sari: Somebody, browser_of: Browser) -> None:
    client = browser_of("viewer")
    page = client.get(f"/simulator/hp/{sari.id}")
    version = page.text.partition("v=")[2].partition("&")[0].partition('"')[0]
    assert client.get(f"/simulator/hp/{sari.id}?v={version}").status_code == 204
    sent(world, sari)
    assert client.get(f"/simulator/hp/{sari.id}?v={version}").status_code == 200


def test_up_to_three_phones_stand_side_by_side(world: World, sari: Somebody, browser_of: Browser) -> None:
    unit = world.unit("Dinas Kominfo")
    others = [world.person(f"Orang {n}", Role.HEAD, unit) for n in range(4)]
    client = browser_of("viewer")
    query = "&".join(f"hp={person.id}" for person in others)
    assert client.get(f"/simulator/?{query}").text.count('class="phone"') == 3
    assert client.get("/simulator/?hp=entah").text.count('class="phone"') == 0
    assert client.get("/simulator/").text.count('class="phone"') == 2, "a liaison and a head by themselves"


def test_a_viewer_looks_but_does_not_type(sari: Somebody, browser_of: Browser) -> None:
    client = browser_of("viewer")
    assert 'name="teks"' not in client.get("/simulator/").text
    assert write(client, sari.id, teks="x") == 403


def test_the_journal_is_told_in_plain_words(world: World, sari: Somebody, browser_of: Browser) -> None:
    world.complaint("1916449", 1, disposed="2026-07-30")
    world.until("2026-08-03 09:00")
    page = browser_of("viewer").get("/simulator/kejadian").text
    assert "diberi tahu" in page
    assert "Sari" in page
    assert "1916449" in page


# --- the clock ------------------------------------------------------------------------------------------------------


@pytest.fixture
def fast_world(world: World) -> World:
    world.house.clock = RunningClock(world.at("2026-08-07 16:50"), 0)
    return world


def turn(client: FlaskClient, knob: str) -> int:
    data = {"csrf_token": token_of(client, "/simulator/"), "tombol": knob}
    return client.post("/simulator/jam", data=data, headers={"HX-Request": "true"}).status_code


def test_the_clock_jumps_to_the_next_opening_over_the_weekend(fast_world: World, browser_of: Browser) -> None:
    create_app(fast_world.house)
    client = browser_of("admin")
    assert "Jumat, 7 Agustus 2026 pukul 16.50 WIB" in client.get("/simulator/jam").text
    assert turn(client, "buka") == 200
    assert "Senin, 10 Agustus 2026" in client.get("/simulator/jam").text


def test_the_clock_changes_its_speed_and_knows_no_other_buttons(fast_world: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    assert [turn(client, knob) for knob in ("3600", "0", "99", "nan", "")] == [200, 200, 400, 400, 400]


def test_a_real_clock_has_no_knobs(world: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    assert 'name="tombol" value="buka"' not in client.get("/simulator/").text
    assert turn(client, "buka") == 404


@pytest.mark.parametrize(
    ("moment", "opening"),
    [("2026-08-07 05:00", "2026-08-07"), ("2026-08-07 09:00", "2026-08-10"), ("2026-08-16 12:00", "2026-08-18")],
    ids=["before hours: today", "within hours: the next working day", "Sunday before a holiday"],
)
def test_the_next_opening(world: World, moment: str, opening: str) -> None:
    with world.db.read() as conn:
        calendar = world.house.calendars(conn).of(None)
    assert calendar.local_day(demo_clock.next_opening(calendar, world.at(moment))).isoformat() == opening


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*tebal* dan _miring_", "<b>tebal</b> dan <i>miring</i>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("<script>*x*</script>", "&lt;script&gt;<b>x</b>&lt;/script&gt;"),
        (
            "https://lapor.go.id/1.",
            '<a href="https://lapor.go.id/1" rel="noreferrer noopener" target="_blank">https://lapor.go.id/1</a>.',
        ),
        ('https://x"onmouseover="y', "https://x&#34;onmouseover=&#34;y"),
    ],
)
def test_marks_become_html_and_nothing_else_does(written: str, shown: str) -> None:
    html = phone_screen.marked_up(written)
    assert html == shown or ("<a " in html and '"onmouseover' not in html)
