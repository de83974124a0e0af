"""The promise: what the house may ask of WhatsApp and what it hears back, whoever the provider is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from aspal.gateways.whatsapp.errors import Kind, blames_number, classify, explain
from aspal.gateways.whatsapp.forms import (
    BSUID,
    Inbound,
    Location,
    MediaRef,
    OddForm,
    Report,
    clean_form,
    our_word,
    parse_inbound,
    parse_report,
)

if TYPE_CHECKING:
    from aspal.gateways.texts import Button, Template

__all__ = [
    "Accepted",
    "Carried",
    "Gateway",
    "Inbound",
    "Kind",
    "Location",
    "MediaRef",
    "OddForm",
    "Outgoing",
    "Remote",
    "RemoteTemplate",
    "Report",
    "SendFailed",
    "Standing",
    "blames_number",
    "body_of",
    "check",
    "classify",
    "clean_form",
    "explain",
    "our_word",
    "parse_inbound",
    "parse_report",
    "registered_name",
    "status_callback",
]

STATUS_PATH, INBOUND_PATH = "/webhooks/twilio/status", "/webhooks/twilio/inbound"
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_FATAL_IN_VALUE = re.compile(r"[\r\n\t]| {5,}")  # Meta 132018: the whole message would fail
_LONGEST_TEMPLATE, _LONGEST_TEXT, _LONGEST_VALUE = 1024, 1600, 1600


class SendFailed(Exception):
    """The provider did not do, or may not have done, what was asked. Never carries a number, a name or a text."""

    def __init__(
        self, code: int | None, kind: Kind, message: str | None = None, retry_after: float | None = None
    ) -> None:
        self.code = code
        self.kind = kind
        self.message = message or explain(code)
        self.retry_after = retry_after
        super().__init__(f"{kind} {code or '-'}: {self.message}")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one person. With `template` it may open a conversation; without, it needs the 24-hour window."""

    address: str  # "+62812..." or "ID.4566...": as it stands, never cut
    token: str  # ours, one for each attempt
    text: str  # as the person reads it
    template: str | None = None  # the kind
    content_sid: str | None = None  # the approved template at the provider
    variables: Mapping[str, str] = field(default_factory=dict)  # {"1": ...}
    variable_count: int | None = None  # how many the approved template has; None: not known here
    buttons: Sequence["Button"] = ()
    valid_for_seconds: int = 4 * 3600  # after this the provider drops it rather than deliver it late
    document_url: str | None = None  # free text only: a file that the provider fetches there and attaches


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message."""

    sid: str
    status: str


@dataclass(frozen=True, slots=True)
class Remote:
    """A message as the provider remembers it."""

    sid: str
    status: str  # our word
    body: str
    address: str
    created_at: datetime | None
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """That the provider carried a message, without its words."""

    sid: str
    inbound: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RemoteTemplate:
    """A template as the provider knows it. `status`: pushed received pending approved rejected paused disabled."""

    content_sid: str
    status: str
    category: str | None = None  # as WhatsApp sees it now: UTILITY, or it costs more and is held back
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How our account and sender stand with the provider. None: it does not say."""

    account: str | None = None  # active suspended closed
    balance: float | None = None
    currency: str = ""
    sender: str | None = None  # ONLINE OFFLINE …
    quality: str | None = None  # HIGH MEDIUM LOW: what people's blocks and reports made of the number
    people_per_day: int | None = None  # WhatsApp's limit of people that may be written to first in 24 hours
    seconds_ahead: float | None = None  # of its clock: how far ours is
    unheard: int | None = None  # how often, in the last two hours, our webhook did not take what it was told


class Gateway(Protocol):
    """A way to WhatsApp. Every failure is a SendFailed; reading never says "unknown", since it can be asked again."""

    needs_approval: bool  # whether a template must have a content_sid before it can be sent

    def send(self, out: Outgoing) -> Accepted: ...

    def fetch(self, sid: str) -> Remote | None:
        """What became of it; None when the provider knows no such message."""

    def sent_to(self, address: str, since: datetime, now: datetime | None = None) -> list[Remote]:
        """Messages to this person that were created at `since` or later, oldest first.

        With `now` a provider whose clock stands elsewhere (a rehearsal) does not hide its messages.
        """

    def carried(self, since: datetime, until: datetime) -> list[Carried]:
        """What was sent by us or to us in that span, oldest first."""

    def received(self, sid: str) -> dict[str, str] | None:
        """The form of a reply, as the webhook was to be told it; None when the provider has no such reply."""

    def fetch_media(self, message_sid: str, media_ref: str) -> bytes:
        """An attachment of a reply. Raises gateways.media.MediaNotYet or MediaRefused."""

    def push_template(self, template: "Template") -> RemoteTemplate:
        """Makes the template known and asks for its approval; doing it again changes nothing."""

    def template_status(self, content_sid: str) -> RemoteTemplate | None: ...

    def standing(self) -> Standing:
        """How our account and sender stand now."""

    def close(self) -> None: ...


def check(out: Outgoing) -> None:
    """Refuses what the provider would refuse, or worse, would fill with a template's sample text. Raises SendFailed."""
    if not (_PHONE.fullmatch(out.address) or BSUID.fullmatch(out.address)):
        raise SendFailed(21211, "permanent")
    if out.template is None:
        if not out.text.strip() or len(body_of(out)) > _LONGEST_TEXT:
            raise SendFailed(21617, "template")
        return
    keys = [str(n + 1) for n in range(len(out.variables))]
    if set(out.variables) != set(keys) or out.variable_count not in (None, len(keys)):
        raise SendFailed(63028, "template")
    for value in out.variables.values():
        if not value.strip() or _FATAL_IN_VALUE.search(value) or len(value) > _LONGEST_VALUE:
            raise SendFailed(21656, "template")
    if len(out.text) > _LONGEST_TEMPLATE:
        raise SendFailed(63021, "template")


def body_of(out: Outgoing) -> str:
    """Free text as it is sent. Buttons exist only on approved templates, so here they are words to answer with."""
    if not out.buttons:
        return out.text
    return f"{out.text}\n\nBalas dengan: {' / '.join(button.title for button in out.buttons)}"


def status_callback(public_base_url: str, token: str) -> str:
    """Where reports about this attempt go: the one correlation that survives a crash between POST and commit."""
    return f"{public_base_url}{STATUS_PATH}?a={token}"


def registered_name(template: "Template") -> str:
    """As WhatsApp lists it. A changed text needs a new name: an old one is barred for 30 days."""
    return f"{template.name}_{template.fingerprint[:10]}"
