"""Station 5: status report -> message.

A report may come twice, late, out of order, or before we have stored the id it speaks of. It is kept as it came, and
it can only add to what is known about its message.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from aspal.flow import aftermath
from aspal.flow.mailroom import Mailroom
from aspal.gateways.whatsapp.port import Report, clean_form, parse_report
from aspal.records import reports


class Told(NamedTuple):
    """A status callback as it came in."""

    report: Report
    raw: Mapping[str, str]
    at: datetime


def record(mailroom: Mailroom, form: Mapping[str, str], now: datetime) -> None:
    """Stores one status callback and draws its conclusions. Raises OddForm when it names no message at all.

    Alone, because its conclusions end in the journal: whoever holds a link of that chain must want no further row.
    """
    mailroom.post_alone(_put, Told(parse_report(form), clean_form(form), now))


def _put(conn: Connection, told: Sequence[Told]) -> None:
    for report, raw, now in told:
        message_id = reports.put(
            conn,
            token=report.token,
            provider_sid=report.provider_sid,
            status=report.status,
            error_code=report.error_code,
            raw=raw,
            now=now,
        )
        if message_id is not None:
            aftermath.heard(conn, message_id, report.status, report.error_code, report.provider_sid, now, report.token)
