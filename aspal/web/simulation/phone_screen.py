"""One simulated phone as it looks to its owner: bubbles, ticks, buttons. Also how WhatsApp's marks become HTML."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from markupsafe import Markup, escape

from aspal.gateways.whatsapp.port import explain
from aspal.records.simulator import SimulatorMessage

_MARKS = (
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])"), r"<i>\1</i>"),
    (re.compile(r"(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])"), r"<s>\1</s>"),
)
_LINK = re.compile(r"(https?://[^\s<]+[^\s<.,;:!?)])")


@dataclass(frozen=True)
class Bubble:
    """One message on the screen."""

    sid: str
    mine: bool  # written by the owner of the phone
    text: Markup
    plain: str
    at: datetime
    ticks: str
    failure: str | None
    buttons: Sequence[tuple[str, str]]
    quoted: str | None
    media: Sequence[tuple[str, str]]


def bubbles(conversation: Sequence[SimulatorMessage], understood: Collection[str]) -> list[Bubble]:
    """The conversation as its owner sees it, with the office's ticks on what the office wrote."""
    texts = {message.sid: message.body for message in conversation}
    return [_bubble(message, texts, understood) for message in conversation]


def version(shown: Sequence[Bubble]) -> str:
    """Changes whenever the screen would look different."""
    return f"{crc32(repr([(bubble.sid, bubble.ticks) for bubble in shown]).encode()):x}"


def _bubble(message: SimulatorMessage, texts: dict[str, str], understood: Collection[str]) -> Bubble:
    mine = message.direction == "inbound"
    word, _, code = message.status.partition(":")
    if mine:
        ticks = "read" if message.sid in understood else "delivered"
    else:
        ticks = "failed" if word == "failed" else "sent" if word in ("queued", "doomed") else word
    return Bubble(
        sid=message.sid,
        mine=mine,
        text=marked_up(message.body),
        plain=message.body,
        at=message.created_at,
        ticks=ticks,
        failure=explain(int(code)) if ticks == "failed" and code.isdigit() else None,
        buttons=message.buttons,
        quoted=texts.get(message.quoted_sid) if message.quoted_sid else None,
        media=message.media,
    )


def marked_up(text: str) -> Markup:
    """*bold*, _italic_, ~struck~ and links, as WhatsApp shows them; everything else is escaped."""
    html = str(escape(text))
    for pattern, replacement in _MARKS:
        html = pattern.sub(replacement, html)
    html = _LINK.sub(r'<a href="\1" rel="noreferrer noopener" target="_blank">\1</a>', html)
    return Markup(html)  # escaped above  # nosec B704
