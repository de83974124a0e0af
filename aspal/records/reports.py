"""Status reports: what the provider says became of our messages. They can only add knowledge."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from aspal.core.delivery import State, below
from aspal.db import upsert
from aspal.tables import attempts, messages, reports


def put(
    conn: Connection, *, token: str | None, provider_sid: str, status: str, error_code: int | None,
    raw: Mapping[str, Any], now: datetime,
) -> int | None:  # fmt: skip
    """Stores a status report once and returns the message it speaks of, if that is known yet."""
    message_id = None
    if token:
        message_id = conn.scalar(select(attempts.c.message_id).where(attempts.c.token == token))
    if message_id is None:
        message_id = conn.scalar(select(messages.c.id).where(messages.c.provider_sid == provider_sid))
    conn.execute(
        upsert(conn, reports)
        .values(
            token=token, provider_sid=provider_sid, status=status[:30], error_code=error_code, received_at=now,
            message_id=message_id, raw=dict(raw),
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    return message_id


def early(conn: Connection, provider_sids: Sequence[str]) -> list[tuple[str, str, int | None]]:
    """Reports that found no message when they came: (provider's id, status, error code)."""
    if not provider_sids:
        return []
    query = select(reports.c.provider_sid, reports.c.status, reports.c.error_code).where(
        reports.c.message_id.is_(None), reports.c.provider_sid.in_(provider_sids)
    )
    return [(row.provider_sid, row.status, row.error_code) for row in conn.execute(query)]


def claim_early(conn: Connection, provider_sid: str, message_id: int) -> None:
    """The message that early reports spoke of is known now."""
    conn.execute(
        update(reports)
        .where(reports.c.provider_sid == provider_sid, reports.c.message_id.is_(None))
        .values(message_id=message_id)
    )


def advance(
    conn: Connection, message_id: int, reported: State, *, provider_sid: str | None, error_code: int | None,
    reason: str | None, now: datetime, token: str | None = None,
) -> bool:  # fmt: skip
    """Raises a message to what was reported, never lowers it; tells whether anything changed.

    `token`: of the attempt that a report speaks of. An earlier one's failure is not that of the one in the air.
    """
    if provider_sid:
        nameless = [messages.c.id == message_id, messages.c.provider_sid.is_(None)]
        if token and reported is State.FAILED:
            nameless.append(messages.c.token == token)
        conn.execute(update(messages).where(*nameless).values(provider_sid=provider_sid, accepted_at=now))
    if reported is State.FAILED and provider_sid and not _is_current(conn, message_id, provider_sid):
        return False
    stamp = {State.SENT: "sent_at", State.DELIVERED: "delivered_at", State.READ: "read_at", State.FAILED: "failed_at"}
    values: dict[str, Any] = {"state": reported, "lease_until": None}
    if reported in stamp:
        values[stamp[reported]] = now
    if reported is State.FAILED:
        values |= {"error_code": error_code, "reason": reason}
    changed = conn.execute(
        update(messages).where(messages.c.id == message_id, messages.c.state.in_(below(reported))).values(**values)
    )
    return changed.rowcount == 1


def _is_current(conn: Connection, message_id: int, provider_sid: str) -> bool:
    """An earlier attempt that was in doubt may fail while a later one is on its way."""
    return conn.scalar(select(messages.c.provider_sid).where(messages.c.id == message_id)) == provider_sid
