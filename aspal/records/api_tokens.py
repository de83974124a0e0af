"""What programs of the office carry: a token for /api, kept as a hash, shown once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from aspal.tables import api_tokens

SCOPES = {"read": "Membaca", "import": "Membaca dan mengimpor"}
_NOTED_EVERY = timedelta(minutes=5)
_PREFIX = "aspal_"  # so that scanners for leaked secrets can know it


@dataclass(frozen=True)
class Token:
    """One token, without its secret."""

    id: int
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def make(conn: Connection, name: str, scope: str, expires_at: datetime | None, now: datetime, by: str) -> str:
    """A new token; the returned text is kept nowhere. Raises ValueError, in Indonesian, for an empty or wrong field."""
    if not name.strip() or len(name) > 120:
        raise ValueError("Beri nama, misalnya nama aplikasi yang memakainya (paling panjang 120 karakter).")
    if scope not in SCOPES:
        raise ValueError("Pilih hak aksesnya.")
    if expires_at is not None and expires_at <= now:
        raise ValueError("Tanggal berakhir harus sesudah hari ini.")
    secret = _PREFIX + token_urlsafe(32)
    values = {"name": name.strip(), "scope": scope, "created_by": by, "created_at": now, "expires_at": expires_at}
    conn.execute(insert(api_tokens).values(token_hash=_hash(secret), **values))
    return secret


def good(conn: Connection, secret: str, now: datetime) -> Token | None:
    """The token behind a secret, when it is neither revoked nor expired."""
    row = conn.execute(
        select(api_tokens).where(
            api_tokens.c.token_hash == _hash(secret),
            api_tokens.c.revoked_at.is_(None),
            or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at > now),
        )
    ).first()
    return _token(row) if row else None


def is_stale(token: Token, now: datetime) -> bool:
    """Whether it is time to note the token as used again: not every request writes."""
    return token.last_used_at is None or now - token.last_used_at > _NOTED_EVERY


def note(conn: Connection, token_id: int, now: datetime) -> None:
    """Used just now."""
    conn.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(last_used_at=now))


def listed(conn: Connection) -> Sequence[Token]:
    """Those that are not revoked, the newest first."""
    rows = conn.execute(select(api_tokens).where(api_tokens.c.revoked_at.is_(None)).order_by(api_tokens.c.id.desc()))
    return [_token(row) for row in rows]


def revoke(conn: Connection, token_id: int, now: datetime) -> str | None:
    """Ends a token at once; its name, or None when there is none to end."""
    which = api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None)
    return conn.execute(update(api_tokens).where(*which).values(revoked_at=now).returning(api_tokens.c.name)).scalar()


def _token(row: Row[Any]) -> Token:
    return Token(*(getattr(row, name) for name in Token.__dataclass_fields__))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
