"""Which stations have something to do: a few looks into partial indexes, so that an idle run costs almost nothing.

Written as plain SQL: the words must be literals for the partial indexes to serve, and an idle cron run would spend
more time on building the expressions than on asking.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from aspal.instant import Instant

_ASK = text("""
SELECT
  EXISTS (SELECT 1 FROM replies WHERE state = 'stored')
    OR EXISTS (SELECT 1 FROM media WHERE state = 'waiting' AND not_before <= :now) AS inbound,
  EXISTS (SELECT 1 FROM dispositions WHERE next_look_at <= :now) AS scan,
  EXISTS (SELECT 1 FROM notices WHERE state = 'waiting') AS bundle,
  EXISTS (SELECT 1 FROM messages WHERE state = 'waiting' AND not_before <= :now) AS deliver,
  EXISTS (SELECT 1 FROM messages WHERE state IN ('sending', 'unknown') AND lease_until <= :now) AS reconcile
""").bindparams(bindparam("now", type_=Instant))


def stations(conn: Connection, now: datetime) -> frozenset[str]:
    """The stations that would find work now. Those that go by the clock alone are not among them."""
    row = conn.execute(_ASK, {"now": now}).one()
    return frozenset(name for name, found in row._mapping.items() if found)
