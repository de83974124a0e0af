"""What people were told on a working day: nobody hears of one case twice, nor one digest twice."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from aspal.among import among
from aspal.conditions import is_told
from aspal.core.words import Role
from aspal.db import upsert
from aspal.tables import dispositions, messages, notices, units

_TOLD = (
    select(notices.c.contact_id, dispositions.c.complaint_id)
    .join(dispositions, dispositions.c.id == notices.c.disposition_id)
    .where(
        notices.c.workday == bindparam("workday"), notices.c.state == "bundled", among(notices.c.contact_id, "contacts")
    )
)
_DIGEST_ZONES = (
    select(messages.c.contact_id, messages.c.template, units.c.time_zone)
    .select_from(
        messages.join(notices, notices.c.message_id == messages.c.id)
        .join(dispositions, dispositions.c.id == notices.c.disposition_id)
        .outerjoin(units, units.c.id == dispositions.c.unit_id)
    )
    .where(messages.c.workday == bindparam("workday"), among(messages.c.contact_id, "contacts"))
    .distinct()
)


def was_told(conn: Connection, disposition_id: int, workday: date) -> bool:
    """Whether a notice of the disposition belongs to that day."""
    query = select(notices.c.id).where(
        notices.c.disposition_id == disposition_id, notices.c.workday == workday, is_told()
    )
    return conn.scalar(query.limit(1)) is not None


def not_yet_told(conn: Connection, disposition_ids: Sequence[int], contact_id: int, workday: date) -> list[int]:
    """Which of these dispositions that person has not heard of, and is not about to hear of, on that working day."""
    query = select(notices.c.disposition_id).where(
        notices.c.contact_id == contact_id,
        notices.c.workday == workday,
        is_told(),
        notices.c.disposition_id.in_(disposition_ids),
    )
    told = set(conn.scalars(query))
    return [disposition_id for disposition_id in disposition_ids if disposition_id not in told]


def complaints(conn: Connection, contact_ids: Sequence[int], workday: date) -> set[tuple[int, int]]:
    """(contact, complaint) of everything that these people were told on that working day, by whichever unit's part."""
    return {(row[0], row[1]) for row in conn.execute(_TOLD, {"workday": workday, "contacts": contact_ids}).all()}


def zones(conn: Connection, contact_ids: Sequence[int], workday: date) -> list[tuple[int, str, str | None]]:
    """(contact, kind of message, time zone) of the units in what these people were told on that working day."""
    found = conn.execute(_DIGEST_ZONES, {"workday": workday, "contacts": contact_ids})
    return [(contact, template, zone) for contact, template, zone in found if template is not None]


def put(
    conn: Connection, disposition_ids: Sequence[int], step: str, contact_id: int, workday: date, template: str,
    message_id: int, now: datetime,
) -> None:  # fmt: skip
    """A recap spoke of these dispositions: that person hears nothing else about them on that day."""
    if disposition_ids:
        once_more = {"state": "bundled", "reason": None, "message_id": message_id}  # after a recap that was cancelled
        key = ["disposition_id", "step", "contact_id", "workday"]
        conn.execute(
            upsert(conn, notices).on_conflict_do_update(index_elements=key, set_=once_more),
            [
                {
                    "disposition_id": disposition_id, "step": step, "audience": str(Role.HEAD),
                    "contact_id": contact_id, "workday": workday, "template": template, "level": 0, "age": 0,
                    "state": "bundled", "decided_at": now, "message_id": message_id,
                }
                for disposition_id in disposition_ids
            ],
        )  # fmt: skip
