"""What messages speak of: the dispositions and complaints behind them."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from aspal.among import among
from aspal.tables import dispositions, messages, notices

_COMPLAINTS = (
    select(notices.c.message_id, func.min(dispositions.c.complaint_id))
    .join(dispositions, dispositions.c.id == notices.c.disposition_id)
    .where(among(notices.c.message_id, "messages"))
    .group_by(notices.c.message_id)
)


def dispositions_of(conn: Connection, message_ids: Sequence[int]) -> dict[int, list[int]]:
    """Which dispositions each message speaks of."""
    found: dict[int, list[int]] = {}
    query = select(notices.c.message_id, notices.c.disposition_id).where(notices.c.message_id.in_(message_ids))
    for message_id, disposition_id in conn.execute(query.distinct()):
        found.setdefault(message_id, []).append(disposition_id)
    return found


def complaints_of(conn: Connection, message_ids: Sequence[int]) -> dict[int, int]:
    """The complaint that each message speaks of; of a digest, the first."""
    return {row[0]: row[1] for row in conn.execute(_COMPLAINTS, {"messages": message_ids})}


def notices_of_sid(conn: Connection, provider_sid: str) -> list[int]:
    """The dispositions that a quoted message spoke of, also when the message was repeated since."""
    message_id = conn.scalar(select(messages.c.id).where(messages.c.provider_sid == provider_sid))
    while message_id is not None:
        spoken = dispositions_of(conn, [message_id]).get(message_id)
        if spoken:
            return spoken
        message_id = conn.scalar(select(messages.c.id).where(messages.c.resend_of_id == message_id))
    return []
