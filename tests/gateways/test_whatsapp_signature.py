"""Only Twilio's own signature opens the webhooks: Twilio's published vectors, and equality with the SDK's validator."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from aspal.gateways.whatsapp.twilio_signature import Verifier, sign, simulator_token
from aspal.settings import Settings

CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
DOCS = CALL | {"From": "+14158675310", "Caller": "+14158675310"}
OURS = {
    "SmsMessageSid": "SM" + "1" * 32,
    "MessageSid": "SM" + "1" * 32,
    "From": "whatsapp:+6281234567890",
    "To": "whatsapp:+14155238886",
    "Body": "Sudah ditindaklanjuti ✅ ",
    "NumMedia": "0",
    "WaId": "6281234567890",
    "ProfileName": "Siti É",
    "ButtonPayload": "ack:42",
}
DOUBLED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
PHP = "/myapp.php?foo=1&bar=2"
JSON = b'{"property": "value", "boolean": true}'
JSON_TARGET = f"{PHP}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def verifier(base: str = "https://mycompany.com", **settings: Any) -> Verifier:
    given = {"whatsapp_gateway": "twilio", "twilio_auth_token": "12345", "public_base_url": base} | settings
    return Verifier(Settings(**given))


def passes(checker: Verifier, target: str, form: Any, signature: str | None, body: bytes = b"", **more: str) -> bool:
    headers = Headers({name.replace("_", "-"): value for name, value in more.items()})
    if signature is not None:
        headers["X-Twilio-Signature"] = signature
    return checker.check(target, form if isinstance(form, MultiDict) else MultiDict(form), headers, body)


@pytest.mark.parametrize(
    ("base", "form", "signature"),
    [
        ("https://mycompany.com", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234", CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("http://mycompany.com", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("https://mycompany.com", CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("https://example.com", DOCS, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
    ],
)
def test_twilios_own_examples_pass(base: str, form: dict[str, str], signature: str) -> None:
    assert passes(verifier(base), PHP, form, signature)
    assert not passes(verifier(base), PHP, form | {"Digits": "1235"}, signature)
    assert not passes(verifier(base), PHP + "&x=1", form, signature)


def test_values_that_come_twice_are_signed_sorted_and_once() -> None:
    assert passes(verifier(), PHP, MultiDict(DOUBLED), "IK+Dwps556ElfBT0I3Rgjkr1wJU=")


def test_our_own_example_with_a_trailing_space_and_emoji_passes() -> None:
    ours = verifier("https://bot.example.go.id")
    assert passes(ours, "/webhooks/twilio/inbound", OURS, "6L6up+X1Ht2NklDUrr+R3KbcGTM=")
    trimmed = OURS | {"Body": OURS["Body"].strip()}
    assert not passes(ours, "/webhooks/twilio/inbound", trimmed, "6L6up+X1Ht2NklDUrr+R3KbcGTM=")


def test_a_body_without_a_form_is_bound_by_its_hash() -> None:
    assert passes(verifier(), JSON_TARGET, {}, "a9nBmqA0ju/hNViExpshrM61xv4=", JSON)
    assert not passes(verifier(), JSON_TARGET, {}, "a9nBmqA0ju/hNViExpshrM61xv4=", JSON + b" ")
    assert not passes(verifier(), PHP, {}, sign({}, f"https://mycompany.com{PHP}", "12345"), JSON)


def test_a_shared_key_is_found_by_its_id_and_never_chosen_by_the_header_alone() -> None:
    signature, announced = "qMztBq0IANMH/q0K9sCfKQJLylezvRdRzRS647SAVow=", "X_Twilio_Webhooks_Signature_Settings"
    knows = verifier("https://example.com", twilio_shared_keys={"key_1": "12345"})
    assert passes(knows, PHP, DOCS, signature, **{announced: "key=key_1,algorithm=HMAC_SHA256"})
    for settings in ("key=key_2,algorithm=HMAC_SHA256", "key=key_1,algorithm=HMAC_SHA1", "key=key_1", "algorithm=x"):
        assert not passes(knows, PHP, DOCS, signature, **{announced: settings})
    assert not passes(knows, PHP, DOCS, signature)
    unconfigured = verifier("https://example.com")
    assert not passes(unconfigured, PHP, DOCS, signature, **{announced: "key=key_1,algorithm=HMAC_SHA256"})


def test_while_a_token_is_rotated_both_pass_and_no_third() -> None:
    rotating = verifier(twilio_auth_token="new", twilio_auth_token_secondary="old")
    for token, good in (("new", True), ("old", True), ("12345", False), ("", False)):
        assert passes(rotating, PHP, CALL, sign(CALL, f"https://mycompany.com{PHP}", token)) is good


@pytest.mark.parametrize("target", ["/hook", "/hook?a=%2F%41+b%20c", "/hook?", "/hook?k=%C3%A9&j=[x]|'"])
def test_the_query_is_signed_as_it_was_sent(target: str) -> None:
    signature = sign(CALL, f"https://mycompany.com{target}", "12345")
    assert passes(verifier(), target, CALL, signature)
    assert passes(verifier(), f"https://mycompany.com{target}", CALL, signature)


def test_a_path_prefix_counts_whether_or_not_the_proxy_cuts_it_off() -> None:
    signature = sign(CALL, "https://go.id/aspal/webhooks/twilio/status?a=1", "12345")
    below = verifier("https://go.id/aspal")
    assert passes(below, "/webhooks/twilio/status?a=1", CALL, signature)
    assert passes(below, "/aspal/webhooks/twilio/status?a=1", CALL, signature)
    assert not passes(below, "/aspal2/webhooks/twilio/status?a=1", CALL, signature)


@pytest.mark.parametrize("signature", [None, "", " ", "x", "é", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "\x00", "=" * 10000])
def test_a_missing_or_odd_signature_is_a_no_and_never_an_error(signature: str | None) -> None:
    assert not passes(verifier(), PHP, CALL, signature)


@pytest.mark.parametrize("target", ["", "myapp.php", "//", "http://evil.example/myapp.php?foo=1&bar=2", "\ud800", "*"])
def test_an_odd_target_is_a_no_and_never_an_error(target: str) -> None:
    assert not passes(verifier(), target, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


def test_odd_arguments_are_a_no() -> None:
    assert not verifier().check(PHP, None, None)  # type: ignore[arg-type]
    assert not passes(verifier(), PHP, {"Body": "\ud800"}, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


def test_without_a_secret_nothing_passes() -> None:
    for settings in (Settings(), Settings(whatsapp_gateway="twilio")):
        assert not passes(Verifier(settings), PHP, CALL, sign(CALL, f"http://127.0.0.1:8000{PHP}", ""))


def test_the_simulator_signs_with_what_only_this_house_knows() -> None:
    settings = Settings(secret_key="house", public_base_url="https://mycompany.com")
    assert passes(Verifier(settings), PHP, CALL, sign(CALL, f"https://mycompany.com{PHP}", simulator_token("house")))
    assert not passes(Verifier(settings), PHP, CALL, sign(CALL, f"https://mycompany.com{PHP}", simulator_token("x")))
    assert not passes(Verifier(settings), PHP, CALL, sign(CALL, f"https://mycompany.com{PHP}", "house"))


text = st.text(st.characters(codec="utf-8"), max_size=20)
forms = st.lists(st.tuples(text.filter(bool), text), max_size=6).map(MultiDict)
targets = st.text("abcXYZ019/%?=&+.~[]|'-_", max_size=20).map(lambda tail: f"/{tail}")
bases = st.sampled_from(
    ["https://a.go.id", "http://a.go.id", "https://a.go.id:8443", "http://a.go.id:8000", "http://127.0.0.1:8000"]
)


def _candidates(base: str, target: str) -> Iterable[str]:
    parts = urlsplit(base)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    return (
        f"{base}{target}",
        f"{parts.scheme}://{parts.hostname}{target}",
        f"{parts.scheme}://{parts.hostname}:{port}{target}",
    )


@given(base=bases, target=targets, form=forms, wrong=st.booleans(), which=st.integers(0, 2))
def test_ours_and_the_sdks_validator_always_agree(
    base: str, target: str, form: MultiDict[str, str], wrong: bool, which: int
) -> None:
    sdk = RequestValidator("other" if wrong else "12345")
    signed = list(_candidates(base, target))[which]
    signature = sdk.compute_signature(signed, form)
    assume(urlsplit(base + target).geturl() == base + target)  # else the SDK signs a URL that was never requested
    assert passes(verifier(base), target, form, signature) == RequestValidator("12345").validate(
        base + target, form, signature
    )
