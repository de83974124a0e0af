"""The texts that the office wrote instead of those in templates_msg: versions of each kind, one of them in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text, update

from aspal.tables import message_texts, messages

_IN_FORCE = text("state = 'in_force'")


@dataclass(frozen=True, slots=True)
class Version:
    """One text of one kind, as somebody of the office wrote it."""

    id: int
    kind: str
    version: int
    body: str
    samples: Mapping[str, str]
    titles: Sequence[str]
    state: str  # proposed in_force replaced withdrawn
    note: str | None
    written_by: str
    written_at: datetime


_COLUMNS = [message_texts.c[name] for name in Version.__slots__]


def in_force(conn: Connection) -> dict[str, Version]:
    """The office's own text of each kind that has one."""
    return {row.kind: Version(*row) for row in conn.execute(select(*_COLUMNS).where(_IN_FORCE))}


def proposed(conn: Connection) -> list[Version]:
    """Texts that wait for WhatsApp's approval, oldest first."""
    query = select(*_COLUMNS).where(message_texts.c.state == "proposed").order_by(message_texts.c.id)
    return [Version(*row) for row in conn.execute(query)]


def of_kind(conn: Connection, kind: str) -> list[Version]:
    """Every version of a kind, newest first."""
    query = select(*_COLUMNS).where(message_texts.c.kind == kind).order_by(message_texts.c.version.desc())
    return [Version(*row) for row in conn.execute(query)]


def put(
    conn: Connection, kind: str, body: str, samples: Mapping[str, str], titles: Sequence[str], *,
    note: str | None, by: str, now: datetime,
) -> Version:  # fmt: skip
    """Keeps a new version; an earlier one that still waits is withdrawn."""
    waiting = (message_texts.c.kind == kind) & (message_texts.c.state == "proposed")
    conn.execute(update(message_texts).where(waiting).values(state="withdrawn"))
    last = conn.scalar(select(func.max(message_texts.c.version)).where(message_texts.c.kind == kind)) or 0
    values = {
        "kind": kind, "version": last + 1, "body": body, "samples": dict(samples), "titles": list(titles),
        "state": "proposed", "note": note, "written_by": by, "written_at": now,
    }  # fmt: skip
    return Version(*conn.execute(insert(message_texts).values(values).returning(*_COLUMNS)).one())


def put_in_force(conn: Connection, kind: str, version: int, now: datetime) -> None:
    """From now on the kind speaks with this version; 0 is the file's own text."""
    mine = message_texts.c.kind == kind
    conn.execute(update(message_texts).where(mine, _IN_FORCE).values(state="replaced"))
    conn.execute(
        update(message_texts).where(mine, message_texts.c.version == version).values(state="in_force", in_force_at=now)
    )


def withdraw(conn: Connection, kind: str, version: int) -> bool:
    """Gives up a version that was only proposed."""
    mine = (message_texts.c.kind == kind) & (message_texts.c.version == version) & (message_texts.c.state == "proposed")
    return bool(conn.execute(update(message_texts).where(mine).values(state="withdrawn")).rowcount)


def in_the_air(conn: Connection, kind: str) -> bool:
    """Whether any message of the kind may be on its way: its words must not change before its fate is known."""
    doubtful = select(messages.c.id).where(text("state IN ('sending', 'unknown')"), messages.c.template == kind)
    return conn.execute(doubtful.limit(1)).first() is not None


def reword(conn: Connection, kind: str, pieces: Sequence[str]) -> int:
    """Messages of the kind that wait or are held say the same in the new words; how many.

    The variables keep their places in every version, so each value finds its own.
    """
    waiting = select(messages.c.id, messages.c.variables).where(
        messages.c.template == kind, messages.c.state.in_(("waiting", "held"))
    )
    changed = 0
    for row in conn.execute(waiting).all():
        values = [str(row.variables.get(str(n), "-")) for n in range(1, len(pieces))]
        words = "".join(part for pair in zip(pieces, [*values, ""], strict=True) for part in pair)
        conn.execute(update(messages).where(messages.c.id == row.id).values(text=words))
        changed += 1
    return changed
