"""Who may log in: users, their roles, and the log-in attempts that failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from argon2 import PasswordHasher
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.orm import Session, registry, relationship, scoped_session, sessionmaker

from aspal.db import Database
from aspal.tables import login_failures, roles, users, users_roles

ROLES = {
    "admin": "Mengubah data, aturan dan pengguna",
    "approver": "Menyetujui dan melepas pesan",
    "viewer": "Hanya melihat",
}
SHORTEST_PASSWORD = 8
TRIES, WINDOW = 5, timedelta(minutes=15)


@dataclass(frozen=True)
class Account:
    """One login, as the command line lists it."""

    email: str
    roles: tuple[str, ...]
    active: bool


def add(conn: Connection, email: str, password: str, role: str, now: datetime) -> int:
    """Makes a login, or gives the existing one a new password and role and ends its sessions.

    Raises ValueError, in Indonesian, when the address, password or role is not usable.
    """
    email = email.strip().lower()
    _check(email, password, role)
    values = {"password": PasswordHasher().hash(password), "active": True, "fs_uniquifier": token_hex(32)}
    user_id = conn.scalar(select(users.c.id).where(users.c.email == email))
    if user_id is None:
        user_id = conn.execute(
            insert(users).values(email=email, created_at=now, **values).returning(users.c.id)
        ).scalar_one()
    else:
        conn.execute(update(users).where(users.c.id == user_id).values(values))
        conn.execute(delete(users_roles).where(users_roles.c.user_id == user_id))
    conn.execute(insert(users_roles).values(user_id=user_id, role_id=_role_id(conn, role)))
    return int(user_id)


def _check(email: str, password: str, role: str) -> None:
    name, _, host = email.partition("@")
    if not name or not host or len(email) > 200 or any(c.isspace() for c in email):
        raise ValueError("alamat surel tidak sah, contoh: admin@contoh.go.id")
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"kata sandi paling sedikit {SHORTEST_PASSWORD} karakter")
    if role not in ROLES:
        raise ValueError(f"peran harus salah satu dari {', '.join(ROLES)}")


def _role_id(conn: Connection, role: str) -> int:
    role_id = conn.scalar(select(roles.c.id).where(roles.c.name == role))
    if role_id is None:
        role_id = conn.execute(
            insert(roles).values(name=role, description=ROLES[role]).returning(roles.c.id)
        ).scalar_one()
    return int(role_id)


def listed(conn: Connection) -> Sequence[Account]:
    """Every login with its roles."""
    rows = conn.execute(
        select(users.c.email, users.c.active, roles.c.name)
        .join_from(users, users_roles, isouter=True)
        .join(roles, isouter=True)
        .order_by(users.c.email, roles.c.name)
    ).all()
    found: dict[str, Account] = {}
    for email, active, role in rows:
        known = found.get(email, Account(email, (), active))
        found[email] = Account(email, (*known.roles, role) if role else known.roles, active)
    return tuple(found.values())


def end_sessions(conn: Connection, email: str) -> bool:
    """Logs a user out everywhere: a session is only good while it carries the current uniquifier."""
    ended = conn.execute(update(users).where(users.c.email == email.lower()).values(fs_uniquifier=token_hex(32)))
    return ended.rowcount == 1


# --- throttling: counted in the database, so that it survives a restart and holds for every process -----------


def may_try(conn: Connection, email: str, now: datetime) -> bool:
    """Whether one more password may be tried for this address. The try counts as failed until `succeeded`.

    Counting first closes the gap in which parallel guesses would all see "four so far". Unknown addresses count
    as well: otherwise the throttle itself would tell which ones exist.
    """
    key = email.strip().lower()[:200]
    if conn.dialect.name == "postgresql":  # SQLite has one writer at a time; here two would count the same four
        conn.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"login:{key}"})
    tries = conn.scalar(select(func.count()).where(login_failures.c.email == key, login_failures.c.at > now - WINDOW))
    if (tries or 0) >= TRIES:
        return False
    conn.execute(insert(login_failures).values(email=key, at=now))
    return True


def succeeded(conn: Connection, email: str) -> None:
    """The right password: the tries so far are forgotten."""
    conn.execute(delete(login_failures).where(login_failures.c.email == email.strip().lower()[:200]))


def forget_failures(conn: Connection, now: datetime) -> int:
    """Housekeeping: tries that no longer count."""
    return conn.execute(delete(login_failures).where(login_failures.c.at <= now - WINDOW)).rowcount


# --- for Flask-Security, which wants mapped classes and a session ---------------------------------------------


def map_classes(user_class: type, role_class: type) -> None:
    """Ties the web's classes to the tables; the classes themselves know nothing of SQL."""
    mapper = registry(metadata=users.metadata)
    mapper.map_imperatively(role_class, roles)
    mapper.map_imperatively(
        user_class, users, properties={"roles": relationship(role_class, secondary=users_roles, lazy="joined")}
    )


def session_of(db: Database) -> scoped_session[Session]:
    """Sessions that mostly read: on SQLite a writer would take the write lock for every page that is looked at."""
    return scoped_session(sessionmaker(bind=db.readers, expire_on_commit=False))
