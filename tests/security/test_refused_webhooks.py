"""Whoever is not Twilio, or speaks for somebody else, is refused with 403, changes nothing, and an admin is told."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import housekeeping, refused_webhooks
from aspal.gateways.whatsapp.twilio_signature import PROBE, Verifier, probe_token, sign
from aspal.settings import Settings
from aspal.web import refused_webhooks as ledger
from aspal.web.factory import create_app
from tests.flow.phone import understand
from tests.web.test_webhooks import INBOUND, STATUS, TWILIO, form
from tests.world import World

OURS = {"AccountSid": TWILIO["twilio_account_sid"]}


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-12 09:00", **TWILIO)


def signed(
    data: dict[str, str], path: str = INBOUND, base: str = TWILIO["public_base_url"], token: str = "12345"
) -> Any:
    return {"X-Twilio-Signature": sign(data, base + path, token)}


def post(client: FlaskClient, data: dict[str, str], headers: dict[str, str], path: str = INBOUND) -> int:
    return client.post(path, data=data, headers=headers).status_code


GOOD = form(**OURS)
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
FORGERIES: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "no signature": (GOOD, {}, INBOUND),
    "an empty signature": (GOOD, {"X-Twilio-Signature": ""}, INBOUND),
    "a made-up signature": (GOOD, {"X-Twilio-Signature": "Zm9yZ2Vk"}, INBOUND),
    "another secret": (GOOD, signed(GOOD, token="54321"), INBOUND),
    "the signature of another text": (form(**OURS, Body="selesai"), signed(GOOD), INBOUND),
    "a captured signature with another id": (form(**OURS, MessageSid="SM" + "2" * 32), signed(GOOD), INBOUND),
    "a captured signature at the other address": (GOOD, signed(GOOD), STATUS),
    "a captured signature with a query": (GOOD, signed(GOOD), f"{INBOUND}?a=1"),
    "signed for another host": (GOOD, signed(GOOD, base="https://jahat.example"), INBOUND),
    "signed for http": (GOOD, signed(GOOD, base="http://bot.contoh.go.id"), INBOUND),
    "an unknown shared key": (GOOD, signed(GOOD) | {SETTINGS: "key=x,algorithm=HMAC_SHA256"}, INBOUND),
    "an algorithm of the forger's choice": (GOOD, signed(GOOD) | {SETTINGS: "algorithm=none"}, INBOUND),
    "another account": (form(AccountSid="AC" + "9" * 32), signed(form(AccountSid="AC" + "9" * 32)), INBOUND),
    "no account": (form(AccountSid=""), signed(form(AccountSid="")), INBOUND),
    "another sender of ours": (
        form(**OURS, To="whatsapp:+6281200009999"), signed(form(**OURS, To="whatsapp:+6281200009999")), INBOUND,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forgery_is_a_403_leaves_nothing_and_is_told_without_what_it_said(world: World, kind: str) -> None:
    data, headers, path = FORGERIES[kind]
    assert post(create_app(world.house).test_client(), data, headers, path) == 403
    assert world.rows(t.replies) == world.rows(t.reports) == []
    alarm = world.only(t.alarms, key=refused_webhooks.KEY)
    assert "menolak" in alarm.text
    assert "812" not in alarm.text
    assert "tindaklanjut" not in alarm.text


def test_a_flood_is_told_once_a_minute_and_counted_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(ledger, "monotonic", lambda: clock[0])
    written: list[Any] = []
    tell = refused_webhooks.tell
    monkeypatch.setattr(refused_webhooks, "tell", lambda *given: (written.append(given), tell(*given)))
    client = create_app(world.house).test_client()
    for _ in range(50):
        assert post(client, GOOD, {}) == 403
    clock[0] += ledger.EVERY
    assert post(client, GOOD, {}) == 403
    assert len(written) == 2
    assert "51" in world.only(t.alarms).text


def test_two_web_processes_add_to_one_alarm(world: World) -> None:
    for _ in range(2):
        post(create_app(world.house).test_client(), GOOD, {})
    assert "tanda tangan tidak sah: 2" in world.only(t.alarms).text


def test_the_alarm_is_over_after_a_quiet_day(world: World) -> None:
    post(create_app(world.house).test_client(), GOOD, {})
    for hours, still in ((23, True), (2, False)):
        world.clock.moment += timedelta(hours=hours)
        housekeeping.run(world.db, world.settings, world.clock.now())
        assert (world.only(t.alarms, key=refused_webhooks.KEY).cleared_at is None) is still


def test_a_database_that_is_away_does_not_soften_the_refusal(world: World) -> None:
    world.house.db = Database("postgresql://nobody@127.0.0.1:1/none")
    assert post(create_app(world.house).test_client(), GOOD, {}) == 403


def test_the_doctors_own_knock_is_refused_and_no_alarm_but_nobody_can_imitate_it(world: World) -> None:
    client = create_app(world.house).test_client()
    assert post(client, GOOD, {PROBE: probe_token(world.settings.secret_key)}) == 403
    assert world.rows(t.alarms) == []
    assert post(client, GOOD, {PROBE: probe_token("y" * 40)}) == 403
    assert len(world.rows(t.alarms)) == 1


def test_a_stale_token_passes_only_while_it_is_being_rotated(world: World) -> None:
    stale = signed(GOOD, token="old-token")
    assert post(create_app(world.house).test_client(), GOOD, stale) == 403
    world.with_settings(twilio_auth_token_secondary="old-token")
    assert post(create_app(world.house).test_client(), GOOD, stale) == 204


def test_without_any_secret_nothing_passes() -> None:
    verifier = Verifier(Settings(whatsapp_gateway="twilio", public_base_url=TWILIO["public_base_url"]))

    class Fields(dict[str, str]):
        def getlist(self, name: str) -> list[str]:
            return [self[name]]

    for token in ("", "None", "12345"):
        headers = {"X-Twilio-Signature": sign(GOOD, TWILIO["public_base_url"] + INBOUND, token)}
        assert not verifier.check(INBOUND, Fields(GOOD), headers)


def test_ten_times_reordered_and_an_hour_late_it_is_one_note_each(world: World) -> None:
    """A true replay cannot be told from Twilio's own retry: it is answered 204 and changes nothing."""
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-10")
    client = create_app(world.house).test_client()
    sent = [
        form(**OURS, MessageSid=f"SM{n:032d}", From=f"whatsapp:{sari.phone}", Body=text)
        for n, text in enumerate(("sedang diproses", "sudah ditindaklanjuti"), 1)
    ]
    for time in range(10):
        for data in sent if time % 2 else reversed(sent):
            assert post(client, data, signed(data)) == 204
        if time % 3 == 0:
            understand(world)
        world.clock.moment += timedelta(minutes=10)
    understand(world)
    assert len(world.rows(t.notes)) == len(world.rows(t.replies)) == 2
