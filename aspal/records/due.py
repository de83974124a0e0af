"""Which stations have something to do: a few looks into partial indexes, so that an idle run costs almost nothing."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, or_, select

from aspal.tables import dispositions, media, messages, notices, replies

_NOW = bindparam("now", type_=messages.c.not_before.type)
_WORK = {
    "inbound": or_(
        exists().where(replies.c.state == "stored"),
        exists().where(media.c.state == "waiting", media.c.not_before <= _NOW),
    ),
    "scan": exists().where(dispositions.c.next_look_at <= _NOW),
    "bundle": exists().where(notices.c.state == "waiting"),
    "deliver": exists().where(messages.c.state == "waiting", messages.c.not_before <= _NOW),
    "reconcile": exists().where(messages.c.state.in_(("sending", "unknown")), messages.c.lease_until <= _NOW),
}
_ASK = select(*[condition.label(name) for name, condition in _WORK.items()])


def stations(conn: Connection, now: datetime) -> frozenset[str]:
    """The stations that would find work now. Those that go by the clock alone are not among them."""
    row = conn.execute(_ASK, {"now": now}).one()
    return frozenset(name for name, found in row._mapping.items() if found)
