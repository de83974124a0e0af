"""Who wrote a reply, by phone or by WhatsApp's own id. Part of station 6."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from aspal.core.alarm_keys import of_stranger
from aspal.core.phone import mask
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import Inbound, parse_inbound
from aspal.records import directory, health, outbox, replies
from aspal.records.directory import Contact
from aspal.records.replies import Stored

POINT_AGAIN = timedelta(days=30)


def identify(conn: Connection, form: Inbound, now: datetime) -> Contact | None:
    """The contact who wrote. The WhatsApp id of a known phone is learned, and never replaced by another unseen."""
    if _is_ourselves(form):
        return None
    by_phone = directory.contact_by_address(conn, form.phone, None) if form.phone else None
    by_id = directory.contact_by_address(conn, None, form.whatsapp_id) if form.whatsapp_id else None
    if by_phone and form.whatsapp_id and by_id is None and by_phone.whatsapp_id is None:
        replies.learn(conn, by_phone.id, whatsapp_id=form.whatsapp_id)
    contradicts = (
        (by_phone and by_id and by_phone.id != by_id.id)
        or (by_phone and form.whatsapp_id and by_phone.whatsapp_id not in (None, form.whatsapp_id))
        or (by_id and not by_phone and form.phone and by_id.phone not in (None, form.phone))
    )
    contact = by_phone or by_id
    if contact and contradicts:
        health.raise_alarm(
            conn, f"whatsapp_id:{contact.id}",
            f"Identitas WhatsApp {contact.name} berubah: nomor dan ID tidak lagi sesuai direktori. Periksa orangnya.",
            now,
        )  # fmt: skip
    return contact


def point_elsewhere(conn: Connection, reply: Stored, texts: Texts, now: datetime) -> None:
    """A stranger gets one neutral pointer a month, and nothing else; an admin is told. An echo gets nothing at all."""
    replies.settle(conn, [reply.id], "unknown_sender", now)
    if _is_ourselves(parse_inbound(reply.raw)):
        return
    health.raise_alarm(
        conn, of_stranger(reply.address), f"Pesan dari nomor yang tidak terdaftar ({mask(reply.address)}).", now
    )
    if not replies.pointed_since(conn, reply.address, now - POINT_AGAIN):
        outbox.put_answer(
            conn, contact_id=None, address=reply.address, text=texts.render("bukan_terdaftar", {}).text, now=now,
            dedupe_key=f"pointer:{reply.id}", reply_id=reply.id,
        )  # fmt: skip


def _is_ourselves(form: Inbound) -> bool:
    """Our own message come back: whoever answers that answers for ever."""
    return form.phone is not None and form.phone == form.to
