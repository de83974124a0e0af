"""What is remembered about one person: found as a whole, or taken out of every table.

Rows stay and only what names the person goes, so that counts, keys and the journal's chain hold.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, and_, cast, delete, func, or_, select, update

from aspal.core.secrecy import GONE
from aspal.tables import (
    absences,
    alarms,
    appointments,
    batch_changes,
    batches,
    complaints,
    confirmations,
    contacts,
    dispositions,
    held_rows,
    journal,
    media,
    messages,
    metadata,
    notes,
    notices,
    questions,
    replies,
    reports,
    simulator_messages,
    switches,
    units,
    uploads,
)


def find(conn: Connection, address: str) -> int | None:
    """The contact with this phone or WhatsApp id."""
    return conn.scalar(select(contacts.c.id).where(or_(contacts.c.phone == address, contacts.c.whatsapp_id == address)))


def _addresses(conn: Connection, contact_id: int | None, address: str) -> list[str]:
    row = conn.execute(select(contacts.c.phone, contacts.c.whatsapp_id).where(contacts.c.id == contact_id)).first()
    return sorted({value for value in (address, *(row or ())) if value})


def _theirs(table: Table, contact_id: int | None, at: Sequence[str]) -> ColumnElement[bool]:
    """By address, and by contact where there is one: "no contact" is every stranger."""
    there = table.c.address.in_(at)
    return there if contact_id is None else or_(there, table.c.contact_id == contact_id)


def everything(conn: Connection, contact_id: int | None, address: str) -> dict[str, list[dict[str, Any]]]:
    """Every row about this person, by table. Without a contact: what the address itself left behind."""
    at = _addresses(conn, contact_id, address)
    mine = {
        messages: _theirs(messages, contact_id, at),
        replies: _theirs(replies, contact_id, at),
        simulator_messages: simulator_messages.c.address.in_(at),
    }
    if contact_id is not None:
        named = f"contact:{contact_id}"
        mine |= {
            contacts: contacts.c.id == contact_id,
            appointments: appointments.c.contact_id == contact_id,
            confirmations: confirmations.c.appointment_id.in_(
                select(appointments.c.id).where(appointments.c.contact_id == contact_id)
            ),
            absences: or_(absences.c.contact_id == contact_id, absences.c.substitute_id == contact_id),
            notices: notices.c.contact_id == contact_id,
            questions: questions.c.contact_id == contact_id,
            notes: notes.c.contact_id == contact_id,
            media: media.c.reply_id.in_(select(replies.c.id).where(replies.c.contact_id == contact_id)),
            reports: reports.c.message_id.in_(select(messages.c.id).where(messages.c.contact_id == contact_id)),
            batch_changes: and_(batch_changes.c.table_name == "contacts", batch_changes.c.row_id == contact_id),
            journal: or_(journal.c.actor == named, journal.c.subject == named),
        }
    found = {t.name: [dict(row._mapping) for row in conn.execute(select(t).where(w))] for t, w in mine.items()}
    return dict(sorted(found.items()))


def in_the_air(conn: Connection, contact_id: int | None, address: str) -> int:
    """Messages to this person of which nobody knows yet what became of them: their address is still needed."""
    to = _theirs(messages, contact_id, [address])
    wanted = select(func.count()).select_from(messages).where(to, messages.c.state.in_(("sending", "unknown")))
    return conn.scalar(wanted) or 0


def duties(conn: Connection, contact_id: int) -> list[str]:
    """Where the person is still appointed."""
    wanted = select(appointments.c.role, units.c.name).join(units, units.c.id == appointments.c.unit_id)
    open_ = wanted.where(appointments.c.contact_id == contact_id, appointments.c.ended_at.is_(None))
    return [f"{row.role} {row.name}" for row in conn.execute(open_)]


def take_out(
    conn: Connection, contact_id: int | None, address: str, redact: Callable[[str], str], now: datetime
) -> None:
    """The person becomes "Kontak 12": no name, number or id of theirs is left in any table.

    The words of notes stay, because they are the record of a case, without what names the person.
    """
    at = _addresses(conn, contact_id, address)
    name = conn.scalar(select(contacts.c.name).where(contacts.c.id == contact_id))
    alias = f"Kontak {contact_id}"
    _take_out_what_waits(conn, contact_id, at)
    _blank(conn, contact_id, at)
    if contact_id is not None:
        _take_out_contact(conn, contact_id, alias, now)
    _rewrite(conn, _without(name, at, alias, redact), _traces(name, at))


def _take_out_what_waits(conn: Connection, contact_id: int | None, at: Sequence[str]) -> None:
    reason = "Data kontak dihapus."
    to = _theirs(messages, contact_id, at)
    waiting = messages.c.state.in_(("waiting", "held"))
    conn.execute(update(messages).where(to, waiting).values(state="cancelled", reason=reason))
    mine = and_(notices.c.contact_id == (contact_id or 0), notices.c.state == "waiting")
    conn.execute(update(notices).where(mine).values(state="cancelled", reason=reason))


def _blank(conn: Connection, contact_id: int | None, at: Sequence[str]) -> None:
    to = _theirs(messages, contact_id, at)
    about = select(messages.c.id).where(to)
    sids = select(messages.c.provider_sid).where(to)
    said = or_(reports.c.message_id.in_(about), reports.c.provider_sid.in_(sids))
    conn.execute(update(reports).where(said).values(raw={}))
    conn.execute(update(messages).where(to).values(address="", text=GONE, variables={}))
    wrote = _theirs(replies, contact_id, at)
    conn.execute(update(replies).where(wrote, replies.c.state.in_(("stored", "asked"))).values(state="tray"))
    conn.execute(update(replies).where(wrote).values(address="", raw={}))
    conn.execute(delete(simulator_messages).where(simulator_messages.c.address.in_(at)))


def _take_out_contact(conn: Connection, contact_id: int, alias: str, now: datetime) -> None:
    values = {"name": alias, "position": None, "phone": None, "whatsapp_id": None, "guest": False}
    conn.execute(update(contacts).where(contacts.c.id == contact_id).values(values))
    theirs = and_(appointments.c.contact_id == contact_id, appointments.c.ended_at.is_(None))
    conn.execute(update(appointments).where(theirs).values(ended_at=now))
    asked = and_(questions.c.contact_id == contact_id, questions.c.answered_at.is_(None))
    conn.execute(update(questions).where(asked).values(answered_at=now))
    away = or_(absences.c.contact_id == contact_id, absences.c.substitute_id == contact_id)
    conn.execute(delete(absences).where(away))
    changed = and_(batch_changes.c.table_name == "contacts", batch_changes.c.row_id == contact_id)
    conn.execute(update(batch_changes).where(changed, batch_changes.c.before.is_not(None)).values(before={}, after={}))


def _without(name: str | None, at: Sequence[str], alias: str, redact: Callable[[str], str]) -> Callable[[str], str]:
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") if name and len(name) > 2 else None

    def clean(text: str) -> str:
        text = named.sub(alias, text) if named else text
        for value in at:
            text = text.replace(value, GONE)
        return redact(text)

    return clean


# Free text in which somebody else, or the machine, may have named the person.
_MENTIONS = (
    messages.c.text, messages.c.variables, messages.c.reason, notes.c.text, notes.c.written_by, alarms.c.text,
    held_rows.c.cells, held_rows.c.reason, simulator_messages.c.body, replies.c.raw, replies.c.reason,
    switches.c.reason, units.c.pause_reason, dispositions.c.pause_reason, complaints.c.title, batches.c.summary,
    dispositions.c.exempt_reason, uploads.c.report, uploads.c.problem,
)  # fmt: skip


def _traces(name: str | None, at: Sequence[str]) -> list[str]:
    """How name and addresses stand in a column; in a JSON column other letters than ASCII are escaped."""
    words = [value for value in (name, *at) if value]
    return sorted({*words, *(json.dumps(word)[1:-1] for word in words)})


def _rewrite(conn: Connection, clean: Callable[[str], str], traces: Sequence[str]) -> None:
    for column in _MENTIONS:
        table = metadata.tables[column.table.name]
        (key,) = table.primary_key.columns
        spoken = or_(*(cast(column, String).contains(trace, autoescape=True) for trace in traces))
        for row in conn.execute(select(key, column).where(spoken)).all():
            left = _cleaned(row[1], clean)
            if left != row[1]:
                conn.execute(update(table).where(key == row[0]).values({column.name: left}))


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(inner, clean) for name, inner in value.items()}
    return [_cleaned(inner, clean) for inner in value] if isinstance(value, list) else value
