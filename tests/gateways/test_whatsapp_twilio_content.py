"""Templates and media at Twilio: asked for rightly, found again, and never at the price of our credentials."""

from dataclasses import replace

import pytest

from aspal.gateways.media import MediaNotYet, MediaRefused
from aspal.gateways.whatsapp.port import SendFailed
from tests.fake_twilio import FakeTwilio
from tests.gateways.twilio_gateways import JPEG, REMINDER, Http, Make
from tests.tiny_http import Answer, TinyServer


def test_templates_ask_for_utility_and_forbid_another_category(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    content = twilio.contents.by_sid[gateway.push_template(REMINDER).content_sid]
    assert content.approval is not None
    assert (content.approval["category"], content.approval["allow_category_change"]) == ("UTILITY", False)
    assert content.approval["name"] == content.data["friendly_name"] == "pengingat_ffffffffff"
    assert content.data["language"] == "id"
    assert content.data["variables"] == {"1": "1916449", "2": "Dinas PU"}
    (kind, body), *_ = content.data["types"].items()
    assert (kind, body["body"]) == ("twilio/quick-reply", REMINDER.body)
    assert body["actions"][0] == {"type": "QUICK_REPLY", "title": "Sudah", "id": "selesai"}


def test_a_push_that_crashed_before_the_approval_is_finished_by_the_next(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    for n in range(5):  # more than a page of other contents
        gateway.push_template(replace(REMINDER, name=f"lain{n}"))
    gateway.push_template(REMINDER)
    content = list(twilio.contents.by_sid.values())[-1]
    content.approval = None
    assert gateway.push_template(REMINDER).content_sid == content.sid
    assert content.approval is not None
    assert len(twilio.contents.by_sid) == 6


def test_a_template_that_became_marketing_or_vanished_is_seen(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    sid = gateway.push_template(REMINDER).content_sid
    approval = twilio.contents.by_sid[sid].approval
    assert approval is not None
    approval |= {"status": "paused", "category": "marketing", "rejection_reason": "feedback"}
    status = gateway.template_status(sid)
    assert status is not None
    assert (status.status, status.category, status.reason) == ("paused", "MARKETING", "feedback")
    assert gateway.template_status("HX" + "0" * 32) is None


def test_our_credentials_never_go_to_another_origin(gateway_to: Make, twilio: FakeTwilio) -> None:
    seen = []
    with_evil_page = TinyServer(lambda method, target, headers, body: seen.append(headers) or Answer(200, b"{}"))
    with_evil_page.start()
    real = twilio.contents._page
    twilio.contents._page = lambda page, origin, size=2: real(page, with_evil_page.url, 0 if page else 1)  # type: ignore[method-assign]
    gateway = gateway_to(twilio.url)
    gateway.push_template(REMINDER)
    gateway.push_template(replace(REMINDER, fingerprint="e" * 64))
    with pytest.raises(SendFailed):
        gateway.push_template(replace(REMINDER, fingerprint="d" * 64))
    assert seen == []
    with_evil_page.stop()


def test_media_gets_credentials_on_the_first_hop_only(gateway_to: Make, twilio: FakeTwilio, http: Http) -> None:
    ref = twilio.media.put("SM" + "a" * 32, "image/jpeg", JPEG)
    assert gateway_to(twilio.url, http).fetch_media("SM" + "a" * 32, ref) == JPEG
    assert twilio.media.leaks == []


@pytest.mark.parametrize("redirect", ["foreign", "loop"])
def test_media_that_leads_elsewhere_is_refused(gateway_to: Make, twilio: FakeTwilio, redirect: str) -> None:
    twilio.media.redirect = redirect
    ref = twilio.media.put("SM" + "a" * 32, "image/jpeg", JPEG)
    with pytest.raises(MediaRefused):
        gateway_to(twilio.url).fetch_media("SM" + "a" * 32, ref)


def test_fresh_media_comes_a_moment_later(gateway_to: Make, twilio: FakeTwilio) -> None:
    twilio.media.not_yet = 1
    ref = twilio.media.put("SM" + "a" * 32, "image/jpeg", JPEG)
    gateway = gateway_to(twilio.url)
    with pytest.raises(MediaNotYet):
        gateway.fetch_media("SM" + "a" * 32, ref)
    assert gateway.fetch_media("SM" + "a" * 32, ref) == JPEG


def test_media_beyond_the_limit_is_refused_without_reading_it_all(
    gateway_to: Make, twilio: FakeTwilio, http: Http
) -> None:
    ref = twilio.media.put("SM" + "a" * 32, "image/jpeg", JPEG + b"x" * (16 << 20))
    gateway = gateway_to(twilio.url, http, seconds=5)
    with pytest.raises(MediaRefused, match="16 MB"):
        gateway.fetch_media("SM" + "a" * 32, ref)
