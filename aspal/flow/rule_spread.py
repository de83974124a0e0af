"""New rules reach the cases that run already. Not a station: housekeeping goes on with what a publication left."""

from datetime import datetime

from aspal.db import Database
from aspal.records import ladder_versions

BATCH = 500  # dispositions a transaction: the scan and the pages come in between
AT_ONCE = 40  # batches while somebody waits; housekeeping does the rest


def spread(db: Database, now: datetime) -> int | None:
    """Moves running dispositions to the newest version where it is for them too, batch by batch; its id while some are
    left. Repeating it changes nothing: what was told stays told under any version."""
    with db.read() as conn:
        ladder_id = ladder_versions.unspread(conn)
    after: int | None = 0
    for _ in range(AT_ONCE if ladder_id else 0):
        with db.write() as conn:
            after = ladder_versions.spread(conn, ladder_id or 0, after or 0, BATCH, now)
            if after is None:
                ladder_versions.spread_over(conn, ladder_id or 0, now)
                return None
    return ladder_id
