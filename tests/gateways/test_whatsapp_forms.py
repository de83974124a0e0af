"""Whatever WhatsApp adds, leaves out or hides: the form becomes a value, or says which field is missing."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from aspal.gateways.whatsapp.forms import MediaRef, OddForm, clean_form, our_word, parse_inbound, parse_report

FORM = {
    "MessageSid": "SM" + "1" * 32,
    "AccountSid": "AC" + "1" * 32,
    "From": "whatsapp:+6281200000001",
    "To": "whatsapp:+14155238886",
    "Body": "sudah",
}
MEDIA = "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME" + "a" * 32


def test_a_plain_reply() -> None:
    reply = parse_inbound(MultiDict(FORM))
    assert (reply.provider_sid, reply.phone, reply.whatsapp_id, reply.body) == (
        FORM["MessageSid"],
        "+6281200000001",
        None,
        "sudah",
    )
    assert (reply.address, reply.to, reply.account_sid) == ("+6281200000001", "+14155238886", FORM["AccountSid"])
    assert (reply.media, reply.location, reply.button_payload, reply.quoted_sid) == ((), None, None, None)


def test_everything_that_a_reply_can_carry() -> None:
    reply = parse_inbound(
        FORM
        | {
            "ButtonPayload": "selesai",
            "ButtonText": "Sudah",
            "OriginalRepliedMessageSid": "MM" + "2" * 32,
            "ExternalUserId": "whatsapp:ID.4566546130240823",
            "NumMedia": "2",
            "MediaUrl0": MEDIA,
            "MediaContentType0": "image/jpeg",
            "MediaUrl1": "https://evil.example/x",
            "Latitude": "-6.9",
            "Longitude": "109.1",
            "Label": "Kantor",
            "OptOutType": "stop",
            "SomethingNew": "x",
        }
    )
    assert (reply.button_payload, reply.button_text, reply.quoted_sid) == ("selesai", "Sudah", "MM" + "2" * 32)
    assert (reply.phone, reply.whatsapp_id) == ("+6281200000001", "ID.4566546130240823")
    assert reply.media == (MediaRef(0, "image/jpeg", "ME" + "a" * 32), MediaRef(1, "", None))
    assert reply.location is not None
    assert (reply.location.latitude, reply.location.label) == ("-6.9", "Kantor")
    assert reply.opt_out_type == "STOP"


@pytest.mark.parametrize("known", ["ID.4566546130240823", "ID.ENT.4566546130240823"])
@pytest.mark.parametrize("channel", ["whatsapp:", ""])
def test_a_sender_without_a_number_is_known_by_the_whole_id(channel: str, known: str) -> None:
    reply = parse_inbound(FORM | {"From": channel + known, "WaId": "4566546130240823"})
    assert (reply.phone, reply.whatsapp_id, reply.address) == (None, known, known)


@pytest.mark.parametrize("sender", ["whatsapp:+6281200000001", "+6281200000001", "whatsapp: 6281200000001"])
def test_a_number_has_one_spelling(sender: str) -> None:
    assert parse_inbound(FORM | {"From": sender}).phone == "+6281200000001"


@pytest.mark.parametrize("missing", ["MessageSid", "AccountSid", "From", "To"])
def test_what_must_be_there_is_named(missing: str) -> None:
    form = {name: value for name, value in FORM.items() if name != missing}
    with pytest.raises(OddForm) as odd:
        parse_inbound(form)
    assert odd.value.field == missing


@pytest.mark.parametrize("sender", ["", "whatsapp:", "x", "whatsapp:+62abc", "anonymous"])
def test_a_sender_that_is_nobody_is_odd(sender: str) -> None:
    with pytest.raises(OddForm):
        parse_inbound(FORM | {"From": sender})


def test_old_names_of_the_message_id_are_taken() -> None:
    form = {("SmsSid" if name == "MessageSid" else name): value for name, value in FORM.items()}
    assert parse_inbound(form).provider_sid == FORM["MessageSid"]


@pytest.mark.parametrize("count", ["", "x", "-1", "²", "9" * 40, "1.0"])
def test_an_odd_number_of_attachments_is_none_at_all(count: str) -> None:
    assert parse_inbound(FORM | {"NumMedia": count}).media == ()


def test_an_attachment_that_nobody_counted_is_an_attachment() -> None:
    """Any field but the four may be missing one day; the photo must not be lost with it."""
    reply = parse_inbound(FORM | {"MediaUrl0": MEDIA, "MediaContentType0": "image/jpeg"})
    assert reply.media == (MediaRef(0, "image/jpeg", "ME" + "a" * 32),)


def test_a_pick_from_a_list_is_read_like_a_button() -> None:
    reply = parse_inbound(FORM | {"Body": "", "ListId": "selesai", "ListTitle": "Sudah"})
    assert (reply.button_payload, reply.button_text) == ("selesai", "Sudah")


def test_what_no_database_can_keep_is_replaced_and_nothing_else() -> None:
    odd = MultiDict([("Body", "a\x00b\ud800 é ✅ "), ("Body", "second"), ("N\x00", "")])
    assert clean_form(odd) == {"Body": "a�b� é ✅ ", "N�": ""}


anything = st.text(st.characters(), max_size=30)


@given(st.dictionaries(st.sampled_from([*FORM, "NumMedia", "MediaUrl0", "Latitude", "ErrorCode"]) | anything, anything))
def test_no_form_is_an_error_that_we_do_not_name(form: dict[str, str]) -> None:
    json.dumps(clean_form(form), ensure_ascii=False).encode()
    for parse in (parse_inbound, parse_report):
        with contextlib.suppress(OddForm):
            parse(form)


@given(st.dictionaries(anything, anything))
def test_a_stored_form_reads_like_the_one_that_came(extra: dict[str, str]) -> None:
    form = extra | FORM
    assert parse_inbound(json.loads(json.dumps(clean_form(form)))) == parse_inbound(form)


def report(**fields: str) -> Any:
    return parse_report({"MessageSid": "SM1", "AccountSid": "AC1"} | fields)


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("queued", "accepted"),
        ("accepted", "accepted"),
        ("sending", "accepted"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("READ", "read"),
        ("failed", "failed"),
        ("undelivered", "failed"),
        ("canceled", "failed"),
        ("teleported", "teleported"),
    ],
)
def test_status_words_become_ours_and_new_ones_stay(word: str, ours: str) -> None:
    assert report(MessageStatus=word).status == our_word(word) == ours


def test_a_report_names_code_and_token() -> None:
    told = report(MessageStatus="undelivered", ErrorCode="63024", a="token-1")
    assert (told.error_code, told.token, told.account_sid) == (63024, "token-1", "AC1")
    assert parse_report({"SmsSid": "SM1", "SmsStatus": "sent"}, token="t").token == "t"


@pytest.mark.parametrize("code", ["", "0", "x", "63024.0", "9" * 20])
def test_an_odd_error_code_is_none(code: str) -> None:
    assert report(MessageStatus="failed", ErrorCode=code).error_code is None


def test_a_read_receipt_may_come_as_an_event() -> None:
    assert report(EventType="READ").status == "read"


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM1"}, {"MessageStatus": "sent"}])
def test_a_report_about_nothing_is_odd(form: dict[str, str]) -> None:
    with pytest.raises(OddForm):
        parse_report(form)
