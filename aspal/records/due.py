"""Which stations have something to do: a few looks into partial indexes, so that an idle run costs almost nothing.

Written as plain SQL: the words must be literals for the partial indexes to serve, and an idle cron run would spend
more time on building the expressions than on asking.
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Date, bindparam, text

from aspal.instant import Instant

# Each asks for one row in the order of the index that is to serve. EXISTS would leave the choice to the server, and one
# whose statistics are those of the last busy morning looks through whole tables for a row that is not there.
_ASK = text("""
SELECT
  COALESCE((SELECT id FROM replies WHERE state = 'stored' ORDER BY id LIMIT 1),
    (SELECT id FROM media WHERE state = 'waiting' AND not_before <= :now LIMIT 1)) AS inbound,
  (SELECT id FROM dispositions WHERE next_look_at IS NOT NULL AND next_look_at <= :now
    ORDER BY next_look_at, id LIMIT 1) AS scan,
  (SELECT id FROM notices WHERE state = 'waiting' ORDER BY contact_id, id LIMIT 1) AS bundle,
  (SELECT id FROM messages WHERE state = 'waiting' AND not_before <= :now ORDER BY priority, id LIMIT 1) AS deliver,
  (SELECT id FROM messages WHERE state IN ('sending', 'unknown') AND lease_until <= :now
    ORDER BY lease_until LIMIT 1) AS reconcile
""").bindparams(bindparam("now", type_=Instant))
# NOT keeps SQLite from the index of days, and so from the whole past.
_ASK_SCAN = text("""
SELECT
  (SELECT id FROM notices WHERE state = 'waiting' AND NOT workday >= :today ORDER BY contact_id, id LIMIT 1),
  (SELECT id FROM messages WHERE state = 'waiting' AND expires_at <= :now ORDER BY priority, id LIMIT 1),
  (SELECT id FROM dispositions WHERE next_look_at IS NOT NULL AND next_look_at <= :now
    ORDER BY next_look_at, id LIMIT 1)
""").bindparams(bindparam("today", type_=Date), bindparam("now", type_=Instant))


class ScanWork(NamedTuple):
    """What a scan would find. `left_over`: something was to be told on an earlier day, and was not."""

    left_over: bool
    due: bool


def scan(conn: Connection, today: date, now: datetime) -> ScanWork:
    """Whether a scan would find anything: one statement, because most minutes it finds nothing."""
    notice, message, disposition = conn.execute(_ASK_SCAN, {"today": today, "now": now}).one()
    return ScanWork(notice is not None or message is not None, disposition is not None)


def stations(conn: Connection, now: datetime) -> frozenset[str]:
    """The stations that would find work now. Those that go by the clock alone are not among them."""
    row = conn.execute(_ASK, {"now": now}).one()
    return frozenset(name for name, found in row._mapping.items() if found is not None)
