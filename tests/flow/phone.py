"""An officer's phone in a story: writes, quotes, presses, sends photos; and the worker that understands it."""

from datetime import timedelta
from typing import Any

from aspal import tables as t
from aspal.flow import inbound
from aspal.flow.inbound import Counts
from aspal.flow.mailroom import Mailroom
from tests.world import Somebody, World

ACCOUNT, OFFICE = "AC" + "0" * 32, "whatsapp:+14155238886"


def form(sender: str, text: str = "", sid: str = "SM1", **fields: str) -> dict[str, str]:
    """The form that Twilio posts."""
    told = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": f"whatsapp:{sender}", "To": OFFICE, "Body": text}
    return told | {"NumMedia": "0"} | fields


def writes(world: World, who: Somebody | str, text: str = "", *, photos: int = 0, **fields: str) -> str:
    """Somebody writes now, and the worker understands it; returns the SID."""
    sid = arrives(world, who, text, photos=photos, **fields)
    understand(world)
    return sid


def arrives(world: World, who: Somebody | str, text: str = "", *, photos: int = 0, **fields: str) -> str:
    """The webhook has stored it; nobody has looked yet."""
    sid = fields.pop("sid", f"SM{len(world.rows(t.replies)) + 1:04d}")
    if photos:
        fields["NumMedia"] = str(photos)
    for n in range(photos):
        fields.setdefault(f"MediaContentType{n}", "image/jpeg")
        folder = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media"
        fields.setdefault(f"MediaUrl{n}", f"{folder}/ME{n:032x}")
    address = who if isinstance(who, str) else who.phone
    inbound.receive(Mailroom(world.db), form(address, text, sid, **fields), world.clock.now())
    return sid


def understand(world: World) -> Counts:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    return inbound.understand(world.db, world.clock.now(), calendars, world.house.texts, world.settings)


def answers(world: World, who: Somebody | str) -> list[str]:
    """The free texts that were put out for that person."""
    address = who if isinstance(who, str) else who.phone
    return [row.text for row in world.rows(t.messages, address=address) if row.template is None]


def sid_of(world: World, **where: Any) -> str:
    """The provider's id of the one message that fits."""
    return str(world.rows(t.messages, **where)[-1].provider_sid)


def later(world: World, **span: float) -> None:
    world.clock.moment += timedelta(**span)
