"""Station 5: status report -> message.

A report may come twice, late, out of order, or before we have stored the id it speaks of. It is kept as it came, and
it can only add to what is known about its message.
"""

from collections.abc import Mapping
from datetime import datetime

from aspal.db import Database
from aspal.flow import aftermath
from aspal.gateways.whatsapp.port import clean_form, parse_report
from aspal.records import reports


def record(db: Database, form: Mapping[str, str], now: datetime) -> None:
    """Stores one status callback and draws its conclusions. Raises OddForm when it names no message at all."""
    report = parse_report(form)
    with db.write() as conn:
        message_id = reports.put(
            conn,
            token=report.token,
            provider_sid=report.provider_sid,
            status=report.status,
            error_code=report.error_code,
            raw=clean_form(form),
            now=now,
        )
        if message_id is not None:
            aftermath.heard(conn, message_id, report.status, report.error_code, report.provider_sid, now)
