"""What the provider carried, held against what we know. Part of the watch, once a day.

A reply whose webhook could not reach us is told nowhere else: it is taken in from the provider's own list, once by its
SID and in the order of writing. A message that left from our number without us is somebody's to explain.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from aspal.core.switches import RESTORED
from aspal.db import Database
from aspal.gateways.whatsapp.port import Carried, Gateway, OddForm, SendFailed, clean_form, parse_inbound
from aspal.records import doubt, health, journal, replies

EVERY = timedelta(days=1)
SETTLED = timedelta(minutes=30)  # what is younger may still be on its way to us, or in doubt
OVERLAP = timedelta(hours=1)  # between the provider's clock and ours
FURTHEST = timedelta(days=7)  # after an outage; older words answer nothing any more
AT_ONCE = 100  # replies taken in by one look; each is one or two questions to the provider
ASK_LATER = timedelta(hours=1)
_MARK, _WAIT = "provider_list", "provider_list_later"
_CHUNK = 1000
log = logging.getLogger(__name__)


def look(db: Database, gateway: Gateway, now: datetime) -> None:
    """Looks when a day has passed. The first time only remembers from when on: what was before us is not ours."""
    until = now - SETTLED
    with db.read() as conn:
        mark, waits = health.get_switch(conn, _MARK), health.get_switch(conn, _WAIT, now)
    since = datetime.fromisoformat(mark["until"]) if mark else None
    if mark is None or since is None or since > now:  # new, or a clock that was ahead went back
        with db.write() as conn:
            _remember(conn, until, now, more=False)
        return
    if waits or (until - since < EVERY and not mark["more"]):
        return
    try:
        _compare(db, gateway, max(since, now - FURTHEST), until, now)
    except SendFailed as failure:
        log.warning("the provider's list cannot be read: %s", failure.kind)
        with db.write() as conn:
            health.set_switch(conn, _WAIT, True, by="watch", now=now, until=now + ASK_LATER)


def _compare(db: Database, gateway: Gateway, since: datetime, until: datetime, now: datetime) -> None:
    carried = gateway.carried(since - OVERLAP, until)
    with db.read() as conn:
        lost = _unknown(conn, [one for one in carried if one.inbound], replies.unseen)
        strange = _unknown(conn, [one for one in carried if not one.inbound], doubt.unattached)
    arrivals = [arrival for one in lost[:AT_ONCE] if (arrival := _arrival(gateway, one))]
    more = len(lost) > AT_ONCE
    with db.write() as conn:
        if arrivals:
            replies.store(conn, arrivals)
            _tell_found(conn, len(arrivals), now)
        if strange:
            _tell_strange(conn, strange, now)
        _remember(conn, lost[AT_ONCE - 1].at if more else until, now, more=more)


def _unknown(
    conn: Connection, carried: Sequence[Carried], ask: Callable[[Connection, Sequence[str]], set[str]]
) -> list[Carried]:
    sids = [one.sid for one in carried]
    strangers = {sid for start in range(0, len(sids), _CHUNK) for sid in ask(conn, sids[start : start + _CHUNK])}
    return [one for one in carried if one.sid in strangers]


def _arrival(gateway: Gateway, one: Carried) -> replies.Arrival | None:
    """None: the provider has deleted it meanwhile, or nobody is named as its writer."""
    form = gateway.received(one.sid)
    try:
        told = parse_inbound(form or {})
    except OddForm:
        return None
    return replies.Arrival(told.provider_sid, told.address, clean_form(form or {}), one.at)


def _tell_found(conn: Connection, count: int, now: datetime) -> None:
    text = (
        f"{count} balasan tidak sampai lewat webhook dan baru diambil dari daftar Twilio; semuanya sudah dicatat. "
        "Periksa apakah web sempat mati, dan alamat webhook (dengan #rc=3&rp=5xx,ct,rt) pada pengirim di konsol Twilio."
    )
    health.raise_alarm(conn, f"replies_found:{now:%Y-%m-%d}", text, now)
    _note(conn, now, "replies.found", {"count": count})


def _tell_strange(conn: Connection, strange: Sequence[Carried], now: datetime) -> None:
    restored, hint = health.set_at(conn, RESTORED), ""
    if restored and any(one.at < restored for one in strange):
        hint = f"Data dipulihkan dari cadangan pada {restored:%d-%m-%Y}; yang lebih tua dapat kiriman ASPAL sendiri. "
    text = (
        f"{len(strange)} pesan keluar dari nomor kantor tidak dikenal ASPAL (misalnya {strange[0].sid}). Cari di "
        f"konsol Twilio, Monitor, Logs, Messaging. {hint}Bila bukan kiriman kantor, segera ganti Auth Token."
    )
    health.raise_alarm(conn, f"strange_sends:{now:%Y-%m-%d}", text, now)
    _note(conn, now, "messages.strange", {"count": len(strange), "sids": [one.sid for one in strange[:20]]})


def _note(conn: Connection, now: datetime, action: str, detail: dict[str, Any]) -> None:
    journal.append(conn, [journal.Entry(now, "watch", action, f"day:{now:%Y-%m-%d}", detail)])


def _remember(conn: Connection, until: datetime, now: datetime, *, more: bool) -> None:
    health.set_switch(conn, _MARK, {"until": until.isoformat(), "more": more}, by="watch", now=now)
