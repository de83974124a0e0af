"""WhatsApp without WhatsApp: the same promise on simulated phones. Nothing leaves the house.

It is a provider of its own, with its own clock and memory.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from aspal.clock import Clock
from aspal.core import window
from aspal.gateways.media import MediaNotYet, MediaRefused
from aspal.gateways.whatsapp.forms import our_word
from aspal.gateways.whatsapp.port import (
    Accepted,
    Carried,
    Outgoing,
    Remote,
    RemoteTemplate,
    SendFailed,
    Standing,
    body_of,
    check,
    status_callback,
)
from aspal.gateways.whatsapp.simulated_phones import (
    ACCOUNT_SID,
    DOOMED,
    SENDER,
    Memory,
    Phones,
    Stored,
    due,
    new_sid,
    typed_before,
)
from aspal.settings import Settings

if TYPE_CHECKING:
    from aspal.gateways.texts import Template

__all__ = ["ACCOUNT_SID", "FAULTS", "SENDER", "SimulatorGateway"]

# Phones that end so never get a message: the last digits -> the code that the provider names.
FAULTS = {"9999": 63024, "9998": 21610}
_AT_ONCE = {21211, 21610}  # told in the answer to the send; the others come later, as a report
_PDF = "application/pdf"  # the only kind of file that the house sends
_MEDIA_SID = re.compile(r"ME[0-9a-f]{32}")


class SimulatorGateway(Phones):
    """port.Gateway on simulated phones. What their owners do comes from Phones."""

    needs_approval = False

    def __init__(
        self, memory: Memory, settings: Settings, clock: Clock, faults: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(memory, settings, clock)
        self.faults = dict(FAULTS if faults is None else faults)

    def send(self, out: Outgoing) -> Accepted:
        """Raises SendFailed for what Twilio would refuse at once."""
        check(out)
        now = self._clock.now()
        code = next((code for ending, code in self.faults.items() if out.address.endswith(ending)), None)
        if code in _AT_ONCE:
            raise SendFailed(code, "opted_out" if code == 21610 else "permanent")
        opened = now - window.LENGTH
        if code is None and out.template is None and not self._memory.wrote_between(out.address, opened, now):
            code = 63016
        sid = new_sid("SM")
        self._memory.put(
            sid=sid,
            direction="outbound",
            address=out.address,
            body=body_of(out) if out.template is None else out.text,
            buttons=[(button.id, button.title) for button in out.buttons] if out.template else [],
            status=f"{DOOMED}{code}" if code else "queued",
            callback=status_callback(self._base_url, out.token),
            media=[(_PDF, out.document_url)] if out.document_url else (),
            created_at=now,
        )
        return Accepted(sid, "accepted")

    def fetch(self, sid: str) -> Remote | None:
        """What became of a message by now."""
        message = self._memory.get(sid)
        return self._remote(message) if message else None

    def sent_to(self, address: str, since: datetime, now: datetime | None = None) -> list[Remote]:
        """Messages to this phone, oldest first."""
        return [self._remote(message) for message in self._memory.sent_to(address, since.replace(microsecond=0))]

    def carried(self, since: datetime, until: datetime) -> list[Carried]:
        """Both ways, oldest first."""
        found = self._memory.between(since, until)
        return [Carried(message.sid, message.direction == "inbound", message.created_at) for message in found]

    def received(self, sid: str) -> dict[str, str] | None:
        """What a phone's owner wrote."""
        message = self._memory.get(sid)
        return typed_before(message) if message else None

    def fetch_media(self, message_sid: str, media_ref: str) -> bytes:
        """What a simulated phone attached. Raises MediaNotYet, MediaRefused."""
        if not _MEDIA_SID.fullmatch(media_ref):
            raise MediaRefused("Alamat lampiran tidak sah.")
        try:
            return (self._media / media_ref).read_bytes()
        except FileNotFoundError:
            raise MediaNotYet(media_ref) from None

    def push_template(self, template: "Template") -> RemoteTemplate:
        """Approves everything at once."""
        return RemoteTemplate(f"HX{template.fingerprint[:32]}", "approved", "UTILITY")

    def template_status(self, content_sid: str) -> RemoteTemplate | None:
        """Approved, as ever."""
        return RemoteTemplate(content_sid, "approved", "UTILITY")

    def standing(self) -> Standing:
        """Always well."""
        return Standing(account="active")

    def close(self) -> None:
        """Nothing to give up."""

    def _remote(self, message: Stored) -> Remote:
        word, _, code = due(message, self._clock.now()).partition(":")
        return Remote(
            message.sid,
            our_word(word),
            message.body,
            message.address,
            message.created_at,
            int(code) if code and word == "failed" else None,
        )
