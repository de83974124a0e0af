"""A message said once more: a fresh copy that carries and asks the same, made at most once for each message."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from aspal.conditions import is_told
from aspal.core.delivery import State
from aspal.core.secrecy import GONE
from aspal.db import upsert
from aspal.tables import confirmations, contacts, messages, notices, questions


class WordsGone(Exception):
    """The message's words were deleted after their time, so that there is nothing left to say."""

    def __init__(self) -> None:
        super().__init__("Isi pesan ini sudah dihapus karena masa simpannya lewat; pesan tidak dapat dikirim ulang.")


def resend(
    conn: Connection, message_id: int, not_before: datetime, now: datetime, *, by_hand: bool = False
) -> int | None:
    """The copy's id; None when the message was repeated already. Raises WordsGone.

    `by_hand`: an admin wants it said although its day is over, and to the number that the directory holds now.
    """
    row = conn.execute(select(messages).where(messages.c.id == message_id)).first()
    if row is None:
        return None
    if row.text == GONE:
        raise WordsGone
    address, expires_at = row.address, row.expires_at
    if by_hand:
        expires_at = None
        address = conn.scalar(select(contacts.c.phone).where(contacts.c.id == row.contact_id)) or row.address
    copy = {
        "contact_id": row.contact_id, "address": address, "template": row.template, "variables": row.variables or {},
        "text": row.text, "workday": row.workday, "state": State.WAITING.value, "priority": row.priority,
        "not_before": not_before, "expires_at": expires_at, "dedupe_key": f"resend:{message_id}",
        "in_reply_to_id": row.in_reply_to_id, "document_url": row.document_url, "created_at": now,
        "resend_of_id": message_id,
    }  # fmt: skip
    new_id: int | None = conn.scalar(
        upsert(conn, messages).values(copy).on_conflict_do_nothing().returning(messages.c.id)
    )
    if new_id is not None:
        _hand_on(conn, message_id, new_id)
    return new_id


def _hand_on(conn: Connection, from_id: int, to_id: int) -> None:
    """What a message tells and asks hangs on the one that leaves: its buttons are pressed, and it is quoted."""
    for table in (notices, questions, confirmations):
        conn.execute(update(table).where(table.c.message_id == from_id).values(message_id=to_id))


def resends_before(conn: Connection, message_id: int) -> int:
    """How many times this message is already a repetition."""
    count, current = 0, message_id
    while True:
        parent = conn.scalar(select(messages.c.resend_of_id).where(messages.c.id == current))
        if parent is None:
            return count
        count, current = count + 1, parent


def told_after_all(conn: Connection, message_id: int) -> None:
    """The provider has it although we had given it up or begun to repeat it: it counts, and the copy does not leave."""
    copy = conn.scalar(
        update(messages)
        .where(
            messages.c.dedupe_key == f"resend:{message_id}", messages.c.state.in_((State.WAITING, State.HELD))
        )
        .values(state=State.CANCELLED, reason="Pesan semula ternyata sampai.")
        .returning(messages.c.id)
    )  # fmt: skip
    if copy is not None:
        _hand_on(conn, copy, message_id)
    conn.execute(
        update(notices).where(notices.c.message_id == message_id, ~is_told()).values(state="bundled", reason=None)
    )
