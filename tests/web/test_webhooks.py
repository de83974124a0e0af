"""What Twilio may expect of our two webhooks, and what a forger may not."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from aspal import tables as t
from aspal.db import Database
from aspal.gateways.whatsapp.simulator import ACCOUNT_SID, SENDER
from aspal.gateways.whatsapp.twilio_signature import sign, simulator_token
from aspal.web.factory import create_app
from tests.world import World

INBOUND, STATUS = "/webhooks/twilio/inbound", "/webhooks/twilio/status"
TWILIO = {
    "whatsapp_gateway": "twilio",
    "public_base_url": "https://bot.contoh.go.id",
    "twilio_account_sid": "AC" + "1" * 32,
    "twilio_auth_token": "12345",
    "twilio_whatsapp_from": "whatsapp:+14155238886",
}


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


def form(**fields: str) -> dict[str, str]:
    return {
        "MessageSid": "SM" + "1" * 32,
        "AccountSid": ACCOUNT_SID,
        "From": "whatsapp:+6281200000001",
        "To": f"whatsapp:{SENDER}",
        "Body": "sudah ditindaklanjuti ✅ ",
        "NumMedia": "0",
    } | fields


def post(client: FlaskClient, world: World, data: dict[str, str], path: str = INBOUND, **options: Any) -> int:
    token = world.settings.twilio_auth_token or simulator_token(world.settings.secret_key)
    signature = sign(data, world.settings.public_base_url + path, token)
    headers = {"X-Twilio-Signature": signature} | options.pop("headers", {})
    return client.post(path, data=data, headers=headers, **options).status_code


def stored(world: World, column: Any = t.replies.c.provider_sid) -> list[Any]:
    with world.db.read() as conn:
        return list(conn.scalars(select(column)))


def test_a_genuine_reply_is_stored_and_answered_204_with_an_empty_body(client: FlaskClient, world: World) -> None:
    data = form()
    signature = sign(data, world.settings.public_base_url + INBOUND, simulator_token(world.settings.secret_key))
    answer = client.post(INBOUND, data=data, headers={"X-Twilio-Signature": signature})
    assert (answer.status_code, answer.data) == (204, b"")
    assert stored(world, t.replies.c.raw)[0]["Body"] == "sudah ditindaklanjuti ✅ "
    assert "Set-Cookie" not in answer.headers


def test_the_same_reply_sent_again_is_stored_once(client: FlaskClient, world: World) -> None:
    assert [post(client, world, form()) for _ in range(3)] == [204, 204, 204]
    assert len(stored(world)) == 1


@pytest.mark.parametrize(
    "headers",
    [{"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "AAAA"}, {"X-Twilio-Signature": "ÿ", "Host": "x"}],
    ids=["missing", "forged", "not ascii"],
)
def test_any_doubt_about_the_signature_is_a_403(client: FlaskClient, world: World, headers: dict[str, str]) -> None:
    assert client.post(INBOUND, data=form(), headers=headers).status_code == 403
    assert client.post(STATUS, data=form(MessageStatus="read"), headers=headers).status_code == 403
    assert client.post(INBOUND, data=form()).status_code == 403
    assert stored(world) == []


def test_a_changed_word_breaks_the_signature(client: FlaskClient, world: World) -> None:
    signature = sign(form(), world.settings.public_base_url + INBOUND, simulator_token(world.settings.secret_key))
    answer = client.post(INBOUND, data=form(Body="bukan"), headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


def test_another_account_is_refused_though_signed(client: FlaskClient, world: World) -> None:
    assert post(client, world, form(AccountSid="AC" + "9" * 32)) == 403


def test_no_header_of_the_request_decides_what_was_signed(client: FlaskClient, world: World) -> None:
    lies = {"Host": "jahat.example", "X-Forwarded-Host": "jahat.example", "X-Forwarded-Proto": "https"}
    assert post(client, world, form(), headers=lies) == 204
    signature = sign(form(), "https://jahat.example" + INBOUND, simulator_token(world.settings.secret_key))
    answer = client.post(INBOUND, data=form(), headers={"X-Twilio-Signature": signature} | lies)
    assert answer.status_code == 403


@pytest.mark.parametrize("query", ["?k=a%2Fb", "?k=%41%7e", "?k=%C3%A9+%20", "?"])
def test_the_query_is_checked_as_it_was_sent(client: FlaskClient, world: World, query: str) -> None:
    data = form(MessageStatus="delivered")
    base, token = world.settings.public_base_url, simulator_token(world.settings.secret_key)
    signature = sign(data, base + STATUS + query, token)
    raw = {"REQUEST_URI": STATUS + query, "RAW_URI": STATUS + query}
    answer = client.post(STATUS + query, data=data, headers={"X-Twilio-Signature": signature}, environ_overrides=raw)
    assert answer.status_code == 204


def test_a_server_that_tells_no_raw_target_gets_nothing_through(client: FlaskClient, world: World) -> None:
    assert post(client, world, form(), environ_overrides={"REQUEST_URI": "", "RAW_URI": ""}) == 403


@pytest.mark.parametrize("path", [INBOUND + "/", STATUS + "/"])
def test_a_trailing_slash_is_no_redirect(client: FlaskClient, world: World, path: str) -> None:
    assert post(client, world, form(MessageStatus="read"), path) == 204


ODD = {
    "nothing in it": {"Body": ""},
    "emoji and controls": {"Body": "\U0001f600\x01\x0b‮ \r\n"},
    "a NUL": {"Body": "a\x00b"},
    "unknown fields": {"InteractiveData": "{", "Bebas": "1", "NumMedia": "-1", "ChannelMetadata": "x" * 20000},
    "a sender without a number": {"From": "whatsapp:ID.4566546130240823"},
    "a very long text": {"Body": "x" * 100_000},
    "media that is none": {"NumMedia": "99", "MediaUrl0": "file:///etc/passwd"},
    "a number too big": {"ErrorCode": "9" * 40},
    "a very long id": {"MessageSid": "SM" + "1" * 500},
}


@pytest.mark.parametrize("fields", ODD.values(), ids=ODD)
def test_odd_content_is_never_a_server_error(client: FlaskClient, world: World, fields: dict[str, str]) -> None:
    assert post(client, world, form(**fields)) < 500
    assert post(client, world, form(**fields, MessageStatus="aneh"), STATUS) < 500


@pytest.mark.parametrize("gone", ["MessageSid", "From"])
def test_a_reply_that_could_not_be_stored_once_is_a_400(client: FlaskClient, world: World, gone: str) -> None:
    data = form()
    del data[gone]
    assert post(client, world, data) == 400
    assert stored(world) == []


def test_a_body_that_no_message_can_have_is_a_413(client: FlaskClient, world: World) -> None:
    assert post(client, world, form(Body="x" * 1_100_000)) == 413


def test_other_methods_are_refused_without_a_redirect(client: FlaskClient) -> None:
    assert [client.open(path, method="GET").status_code for path in (INBOUND, STATUS)] == [405, 405]


def test_a_database_that_cannot_answer_is_a_503_so_that_twilio_tries_again(world: World) -> None:
    world.house.db = Database("postgresql://nobody@127.0.0.1:1/none")
    assert post(create_app(world.house).test_client(), world, form()) == 503


def test_many_at_the_same_moment_are_all_stored_once(world: World) -> None:
    app = create_app(world.house)
    sids = [f"SM{number % 40:032x}" for number in range(80)]  # each of them twice, as Twilio does when it is unsure
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda sid: post(app.test_client(), world, form(MessageSid=sid)), sids))
    assert set(codes) == {204}
    assert sorted(stored(world)) == sorted(set(sids))


def test_one_reply_that_no_column_can_hold_does_not_harm_those_beside_it(world: World) -> None:
    app = create_app(world.house)
    sids = [f"SM{number:032x}" for number in range(20)] + ["SM" + "1" * 500]
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda sid: post(app.test_client(), world, form(MessageSid=sid)), sids))
    assert set(codes[:20]) == {204}
    assert set(sids[:20]) <= set(stored(world))


# --- as Twilio itself ---------------------------------------------------------------------------------------------


@pytest.fixture
def twilio_world(db: Database) -> World:
    return World(db, "2026-08-03 08:00", **TWILIO)


@pytest.fixture
def twilio_client(twilio_world: World) -> FlaskClient:
    return create_app(twilio_world.house).test_client()


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        ({"AccountSid": "AC" + "1" * 32}, INBOUND, 204),
        ({"AccountSid": ACCOUNT_SID}, INBOUND, 403),
        ({"AccountSid": ""}, INBOUND, 403),
        ({"AccountSid": "AC" + "1" * 32, "To": "whatsapp:+6281299999999"}, INBOUND, 403),
        ({"AccountSid": "AC" + "1" * 32, "From": f"whatsapp:{SENDER}", "MessageStatus": "read"}, STATUS, 204),
        ({"AccountSid": "AC" + "1" * 32, "From": "whatsapp:+6281299999999", "MessageStatus": "read"}, STATUS, 403),
    ],
    ids=["ours", "other account", "no account", "other sender", "report of ours", "report of another sender"],
)
def test_only_our_account_and_our_sender_pass(
    twilio_client: FlaskClient, twilio_world: World, fields: dict[str, str], path: str, code: int
) -> None:
    assert post(twilio_client, twilio_world, form(**fields), path) == code


def test_a_report_that_leaves_its_sender_out_is_still_knowledge(
    twilio_client: FlaskClient, twilio_world: World
) -> None:
    told = form(AccountSid="AC" + "1" * 32, MessageStatus="read")
    assert post(twilio_client, twilio_world, {key: told[key] for key in told if key != "From"}, STATUS) == 204
    assert post(twilio_client, twilio_world, {key: told[key] for key in told if key != "To"}, INBOUND) == 403


def test_twilio_has_no_simulator_page(twilio_world: World) -> None:
    rules = {rule.rule for rule in create_app(twilio_world.house).url_map.iter_rules()}
    assert not any(rule.startswith("/simulator") for rule in rules)


def test_the_webhooks_stand_before_sessions_login_and_csrf(app: Flask) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if "webhooks" in rule.rule]
