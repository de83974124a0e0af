"""What WhatsApp says about our templates: which may be sent, and which are stopped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from aspal.db import upsert
from aspal.tables import messages, templates


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """One text of one kind, as it stood when the provider was last asked."""

    kind: str
    fingerprint: str
    name: str
    content_sid: str | None
    status: str
    category: str | None
    reason: str | None
    checked_at: datetime | None
    stopped_at: datetime | None

    @property
    def is_sendable(self) -> bool:
        """Whether it is approved, and nobody stopped it."""
        return self.status == "approved" and self.stopped_at is None


@dataclass(frozen=True, slots=True)
class Sendable:
    """A content to send, or the Indonesian reason why there is none."""

    content_sid: str | None
    reason: str | None


_ABOUT = "Templat {} "  # how every reason begins
_NOT_YET = f"{_ABOUT}belum"  # how a reason begins while WhatsApp has not approved the text, or was never asked
_SENDABLE = select(templates.c.content_sid, templates.c.status, templates.c.stopped_at, templates.c.reason).where(
    templates.c.kind == bindparam("kind"), templates.c.fingerprint == bindparam("fingerprint")
)


def put(conn: Connection, template: StoredTemplate) -> None:
    """Keeps what is known now about this text of this kind."""
    values = {name: getattr(template, name) for name in StoredTemplate.__slots__}
    key = ["kind", "fingerprint"]
    conn.execute(upsert(conn, templates).values(values).on_conflict_do_update(index_elements=key, set_=values))


def stop(conn: Connection, kind: str, reason: str, now: datetime) -> None:
    """WhatsApp refused this kind: nothing more of it leaves until the provider says that it is approved again."""
    stopped = update(templates).where(templates.c.kind == kind, templates.c.stopped_at.is_(None))
    conn.execute(stopped.values(stopped_at=now, reason=reason))


def let_go(conn: Connection, kind: str, codes: Collection[int], now: datetime) -> int:
    """Messages of this kind that were held, or put off, because WhatsApp did not allow it may leave; how many."""
    held = and_(messages.c.state == "held", messages.c.error_code.in_(sorted(codes)))
    put_off = and_(messages.c.state == "waiting", messages.c.reason.startswith(_ABOUT.format(kind)))
    waiting = update(messages).where(messages.c.template == kind, or_(held, put_off))
    return conn.execute(waiting.values(state="waiting", not_before=now, reason=None)).rowcount


def known(conn: Connection) -> dict[tuple[str, str], StoredTemplate]:
    """Every text that was ever pushed, by kind and fingerprint."""
    columns = [templates.c[name] for name in StoredTemplate.__slots__]
    return {(row.kind, row.fingerprint): StoredTemplate(*row) for row in conn.execute(select(*columns))}


def sendable(conn: Connection, kind: str, fingerprint: str) -> Sendable:
    """Only an approved text that nobody stopped may be sent."""
    row = conn.execute(_SENDABLE, {"kind": kind, "fingerprint": fingerprint}).first()
    if row is None or row.content_sid is None:
        return Sendable(None, f"{_NOT_YET.format(kind)} didaftarkan di WhatsApp. Jalankan `aspal templates push`.")
    if row.stopped_at is not None:
        return Sendable(None, f"{_ABOUT.format(kind)}dihentikan: {row.reason or row.status}.")
    if row.status != "approved":
        return Sendable(None, f"{_NOT_YET.format(kind)} disetujui WhatsApp (status: {row.status}).")
    return Sendable(row.content_sid, None)


def awaits_approval(kind: str, reason: str) -> bool:
    """Whether a reason given by `sendable` says that the text is not approved yet, rather than stopped."""
    return reason.startswith(_NOT_YET.format(kind))
