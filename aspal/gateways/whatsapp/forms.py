"""What WhatsApp tells us: the forms of incoming replies and of status reports, as values.

Tolerant on purpose: new fields and statuses appear without notice. Only who, to whom and which message must be there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Meta's business-scoped id: country, a dot, opaque characters; with ENT where several portfolios share one.
BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"\+?(\d{6,15})")
_MEDIA = re.compile(r"/Media/(ME[0-9a-f]{32})(?:[/?#.]|$)")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 refuses lone surrogates
_MOST_MEDIA = 10

_OUR_WORD = {
    "accepted": "accepted",
    "queued": "accepted",
    "scheduled": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}


class OddForm(ValueError):
    """A form without which nothing can be understood lacks `field`."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the form has no {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class MediaRef:
    """One attachment: fetched later, and never from the URL that the form names."""

    position: int
    content_type: str  # as claimed
    ref: str | None  # ME...; None: the form's URL had none, so it cannot be fetched


@dataclass(frozen=True, slots=True)
class Location:
    latitude: str
    longitude: str
    label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A reply as a person wrote it."""

    provider_sid: str
    account_sid: str
    to: str
    phone: str | None  # None: the sender hides the number behind a WhatsApp id
    whatsapp_id: str | None
    body: str
    button_payload: str | None
    button_text: str | None
    quoted_sid: str | None  # the provider tells it only for messages of the last 7 days
    media: tuple[MediaRef, ...]
    location: Location | None
    opt_out_type: str | None  # STOP START HELP

    @property
    def address(self) -> str:
        """How this person is answered."""
        return self.phone or self.whatsapp_id or ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message that we sent."""

    provider_sid: str
    status: str  # our word, or the provider's own when it is new to us
    error_code: int | None
    token: str | None  # ours, from the query of the StatusCallback
    account_sid: str


def clean_form(form: Mapping[str, Any]) -> dict[str, str]:
    """The whole form as it may be stored: first value of each name, NUL and lone surrogates replaced by U+FFFD."""
    return {_storable(name): _storable(_first(form, name)) for name in form}


def parse_inbound(form: Mapping[str, Any]) -> Inbound:
    """Raises OddForm when the sender, the addressee, the account or the message id is missing."""
    phone, whatsapp_id = _sender(form)
    return Inbound(
        provider_sid=_needed(form, "MessageSid", "SmsMessageSid", "SmsSid"),
        account_sid=_needed(form, "AccountSid"),
        to=_bare(_needed(form, "To")),
        phone=phone,
        whatsapp_id=whatsapp_id,
        body=_text(form, "Body"),
        # Twilio does not say by which names the pick from a list comes.
        button_payload=_text(form, "ButtonPayload") or _text(form, "ListId") or None,
        button_text=_text(form, "ButtonText") or _text(form, "ListTitle") or None,
        quoted_sid=_text(form, "OriginalRepliedMessageSid") or None,
        media=_media(form),
        location=_location(form),
        opt_out_type=_text(form, "OptOutType").upper() or None,
    )


def parse_report(form: Mapping[str, Any], token: str | None = None) -> Report:
    """`token` is the callback's `?a=`; a form into which it was merged may carry it as "a". Raises OddForm."""
    word = (_text(form, "MessageStatus") or _text(form, "SmsStatus") or _text(form, "EventType")).lower()
    if not word:
        raise OddForm("MessageStatus")
    return Report(
        provider_sid=_needed(form, "MessageSid", "SmsSid"),
        status=our_word(word),
        error_code=_whole(form, "ErrorCode") or None,
        token=token or _text(form, "a") or None,
        account_sid=_text(form, "AccountSid"),
    )


def our_word(provider_status: str) -> str:
    """The state of a message in our words; a status that is new to us stays as it is."""
    return _OUR_WORD.get(provider_status.lower(), provider_status.lower()[:30])


def _sender(form: Mapping[str, Any]) -> tuple[str | None, str | None]:
    sender, other = _bare(_needed(form, "From")), _bare(_text(form, "ExternalUserId"))
    number = _PHONE.fullmatch(sender)
    phone = f"+{number[1]}" if number else None
    # An id is taken whole: without its country prefix it may be a stranger's telephone number.
    whatsapp_id = next((value for value in (other, sender) if BSUID.fullmatch(value)), None)
    if phone is None and whatsapp_id is None:
        raise OddForm("From")
    return phone, whatsapp_id


def _media(form: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    found, counted = [], _whole(form, "NumMedia")
    for n in range(_MOST_MEDIA):
        if n >= counted and not _text(form, f"MediaUrl{n}"):
            break
        sid = _MEDIA.search(_text(form, f"MediaUrl{n}"))
        found.append(MediaRef(n, _text(form, f"MediaContentType{n}")[:120], sid[1] if sid else None))
    return tuple(found)


def _location(form: Mapping[str, Any]) -> Location | None:
    latitude, longitude = _text(form, "Latitude"), _text(form, "Longitude")
    if not (latitude and longitude):
        return None
    return Location(latitude, longitude, _text(form, "Label"), _text(form, "Address"))


def _bare(address: str) -> str:
    """Without "whatsapp:"; nothing else is ever taken off an address."""
    return address.strip().removeprefix("whatsapp:").strip()


def _needed(form: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = _text(form, name).strip()
        if value:
            return value
    raise OddForm(names[0])


def _text(form: Mapping[str, Any], name: str) -> str:
    return _storable(_first(form, name)) if name in form else ""


def _whole(form: Mapping[str, Any], name: str) -> int:
    value = _text(form, name).strip()
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0


def _first(form: Mapping[str, Any], name: str) -> str:
    value = form[name]
    return value if isinstance(value, str) else "" if value is None else str(value)


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)
