"""The simulated phones' side: what people do with them, told as Twilio would tell it, as signed forms.

Somebody posts those forms to our webhooks; nothing here reaches into the house.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from aspal.clock import Clock
from aspal.gateways.whatsapp.port import INBOUND_PATH
from aspal.gateways.whatsapp.twilio_signature import sign, simulator_token
from aspal.settings import Settings

ACCOUNT_SID = "AC" + "0" * 32
SENDER = "+14155238886"
DOOMED = "doomed:"  # with the code: will fail, and turns into "failed:" when its time comes
_FAILED = "failed:"
_SENT_AFTER, _DELIVERED_AFTER = timedelta(seconds=2), timedelta(seconds=4)
_STEPS = ("queued", "sent", "delivered", "read")


class Stored(Protocol):
    """A message in the memory; records.simulator.SimulatorMessage is one."""

    @property
    def sid(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def callback(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def direction(self) -> str: ...
    @property
    def quoted_sid(self) -> str | None: ...
    @property
    def media(self) -> Sequence[tuple[str, str]]: ...


class Memory(Protocol):
    """What the simulator needs to remember; records.simulator.SimulatorMemory does."""

    def put(
        self,
        *,
        sid: str,
        direction: str,
        address: str,
        body: str,
        status: str,
        created_at: datetime,
        buttons: Sequence[tuple[str, str]] = (),
        callback: str | None = None,
        quoted_sid: str | None = None,
        media: Sequence[tuple[str, str]] = (),
    ) -> None: ...
    def get(self, sid: str) -> Stored | None: ...
    def sent_to(self, address: str, since: datetime) -> Sequence[Stored]: ...
    def in_status(self, words: Sequence[str], address: str | None = None) -> Sequence[Stored]: ...
    def between(self, start: datetime, end: datetime) -> Sequence[Stored]: ...
    def wrote_between(self, address: str, start: datetime, end: datetime) -> bool: ...
    def advance(self, sid: str, old: str, new: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Post:
    """A form that Twilio would post to us, with its signature."""

    url: str
    form: dict[str, str]
    signature: str  # the header X-Twilio-Signature


class Phones:
    """Every simulated phone: typing, pressing a button, sending a photo, looking at what came."""

    def __init__(self, memory: Memory, settings: Settings, clock: Clock) -> None:
        self._memory = memory
        self._clock = clock
        self._base_url = settings.public_base_url
        self._token = simulator_token(settings.secret_key)
        self._media = settings.media_dir / "simulator"

    def advance(self, now: datetime) -> list[Post]:
        """The status reports that are due by now, each told once; somebody posts them."""
        unfinished = self._memory.in_status(("queued", "sent", "doomed"))
        return [post for message in unfinished for post in self._told(message, due(message, now))]

    def open_phone(self, address: str, now: datetime) -> list[Post]:
        """The person looks at the phone: what was delivered is read."""
        delivered = [
            m for m in self._memory.in_status(("queued", "sent", "delivered"), address) if due(m, now) == "delivered"
        ]
        return [post for message in delivered for post in self._told(message, "read")]

    def inbound_form(
        self,
        address: str,
        body: str = "",
        *,
        profile_name: str = "",
        button: tuple[str, str] | None = None,
        quoted_sid: str | None = None,
        media: Sequence[tuple[str, bytes]] = (),
        location: tuple[str, str] | None = None,
    ) -> dict[str, str]:
        """What is typed on a phone, as Twilio would post it. `button` is (id, title), `media` (content type, bytes)."""
        sid = new_sid("SM")
        kept = [(content_type, self._put_media(data)) for content_type, data in media]
        text = button[1] if button else body
        self._memory.put(
            sid=sid,
            direction="inbound",
            address=address,
            body=text,
            status="received",
            quoted_sid=quoted_sid,
            media=kept,
            created_at=self._clock.now(),
        )
        form = _typed(sid, address, text, profile_name) | _attached(sid, kept) | _quoting(quoted_sid)
        if button:
            form |= {"ButtonPayload": button[0], "ButtonText": button[1], "MessageType": "button"}
        if location:
            form |= {"Latitude": location[0], "Longitude": location[1], "MessageType": "location"}
        return form

    def inbound_post(self, form: dict[str, str]) -> Post:
        """The form of a reply, addressed and signed."""
        return self._post(self._base_url + INBOUND_PATH, form)

    def _told(self, message: Stored, status: str) -> Iterator[Post]:
        """One report for each step from what was told last up to `status`."""
        steps: Sequence[str] = (status,)
        if status in _STEPS:
            told = _STEPS.index(message.status) if message.status in _STEPS else 0
            steps = _STEPS[told + 1 : _STEPS.index(status) + 1]
        old = message.status
        for step in steps:
            if step == old or not self._memory.advance(message.sid, old, step):
                return
            old = step
            word, _, code = step.partition(":")
            form = _who(message.sid, message.address, inbound=False) | {"MessageStatus": word, "SmsStatus": word}
            if code:
                form["ErrorCode"] = code
            if message.callback:
                yield self._post(message.callback, form)

    def _post(self, url: str, form: dict[str, str]) -> Post:
        return Post(url, form, sign(form, url, self._token))

    def _put_media(self, data: bytes) -> str:
        ref = new_sid("ME")
        self._media.mkdir(parents=True, exist_ok=True)
        (self._media / ref).write_bytes(data)
        return ref


def due(message: Stored, now: datetime) -> str:
    """Where a message stands by now, whether or not that was told already."""
    age, status = now - message.created_at, message.status
    if status.startswith(DOOMED):
        return _FAILED + status.removeprefix(DOOMED) if age >= _SENT_AFTER else "queued"
    if status not in _STEPS[:2]:
        return status
    return "delivered" if age >= _DELIVERED_AFTER else "sent" if age >= _SENT_AFTER else status


def _typed(sid: str, address: str, text: str, profile_name: str) -> dict[str, str]:
    form = _who(sid, address, inbound=True) | {
        "SmsMessageSid": sid,
        "SmsStatus": "received",
        "Body": text,
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "ProfileName": profile_name,
        "MessageType": "text",
    }
    hidden = not address.startswith("+")
    return form | ({"ExternalUserId": f"whatsapp:{address}"} if hidden else {"WaId": address[1:]})


def typed_before(message: Stored) -> dict[str, str]:
    """The form of a reply once more; which button it was nobody remembers."""
    form = _typed(message.sid, message.address, message.body, "") | _attached(message.sid, message.media)
    return form | _quoting(message.quoted_sid)


def _quoting(quoted_sid: str | None) -> dict[str, str]:
    if quoted_sid is None:
        return {}
    return {"OriginalRepliedMessageSid": quoted_sid, "OriginalRepliedMessageSender": f"whatsapp:{SENDER}"}


def _attached(sid: str, kept: Sequence[tuple[str, str]]) -> dict[str, str]:
    form = {"NumMedia": str(len(kept))}
    for n, (content_type, ref) in enumerate(kept):
        url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}/Media/{ref}"
        form |= {f"MediaUrl{n}": url, f"MediaContentType{n}": content_type, "MessageType": content_type.split("/")[0]}
    return form


def _who(sid: str, address: str, *, inbound: bool) -> dict[str, str]:
    person, office = f"whatsapp:{address}", f"whatsapp:{SENDER}"
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": person if inbound else office,
        "To": office if inbound else person,
        "ApiVersion": "2010-04-01",
    }


def new_sid(prefix: str) -> str:
    """An id such as the provider gives."""
    return prefix + secrets.token_hex(16)
