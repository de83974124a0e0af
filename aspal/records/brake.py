"""The messages that the volume brake holds."""

from datetime import datetime

from sqlalchemy import Connection, update

from aspal.tables import messages


def release(conn: Connection, reason: str, now: datetime) -> int:
    """Lets go what is held for exactly this reason; what waits for an approver stays. How many."""
    held = update(messages).where(messages.c.state == "held", messages.c.reason == reason)
    return conn.execute(held.values(state="waiting", not_before=now, reason=None)).rowcount
