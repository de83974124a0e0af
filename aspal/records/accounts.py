"""Who may log in: users, their roles, and the log-in attempts that failed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from unicodedata import normalize

from argon2 import PasswordHasher
from sqlalchemy import Connection, delete, func, insert, null, or_, select, text, update
from sqlalchemy.orm import Session, registry, relationship, scoped_session, sessionmaker

from aspal.db import Database
from aspal.tables import login_failures, roles, users, users_roles

ROLES = {
    "admin": "Mengubah data, aturan dan pengguna",
    "approver": "Menyetujui dan melepas pesan",
    "viewer": "Hanya melihat",
}
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 500
FEWEST_GUESSES = 20_000_000  # "Kominfo2026!" takes 10 million, eight random characters 100 million
_LOOKED_AT = 72  # characters: the time to look grows with the square of the length
_OFFICE_WORDS = (
    "aspal", "lapor", "sp4n", "kominfo", "diskominfo", "admin", "sekda", "bupati", "pemda", "kantor", "indonesia",
    "sandi", "katasandi", "rahasia", "bismillah", "merdeka", "semangat",
)  # fmt: skip
TRIES, WINDOW = 5, timedelta(minutes=15)


@dataclass(frozen=True)
class Account:
    """One login, as the command line and the page list it."""

    id: int
    email: str
    roles: tuple[str, ...]
    active: bool
    two_factor: bool
    last_login_at: datetime | None


def add(
    conn: Connection,
    email: str,
    password: str,
    role: str,
    now: datetime,
    *,
    temporary: bool = False,
    refuse_guessable: bool = True,
) -> int:
    """Makes a login, or gives the existing one a new password and role and ends its sessions.

    `temporary`: somebody else knows the password, so it must be changed at the first login. `refuse_guessable=False`
    takes a password that everybody tries first: for a demo that nobody else can reach.
    Raises ValueError, in Indonesian, when the address, password or role is not usable.
    """
    email = email.strip().lower()
    _check_address(email)
    if trouble := password_trouble(password, email, refuse_guessable=refuse_guessable):
        raise ValueError(trouble)
    _check_role(role)
    values = {"password": PasswordHasher().hash(password), "active": True, "password_temporary": temporary}
    values["fs_uniquifier"] = token_hex(32)
    user_id = conn.scalar(select(users.c.id).where(users.c.email == email))
    if user_id is None:
        user_id = conn.execute(
            insert(users).values(email=email, created_at=now, **values).returning(users.c.id)
        ).scalar_one()
    else:
        conn.execute(update(users).where(users.c.id == user_id).values(values))
    _give_role(conn, user_id, role)
    return int(user_id)


def _check_address(email: str) -> None:
    name, _, host = email.partition("@")
    if not name or not host or len(email) > 200 or any(c.isspace() for c in email):
        raise ValueError("alamat surel tidak sah, contoh: admin@contoh.go.id")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"peran harus salah satu dari {', '.join(ROLES)}")


def password_trouble(password: str, email: str, *, refuse_guessable: bool = True) -> str | None:
    """Why this password may not be used, in Indonesian; None when it may.

    Length, and how soon somebody would guess it who knows this account, leaked passwords, keyboards and dates: what
    OWASP ASVS 5.0, 6.2.1, 6.2.4 and 6.2.11 ask for. No rule about kinds of characters (6.2.5).
    """
    if len(password) < SHORTEST_PASSWORD:
        return f"kata sandi paling sedikit {SHORTEST_PASSWORD} karakter"
    if len(password) > LONGEST_PASSWORD:
        return f"kata sandi paling panjang {LONGEST_PASSWORD} karakter"
    if refuse_guessable and _guesses(password, email) < FEWEST_GUESSES:
        return (
            "kata sandi itu mudah ditebak: sering bocor, berurutan, berulang, atau nama ditambah angka; pakai misalnya "
            "tiga kata yang tak berkaitan"
        )
    return None


def _guesses(password: str, email: str) -> float:
    from zxcvbn import zxcvbn

    own = [email, *re.split(r"[@._+-]", email), email.partition("@")[0]]
    told = zxcvbn(password[:_LOOKED_AT], user_inputs=[*filter(None, own), *_OFFICE_WORDS])
    return float(told["guesses"])


def _give_role(conn: Connection, user_id: int, role: str) -> None:
    conn.execute(delete(users_roles).where(users_roles.c.user_id == user_id))
    conn.execute(insert(users_roles).values(user_id=user_id, role_id=_role_id(conn, role)))


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
        select(users, roles.c.name.label("role"))
        .join_from(users, users_roles, isouter=True)
        .join(roles, isouter=True)
        .order_by(users.c.email, roles.c.name)
    ).all()
    found: dict[str, Account] = {}
    for row in rows:
        known = found.get(row.email) or Account(
            row.id, row.email, (), row.active, row.tf_primary_method is not None, row.last_login_at
        )
        found[row.email] = replace(known, roles=(*known.roles, row.role) if row.role else known.roles)
    return tuple(found.values())


def by_id(conn: Connection, user_id: int) -> Account | None:
    """One login."""
    return next((account for account in listed(conn) if account.id == user_id), None)


def set_role(conn: Connection, user_id: int, role: str) -> None:
    """Another role, for sessions that go on as well. Raises ValueError, in Indonesian, when no admin who has ever
    logged in would be left."""
    _check_role(role)
    if role != "admin":
        _keep_an_admin(conn, user_id)
    _give_role(conn, user_id, role)


def set_active(conn: Connection, user_id: int, active: bool) -> None:
    """Opens or closes an account. Raises ValueError, in Indonesian, when no admin who has ever logged in would be
    left."""
    if not active:
        _keep_an_admin(conn, user_id)
    conn.execute(update(users).where(users.c.id == user_id).values(active=active, fs_uniquifier=token_hex(32)))


def _keep_an_admin(conn: Connection, without: int) -> None:
    conn.execute(select(users.c.id).with_for_update()).all()  # two admins who close each other come one after the other
    others = (account for account in listed(conn) if account.id != without)
    # Who never logged in may have lost the password, or have an address that nobody reads.
    if not any(one.active and "admin" in one.roles and one.last_login_at for one in others):
        raise ValueError(
            "Harus ada paling sedikit satu admin aktif yang sudah pernah masuk. Mohon minta admin penggantinya masuk "
            "lebih dahulu."
        )


def password_is_own(conn: Connection, user_id: int) -> None:
    """The user has chosen one himself."""
    conn.execute(update(users).where(users.c.id == user_id).values(password_temporary=False))


# --- the second factor ----------------------------------------------------------------------------------------


def use_code(conn: Connection, user_id: int, counter: int) -> bool:
    """Takes the code of one time step, once: False when this step or a later one has been taken (a replay)."""
    unused = or_(users.c.tf_last_counter.is_(None), users.c.tf_last_counter < counter)
    taken = update(users).where(users.c.id == user_id, unused).values(tf_last_counter=counter)
    return conn.execute(taken).rowcount == 1


def forget_two_factor(conn: Connection, user_id: int) -> bool:
    """An admin takes the second factor off an account whose phone is lost; False when there was none."""
    values = dict.fromkeys(("tf_primary_method", "tf_totp_secret", "tf_last_counter"), None)
    set_up = users.c.tf_primary_method.is_not(None)
    changed = update(users).where(users.c.id == user_id, set_up)
    return conn.execute(changed.values(**values, mf_recovery_codes=null(), fs_uniquifier=token_hex(32))).rowcount == 1


# --- throttling: counted in the database, so that it survives a restart and holds for every process -----------


def may_try(conn: Connection, email: str, now: datetime) -> bool:
    """Whether one more password may be tried for this address. The try counts as failed until `succeeded`.

    Counting first closes the gap in which parallel guesses would all see "four so far". Unknown addresses count
    as well: otherwise the throttle itself would tell which ones exist.
    """
    key = _counted_as(email)
    if conn.dialect.name == "postgresql":  # SQLite has one writer at a time; here two would count the same four
        conn.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"login:{key}"})
    tries = conn.scalar(select(func.count()).where(login_failures.c.email == key, login_failures.c.at > now - WINDOW))
    if (tries or 0) >= TRIES:
        return False
    conn.execute(insert(login_failures).values(email=key, at=now))
    return True


def succeeded(conn: Connection, email: str) -> None:
    """The right password: the tries so far are forgotten."""
    conn.execute(delete(login_failures).where(login_failures.c.email == _counted_as(email)))


def _counted_as(email: str) -> str:
    """PostgreSQL lowers letters to others than Python does, and finds an address under a spelling that would be counted
    by itself: "ADM\u0130N@". Only the plain letters count."""
    return normalize("NFKD", email).encode("ascii", "ignore").decode().strip().lower()[:200]


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
